"""One value of one map taken apart: its arithmetic, and the way back to the image."""
