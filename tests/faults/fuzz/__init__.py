"""Broken and hostile files in large numbers: real ones, damaged where it hurts, read as the program reads them."""
