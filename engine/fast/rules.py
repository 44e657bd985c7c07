"""Which kernel computes a layer: shapes in, kernel out, by rules that one can read."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any, Literal, NamedTuple

import numpy as np

from engine.fast.team import architecture
from engine.kernels.channels_last import (
    FEW_CHANNELS,
    Array,
    Call,
    Combine,
    Concat,
    Dense,
    Depthwise,
    Extents,
    Flatten,
    GlobalAverage,
    Im2col,
    Kernel,
    Mapped,
    Normalize,
    Parameters,
    PlanarConv,
    Pointwise,
    Pool,
    Rectify,
    Region,
    ScaleShift,
    Softmax,
    Winograd,
)
from engine.kernels.channels_last.product import panel_width
from engine.layers.activation import Activation
from engine.layers.base import Layer
from engine.shape import Shape

LARGE_WEIGHTS = 1 << 20  # of a pointwise layer: from here no copy of them is made
IN_PLACE_PANEL = 16  # filters read together where weights are not copied
WINOGRAD_CHANNELS = 16  # from here the transforms are paid for by the products


class Tuning(NamedTuple):
    """What the best cut depends on beside the shapes.

    ``block`` is how many bytes a block of rows may keep busy. ``product`` bounds the size (rows × depth × columns) of
    one matrix product, where a BLAS library has kernels for small products that do without repacking; 0 is no bound.
    """

    block: int
    product: int
    strict: bool = False


def tuning(*, strict: bool) -> Tuning:
    """Return the tuning for the BLAS library at hand.

    OpenBLAS has small-product kernels, up to 100³, on processors with AVX-512; elsewhere every product repacks its
    operands, which large blocks make worth it.
    """
    if architecture() in {"skylakex", "cooperlake", "sapphirerapids"}:
        return Tuning(block=3 << 20, product=1_000_000, strict=strict)
    return Tuning(block=6 << 20, product=0, strict=strict)


def stored(shape: Shape) -> Extents:
    """Return how a map is stored: a volume channels last, anything else as one long vector."""
    if shape.is_volume:
        channels, height, width = shape
        return height, width, channels
    return 1, 1, shape.size


class PlainLayer(Kernel):
    """A layer without a kernel of its own: computed in one piece by `Layer.forward`, channels first."""

    leaves_gaps = True

    def __init__(self, layer: Layer, inputs: tuple[Shape, ...], output: Shape) -> None:
        self._layer, self._inputs, self._output = layer, inputs, output

    def row_bytes(self) -> int:
        """Return the bytes of the output; there is one block in any case."""
        return self._output.nbytes

    @property
    def unplanned_values(self) -> int:
        """As many as there are inputs and outputs, twice: what a layer works on by itself."""
        return 2 * (sum(shape.size for shape in self._inputs) + self._output.size)

    def calls(
        self, inputs: Sequence[Array], output: Array, weights: Parameters, region: Region, scratch: Array
    ) -> list[Call]:
        """Return one call, which copies the layer's result into the output."""
        sources = tuple(channels_first(x, shape)[None] for x, shape in zip(inputs, self._inputs, strict=True))
        target = channels_first(output, self._output)

        def forward() -> None:
            np.copyto(target, self._layer.forward(sources, weights)[0])

        return [forward]


def channels_first(values: Array, shape: Shape) -> Array:
    """Return a view of a stored map in the shape that the rest of the program knows."""
    return values.transpose(2, 0, 1) if shape.is_volume else values.reshape(shape)


def kernel_for(layer: Layer, inputs: tuple[Shape, ...], output: Shape, tuned: Tuning) -> Kernel:
    """Return the kernel for a layer: a fast one where there is a rule for it, else the plain layer."""
    rule = RULES.get(layer.type, _activation)
    found = rule(layer, inputs, output, tuned) if rule is not None else None
    return found if found is not None else PlainLayer(layer, inputs, output)


def _conv(layer: Any, inputs: tuple[Shape, ...], output: Shape, tuned: Tuning) -> Kernel:
    place = layer.place(inputs[0])
    source, target = stored(inputs[0]), stored(output)
    before = (place.pads[0], place.pads[2])
    depth, filters = source[2], target[2]
    groups = getattr(layer, "groups", depth)  # a depthwise layer has as many as there are channels, and does not say
    geometry = (source, target, layer.kernel, layer.stride, before, layer.dilation, groups)
    if groups == depth == filters and depth > 1:
        return Depthwise(*geometry)
    if groups > 1:
        return Im2col(*geometry)
    plain_3x3 = (layer.kernel, layer.stride, layer.dilation) == ((3, 3), (1, 1), (1, 1))
    if plain_3x3 and min(depth, filters) >= WINOGRAD_CHANNELS:
        panel = panel_width(depth, filters, tuned.product)
        return Winograd(*geometry, panel, tuned.product, tile=winograd_tile(target, tuned))
    patch = layer.kernel[0] * layer.kernel[1] * depth
    small = target[0] * target[1] * patch * filters <= tuned.product
    panel = 0 if small else panel_width(patch, filters, tuned.product)
    if depth <= FEW_CHANNELS:
        return PlanarConv(*geometry, panel, tuned.product)
    if layer.kernel == (1, 1) and not any(place.pads):
        in_place = depth * filters >= LARGE_WEIGHTS and filters % (2 * IN_PLACE_PANEL) == 0
        return Pointwise(*geometry, IN_PLACE_PANEL if panel and in_place else panel, tuned.product, in_place=in_place)
    return Im2col(*geometry, panel, tuned.product)


def winograd_tile(target: Extents, tuned: Tuning) -> int:
    """Return the side of Winograd's tiles: small on small maps, where large tiles would overhang and be few.

    Smaller tiles also need less memory for weights: 16/9, 25/9 and 36/9 of the kernels' own.
    """
    size = max(target[0], target[1])
    if tuned.strict or size <= 8:
        return 2
    return 3 if size <= 15 else 4


def _pool(kind: Literal["max", "sum", "mean"]) -> "Rule":
    def rule(layer: Any, inputs: tuple[Shape, ...], output: Shape, tuned: Tuning) -> Kernel | None:
        place = layer.place(inputs[0])
        if kind == "mean" and any(place.overhang):
            return None
        counted = getattr(layer, "count_padding", True)
        before = (place.pads[0], place.pads[2])
        geometry = (stored(inputs[0]), stored(output), layer.kernel, layer.stride, before)
        return Pool(*geometry, kind, counted, layer.dilation)

    return rule


def _global_average(layer: Any, inputs: tuple[Shape, ...], output: Shape, tuned: Tuning) -> Kernel | None:
    return GlobalAverage(stored(inputs[0])) if inputs[0].is_volume and output.size == inputs[0].channels else None


def _rectify(most: float) -> "Rule":
    def rule(layer: Any, inputs: tuple[Shape, ...], output: Shape, tuned: Tuning) -> Kernel:
        return Rectify(stored(output), most=most)

    return rule


def _activation(layer: Any, inputs: tuple[Shape, ...], output: Shape, tuned: Tuning) -> Kernel | None:
    """Run any other activation on blocks, by its own function; those with weights have a `forward` of their own."""
    plain = isinstance(layer, Activation) and type(layer).forward is Activation.forward
    return Mapped(stored(output), function=layer.function) if plain else None


def _combine(operation: np.ufunc) -> "Rule":
    def rule(layer: Any, inputs: tuple[Shape, ...], output: Shape, tuned: Tuning) -> Kernel | None:
        target = stored(output)
        pixel = (1, 1, target[2])
        if len(inputs) < 2 or any(stored(shape) not in (target, pixel) for shape in inputs):
            return None
        return Combine(target, len(inputs) + 1, operation)

    return rule


def _concat(layer: Any, inputs: tuple[Shape, ...], output: Shape, tuned: Tuning) -> Kernel | None:
    alike = all(shape[1:] == output[1:] for shape in inputs)
    return Concat(stored(output)) if output.is_volume and alike else None


def _batch_norm(layer: Any, inputs: tuple[Shape, ...], output: Shape, tuned: Tuning) -> Kernel:
    return ScaleShift(stored(output), eps=layer.epsilon)


def _normalize(layer: Any, inputs: tuple[Shape, ...], output: Shape, tuned: Tuning) -> Kernel | None:
    return Normalize(stored(output), mean=layer.mean, deviation=layer.deviation) if output.is_volume else None


def _flatten(layer: Any, inputs: tuple[Shape, ...], output: Shape, tuned: Tuning) -> Kernel:
    return Flatten(output.size)


def _dense(layer: Any, inputs: tuple[Shape, ...], output: Shape, tuned: Tuning) -> Kernel | None:
    return Dense(inputs[0].size, output.size) if inputs[0].is_vector else None


def _softmax(layer: Any, inputs: tuple[Shape, ...], output: Shape, tuned: Tuning) -> Kernel | None:
    return Softmax(output.size) if output.is_vector else None


Rule = Callable[[Any, tuple[Shape, ...], Shape, Tuning], Kernel | None]

# By the layer's type name; a rule returns None for what its kernel can't do, and layers without a rule run plainly.
RULES: Mapping[str, Rule] = {
    "Add": _combine(np.add),
    "AvgPool2D": _pool("mean"),
    "BatchNorm2D": _batch_norm,
    "Concat": _concat,
    "Conv2D": _conv,
    "Dense": _dense,
    "DepthwiseConv2D": _conv,
    "Flatten": _flatten,
    "GlobalAvgPool2D": _global_average,
    "LinearSVM": _dense,
    "MaxPool2D": _pool("max"),
    "Maximum": _combine(np.maximum),
    "Minimum": _combine(np.minimum),
    "Multiply": _combine(np.multiply),
    "Normalization": _normalize,
    "ReLU": _rectify(float("inf")),
    "ReLU6": _rectify(6.0),
    "Softmax": _softmax,
    "Subtract": _combine(np.subtract),
    "SumPool2D": _pool("sum"),
}


def hands_on(layer: Layer, inputs: tuple[Shape, ...], output: Shape) -> bool:
    """Return whether a layer's map is its input's."""
    averages_single_pixels = layer.type == "AdaptiveAvgPool2D" and inputs == (output,)
    return len(inputs) == 1 and (layer.type in {"Dropout", "DropPath", "Identity"} or averages_single_pixels)


def stays_planar(layer: Layer) -> bool:
    """Return whether a layer of an image that is stored plane by plane stores its own map so."""
    return layer.type in {"Normalization", "Rescaling"}
