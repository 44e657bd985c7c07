"""Networks as a folder to train with PyTorch on one machine or many."""

from engine.formats.torch_project.writer import NAMES, save

__all__ = ["NAMES", "save"]
