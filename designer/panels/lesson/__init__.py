"""The lesson's panel: the list of lessons, and one page at a time."""
