"""Pooling as layers, over windows and over whole maps."""

from collections.abc import Callable
from typing import Any

import numpy as np

from engine.formats.errors import FormatError
from engine.formats.onnx_nodes.windows import is_far, means
from engine.formats.onnx_reading.folding import axes_of
from engine.formats.onnx_reading.patterns import Found, Pattern, op
from engine.formats.onnx_reading.reading import Reader, Reading
from engine.formats.onnx_reading.shared import normal_axis
from engine.formats.onnx_reading.source import Constant, Operation
from engine.formats.onnx_reading.windows import pair, steps
from engine.kernels.pool import window_counts
from engine.language import tr
from engine.layers import (
    AdaptiveAvgPool2D,
    AvgPool2D,
    GlobalAvgPool2D,
    GlobalMaxPool2D,
    Layer,
    LpPool2D,
    MaxPool2D,
    SumPool2D,
)
from engine.layers.pool import Pool2D
from engine.shape import Shape

_MOST_TRIED = 4096  # ways in which a window may hang over

Further = Callable[[Operation], dict[str, Any]]  # what a pooling says beside its window


def _pool(kind: type[Pool2D], more: Further) -> Reader:
    """Return the reader of a pooling; ``more`` gives further hyper-parameters."""

    def read(reading: Reading, operation: Operation) -> None:
        flow = reading.volume(operation.input(0))
        reading.emit(operation, kind(**_pool_window(operation), **more(operation)), [flow])

    return read


def _pool_window(operation: Operation) -> dict[str, Any]:
    kernel, ceil = pair(operation.get("kernel_shape", ())), bool(operation.get("ceil_mode", 0))
    return {"kernel": kernel, "ceil_mode": ceil, **steps(operation)}


def _counted(pool: Operation) -> dict[str, Any]:
    return {"count_padding": bool(pool.get("count_include_pad", 0))}


def _norm(pool: Operation) -> dict[str, Any]:
    return {"p": pool.get("p", 2)}


def _padded_pool(kind: type[Pool2D], more: Further) -> Any:
    """Return what reads a pooling of what has zeros around it, further than ONNX Runtime lets a pooling have them."""

    def read(reading: Reading, operation: Operation, found: Found) -> bool:
        window = _far_window(reading, operation, found)
        if window is None:
            return False
        reading.emit(operation, kind(**window, **more(operation)), [reading.volume(found.names["x"])])
        return True

    return read


def _far_window(reading: Reading, pool: Operation, found: Found) -> dict[str, Any] | None:
    """Return a pooling's window with the zeros of the Pad before it as its padding; None where that is another's."""
    window, sides = _pool_window(pool), reading.constant(found.names["=sides"])
    if found.named["pad"].get("mode", "constant") != "constant" or len(sides) != 8 or window["padding"] != "valid":
        return None
    top, left, bottom, right = (int(sides[at]) for at in (2, 3, 6, 7))
    if any(sides[at] for at in (0, 1, 4, 5)) or min(top, bottom, left, right) < 0:
        return None
    window["padding"] = (top, bottom, left, right)
    return window if is_far(SumPool2D(**window), window["padding"]) else None


def _scaled_pool(reading: Reading, operation: Operation, found: Found) -> bool:
    """Read a mean times a constant: the window's area makes it a sum, shares let what hangs over not count."""
    pool, factor = found.named["pool"], reading.constant(found.names["=k"])
    flow = reading.volume(found.names["x"])
    window: dict[str, Any] | None = _pool_window(pool)
    if "=sides" in found.names:
        window = _far_window(reading, pool, found)
    elif not pool.get("count_include_pad", 0):
        return False
    if window is None:
        return False
    layer = _put_right(window, flow.shape, factor, padded="=sides" in found.names)
    if layer is None:
        return False
    reading.emit(operation, layer, [flow])
    return True


def _put_right(window: dict[str, Any], shape: Shape, factor: Constant, *, padded: bool) -> Layer | None:
    """Return what a mean over all cells of its windows is, times a factor."""
    mean, area = AvgPool2D(**window), window["kernel"][0] * window["kernel"][1]
    if padded and _shares(mean, shape, factor):
        return mean
    if factor.size == 1 and float(factor.reshape(-1)[0]) == area and (factor.ndim == 0 or area > 1):
        return SumPool2D(**window)
    return _with_overhang(window, shape, factor)


def _with_overhang(common: dict[str, Any], shape: Shape, factor: Constant) -> AvgPool2D | None:
    """Return the mean over windows some of which hang over the border that a factor takes out of the padding."""
    given = common["padding"]
    top, bottom, left, right = (0, 0, 0, 0) if isinstance(given, str) else given
    most = min(bottom, common["kernel"][0]), min(right, common["kernel"][1])
    if factor.ndim != 2 or (most[0] + 1) * (most[1] + 1) > _MOST_TRIED:
        return None
    for below in range(most[0] + 1):
        for beside in range(most[1] + 1):
            sides = (top, bottom - below, left, right - beside)
            tried = AvgPool2D(count_padding=True, **(common | {"padding": sides, "ceil_mode": True}))
            if _shares(tried, shape, factor):
                return tried
    return None


def _shares(layer: AvgPool2D, shape: Shape, factor: Constant) -> bool:
    """Whether a factor is what our writer puts behind a mean over all cells, some of which do not count."""
    output = layer.infer((shape,)).output
    if output is None or factor.shape != tuple(output[1:]):
        return False
    place = layer.place(shape)
    geometry = (shape[1:], layer.kernel, layer.stride, place.pads, output[1:], layer.dilation)
    counts = window_counts(*geometry, count_padding=layer.count_padding)
    return bool(np.allclose(factor, layer.kernel[0] * layer.kernel[1] / counts))


def _padded_max_pool(reading: Reading, operation: Operation, found: Found) -> bool:
    """Read a maximum over windows that hang over the border further than ONNX Runtime lets them."""
    value, sides = reading.constant(found.names["=least"]), reading.constant(found.names["=sides"])
    if (
        value.size != 1
        or not np.isneginf(value.reshape(-1)[0])
        or len(sides) != 8
        or steps(operation)["padding"] != "valid"
    ):
        return False
    flow = reading.volume(found.names["x"])
    top, left, bottom, right = (int(sides[at]) for at in (2, 3, 6, 7))
    layer = MaxPool2D(**(_pool_window(operation) | {"padding": (top, bottom, left, right)}))
    reading.emit(operation, layer, [flow])
    return True


# Over whole maps


def _global(kind: type[GlobalAvgPool2D] | type[GlobalMaxPool2D]) -> Reader:
    def read(reading: Reading, operation: Operation) -> None:
        reading.emit(operation, kind(keep_axes=True), [reading.volume(operation.input(0))])

    return read


def _flat_global(kind: type[GlobalAvgPool2D] | type[GlobalMaxPool2D]) -> Any:
    """Return what reads a pooling over whole maps whose pixel is made a vector."""

    def read(reading: Reading, operation: Operation, found: Found) -> bool:
        flow = reading.volume(found.names["x"])
        if operation.type == "Reshape":
            target = [int(extent) for extent in reading.constant(found.names["=shape"])]
            if len(target) != 2:
                return False
        elif operation.type == "Flatten":
            if operation.get("axis", 1) not in (1, -3):
                return False
        else:
            axes = axes_of(reading.source, operation, [None, reading.constant(operation.input(1))])
            if axes is not None and sorted(axis % 4 for axis in axes) != [2, 3]:
                return False
        reading.emit(operation, kind(), [flow])
        return True

    return read


def _reduced(kind: type[GlobalAvgPool2D] | type[GlobalMaxPool2D]) -> Reader:
    """Return the reader of a reduction over height and width, whichever way they lie."""

    def read(reading: Reading, operation: Operation) -> None:
        flow = reading.flow(operation.input(0))
        rank = len(flow.axes) + 1
        given = reading.constant(operation.input(1)) if operation.input(1) else None
        axes = axes_of(reading.source, operation, [None, given], since=18)
        over = {flow.axes[normal_axis(axis, rank) - 1] if normal_axis(axis, rank) else -1 for axis in axes or ()}
        if over != {1, 2} or len(flow.axes) != 3:
            raise FormatError(tr("Convolab reduces over height and width only"))
        keep = bool(operation.get("keepdims", 1))
        reading.emit(operation, kind(keep_axes=keep), [flow], axes=flow.axes if keep else (0,))

    return read


def _adaptive(reading: Reading, operation: Operation, found: Found) -> bool:
    """Read products with the matrices that take means over windows as even as can be."""
    rows, columns = (reading.constant(found.names[name]) for name in ("=rows", "=columns"))
    flow = reading.volume(found.names["x"])
    if rows.ndim != 2 or columns.ndim != 2 or len(flow.shape) != 3:
        return False
    output, size = (rows.shape[0], columns.shape[1]), (rows.shape[1], columns.shape[0])
    if size != flow.shape[1:] or not np.allclose(rows, means(size[0], output[0])):
        return False
    if not np.allclose(columns, means(size[1], output[1]).T):
        return False
    reading.emit(operation, AdaptiveAvgPool2D(output=output), [flow])
    return True


def _flat_patterns() -> list[Pattern]:
    found = []
    for type, kind in (("GlobalAveragePool", GlobalAvgPool2D), ("GlobalMaxPool", GlobalMaxPool2D)):
        pooled, read = op(type, "x"), _flat_global(kind)
        found += [Pattern(op("Flatten", pooled), read), Pattern(op("Reshape", pooled, "=shape"), read)]
        found += [Pattern(op("Squeeze", pooled), read), Pattern(op("Squeeze", pooled, "=axes"), read)]
    return found


_PADDED = op("Pad", "x", "=sides", named="pad")

PATTERNS: tuple[Pattern, ...] = (
    Pattern(op("Mul", op("AveragePool", _PADDED, named="pool"), "=k"), _scaled_pool),
    Pattern(op("Mul", op("AveragePool", "x", named="pool"), "=k"), _scaled_pool),
    Pattern(op("AveragePool", _PADDED), _padded_pool(AvgPool2D, lambda pool: {"count_padding": True})),
    Pattern(op("LpPool", _PADDED), _padded_pool(LpPool2D, _norm)),
    Pattern(op("MaxPool", op("Pad", "x", "=sides", "=least")), _padded_max_pool),
    Pattern(op("MatMul", op("MatMul", "=rows", "x"), "=columns"), _adaptive),
    *_flat_patterns(),
)

READERS: dict[str, Reader] = {
    "MaxPool": _pool(MaxPool2D, lambda pool: {}),
    "AveragePool": _pool(AvgPool2D, _counted),
    "LpPool": _pool(LpPool2D, _norm),
    "GlobalAveragePool": _global(GlobalAvgPool2D),
    "GlobalMaxPool": _global(GlobalMaxPool2D),
    "ReduceMean": _reduced(GlobalAvgPool2D),
    "ReduceMax": _reduced(GlobalMaxPool2D),
}
