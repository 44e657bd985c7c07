"""Layers that move values, and merges, as ONNX operators."""

from typing import Any

import numpy as np

from engine.formats.onnx_nodes.sheet import Sheet, Writer, simple
from engine.kernels.rearrange import nearest
from engine.language import tr_noop
from engine.layers import (
    Add,
    Average,
    ChannelShuffle,
    Concat,
    Crop2D,
    DepthToSpace,
    Flatten,
    Layer,
    Maximum,
    Minimum,
    Multiply,
    Permute,
    Reshape,
    Resize2D,
    Slice,
    SpaceToDepth,
    Subtract,
    Upsample2D,
    ZeroPad2D,
)

_TAKEN = tr_noop("nearest pixels that hang on how a quotient is rounded are named, by two Gathers")


def _reshape(sheet: Sheet) -> None:
    sheet.result("Reshape", [*sheet.sources, sheet.integers("shape", [1, *sheet.output])])


def _permute(sheet: Sheet) -> None:
    assert isinstance(sheet.layer, Permute)
    sheet.result("Transpose", sheet.sources, perm=[0, *(1 + axis for axis in sheet.layer.axis_order)])


def _pad(sheet: Sheet) -> None:
    layer = sheet.layer
    assert isinstance(layer, ZeroPad2D)
    top, bottom, left, right = layer.padding
    sides = sheet.integers("pads", [0, 0, top, left, 0, 0, bottom, right])
    value = [sheet.floats("value", layer.value)] if layer.mode == "constant" else []
    sheet.result("Pad", [*sheet.sources, sides, *value], mode=layer.mode)


def _crop(sheet: Sheet) -> None:
    assert isinstance(sheet.layer, Crop2D)
    top, _, left, _ = sheet.layer.cropping
    _, height, width = sheet.output
    _slice(sheet, [top, left], [top + height, left + width], [2, 3], [1, 1])


def _part(sheet: Sheet) -> None:
    layer = sheet.layer
    assert isinstance(layer, Slice)
    kept = layer.kept(sheet.shapes[0][layer.axis_index])
    _slice(sheet, [kept.start], [kept.stop], [1 + layer.axis_index], [kept.step])


def _slice(sheet: Sheet, starts: list[int], ends: list[int], axes: list[int], steps: list[int]) -> None:
    named = {"starts": starts, "ends": ends, "axes": axes, "steps": steps}
    sheet.result("Slice", [*sheet.sources, *(sheet.integers(name, values) for name, values in named.items())])


def _resize(sheet: Sheet) -> None:
    layer = sheet.layer
    assert isinstance(layer, Upsample2D | Resize2D)
    attributes: dict[str, Any] = {
        "mode": "nearest",
        "coordinate_transformation_mode": "asymmetric",
        "nearest_mode": "floor",
    }
    if layer.mode == "bilinear":
        corners = "align_corners" if layer.align_corners else "half_pixel"
        attributes = {"mode": "linear", "coordinate_transformation_mode": corners}
    if isinstance(layer, Upsample2D):
        sheet.result("Resize", [*sheet.sources, "", sheet.floats("scales", [1, 1, *layer.factor])], **attributes)
    elif layer.mode == "nearest" and not all(map(_is_nearest, sheet.shapes[0][1:], layer.output)):
        sheet.notes.append(_TAKEN)
        rows, columns = map(nearest, sheet.shapes[0][1:], layer.output)
        down = sheet.step("down", "Gather", [*sheet.sources, sheet.integers("rows", rows)], axis=2)
        sheet.result("Gather", [down, sheet.integers("columns", columns)], axis=3)
    else:
        sizes = sheet.integers("sizes", [1, *sheet.output])
        sheet.result("Resize", [*sheet.sources, "", "", sizes], **attributes)


def _is_nearest(length: int, count: int) -> bool:
    """Whether ONNX Runtime, which divides where PyTorch multiplies, takes the same pixels."""
    places = np.arange(count, dtype=np.float32) / (np.float32(count) / np.float32(length))
    return bool(np.array_equal(np.minimum(places.astype(np.int64), length - 1), nearest(length, count)))


def _depth_to_space(sheet: Sheet) -> None:
    assert isinstance(sheet.layer, DepthToSpace)
    sheet.result("DepthToSpace", sheet.sources, blocksize=sheet.layer.block, mode=sheet.layer.order)


def _space_to_depth(sheet: Sheet) -> None:
    """Write SpaceToDepth, or, in the order that it does not know, what it is made of."""
    layer, ((channels, height, width),) = sheet.layer, sheet.shapes
    assert isinstance(layer, SpaceToDepth)
    b = layer.block
    if layer.order == "DCR":
        sheet.result("SpaceToDepth", sheet.sources, blocksize=b)
    else:
        _shuffle(sheet, [1, channels, height // b, b, width // b, b], [0, 1, 3, 5, 2, 4])


def _channel_shuffle(sheet: Sheet) -> None:
    layer, (shape,) = sheet.layer, sheet.shapes
    assert isinstance(layer, ChannelShuffle)
    rest = list(range(3, 2 + len(shape)))
    _shuffle(sheet, [1, layer.groups, shape.channels // layer.groups, *shape[1:]], [0, 2, 1, *rest])


def _shuffle(sheet: Sheet, cells: list[int], order: list[int]) -> None:
    """Lay values out as cells, put the cells' axes in another order, and take the output's shape."""
    parts = sheet.step("cells", "Reshape", [*sheet.sources, sheet.integers("cell shape", cells)])
    turned = sheet.step("turned", "Transpose", [parts], perm=order)
    sheet.result("Reshape", [turned, sheet.integers("shape", [1, *sheet.output])])


def _merge(operator: str) -> Writer:
    """Return the writer of a merge of any number of inputs; vectors among volumes become volumes of one pixel."""

    def write(sheet: Sheet) -> None:
        sheet.result(operator, _spread(sheet))

    return write


def _multiply(sheet: Sheet) -> None:
    first, *between, last = _spread(sheet)
    for number, other in enumerate(between):
        first = sheet.step(f"product {number + 1}", "Mul", [first, other])
    sheet.result("Mul", [first, last])


def _spread(sheet: Sheet) -> list[str]:
    if not any(shape.is_volume for shape in sheet.shapes):
        return sheet.sources
    return [
        source
        if shape.is_volume
        else sheet.step(
            f"pixel {port}", "Reshape", [source, sheet.integers(f"pixel shape {port}", [1, shape.channels, 1, 1])]
        )
        for port, (source, shape) in enumerate(zip(sheet.sources, sheet.shapes, strict=True))
    ]


WRITERS: dict[type[Layer], Writer] = {
    Flatten: simple("Flatten"),
    Reshape: _reshape,
    Permute: _permute,
    ZeroPad2D: _pad,
    Crop2D: _crop,
    Slice: _part,
    Upsample2D: _resize,
    Resize2D: _resize,
    DepthToSpace: _depth_to_space,
    SpaceToDepth: _space_to_depth,
    ChannelShuffle: _channel_shuffle,
    Add: _merge("Sum"),
    Subtract: _merge("Sub"),
    Multiply: _multiply,
    Maximum: _merge("Max"),
    Minimum: _merge("Min"),
    Average: _merge("Mean"),
    Concat: simple("Concat", axis=1),
}
