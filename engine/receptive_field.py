"""Receptive fields: which pixels of the image one value of a map depends on.

Forward rules after Araujo, Norris and Sim, "Computing Receptive Fields of Convolutional Neural Networks" (2019):
with extent ``F`` (dilation included), stride ``S`` and padding ``P``, a window turns size ``r``, jump ``j`` and
offset ``o`` into ``r + (F − 1)·j``, ``j·S`` and ``o − P·j``.
"""

from collections.abc import Sequence
from fractions import Fraction
from math import ceil, floor
from typing import NamedTuple

from engine.layers.base import Window
from engine.shape import Shape


class Span(NamedTuple):
    """A field along one axis, in pixels of the image.

    ``size`` is the extent of one value's field, ``jump`` the distance between the fields of neighbours (0 where
    there are none, a fraction after up-sampling), ``offset`` the first pixel of the first value's field (negative
    inside the padding), and ``first``/``last`` the part of the image that all values together see (``last`` excluded).
    """

    size: int
    jump: int | Fraction
    offset: int
    first: int
    last: int


class ReceptiveField(NamedTuple):
    """The fields of a layer's values, along the height and along the width."""

    y: Span
    x: Span

    @property
    def size(self) -> tuple[int, int]:
        """Height and width of one value's field, in pixels."""
        return self.y.size, self.x.size

    @property
    def jump(self) -> tuple[int | Fraction, int | Fraction]:
        """Distance between neighbouring fields (y, x), in pixels."""
        return self.y.jump, self.x.jump

    @property
    def offset(self) -> tuple[int, int]:
        """First pixel (y, x) of the first value's field; negative inside the padding."""
        return self.y.offset, self.x.offset

    def box(self, y: int, x: int) -> tuple[int, int, int, int]:
        """Return the field of the value at (y, x) as top, bottom, left, right; bottom and right are excluded."""
        top, left = floor(self.y.offset + y * self.y.jump), floor(self.x.offset + x * self.x.jump)
        return top, top + self.y.size, left, left + self.x.size


def of_image(shape: Shape) -> ReceptiveField:
    """Return the fields of an image's own pixels."""
    _, height, width = shape
    return ReceptiveField(Span(1, 1, 0, 0, height), Span(1, 1, 0, 0, width))


def union(fields: Sequence[ReceptiveField]) -> ReceptiveField:
    """Join the fields of branches; where their jumps differ, the larger stands for both."""
    first = fields[0]
    if len(fields) == 1 or all(field == first for field in fields):
        return first
    return ReceptiveField(_join([field.y for field in fields]), _join([field.x for field in fields]))


def after(field: ReceptiveField, window: Window | None, output: Shape) -> ReceptiveField:
    """Return the fields after a layer with the given window; ``None`` sees all values at once."""
    if window is None:
        return ReceptiveField(_all(field.y), _all(field.x))
    if window.extent == (1, 1) and window.stride == (1, 1) and window.before == (0, 0):
        return field
    return ReceptiveField(_slide(field.y, window, 0, output[1]), _slide(field.x, window, 1, output[2]))


def _slide(span: Span, window: Window, axis: int, outputs: int) -> Span:
    size = ceil(span.size + (window.extent[axis] - 1) * span.jump)
    jump = _whole(span.jump * window.stride[axis])
    offset = floor(span.offset - window.before[axis] * span.jump)
    end = ceil(offset + (outputs - 1) * jump + size)
    return Span(size, jump, offset, max(span.first, offset), min(span.last, end))


def _whole(number: int | Fraction) -> int | Fraction:
    return number.numerator if number.denominator == 1 else number


def _all(span: Span) -> Span:
    return Span(span.last - span.first, 0, span.first, span.first, span.last)


def _join(spans: list[Span]) -> Span:
    start = min(span.offset for span in spans)
    end = max(span.offset + span.size for span in spans)
    jump = max(span.jump for span in spans)
    return Span(end - start, jump, start, min(span.first for span in spans), max(span.last for span in spans))
