"""What writers of source code share: names, layout in 88 columns, and the modules that a network falls into."""
