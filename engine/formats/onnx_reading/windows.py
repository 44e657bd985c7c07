"""Convolutions as layers."""

from typing import Any

from engine.formats.errors import FormatError
from engine.formats.onnx_reading.patterns import Found, Pattern, op
from engine.formats.onnx_reading.reading import Reader, Reading
from engine.formats.onnx_reading.source import Constant, Operation
from engine.language import tr
from engine.layers import Conv2D, ConvTranspose2D, DepthwiseConv2D, Layer
from engine.layers.parameters import Padding

_AUTO: dict[str, Padding] = {"VALID": "valid", "SAME_UPPER": "same", "SAME_LOWER": "same-lower"}


def pair(values: Any) -> Any:
    """Return two numbers as a pair; an operator of another number of axes is none of ours."""
    if len(values) != 2:
        raise FormatError(tr("Convolab's windows have two axes, not {count}", count=len(values)))
    return tuple(int(value) for value in values)


def _padding(operation: Operation) -> Padding:
    auto = operation.get("auto_pad", "NOTSET")
    if auto != "NOTSET":
        return _AUTO[auto]
    top, left, bottom, right = operation.get("pads", (0, 0, 0, 0))
    return (top, bottom, left, right) if any((top, left, bottom, right)) else "valid"


def steps(operation: Operation) -> dict[str, Any]:
    """Return how a window moves: its stride, its dilation and the padding."""
    return {
        "stride": pair(operation.get("strides", (1, 1))),
        "dilation": pair(operation.get("dilations", (1, 1))),
        "padding": _padding(operation),
    }


def _conv(reading: Reading, operation: Operation) -> None:
    bias = reading.constant(operation.input(2)) if operation.input(2) else None
    _add_conv(reading, operation, operation, bias)


def _biased_conv(reading: Reading, operation: Operation, found: Found) -> bool:
    bias, conv = reading.constant(found.names["=b"]), found.named["conv"]
    filters = reading.constant(conv.input(1)).shape[0]
    if bias.size != filters or bias.shape[-3:] not in ((filters, 1, 1), (1, 1, 1)):
        return False
    _add_conv(reading, operation, conv, bias.reshape(-1))
    return True


def _add_conv(reading: Reading, operation: Operation, conv: Operation, bias: Constant | None) -> None:
    """Add a convolution that ends in an operation; one that sees each channel by itself is a depthwise one."""
    flow, weight = reading.volume(conv.input(0)), reading.constant(conv.input(1))
    kernel, groups, channels = pair(weight.shape[2:]), conv.get("group", 1), flow.shape.channels
    common = {"kernel": kernel, "bias": bias is not None, **steps(conv)}
    if groups == channels > 1 and len(weight) % channels == 0:
        layer: Layer = DepthwiseConv2D(multiplier=len(weight) // channels, **common)
    else:
        layer = Conv2D(filters=len(weight), groups=groups, **common)
    reading.emit(operation, layer, [flow], {"weight": weight, "bias": bias})


def _conv_transpose(reading: Reading, operation: Operation) -> None:
    flow, weight = reading.volume(operation.input(0)), reading.constant(operation.input(1))
    bias = reading.constant(operation.input(2)) if operation.input(2) else None
    layer = _transposed(operation, weight, bias is not None)
    wanted = operation.get("output_shape", ())
    if wanted:
        place = layer.place(flow.shape)
        extra = [size - axis.output for axis, size in zip(place, wanted[-2:], strict=True)]
        layer = layer.replace(**_resized(layer, extra, operation.get("auto_pad", "NOTSET")))
    reading.emit(operation, layer, [flow], {"weight": weight, "bias": bias})


def _transposed(operation: Operation, weight: Constant, bias: bool) -> ConvTranspose2D:
    groups = operation.get("group", 1)
    return ConvTranspose2D(
        filters=weight.shape[1] * groups,
        kernel=pair(weight.shape[2:]),
        output_padding=pair(operation.get("output_padding", (0, 0))),
        groups=groups,
        bias=bias,
        **steps(operation),
    )


def _resized(layer: ConvTranspose2D, extra: list[int], auto: str) -> dict[str, Any]:
    """Return the hyper-parameters that give an output of another size: more at its end, or less all around."""
    sides, more = [0, 0, 0, 0] if isinstance(layer.padding, str) else list(layer.padding), list(layer.output_padding)
    for axis, added in enumerate(extra):
        if added >= 0:
            more[axis] += added
        else:
            small = -added // 2
            first, second = (-added - small, small) if auto == "SAME_LOWER" else (small, -added - small)
            sides[2 * axis] += first
            sides[2 * axis + 1] += second
    return {"padding": tuple(sides), "output_padding": tuple(more)}


def _padded_conv_transpose(reading: Reading, operation: Operation, found: Found) -> bool:
    """Read a transposed convolution whose output is padded further than ONNX Runtime lets it be."""
    spread, names = found.named["spread"], found.names
    flow, weight = reading.volume(spread.input(0)), reading.constant(spread.input(1))
    bias = reading.constant(names["=b"]).reshape(-1) if "=b" in names else None
    *before, below, beside = (int(side) for side in reading.constant(names["=sides"]))
    if any(before):
        return False
    layer = _transposed(spread, weight, bias is not None).replace(output_padding=(below, beside))
    reading.emit(operation, layer, [flow], {"weight": weight, "bias": bias})
    return True


_SPREAD = op("Pad", op("ConvTranspose", "x", "=w", named="spread"), "=sides")

PATTERNS: tuple[Pattern, ...] = (
    Pattern(op("Add", op("Conv", "x", "=w", named="conv"), "=b"), _biased_conv),
    Pattern(op("Sum", _SPREAD, "=b"), _padded_conv_transpose),
    Pattern(op("Sum", _SPREAD), _padded_conv_transpose),
)

READERS: dict[str, Reader] = {"Conv": _conv, "ConvTranspose": _conv_transpose}
