"""A folder of images as the source: the strip to step through, and how often the network is right on it."""
