"""Convolab's desktop program: canvas, panels and maps over the engine."""
