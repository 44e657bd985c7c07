"""Each layer as ONNX operators, one module a family; weights are named as in all files: ``conv1.weight``."""

from engine.formats.onnx_nodes import places, values, windows
from engine.formats.onnx_nodes.sheet import Sheet, Writer
from engine.formats.onnx_nodes.windows import least_opset
from engine.layers import Layer

WRITERS: dict[type[Layer], Writer] = {**windows.WRITERS, **values.WRITERS, **places.WRITERS}

__all__ = ["WRITERS", "Sheet", "Writer", "least_opset"]
