"""What a layer's writer is given to write on."""

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
import onnx
from numpy.typing import ArrayLike
from onnx import helper, numpy_helper

from engine.analysis import NodeAnalysis
from engine.layers import Layer
from engine.shape import Shape


class Sheet:
    """One layer's nodes in the making. Values have a batch of 1 in front.

    Parameters
    ----------
    entry
        The layer, its shapes and its weights.
    node
        The id of the layer: the name of its output.
    sources
        The names of its inputs.
    """

    def __init__(self, entry: NodeAnalysis, node: str, sources: Sequence[str]) -> None:
        self.layer: Layer = entry.layer
        self.shapes: tuple[Shape, ...] = tuple(shape for shape in entry.inputs if shape is not None)
        self.sources = list(sources)
        self.nodes: list[onnx.NodeProto] = []
        self.lost: list[str] = []  # what the file can't say, in the words of a warning
        self.notes: list[str] = []  # what was done so that it computes the same, in the words of the code
        self._entry = entry
        self._node = node

    @property
    def output(self) -> Shape:
        """The layer's output shape."""
        assert self._entry.output is not None
        return self._entry.output

    @property
    def weights(self) -> list[str]:
        """The names of the layer's arrays, in their order."""
        return [self.weight(spec.name) for spec in self._entry.inferred.weights]

    def weight(self, name: str) -> str:
        """Return the name under which one of the layer's arrays is stored."""
        return f"{self._node}.{name}"

    def has(self, name: str) -> bool:
        """Whether the layer has an array of this name."""
        return any(spec.name == name for spec in self._entry.inferred.weights)

    def floats(self, name: str, values: ArrayLike) -> str:
        """Add a constant of float32 values and return its name."""
        return self._constant(name, np.asarray(values, np.float32))

    def integers(self, name: str, values: ArrayLike) -> str:
        """Add a constant of int64 values and return its name."""
        return self._constant(name, np.asarray(values, np.int64))

    def step(self, name: str, operator: str, inputs: Sequence[str], **attributes: Any) -> str:
        """Add a node whose output is used by others of the layer; returns the output's name."""
        made = f"{self._node}/{name}"
        self.nodes.append(helper.make_node(operator, list(inputs), [made], made, **attributes))
        return made

    def result(self, operator: str, inputs: Sequence[str], **attributes: Any) -> None:
        """Add the node that makes the layer's output."""
        self.nodes.append(helper.make_node(operator, list(inputs), [self._node], self._node, **attributes))

    def by_channel(self, array: str) -> str:
        """Return the name of an array ``(C,)`` reshaped so that it broadcasts over the layer's first input."""
        if not self.shapes[0].is_volume:
            return array
        name = array.rpartition(".")[2]
        return self.step(f"{name} by channel", "Reshape", [array, self.integers(f"{name} shape", [-1, 1, 1])])

    def _constant(self, name: str, values: np.ndarray[Any, Any]) -> str:
        made = f"{self._node}/{name}"
        self.nodes.append(helper.make_node("Constant", [], [made], made, value=numpy_helper.from_array(values, made)))
        return made


Writer = Callable[[Sheet], None]


def simple(operator: str, **attributes: Any) -> Writer:
    """Return the writer of a layer that is one operator, with fixed attributes."""

    def write(sheet: Sheet) -> None:
        sheet.result(operator, sheet.sources, **attributes)

    return write
