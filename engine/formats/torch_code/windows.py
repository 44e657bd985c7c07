"""Convolutions and pooling as modules of PyTorch.

PyTorch pads both sides alike, and pooling by half a window at most; any other padding is a module of its own before.
"""

import math

from engine.formats.torch_code.steps import Arg, Given, Module, Steps, Writer, depth, first, pair, sides, zeros
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

_UNEVEN = "PyTorch pads both sides alike; here they differ"
_CEIL = "where the last windows hang over"
_GAPS = "PyTorch's own has no dilation"


def _is_even(pads: Pads) -> bool:
    return pads[0] == pads[1] and pads[2] == pads[3]


def _convolution(given: Given) -> Steps:
    layer, shape = given.layer, given.shape
    assert isinstance(layer, Conv2D | DepthwiseConv2D)
    filters, groups = given.output.channels, layer.groups if isinstance(layer, Conv2D) else shape.channels
    return _filters(layer, given, filters, groups, "", given.same_arrays, bias=layer.bias)


def _filters(
    layer: Conv2D | DepthwiseConv2D | SeparableConv2D,
    given: Given,
    filters: int,
    groups: int,
    suffix: str,
    arrays: tuple[tuple[str, str], ...],
    *,
    bias: bool,
) -> tuple[Module, ...]:
    pads = layer.place(given.shape).pads
    even = _is_even(pads)
    window = (
        depth("in_channels", given.shape.channels),
        depth("out_channels", filters),
        Arg("kernel_size", pair(layer.kernel)),
        Arg("stride", pair(layer.stride), 1),
        Arg("padding", pair((pads[0], pads[2])) if even else 0, 0),
        Arg("dilation", pair(layer.dilation), 1),
        Arg("groups", groups, 1, counts_depth=True),
        Arg("bias", bias, True),
    )
    remark = f"“{layer.padding}”: {_UNEVEN}" if isinstance(layer.padding, str) else _UNEVEN
    return (*(() if even else zeros(pads, remark)), Module("nn.Conv2d", window, suffix, arrays))


def _separable(given: Given) -> Steps:
    layer, middle = given.layer, given.shape.channels
    assert isinstance(layer, SeparableConv2D)
    middle *= layer.multiplier
    apart = _filters(layer, given, middle, given.shape.channels, "depthwise", (("depthwise", "weight"),), bias=False)
    point = (
        depth("in_channels", middle),
        depth("out_channels", layer.filters),
        Arg("kernel_size", 1),
        Arg("bias", layer.bias, True),
    )
    arrays = (("pointwise", "weight"), *((("bias", "bias"),) if layer.bias else ()))
    return (*apart, Module("nn.Conv2d", point, "pointwise", arrays))


def _conv_transpose(given: Given) -> Steps:
    layer = given.layer
    assert isinstance(layer, ConvTranspose2D)
    place = layer.place(given.shape)
    top, bottom, left, right = place.pads
    shared = min(top, bottom), min(left, right)
    window = (
        depth("in_channels", given.shape.channels),
        depth("out_channels", layer.filters),
        Arg("kernel_size", pair(layer.kernel)),
        Arg("stride", pair(layer.stride), 1),
        Arg("padding", pair(shared), 0),
        Arg("output_padding", pair(place.output_padding), 0),
        Arg("groups", layer.groups, 1, counts_depth=True),
        Arg("bias", layer.bias, True),
        Arg("dilation", pair(layer.dilation), 1),
    )
    rest = (shared[0] - top, shared[0] - bottom, shared[1] - left, shared[1] - right)
    cut = zeros(rest, "negative padding cuts off: PyTorch cuts both sides alike, and here they differ")
    spread = Module("nn.ConvTranspose2d", window, "", given.same_arrays)
    return (spread, *(one._replace(suffix="cut") for one in cut))


def _pooling(layer: Pool2D, pads: Pads) -> tuple[Arg, ...]:
    return (
        Arg("kernel_size", pair(layer.kernel)),
        Arg("stride", pair(layer.stride)),
        Arg("padding", pair((pads[0], pads[2])), 0),
    )


def _dilated(layer: Pool2D) -> tuple[Arg, ...]:
    return Arg("kernel_size", layer.kernel), Arg("stride", layer.stride), Arg("dilation", layer.dilation)


def _can_pad(layer: Pool2D, pads: Pads) -> bool:
    """Whether PyTorch's pooling takes a padding: the same on both sides, and half a window at most, gaps left out."""
    return _is_even(pads) and pads[0] <= layer.kernel[0] // 2 and pads[2] <= layer.kernel[1] // 2


def _max_pool(given: Given) -> Steps:
    layer = given.layer
    assert isinstance(layer, MaxPool2D)
    place, gaps = layer.place(given.shape), Arg("dilation", pair(layer.dilation), 1)
    if _can_pad(layer, place.pads):
        window = (*_pooling(layer, place.pads), gaps, Arg("ceil_mode", layer.ceil_mode, False))
        return (Module("nn.MaxPool2d", window),)
    border = Module(
        "nn.ConstantPad2d",
        (first("padding", sides(place.reach)), first("value", -math.inf)),
        "pad",
        remark=f"{_UNEVEN}, or are more than half a window",
    )
    return (border, Module("nn.MaxPool2d", (*_pooling(layer, (0, 0, 0, 0)), gaps)))


def _average_pool(given: Given) -> Steps:
    layer = given.layer
    assert isinstance(layer, AvgPool2D)
    place = layer.place(given.shape)
    is_dilated = layer.dilation != (1, 1)
    if _can_pad(layer, place.pads) and not is_dilated:
        counted = not any(place.pads) or layer.count_padding
        window = (*_pooling(layer, place.pads), Arg("ceil_mode", layer.ceil_mode, False))
        return (Module("nn.AvgPool2d", (*window, Arg("count_include_pad", counted, True))),)
    if layer.count_padding:
        below, beside = (max(0, over) for over in place.overhang)
        inner = tuple(min(one, other) for one, other in zip(place.pads, place.reach, strict=True))
        before = zeros((inner[0], inner[1], inner[2], inner[3]), f"{_UNEVEN}; the zeros count")
        rest = (0, below, 0, beside)
    else:
        before, rest = (), place.reach
    if is_dilated:
        border = Arg("padding", sides(rest), (0, 0, 0, 0))
        return (*before, Module("DilatedAvgPool2d", (*_dilated(layer), border), remark=_GAPS))
    if not any(rest):
        return (*before, Module("nn.AvgPool2d", _pooling(layer, rest)))
    window = (*_pooling(layer, (0, 0, 0, 0))[:2], Arg("padding", sides(rest)))
    return (*before, Module("PartialAvgPool2d", window))


def _sum_pool(given: Given) -> Steps:
    layer = given.layer
    assert isinstance(layer, SumPool2D)
    place, whole = layer.place(given.shape), Arg("divisor_override", 1)
    if layer.dilation != (1, 1):
        return (*zeros(place.reach, _UNEVEN), Module("DilatedSumPool2d", _dilated(layer), remark=_GAPS))
    remark = "the mean divided by 1 is the sum"
    if _can_pad(layer, place.pads):
        window = (*_pooling(layer, place.pads), Arg("ceil_mode", layer.ceil_mode, False), whole)
        return (Module("nn.AvgPool2d", window, remark=remark),)
    window = (*_pooling(layer, (0, 0, 0, 0)), whole)
    return (*zeros(place.reach, _UNEVEN), Module("nn.AvgPool2d", window, remark=remark))


def _lp_pool(given: Given) -> Steps:
    layer = given.layer
    assert isinstance(layer, LpPool2D)
    border = zeros(layer.place(given.shape).reach, _CEIL)
    if layer.dilation != (1, 1):
        return (*border, Module("DilatedLpPool2d", (first("norm", layer.p), *_dilated(layer)), remark=_GAPS))
    window = (first("norm", layer.p), *_pooling(layer, (0, 0, 0, 0))[:2])
    return (*border, Module("LpPool2d", window))


def _global_pool(given: Given) -> Steps:
    layer = given.layer
    assert isinstance(layer, GlobalAvgPool2D | GlobalMaxPool2D)
    call = "nn.AdaptiveAvgPool2d" if isinstance(layer, GlobalAvgPool2D) else "nn.AdaptiveMaxPool2d"
    pool = Module(call, (first("output_size", 1),))
    return (pool,) if layer.keep_axes else (pool, Module("nn.Flatten", suffix="flatten"))


def _adaptive_pool(given: Given) -> Steps:
    assert isinstance(given.layer, AdaptiveAvgPool2D)
    return (Module("nn.AdaptiveAvgPool2d", (first("output_size", pair(given.layer.output)),)),)


WRITERS: dict[type[Layer], Writer] = {
    Conv2D: _convolution,
    DepthwiseConv2D: _convolution,
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
