"""Feature maps as small pictures: colours, limits, resizing; for every view that shows some."""
