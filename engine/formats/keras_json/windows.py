"""Convolutions and pooling: each layer's counterpart in Keras, and back.

Keras pads by “valid” and “same” only, and “same” is ours (an odd pixel at the bottom and right). Any other padding is
a ZeroPadding2D before the layer; around maxima, which zeros could win, it is one only where nothing negative comes in.
"""

from typing import Any

from engine.formats.keras_json.functions import activate
from engine.formats.keras_json.page import Page, Reader, one
from engine.formats.keras_json.sheet import Json, Sheet, Writer
from engine.language import tr, tr_noop
from engine.layers import (
    AdaptiveAvgPool2D,
    AvgPool2D,
    Conv2D,
    ConvTranspose2D,
    DepthwiseConv2D,
    GlobalAvgPool2D,
    GlobalMaxPool2D,
    Layer,
    MaxPool2D,
    SeparableConv2D,
    SumPool2D,
)
from engine.layers.pool import Pool2D
from engine.layers.window import Axis, Pads, sliding

# Writing

_ZEROS = tr_noop("padding that Keras does not do itself is a ZeroPadding2D layer before")
_OVERHANG = tr_noop("where the last windows hang over (ceil mode), a ZeroPadding2D layer before makes room for them")
_STRIDE = tr_noop(
    "strides beside a dilation, or that differ, are filters everywhere and a MaxPooling2D of 1×1 that jumps"
)
_CUT = tr_noop("what a transposed convolution’s padding cuts off, a Cropping2D layer does")
_EVERY = tr_noop("padded maxima of negative values are those around every pixel, cut and jumped over")
_COUNTED = tr_noop("zeros that count in a mean are a ZeroPadding2D layer before")
_UNCOUNTED = tr_noop("zeros that do not count in a mean are padding “same”, in which Keras does not count them")
_SUM = tr_noop("a sum is a mean, times the number of values in its window, by a Rescaling")
_TILES = tr_noop("adaptive windows of one size are an AveragePooling2D")


def _convolution(sheet: Sheet) -> None:
    layer, (shape,) = sheet.layer, sheet.shapes
    assert isinstance(layer, Conv2D | DepthwiseConv2D | SeparableConv2D)
    gaps = max(layer.stride) > 1 and max(layer.dilation) > 1
    uneven = not isinstance(layer, Conv2D) and layer.stride[0] != layer.stride[1]
    config: Json = {
        "kernel_size": layer.kernel,
        "strides": [1, 1] if gaps or uneven else layer.stride,
        "dilation_rate": layer.dilation,
        "use_bias": layer.bias,
    }
    kind = type(layer).__name__
    if isinstance(layer, Conv2D):
        config |= {"filters": layer.filters, "groups": layer.groups}
    else:
        config["depth_multiplier"] = layer.multiplier
        if isinstance(layer, SeparableConv2D):
            config["filters"] = layer.filters
    place = layer.place(shape)
    pads = place.pads
    if gaps or uneven:  # which Keras has not: filters everywhere, and what the stride jumps over is left out
        sheet.notes.append(_STRIDE)
        source = _zeros(sheet, pads) if any(pads) else sheet.sources[0]
        every = [axis.padded - axis.extent + 1 for axis in place]
        sheet.result(kind, {**config, "padding": "valid"}, [source], (*every, sheet.output.channels))
        sheet.further("strided", "MaxPooling2D", {"pool_size": [1, 1], "strides": layer.stride, "padding": "valid"})
        return
    same = sliding(shape, layer.kernel, layer.stride, "same", layer.dilation).pads
    source, padding = _padded(sheet, pads, same)
    sheet.result(kind, {**config, "padding": padding}, [source])


def _padded(sheet: Sheet, pads: Pads, same: Pads) -> tuple[str, str]:
    """Return the input, padded by zeros if that is not what Keras does by itself, and what Keras is to do."""
    (source,) = sheet.sources
    if not any(pads):
        return source, "valid"
    if pads == same:
        return source, "same"
    return _zeros(sheet, pads), "valid"


def _zeros(sheet: Sheet, pads: Pads, note: str = _ZEROS) -> str:
    sheet.notes.append(note)
    (channels, height, width), (top, bottom, left, right) = sheet.shapes[0], pads
    config = {"padding": [[top, bottom], [left, right]]}
    return sheet.step(
        "pad", "ZeroPadding2D", config, sheet.sources, (height + top + bottom, width + left + right, channels)
    )


def _conv_transpose(sheet: Sheet) -> None:
    """Write all that the copies cover, and cut off what the padding cuts."""
    layer = sheet.layer
    assert isinstance(layer, ConvTranspose2D)
    if layer.groups > 1:
        raise sheet.refuse(tr("Keras has no transposed convolution in groups"))
    if max(layer.stride) > 1 and max(layer.dilation) > 1:
        raise sheet.refuse(tr("Keras has no transposed convolution with a stride and a dilation at once"))
    place = layer.place(sheet.shapes[0])
    whole = [axis.size * axis.stride + max(axis.extent - axis.stride, 0) for axis in place]
    ends = [all_of - axis.before - axis.output for all_of, axis in zip(whole, place, strict=True)]
    if min(ends) < 0:
        raise sheet.refuse(
            tr("Keras makes maps {count} px smaller than this output padding asks for", count=max(-end for end in ends))
        )
    config: Json = {
        "filters": layer.filters,
        "kernel_size": layer.kernel,
        "strides": layer.stride,
        "dilation_rate": layer.dilation,
        "use_bias": layer.bias,
        "padding": "valid",
    }
    cut = [[place.y.before, ends[0]], [place.x.before, ends[1]]]
    if not any(map(any, cut)):
        sheet.result("Conv2DTranspose", config)
        return
    sheet.notes.append(_CUT)
    sheet.result("Conv2DTranspose", config, shape=(*whole, layer.filters))
    sheet.further("cut", "Cropping2D", {"cropping": cut})


def _max_pool(sheet: Sheet) -> None:
    layer, ((channels, height, width),) = sheet.layer, sheet.shapes
    assert isinstance(layer, MaxPool2D)
    _check_gaps(sheet, layer)
    pads, same = layer.place(sheet.shapes[0]).reach, sliding(sheet.shapes[0], layer.kernel, layer.stride, "same").pads
    window = {"pool_size": layer.kernel, "strides": layer.stride}
    if not any(pads) or pads == same:
        sheet.result("MaxPooling2D", {**window, "padding": "same" if any(pads) else "valid"})
        return
    if sheet.nonnegative:
        sheet.result("MaxPooling2D", {**window, "padding": "valid"}, [_zeros(sheet, pads, _reason(sheet))])
        return
    # The maxima around every pixel hold those wanted: the others are cut off and jumped over.
    place = layer.place(sheet.shapes[0])
    cut = [_cut(axis) for axis in place]
    if min(map(min, cut)) < 0:
        raise sheet.refuse(tr("Keras can't pad maxima by {count} px where negative values come in", count=max(pads)))
    sheet.notes.append(_EVERY)
    dense = {"pool_size": layer.kernel, "strides": [1, 1], "padding": "same"}
    source = sheet.step("every", "MaxPooling2D", dense, sheet.sources, (height, width, channels))
    if any(map(any, cut)):
        left = height - sum(cut[0]), width - sum(cut[1]), channels
        source = sheet.step("cut", "Cropping2D", {"cropping": cut}, [source], left)
    sheet.result("MaxPooling2D", {"pool_size": [1, 1], "strides": layer.stride, "padding": "valid"}, [source])


def _check_gaps(sheet: Sheet, layer: Pool2D) -> None:
    if max(layer.dilation) > 1:
        raise sheet.refuse(tr("Keras has no dilated pooling"))


def _reason(sheet: Sheet, otherwise: str = _ZEROS) -> str:
    """Return why zeros are put around a pooling: windows that hang over its border, or its own padding."""
    assert isinstance(sheet.layer, Pool2D)
    return _OVERHANG if max(sheet.layer.place(sheet.shapes[0]).overhang) > 0 else otherwise


def _cut(axis: Axis) -> list[int]:
    """Return how many of the windows around every pixel lie before the first one wanted and after the last."""
    first = (axis.kernel - 1) // 2 - axis.before
    return [first, axis.size - first - (axis.output - 1) * axis.stride - 1]


def _average_pool(sheet: Sheet) -> None:
    layer, (shape,) = sheet.layer, sheet.shapes
    assert isinstance(layer, AvgPool2D)
    _check_gaps(sheet, layer)
    pads, place = layer.place(sheet.shapes[0]).reach, layer.place(shape)
    window = {"pool_size": layer.kernel, "strides": layer.stride}
    if not any(pads):
        sheet.result("AveragePooling2D", {**window, "padding": "valid"})
    elif layer.count_padding and max(place.overhang) <= 0:
        sheet.result("AveragePooling2D", {**window, "padding": "valid"}, [_zeros(sheet, pads, _COUNTED)])
    elif not layer.count_padding and pads == sliding(shape, layer.kernel, layer.stride, "same").pads:
        if pads[0] != pads[1] or pads[2] != pads[3]:
            # With PyTorch behind it, Keras repeats the edge there; with others, padding does not count.
            raise sheet.refuse(tr("Keras's backends disagree on means where “same” pads one side more than the other"))
        sheet.notes.append(_UNCOUNTED)
        sheet.result("AveragePooling2D", {**window, "padding": "same"})
    else:
        raise sheet.refuse(
            tr("Keras leaves padding out of means only where it is “same”; count the padding, or use that")
        )


def _sum_pool(sheet: Sheet) -> None:
    """Write the mean over the padded window, times the window's area."""
    layer = sheet.layer
    assert isinstance(layer, SumPool2D)
    _check_gaps(sheet, layer)
    pads = layer.place(sheet.shapes[0]).reach
    sheet.notes.append(_SUM)
    source = _zeros(sheet, pads, _reason(sheet, _COUNTED)) if any(pads) else sheet.sources[0]
    window = {"pool_size": layer.kernel, "strides": layer.stride, "padding": "valid"}
    channels, height, width = sheet.output
    mean = sheet.step("mean", "AveragePooling2D", window, [source], (height, width, channels))
    sheet.result("Rescaling", {"scale": layer.kernel[0] * layer.kernel[1], "offset": 0.0}, [mean])


def _global_pool(sheet: Sheet) -> None:
    layer = sheet.layer
    assert isinstance(layer, GlobalAvgPool2D | GlobalMaxPool2D)
    kind = "GlobalAveragePooling2D" if isinstance(layer, GlobalAvgPool2D) else "GlobalMaxPooling2D"
    sheet.result(kind, {"keepdims": layer.keep_axes})


def _adaptive_pool(sheet: Sheet) -> None:
    """Write windows of one size as a pooling, which every Keras 3 has, others as the layer of the newest."""
    layer = sheet.layer
    assert isinstance(layer, AdaptiveAvgPool2D)
    if (window := layer.even_window(sheet.shapes[0])) is not None:
        sheet.notes.append(_TILES)
        sheet.result("AveragePooling2D", {"pool_size": window, "strides": window, "padding": "valid"})
    else:
        sheet.result("AdaptiveAveragePooling2D", {"output_size": layer.output})


WRITERS: dict[type[Layer], Writer] = {
    Conv2D: _convolution,
    DepthwiseConv2D: _convolution,
    SeparableConv2D: _convolution,
    ConvTranspose2D: _conv_transpose,
    MaxPool2D: _max_pool,
    AvgPool2D: _average_pool,
    SumPool2D: _sum_pool,
    GlobalAvgPool2D: _global_pool,
    GlobalMaxPool2D: _global_pool,
    AdaptiveAvgPool2D: _adaptive_pool,
}

# Reading


def _window(page: Page) -> dict[str, Any]:
    return {
        "kernel": page.pair("kernel_size"),
        "stride": page.pair("strides"),
        "padding": page.padding(),
        "dilation": page.pair("dilation_rate"),
        "bias": bool(page.config.get("use_bias", True)),
    }


def _read_convolution(page: Page) -> None:
    config = page.config
    page.add(Conv2D(filters=config["filters"], groups=config.get("groups", 1), **_window(page)))
    activate(page)


def _read_depthwise(page: Page) -> None:
    page.add(DepthwiseConv2D(multiplier=page.config.get("depth_multiplier", 1), **_window(page)))
    activate(page)


def _read_separable(page: Page) -> None:
    config = page.config
    page.add(SeparableConv2D(filters=config["filters"], multiplier=config.get("depth_multiplier", 1), **_window(page)))
    activate(page)


def _read_conv_transpose(page: Page) -> None:
    """Read a transposed convolution: Keras's sizes follow from its input's, unless an output padding is given."""
    window, padding, (_, *sizes) = _window(page), page.padding(), page.shape
    sides: list[int] = []
    extras: list[int] = []
    given = page.config.get("output_padding")
    for axis, size in enumerate(sizes):
        stride = window["stride"][axis]
        extent = window["dilation"][axis] * (window["kernel"][axis] - 1) + 1
        whole = (size - 1) * stride + extent
        if given is not None:
            before = extent // 2 if padding == "same" else 0
            wanted = whole - 2 * before + page.pair("output_padding")[axis]
        else:
            before = max(extent - stride, 0) // 2 if padding == "same" else 0
            wanted = size * stride + (0 if padding == "same" else max(extent - stride, 0))
        after = max(0, whole - before - wanted)
        sides += [before, after]
        extras.append(wanted - (whole - before - after))
    layer = {**window, "padding": tuple(sides) if any(sides) else "valid", "output_padding": tuple(extras)}
    page.add(ConvTranspose2D(filters=page.config["filters"], **layer))
    activate(page)


def _read_pool(kind: type[MaxPool2D | AvgPool2D]) -> Reader:
    def read(page: Page) -> None:
        kernel = page.pair("pool_size", 2)
        stride = page.pair("strides") if page.config.get("strides") is not None else kernel
        page.add(kind(kernel=kernel, stride=stride, padding=page.padding()))

    return read


READERS: dict[str, Reader] = {
    "Conv2D": _read_convolution,
    "DepthwiseConv2D": _read_depthwise,
    "SeparableConv2D": _read_separable,
    "Conv2DTranspose": _read_conv_transpose,
    "MaxPooling2D": _read_pool(MaxPool2D),
    "AveragePooling2D": _read_pool(AvgPool2D),
    "GlobalAveragePooling2D": one(lambda page: GlobalAvgPool2D(keep_axes=bool(page.config.get("keepdims")))),
    "GlobalMaxPooling2D": one(lambda page: GlobalMaxPool2D(keep_axes=bool(page.config.get("keepdims")))),
    "AdaptiveAveragePooling2D": one(lambda page: AdaptiveAvgPool2D(output=page.pair("output_size"))),
}
