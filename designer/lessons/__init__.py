"""Lessons on the network at hand: a layer's arithmetic step by step, and what becomes of an image that moves."""
