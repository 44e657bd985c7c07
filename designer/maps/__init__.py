"""Feature maps on the screen: the mosaic of every channel of every layer, and what looks into one of them."""
