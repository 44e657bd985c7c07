"""Convolutions and pooling as ONNX operators."""

from typing import Any

import numpy as np

from engine.formats.onnx_nodes.sheet import Sheet, Writer
from engine.kernels.pool import adaptive_spans, window_counts
from engine.language import tr_noop
from engine.layers import (
    AdaptiveAvgPool2D,
    AvgPool2D,
    Conv2D,
    ConvTranspose2D,
    DepthwiseConv2D,
    GlobalAvgPool2D,
    GlobalMaxPool2D,
    Layer,
    LpPool2D,
    MaxPool2D,
    SeparableConv2D,
    SumPool2D,
)
from engine.layers.pool import Pool2D
from engine.layers.window import Pads

_SIDES = tr_noop("paddings such as “same” are written as numbers of pixels")
_OVERHANG = tr_noop("where the last windows hang over (ceil mode), the padding is larger by that")
_EXTRA = tr_noop("an output padding of a stride or more is cut less, or a Pad behind")
_FAR = tr_noop("maxima whose padding is as large as the kernel have a Pad of −∞ before")
_SHARES = tr_noop("means whose zeros count, where windows hang over, are put right by a Mul")
_SUM = tr_noop("a sum is a mean, times the number of values in its window, by a Mul")
_ZEROS = tr_noop(
    "pooling whose padding is as large as the window has a Pad of zeros before, and a Mul where they do not count"
)
_GAPS = tr_noop("pooling with a dilation is in the words of opset 19, of norms in those of 18: older ones have none")
_MEANS = tr_noop("adaptive means are an AveragePool, or products with the matrices that take them")


def _conv(sheet: Sheet) -> None:
    layer, (shape,) = sheet.layer, sheet.shapes
    assert isinstance(layer, Conv2D | DepthwiseConv2D)
    groups = layer.groups if isinstance(layer, Conv2D) else shape.channels
    _said(sheet)
    window = _window(layer, layer.place(shape).pads)
    sheet.result("Conv", [*sheet.sources, *sheet.weights], dilations=layer.dilation, group=groups, **window)


def _separable(sheet: Sheet) -> None:
    layer, (shape,) = sheet.layer, sheet.shapes
    assert isinstance(layer, SeparableConv2D)
    depthwise, *pointwise = sheet.weights
    _said(sheet)
    window = _window(layer, layer.place(shape).pads)
    inputs = [*sheet.sources, depthwise]
    apart = sheet.step("apart", "Conv", inputs, dilations=layer.dilation, group=shape.channels, **window)
    sheet.result("Conv", [apart, *pointwise])


def _conv_transpose(sheet: Sheet) -> None:
    layer, (shape,) = sheet.layer, sheet.shapes
    assert isinstance(layer, ConvTranspose2D)
    place = layer.place(shape)
    _said(sheet)
    attributes: dict[str, Any] = {"dilations": layer.dilation, "group": layer.groups}
    if all(axis.extra < axis.stride for axis in place):
        attributes |= _window(layer, place.pads) | {"output_padding": place.output_padding}
        sheet.result("ConvTranspose", [*sheet.sources, *sheet.weights], **attributes)
        return
    sheet.notes.append(_EXTRA)
    # ONNX Runtime adds less than the stride only: what is added beyond is cut less, or else is zeros and the bias.
    top, bottom, left, right = place.pads
    below, beside = place.output_padding
    attributes |= _window(layer, (top, max(0, bottom - below), left, max(0, right - beside)))
    spread = sheet.step("spread", "ConvTranspose", [*sheet.sources, sheet.weight("weight")], **attributes)
    rest = [max(0, below - bottom), max(0, beside - right)]
    sides = sheet.integers("output padding", [0, 0, 0, 0, 0, 0, *rest])
    bias = [sheet.by_channel(sheet.weight("bias"))] if layer.bias else []
    sheet.result("Sum", [sheet.step("padded", "Pad", [spread, sides]), *bias])


def _max_pool(sheet: Sheet) -> None:
    layer = sheet.layer
    assert isinstance(layer, MaxPool2D)
    _said(sheet)
    source, pads = _surrounded(sheet, _FAR, -np.inf)
    sheet.result("MaxPool", [source], dilations=layer.dilation, **_window(layer, pads))


def is_far(layer: Pool2D, pads: Pads) -> bool:
    """Whether a dilated window hangs over further than ONNX Runtime lets it be padded."""
    return any(pad >= layer.kernel[number // 2] for number, pad in enumerate(pads))


def _surrounded(sheet: Sheet, note: str, least: float | None = None) -> tuple[str, Pads]:
    """Return what a pooling pools and how it is padded; where that is too far, values are put around it before."""
    layer = sheet.layer
    assert isinstance(layer, Pool2D)
    (source,), pads = sheet.sources, layer.place(sheet.shapes[0]).reach
    if not is_far(layer, pads):
        return source, pads
    sheet.notes.append(note)
    top, bottom, left, right = pads
    sides = sheet.integers("pads", [0, 0, top, left, 0, 0, bottom, right])
    filling = [] if least is None else [sheet.floats("least", least)]
    return sheet.step("padded", "Pad", [source, sides, *filling]), (0, 0, 0, 0)


def _pooled(sheet: Sheet) -> tuple[str, dict[str, Any]]:
    """Return what a pooling that zeros don't harm pools, and its window; zeros go around it where they must."""
    layer = sheet.layer
    assert isinstance(layer, Pool2D)
    _said(sheet)
    source, pads = _surrounded(sheet, _ZEROS)
    if layer.dilation == (1, 1):
        return source, _window(layer, pads)
    sheet.notes.append(_GAPS)
    return source, {"dilations": layer.dilation, **_window(layer, pads)}


def least_opset(layer: Layer) -> int:
    """Return the first version of ONNX's operators that has what a layer is written as; 0 where any has."""
    if not isinstance(layer, AvgPool2D | SumPool2D | LpPool2D) or layer.dilation == (1, 1):
        return 0
    return 18 if isinstance(layer, LpPool2D) else 19


def _average_pool(sheet: Sheet) -> None:
    layer, (shape,) = sheet.layer, sheet.shapes
    assert isinstance(layer, AvgPool2D)
    place, counted = layer.place(shape), layer.count_padding
    source, window = _pooled(sheet)
    if max(place.overhang) <= 0 if counted else source == sheet.sources[0]:
        sheet.result("AveragePool", [source], count_include_pad=int(counted), **window)
        return
    if counted:
        sheet.notes.append(_SHARES)
    # Some of what a window lies over does not count: this is the mean over all, put right window by window.
    whole = sheet.step("whole", "AveragePool", [source], count_include_pad=1, **window)
    geometry = (shape[1:], layer.kernel, layer.stride, place.pads, sheet.output[1:], layer.dilation)
    counts = window_counts(*geometry, count_padding=counted)
    sheet.result("Mul", [whole, sheet.floats("share", layer.kernel[0] * layer.kernel[1] / counts)])


def _sum_pool(sheet: Sheet) -> None:
    """Write the sum as the mean over the whole window, times the window's area: ONNX has no sum pooling."""
    layer = sheet.layer
    assert isinstance(layer, SumPool2D)
    source, window = _pooled(sheet)
    sheet.notes.append(_SUM)
    mean = sheet.step("mean", "AveragePool", [source], count_include_pad=1, **window)
    sheet.result("Mul", [mean, sheet.floats("area", layer.kernel[0] * layer.kernel[1])])


def _lp_pool(sheet: Sheet) -> None:
    layer = sheet.layer
    assert isinstance(layer, LpPool2D)
    source, window = _pooled(sheet)
    sheet.result("LpPool", [source], p=layer.p, **window)


def _global_pool(sheet: Sheet) -> None:
    layer = sheet.layer
    assert isinstance(layer, GlobalAvgPool2D | GlobalMaxPool2D)
    operator = "GlobalAveragePool" if isinstance(layer, GlobalAvgPool2D) else "GlobalMaxPool"
    if layer.keep_axes:
        sheet.result(operator, sheet.sources)
    else:
        sheet.result("Flatten", [sheet.step("pixel", operator, sheet.sources)])


def _adaptive_pool(sheet: Sheet) -> None:
    """Write windows of one size as a pooling, others as products with the matrices that take the means."""
    layer, ((_, height, width),) = sheet.layer, sheet.shapes
    assert isinstance(layer, AdaptiveAvgPool2D)
    down, across = layer.output
    sheet.notes.append(_MEANS)
    if (window := layer.even_window(sheet.shapes[0])) is not None:
        sheet.result("AveragePool", sheet.sources, kernel_shape=window, strides=window)
        return
    rows = sheet.floats("rows", means(height, down))
    columns = sheet.floats("columns", means(width, across).T)
    bands = sheet.step("bands", "MatMul", [rows, *sheet.sources])
    sheet.result("MatMul", [bands, columns])


_Windowed = Conv2D | DepthwiseConv2D | SeparableConv2D | ConvTranspose2D | Pool2D


def _said(sheet: Sheet) -> None:
    """Note how a layer's padding and overhang are written, where ONNX, or what runs it, has other words for them."""
    layer = sheet.layer
    assert isinstance(layer, _Windowed)
    if layer.padding in ("same", "same-lower"):
        sheet.notes.append(_SIDES)
    if isinstance(layer, Pool2D) and max(layer.place(sheet.shapes[0]).overhang) > 0:
        sheet.notes.append(_OVERHANG)


def means(size: int, count: int) -> np.ndarray[Any, Any]:
    """Return the matrix ``(count, size)`` whose product with a column takes the mean of each adaptive window."""
    matrix = np.zeros((count, size), np.float32)
    for row, (start, end) in enumerate(adaptive_spans(size, count)):
        matrix[row, start:end] = 1 / (end - start)
    return matrix


def _window(layer: _Windowed, pads: Pads) -> dict[str, Any]:
    top, bottom, left, right = pads
    return {"kernel_shape": layer.kernel, "strides": layer.stride, "pads": [top, left, bottom, right]}


WRITERS: dict[type[Layer], Writer] = {
    Conv2D: _conv,
    DepthwiseConv2D: _conv,
    SeparableConv2D: _separable,
    ConvTranspose2D: _conv_transpose,
    MaxPool2D: _max_pool,
    AvgPool2D: _average_pool,
    SumPool2D: _sum_pool,
    LpPool2D: _lp_pool,
    GlobalAvgPool2D: _global_pool,
    GlobalMaxPool2D: _global_pool,
    AdaptiveAvgPool2D: _adaptive_pool,
}
