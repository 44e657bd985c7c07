"""Unsaved work is kept while it is made, and offered back when the program did not come to its end."""
