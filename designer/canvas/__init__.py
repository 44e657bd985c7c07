"""The canvas: the network as cards and wires, and every gesture that changes it."""

from designer.canvas.view import CanvasView

__all__ = ["CanvasView"]
