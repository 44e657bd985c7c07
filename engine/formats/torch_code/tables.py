"""All layers, and what becomes of each in PyTorch."""

from engine.formats.torch_code import places, values, windows
from engine.formats.torch_code.steps import Writer
from engine.layers import Layer

WRITERS: dict[type[Layer], Writer] = {**windows.WRITERS, **values.WRITERS, **places.WRITERS}
