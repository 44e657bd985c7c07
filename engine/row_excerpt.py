"""The beginning of one row of a layer, neuron by neuron: which input each output sees, and by which weight.

In one dimension a layer's connections can be drawn: its kernel, stride, padding and dilation along one axis, as they
are. The other axis and the depth only multiply what is seen there.
"""

from typing import NamedTuple

from engine.layers import Conv2D, ConvTranspose2D, DepthwiseConv2D, Layer, SeparableConv2D
from engine.layers.base import POINT
from engine.layers.pool import Pool2D
from engine.shape import Shape

MOST_OUTPUTS = 6
_MOST_INPUTS = 13  # of which as many outputs are shown as see no others
_FEWEST = 3  # outputs, where their windows leave room for them
_LIMIT = 24  # inputs that are shown at most; windows beyond are cut off


_Sliding = Conv2D | DepthwiseConv2D | SeparableConv2D | Pool2D | ConvTranspose2D


class Link(NamedTuple):
    """One connection: an output, an input (outside of the row in the padding), and the kernel's cell between them."""

    output: int
    input: int
    cell: int


class RowExcerpt(NamedTuple):
    """The first outputs of a row (or column) of a layer, with all that they see.

    Attributes
    ----------
    axis
        0 for a column, 1 for a row.
    first, last
        The first input shown (negative where there is padding), and the one after the last one.
    size
        How many inputs the whole row has.
    outputs, output_size
        How many outputs are shown, and how many the whole row has.
    cells
        How many different weights the kernel has along the axis; 0 where there are none.
    links
        All connections of the outputs shown.
    cut
        Whether windows reach beyond what is shown.
    """

    axis: int
    first: int
    last: int
    size: int
    outputs: int
    output_size: int
    cells: int
    links: tuple[Link, ...]
    cut: bool = False


def row_excerpt(layer: Layer, inputs: tuple[Shape, ...]) -> RowExcerpt | None:
    """Return the beginning of one row of a layer; None where its outputs have no such places.

    Parameters
    ----------
    layer
        With an output for these inputs.
    inputs
        What enters it.
    """
    found = layer.infer(inputs)
    if not inputs or found.output is None:
        return None
    shape, output = inputs[0], found.output
    if isinstance(layer, _Sliding) and shape.is_volume:
        across = 0 if layer.kernel[0] > layer.kernel[1] else 1
        return _windows(layer, shape, output, across)
    alike = all(one == output for one in inputs)
    if found.window == POINT and alike:
        size = output[-1]
        links = tuple(Link(at, at, 0) for at in range(min(MOST_OUTPUTS, size)))
        return RowExcerpt(1, 0, len(links), size, len(links), size, 0, links)
    return None


def _windows(layer: _Sliding, shape: Shape, output: Shape, axis: int) -> RowExcerpt:
    place = layer.place(shape)[axis]
    size, count = shape[axis + 1], output[axis + 1]
    shown: list[Link] = []
    outputs = 0
    for at in range(min(MOST_OUTPUTS, count)):
        links = _links(layer, shape, axis, at)
        reach = [0, *(link.input for link in (*shown, *links))]
        if outputs and max(reach) - min(reach) >= (_LIMIT if outputs < _FEWEST else _MOST_INPUTS):
            break
        shown += links
        outputs += 1
    first = min((0, *(link.input for link in shown)))
    end = max((0, *(link.input for link in shown))) + 1
    last = min(max(end, min(size, 3)), first + _LIMIT)
    kept = tuple(link for link in shown if link.input < last)
    cells = place.kernel if layer.weighted else 0
    return RowExcerpt(axis, first, last, size, outputs, count, cells, kept, cut=len(kept) < len(shown))


def _links(layer: _Sliding, shape: Shape, axis: int, output: int) -> list[Link]:
    """Return what one output sees along an axis; of a transposed convolution, no pixels outside of the input."""
    if isinstance(layer, ConvTranspose2D):
        pixels, cells = layer.place(shape)[axis].reaching(output)
        pairs = zip(pixels.tolist(), cells.tolist(), strict=True)
        return [Link(output, pixel, cell) for pixel, cell in pairs if 0 <= pixel < shape[axis + 1]]
    sees = layer.place(shape)[axis].cells(output).tolist()
    return [Link(output, pixel, cell) for cell, pixel in enumerate(sees)]
