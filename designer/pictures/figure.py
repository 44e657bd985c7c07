"""A figure as values: what is drawn, and where. Lengths are in pixels of 1/96 inch; y grows downwards."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Literal

Point = tuple[float, float]
Rect = tuple[float, float, float, float]  # left, top, right, bottom
Window = tuple[float, float, float]
Measure = Callable[[str, float, bool], float]  # the width of a text of a size, bold or not

OBLIQUE = (0.36, 0.30)  # how far the width of a volume recedes to the right and up, of its length


@dataclass(frozen=True)
class Box:
    """A volume in oblique projection: depth to the right, height upwards, width away from the reader.

    Attributes
    ----------
    x, y
        The top left corner of the front face.
    depth, height, width
        The lengths of the edges; the width is the one that recedes.
    cuts
        Where the front is divided, from the left: between the parts of a concatenation, or between single maps.
    windows
        Of the next layers, where they slide over this volume: height, width, and how far below the middle.
    """

    step: str
    family: str
    x: float
    y: float
    depth: float
    height: float
    width: float
    cuts: tuple[float, ...] = ()
    windows: tuple[Window, ...] = ()

    @property
    def recess(self) -> Point:
        """How far the back face lies to the right of the front face, and how far above it."""
        return self.width * OBLIQUE[0], self.width * OBLIQUE[1]

    @property
    def bounds(self) -> Rect:
        """The rectangle around the projected volume."""
        right, up = self.recess
        return self.x, self.y - up, self.x + self.depth + right, self.y + self.height

    def side_corners(self, window: Window | None = None) -> tuple[Point, Point, Point, Point]:
        """Return the corners of the face that looks to the next layer, or of a window in its middle."""
        right, up = self.recess
        height, width, lower = window or (self.height, self.width, 0.0)
        across = width / self.width / 2 if self.width else 0.0
        x, y = self.x + self.depth + right / 2, self.y + (self.height - up) / 2 + lower
        dx, dy = right * across, up * across
        return (
            (x - dx, y + dy - height / 2),
            (x + dx, y - dy - height / 2),
            (x + dx, y - dy + height / 2),
            (x - dx, y + dy + height / 2),
        )

    def moved(self, dx: float, dy: float) -> "Box":
        """Return the same box elsewhere."""
        return replace(self, x=self.x + dx, y=self.y + dy)


@dataclass(frozen=True)
class Bar:
    """A vector: a slim upright bar."""

    step: str
    family: str
    x: float
    y: float
    width: float
    height: float

    @property
    def bounds(self) -> Rect:
        """The bar's rectangle."""
        return self.x, self.y, self.x + self.width, self.y + self.height

    def moved(self, dx: float, dy: float) -> "Bar":
        """Return the same bar elsewhere."""
        return replace(self, x=self.x + dx, y=self.y + dy)


@dataclass(frozen=True)
class Join:
    """Where branches come together: a circle with a symbol."""

    step: str
    x: float
    y: float
    radius: float
    symbol: str

    @property
    def bounds(self) -> Rect:
        """The square around the circle."""
        return self.x - self.radius, self.y - self.radius, self.x + self.radius, self.y + self.radius

    def moved(self, dx: float, dy: float) -> "Join":
        """Return the same circle elsewhere."""
        return replace(self, x=self.x + dx, y=self.y + dy)


@dataclass(frozen=True)
class Line:
    """A way through points: of values (with or without an arrow's head), or what a window or a dense layer sees."""

    points: tuple[Point, ...]
    kind: Literal["flow", "skip", "sight"] = "flow"
    arrow: bool = False

    @property
    def bounds(self) -> Rect:
        """The rectangle around all points."""
        xs, ys = zip(*self.points, strict=True)
        return min(xs), min(ys), max(xs), max(ys)

    def moved(self, dx: float, dy: float) -> "Line":
        """Return the same line elsewhere."""
        return replace(self, points=tuple((x + dx, y + dy) for x, y in self.points))


@dataclass(frozen=True)
class Text:
    """One line of letters; ``x`` is its left end, middle or right end, ``y`` its middle."""

    x: float
    y: float
    text: str
    width: float
    size: float = 8.0
    anchor: Literal["start", "middle", "end"] = "middle"
    role: Literal["label", "size", "name", "times", "note"] = "label"

    @property
    def left(self) -> float:
        """The left end."""
        return self.x - {"start": 0.0, "middle": 0.5, "end": 1.0}[self.anchor] * self.width

    @property
    def bounds(self) -> Rect:
        """The rectangle around the letters."""
        return self.left, self.y - self.size / 2, self.left + self.width, self.y + self.size / 2

    def moved(self, dx: float, dy: float) -> "Text":
        """Return the same text elsewhere."""
        return replace(self, x=self.x + dx, y=self.y + dy)


@dataclass(frozen=True)
class Frame:
    """A dashed frame around what is repeated."""

    left: float
    top: float
    right: float
    bottom: float

    @property
    def bounds(self) -> Rect:
        """The frame's rectangle."""
        return self.left, self.top, self.right, self.bottom

    def moved(self, dx: float, dy: float) -> "Frame":
        """Return the same frame elsewhere."""
        return Frame(self.left + dx, self.top + dy, self.right + dx, self.bottom + dy)


Mark = Box | Bar | Join | Line | Text | Frame


@dataclass(frozen=True)
class Figure:
    """All marks of a figure, its size, and for each step drawn the layers that it tells of."""

    marks: tuple[Mark, ...]
    width: float
    height: float
    title: str
    note: str
    layers: frozenset[str]  # all that are told of, folded ones too


def around(marks: tuple[Mark, ...] | list[Mark]) -> Rect:
    """Return the rectangle around marks; a point at (0, 0) where there are none."""
    if not marks:
        return 0.0, 0.0, 0.0, 0.0
    lefts, tops, rights, bottoms = zip(*(mark.bounds for mark in marks), strict=True)
    return min(lefts), min(tops), max(rights), max(bottoms)
