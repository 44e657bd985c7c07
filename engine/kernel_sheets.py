"""Where the kernels of a layer lie in its weights: a grid of numbers for each filter and each channel that it sees."""

from math import isqrt
from typing import Literal

import msgspec

from engine.analysis import Analysis
from engine.language import tr
from engine.layers import Conv2D, ConvTranspose2D, DepthwiseConv2D, Flatten, Layer, SeparableConv2D
from engine.layers.activation import Activation
from engine.layers.base import Array, WeightSpec
from engine.layers.dense import Linear
from engine.layers.moving import Passing
from engine.shape import Shape

MOST_WEIGHTS = 1 << 24  # of one array: each edit makes a new one, and the history keeps them
_ROW = 32  # inputs of a dense layer that are shown in one row, where they have no places of their own

Kind = Literal["filters", "transposed", "rows"]


class KernelSheet(msgspec.Struct, frozen=True):
    """The kernels of one array of weights.

    Attributes
    ----------
    array, bias
        Names of the arrays; a layer without a bias, or one whose bias belongs to another sheet, has None.
    kind
        ``"filters"``: the array is ``(filters, channels, height, width)``. ``"transposed"``: ``(groups · channels,
        filters / groups, height, width)``. ``"rows"``: ``(filters, channels · height · width)``, as a dense layer's.
    filters, channels, height, width
        How many filters there are, how many kernels each of them has, and the size of those.
    groups
        Groups of filters that see different channels.
    placed
        Whether neighbours in a kernel are neighbours on a map.
    """

    array: str
    bias: str | None
    kind: Kind
    filters: int
    channels: int
    height: int
    width: int
    groups: int = 1
    placed: bool = True

    @property
    def sides(self) -> tuple[int, int]:
        """Height and width of a kernel."""
        return self.height, self.width

    def of_filter(self, array: Array, number: int) -> Array:
        """Return the kernels ``(channels, height, width)`` of a filter: a view, into which can be written."""
        if self.kind == "transposed":
            group, place = divmod(number, self.filters // self.groups)
            kernels: Array = array[group * self.channels : (group + 1) * self.channels, place]
        else:
            kernels = array[number].reshape(self.channels, self.height, self.width)
        return kernels

    def of_channel(self, array: Array, channel: int) -> Array:
        """Return the kernels ``(filters, height, width)`` that all filters have for a channel: a view or a copy."""
        if self.kind == "transposed":
            grouped = array.reshape(self.groups, self.channels, -1, self.height, self.width)
            return grouped[:, channel].reshape(self.filters, self.height, self.width)
        kernels: Array = array.reshape(self.filters, self.channels, self.height, self.width)[:, channel]
        return kernels

    def channel_seen(self, number: int, channel: int) -> int:
        """Return which channel of the layer's input a filter's kernel reads."""
        if self.groups == 1:
            return channel
        return number // (self.filters // self.groups) * self.channels + channel


def kernel_sheets(analysis: Analysis, node: str) -> tuple[KernelSheet, ...]:
    """Return the kernels of a node; none where it has no weights that are any, or can't be edited (`why_none`)."""
    entry = analysis.nodes[node]
    if entry.output is None or any(spec.size > MOST_WEIGHTS for spec in entry.inferred.weights):
        return ()
    specs = {spec.name: spec for spec in entry.inferred.weights}
    layer, bias = entry.layer, "bias" if "bias" in specs else None
    if isinstance(layer, SeparableConv2D):
        return _depthwise("depthwise", None, specs["depthwise"], entry.inputs[0]), _plain(
            "pointwise", bias, specs["pointwise"], 1
        )
    if isinstance(layer, DepthwiseConv2D):
        return (_depthwise("weight", bias, specs["weight"], entry.inputs[0]),)
    if isinstance(layer, Conv2D):
        return (_plain("weight", bias, specs["weight"], layer.groups),)
    if isinstance(layer, ConvTranspose2D):
        inputs, depth, height, width = specs["weight"].shape
        channels = inputs // layer.groups
        return (KernelSheet("weight", bias, "transposed", depth * layer.groups, channels, height, width, layer.groups),)
    if isinstance(layer, Linear):
        return (_rows(analysis, node, bias, specs["weight"]),)
    return ()


def why_none(analysis: Analysis, node: str) -> str:
    """Return why a node has no kernels to edit; an empty text where it has some."""
    if kernel_sheets(analysis, node):
        return ""
    entry, label = analysis.nodes[node], analysis.graph.node(node).label
    if not entry.layer.weighted:
        return tr("{layer} has no weights: there is nothing to edit.", layer=label)
    if entry.output is None:
        return tr(
            "{layer} has no shape yet, so its weights have none: mend the mistake there, or before it.", layer=label
        )
    largest = max((spec.size for spec in entry.inferred.weights), default=0)
    if largest > MOST_WEIGHTS:
        return tr(
            "{layer} has {count:,} weights in one array; up to {most:,} can be edited by hand.",
            layer=label,
            count=largest,
            most=MOST_WEIGHTS,
        )
    return tr("{layer} has no kernels: its weights scale and shift whole maps or values.", layer=label)


def _plain(array: str, bias: str | None, spec: WeightSpec, groups: int) -> KernelSheet:
    filters, channels, height, width = spec.shape
    return KernelSheet(array, bias, "filters", filters, channels, height, width, groups)


def _depthwise(array: str, bias: str | None, spec: WeightSpec, shape: Shape | None) -> KernelSheet:
    filters, _, height, width = spec.shape
    assert shape is not None
    return KernelSheet(array, bias, "filters", filters, 1, height, width, shape.channels)


def _rows(analysis: Analysis, node: str, bias: str | None, spec: WeightSpec) -> KernelSheet:
    """Return a dense layer's rows: as pictures of the volume that was flattened, or as a block of numbers."""
    units, inputs = spec.shape
    shape = _flattened(analysis, node)
    if shape is not None:
        return KernelSheet("weight", bias, "rows", units, *shape)
    height = 1
    if inputs > _ROW:
        height = next(rows for rows in range(isqrt(inputs), 0, -1) if inputs % rows == 0)
    return KernelSheet("weight", bias, "rows", units, 1, height, inputs // height, placed=False)


def _flattened(analysis: Analysis, node: str) -> Shape | None:
    """Return the volume that a vector before a node was, where nothing has mixed its values since."""
    while True:
        wires = analysis.graph.incoming[node]
        if len(wires) != 1:
            return None
        node = next(iter(wires.values())).source
        entry = analysis.nodes[node]
        before = entry.inputs[0] if entry.inputs else None
        if isinstance(entry.layer, Flatten) and before is not None and before.is_volume:
            return before
        if not _keeps_places(entry.layer):
            return None


def _keeps_places(layer: Layer) -> bool:
    return isinstance(layer, Activation | Passing | Flatten)
