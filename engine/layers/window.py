"""The arithmetic of sliding windows: padding, output extents, and their derivations.

The formula is the lecture's, ``W₂ = ⌊(W₁ − F + 2P)/S⌋ + 1``, with ``F`` replaced by the dilated extent
``D(F − 1) + 1`` where the window is dilated, and ``2P`` by the sum of both sides where they differ. In ceil mode the
division is rounded up, so that a last window may hang over the far side; as in PyTorch and ONNX it must begin before
the far side's padding, or it is left out.
"""

from typing import Literal, NamedTuple

import numpy as np

from engine.derivation import Derivation
from engine.diagnostics import Code
from engine.language import tr, tr_noop
from engine.layers.base import Array, Layer, Problem, Window, replacements
from engine.layers.explanation import Patch, read_only
from engine.layers.parameters import Padding
from engine.layers.region import Box, Positions, Region
from engine.shape import Shape

Pads = tuple[int, int, int, int]  # top, bottom, left, right


class Axis(NamedTuple):
    """One axis of a sliding window: all in pixels. ``ceil`` lets a last window hang over the far side."""

    size: int
    kernel: int
    stride: int
    dilation: int
    before: int
    after: int
    ceil: bool = False

    @property
    def extent(self) -> int:
        """The kernel's reach, with the gaps that dilation leaves."""
        return self.dilation * (self.kernel - 1) + 1

    @property
    def padded(self) -> int:
        """The input with its padding."""
        return self.size + self.before + self.after

    @property
    def output(self) -> int:
        """Number of places where the window fits; 0 or less where it does not."""
        room = self.padded - self.extent
        if not self.ceil:
            return room // self.stride + 1
        return -(-room // self.stride) + 1 - self.drops_last

    @property
    def drops_last(self) -> bool:
        """Whether rounding up would add a window that holds nothing but the padding after the input."""
        room = self.padded - self.extent
        return self.ceil and -(-room // self.stride) * self.stride >= self.size + self.before

    @property
    def overhang(self) -> int:
        """How far the last window reaches beyond the padding in ceil mode; negative where a window is left out."""
        return self.end - self.size - self.after if self.ceil else 0

    @property
    def end(self) -> int:
        """Where the last window ends, counted from the input's first pixel."""
        return (self.output - 1) * self.stride + self.extent - self.before

    @property
    def unused(self) -> int:
        """Rows or columns at the far side that no window reaches, input and padding together."""
        return max(0, self.size + self.after - self.end)

    @property
    def lost(self) -> int:
        """How many pixels of the input, padding left out, no window reaches at the far side though neighbours touch."""
        return max(0, self.unused - self.after) if self.extent >= self.stride else 0

    def cells(self, output: int) -> Positions:
        """Return the positions ``(kernel,)`` under the window at one place; outside the input in the padding."""
        return output * self.stride - self.before + self.dilation * np.arange(self.kernel)

    def seen(self, outputs: Positions) -> Positions:
        """Return the positions of the input that the windows at some places see, padding left out."""
        hit = np.zeros(self.size, bool)
        first = outputs * self.stride - self.before
        for offset in range(0, self.extent, self.dilation):
            cells = first + offset
            hit[cells[(cells >= 0) & (cells < self.size)]] = True
        return np.flatnonzero(hit)

    def back(self, first: int, last: int) -> tuple[int, int]:
        """Return the reach of the windows from one place to another (excluded), gaps and padding included."""
        start = first * self.stride - self.before
        return start, start + (last - 1 - first) * self.stride + self.extent


class Sliding(NamedTuple):
    """A window over a volume: one axis for the height, one for the width."""

    y: Axis
    x: Axis

    @property
    def fits(self) -> bool:
        """Whether the window fits at least once."""
        return self.y.output > 0 and self.x.output > 0

    @property
    def pads(self) -> Pads:
        """Padding as top, bottom, left, right."""
        return self.y.before, self.y.after, self.x.before, self.x.after

    @property
    def overhang(self) -> tuple[int, int]:
        """How far the last windows reach beyond the padding, at the bottom and at the right."""
        return self.y.overhang, self.x.overhang

    @property
    def reach(self) -> Pads:
        """Padding as `pads`, in ceil mode up to where the last windows end: then rounding down gives the same."""
        (top, bottom, left, right), (below, beside) = self.pads, self.overhang
        return top, max(0, bottom + below), left, max(0, right + beside)

    @property
    def window(self) -> Window:
        """The geometry that the receptive field needs."""
        return Window((self.y.extent, self.x.extent), (self.y.stride, self.x.stride), (self.y.before, self.x.before))

    def patch(self, volume: Array, channel: int, y: int, x: int, fill: float = 0.0) -> Patch:
        """Return what lies under the window at (y, x) of maps ``(…, H, W)`` that begin with a channel."""
        return cut(volume, channel, self.y.cells(y), self.x.cells(x), fill)

    def seen(self, region: Region, channels: Positions) -> Region:
        """Return what the windows at a region's positions see of the given channels of the input."""
        top, bottom, left, right = region.box
        box = Box(*self.y.back(top, bottom), *self.x.back(left, right))
        if region.whole:
            box = box.clipped(self.y.size, self.x.size)
        return Region(channels, self.y.seen(region.rows), self.x.seen(region.columns), box, region.whole)


class Windowed(Layer, frozen=True, kw_only=True):
    """What convolution and pooling share: fields ``kernel``, ``stride`` and ``padding``, and where windows go."""

    def place(self, shape: Shape) -> Sliding:
        """Return where the windows go on a volume ``(C, H, W)``."""
        raise NotImplementedError


def cut(volume: Array, channel: int, rows: Positions, columns: Positions, fill: float = 0.0) -> Patch:
    """Return maps ``(…, H, W)``, which begin with a channel, at some positions; outside of them there is ``fill``."""
    height, width = volume.shape[-2:]
    on_rows, on_columns = (rows >= 0) & (rows < height), (columns >= 0) & (columns < width)
    padding = ~np.logical_and.outer(on_rows, on_columns)
    values = np.full((*volume.shape[:-2], *padding.shape), fill, np.float32)
    found = volume[..., rows[on_rows][:, None], columns[on_columns]]
    values[..., ~padding] = found.reshape(*volume.shape[:-2], -1)
    return Patch(
        values=read_only(values),
        padding=read_only(padding),
        rows=read_only(rows),
        columns=read_only(columns),
        channel=channel,
    )


def sliding(
    shape: Shape,
    kernel: tuple[int, int],
    stride: tuple[int, int],
    padding: Padding,
    dilation: tuple[int, int] = (1, 1),
    *,
    ceil: bool = False,
) -> Sliding:
    """Place a window over a volume ``(C, H, W)``, with ``same`` and ``valid`` resolved to numbers."""
    sides = ((0, 0), (0, 0)) if isinstance(padding, str) else (padding[:2], padding[2:])
    axes = []
    for size, f, s, d, (before, after) in zip(shape[1:], kernel, stride, dilation, sides, strict=True):
        if isinstance(padding, str) and padding != "valid":
            total = max((-(-size // s) - 1) * s + d * (f - 1) + 1 - size, 0)
            before, after = same_sides(total, padding)
        axes.append(Axis(size, f, s, d, before, after, ceil))
    return Sliding(*axes)


def same_sides(total: int, padding: Padding) -> tuple[int, int]:
    """Share padding out before and after; ``same`` puts an odd pixel after (SAME_UPPER in ONNX), the other before."""
    more, less = total - total // 2, total // 2
    return (more, less) if padding == "same-lower" else (less, more)


_TOLD = {  # by what the window is called, and whether it is dilated
    ("kernel", False): tr_noop("The kernel is {extent}"),
    ("kernel", True): tr_noop("The kernel is {extent} (with its dilation)"),
    ("window", False): tr_noop("The window is {extent}"),
    ("window", True): tr_noop("The window is {extent} (with its dilation)"),
}
_SMALLER = {
    "kernel": tr_noop("Make the kernel {width}×{height}"),
    "window": tr_noop("Make the window {width}×{height}"),
}


def kernel_problem(layer: Layer, place: Sliding, noun: Literal["kernel", "window"]) -> Problem:
    """Return the problem of a window that does not fit, with the paddings and sizes that would."""
    y, x = place
    reach = f"{x.extent}×{y.extent}"
    is_dilated = (y.dilation, x.dilation) != (1, 1)
    message = tr(
        "{window}, larger than the input of {width}×{height} with its padding ({padded_width}×{padded_height}), "
        "so it fits nowhere.",
        window=tr(_TOLD[noun, is_dilated], extent=reach),
        width=x.size,
        height=y.size,
        padded_width=x.padded,
        padded_height=y.padded,
    )
    short = (max(0, y.extent - y.size), max(0, x.extent - x.size))
    pads = (-(-short[0] // 2), short[0] // 2, -(-short[1] // 2), short[1] // 2)
    smaller = (_fitting(y), _fitting(x))
    remedies = replacements(
        (tr(_SMALLER[noun], width=smaller[1], height=smaller[0]), layer.attempt(kernel=smaller)),
        (_pads_title(pads), layer.attempt(padding=pads)),
        (tr("Padding “same” fits"), layer.attempt(padding="same")),
    )
    return Problem(Code.KERNEL_TOO_LARGE, message, parameter="kernel", remedies=remedies)


def _fitting(axis: Axis) -> int:
    return min(axis.kernel, (axis.padded - 1) // axis.dilation + 1)


def _pads_title(pads: Pads) -> str:
    if len(set(pads)) == 1:
        return tr("Padding {padding} fits", padding=pads[0])
    top, bottom, left, right = pads
    text = tr_noop("Padding {top} top, {bottom} bottom, {left} left, {right} right fits")
    return tr(text, top=top, bottom=bottom, left=left, right=right)


def extent_derivations(place: Sliding) -> tuple[Derivation, Derivation]:
    """Return how the output's width and height come about."""
    return _derive("width", "W", place.x), _derive("height", "H", place.y)


def _derive(quantity: str, letter: str, axis: Axis) -> Derivation:
    kernel, kernel_value = "F", f"{axis.kernel}"
    if axis.dilation > 1:
        kernel, kernel_value = "(D(F − 1) + 1)", f"({axis.dilation}·({axis.kernel} − 1) + 1)"
    if axis.before == axis.after:
        padding, padding_value = "2P", f"2·{axis.before}"
    else:
        padding, padding_value = "P₁ + P₂", f"{axis.before} + {axis.after}"
    down, up = ("⌈", "⌉") if axis.ceil else ("⌊", "⌋")
    last = "" if axis.drops_last else " + 1"  # a last window in the padding is left out: + 1 − 1
    return Derivation(
        quantity,
        f"{letter}₂ = {down}({letter}₁ − {kernel} + {padding})/S{up}{last}",
        f"{down}({axis.size} − {kernel_value} + {padding_value})/{axis.stride}{up}{last}",
        axis.output,
    )


def window_brief(
    kernel: tuple[int, int], stride: tuple[int, int], padding: Padding, dilation: tuple[int, int] = (1, 1)
) -> str:
    """Write a window in a few characters: ``5×5 /2 pad 1``; a stride or dilation of 1 and no padding go unsaid."""
    parts = [f"{kernel[1]}×{kernel[0]}"]
    if stride != (1, 1):
        parts.append(f"/{stride[0]}" if stride[0] == stride[1] else f"/{stride[1]}×{stride[0]}")
    if isinstance(padding, str):
        parts += [padding] if padding != "valid" else []
    elif any(padding):
        sides = f"{padding[0]}" if len(set(padding)) == 1 else ",".join(map(str, padding))
        parts.append(tr("pad {padding}", padding=sides))
    if dilation != (1, 1):
        down, across = dilation
        parts.append(tr("dil {dilation}", dilation=f"{down}" if down == across else f"{across}×{down}"))
    return " ".join(parts)
