"""What becomes of a network's maps when its image moves: how well they move with it, and how little they change.

Two measures for each layer, between its map A of the image and its map B of the moved image. Both are cosine
similarities, ``cos(P, Q) = Σ P·Q / (√Σ P² · √Σ Q²)``, over all channels: 1 for maps that are equal but for a factor.

- Equivariance is ``cos(T(A), B)``, where T moves A as the image was moved, in the layer's own coordinates: pixel q of a
  map stands for the centre ``o + (r − 1)/2 + j·q`` of its receptive field (offset o, size r, jump j), so that a shift
  of d pixels of the image is one of d/j pixels of the map. It is taken over the pixels of T(A) that come from within
  A: what enters over the border has nothing to be compared with.
- Invariance is ``cos(A, B)``, place by place.

A convolution with stride 1 and no padding is exactly equivariant to shifts; pooling over the whole map makes it
invariant. Goodfellow, Bengio and Courville, "Deep Learning" (2016), sections 9.2 and 9.3, have the reasons.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from math import cos, isfinite, radians, sin, sqrt
from typing import Literal, NamedTuple

import msgspec
import numpy as np
from numpy.typing import NDArray

from engine.analysis import Analysis, analyse
from engine.cancelling import Cancelled
from engine.feature_maps import FeatureMaps
from engine.forward import run
from engine.graph import Graph
from engine.layers.base import Array
from engine.receptive_field import ReceptiveField, Span
from engine.weights import Weights

Border = Literal["edge", "wrap"]
_Grid = NDArray[np.float64]
_Mask = NDArray[np.bool_]
_HAIR = 1e-9  # of a pixel: places that rounding puts beside the map are on it


class Move(msgspec.Struct, frozen=True):
    """How an image is moved: scaled and turned about its centre, then shifted; noise is added last.

    Attributes
    ----------
    dx, dy
        Shift to the right and down, in pixels.
    scale
        Above 1 everything gets larger.
    degrees
        Turn, counter-clockwise.
    noise
        Standard deviation of the noise, as a share of the image's range of values.
    border
        What comes in where the image moved away: its ``edge`` again, or the other side (``wrap``).
    """

    dx: float = 0.0
    dy: float = 0.0
    scale: float = 1.0
    degrees: float = 0.0
    noise: float = 0.0
    border: Border = "edge"

    def __post_init__(self) -> None:
        if not (self.scale > 0 and all(map(isfinite, (self.dx, self.dy, self.scale, self.degrees)))):
            raise ValueError(f"An image can't be moved by {self}")

    @property
    def shifts_by_whole_pixels(self) -> bool:
        """Whether no value has to be interpolated."""
        return self.scale == 1 and self.degrees == 0 and float(self.dx).is_integer() and float(self.dy).is_integer()

    def source(self, y: _Grid, x: _Grid, centre: tuple[float, float]) -> tuple[_Grid, _Grid]:
        """Return where what is at some places (y, x) after the move was before it, by the image's centre (y, x)."""
        down, right = y - self.dy - centre[0], x - self.dx - centre[1]
        c, s = cos(radians(self.degrees)) / self.scale, sin(radians(self.degrees)) / self.scale
        return centre[0] + c * down + s * right, centre[1] - s * down + c * right


class Likeness(NamedTuple):
    """One layer's map of the image, compared with that of the moved image.

    Attributes
    ----------
    equivariance
        How well the map moved with the image; None where it has no places left: vectors, maps of one pixel.
    invariance
        How alike the maps are, place by place; nan where they hold nan or infinity.
    change
        The size of the difference, as a share of the map's: ``√Σ (B − A)² / √Σ A²``.
    """

    equivariance: float | None
    invariance: float
    change: float


class Comparison(NamedTuple):
    """A network's maps of an image and of the moved image, and what each layer made of the move."""

    move: Move
    image: Array
    before: FeatureMaps
    after: FeatureMaps
    layers: Mapping[str, Likeness]


def moved(image: Array, move: Move, seed: int = 0) -> Array:
    """Return an image ``(C, H, W)`` moved, read-only; values between pixels are interpolated bilinearly."""
    _, height, width = image.shape
    rows, columns = np.mgrid[0:height, 0:width].astype(np.float64)
    y, x = move.source(rows, columns, _centre(height, width))
    if move.border == "wrap":
        y, x = y % height, x % width
    else:
        y, x = np.clip(y, 0, height - 1), np.clip(x, 0, width - 1)
    if move.shifts_by_whole_pixels:
        made = image[:, np.rint(y).astype(int) % height, np.rint(x).astype(int) % width]
    else:
        made = _sampled(image, y, x, wrap=move.border == "wrap")
    if move.noise:
        finite = image[np.isfinite(image)]
        spread = float(np.ptp(finite)) if finite.size else 0.0
        drawn = np.random.default_rng(seed).standard_normal(image.shape, np.float32)
        made = made + drawn * np.float32(move.noise * spread)
    made = np.ascontiguousarray(made, np.float32)
    made.flags.writeable = False
    return made


def expected(values: Array, field: ReceptiveField, move: Move, image: tuple[int, int]) -> tuple[Array, _Mask] | None:
    """Return a map as it would be, had it moved as the image did.

    Parameters
    ----------
    values
        The map ``(C, H, W)`` of the image.
    field
        The receptive fields of its pixels.
    move
        How the image moved.
    image
        The image's height and width.

    Returns
    -------
    tuple or None
        The moved map ``(C, H, W)``, and which of its pixels ``(H, W)`` come from within the map; None where pixels
        have no places on the image of their own.
    """
    if values.ndim != 3 or not (field.y.jump and field.x.jump):
        return None
    _, height, width = values.shape
    rows, columns = np.mgrid[0:height, 0:width].astype(np.float64)
    y, x = move.source(_on_image(field.y, rows), _on_image(field.x, columns), _centre(*image))
    y, x = _on_map(field.y, y), _on_map(field.x, x)
    inside = (y >= -_HAIR) & (y <= height - 1 + _HAIR) & (x >= -_HAIR) & (x <= width - 1 + _HAIR)
    made = _sampled(values, np.clip(y, 0, height - 1), np.clip(x, 0, width - 1), wrap=False)
    return made, inside


def likeness(before: Array, after: Array, field: ReceptiveField, move: Move, image: tuple[int, int]) -> Likeness:
    """Return how a layer's map of the moved image compares with that of the image."""
    found = expected(before, field, move, image)
    equivariance = None
    if found is not None and found[1].any():
        part = _within(found[1])
        where = (slice(None), *part) if isinstance(part, tuple) else (slice(None), part)
        equivariance = similarity(found[0][where], after[where])
    with np.errstate(all="ignore"):
        size, difference = sqrt(_product(before, before)), after - before
        apart = sqrt(_product(difference, difference))
    change = apart / size if size else (0.0 if apart == 0 else float("inf"))
    return Likeness(equivariance, similarity(before, after), change)


def similarity(first: Array, second: Array) -> float:
    """Return the cosine similarity of two arrays: of zeros with zeros 1, with anything else 0."""
    with np.errstate(all="ignore"):
        size = sqrt(_product(first, first)) * sqrt(_product(second, second))
        if size == 0:
            return 0.0 if first.any() or second.any() else 1.0
        return min(max(_product(first, second) / size, -1.0), 1.0) if isfinite(size) else float("nan")


def compare(
    graph: Graph,
    weights: Weights,
    image: Array,
    move: Move,
    *,
    analysis: Analysis | None = None,
    before: FeatureMaps | None = None,
    cancelled: Callable[[], bool] | None = None,
) -> Comparison:
    """Run an image and the moved image, and compare every layer.

    Parameters
    ----------
    graph, weights
        The network.
    image
        Float32 ``(C, H, W)``.
    move
        How it is moved.
    analysis
        The graph's analysis, where the caller has it already.
    before
        The maps of the image from an earlier comparison.
    cancelled
        Asked between pieces of work.

    Raises
    ------
    RunError
        Where the network can't run on the image.
    Cancelled
        Where ``cancelled()`` returned true.
    """
    known = analysis if analysis is not None else analyse(graph)
    # Strict: two runs are subtracted, and the rounding of Winograd's larger tiles would not cancel out.
    first = before
    if first is None:
        first = run(graph, weights, image, analysis=known, cancelled=cancelled, strict=True)
    shifted = moved(image, move)
    second = run(graph, weights, shifted, analysis=known, cancelled=cancelled, strict=True)
    fields, size = known.receptive_fields, (image.shape[1], image.shape[2])
    layers: dict[str, Likeness] = {}
    for node in first:
        if cancelled is not None and cancelled():
            raise Cancelled
        layers[node] = likeness(first[node], second[node], fields[node], move, size)
    return Comparison(move, shifted, first, second, layers)


def curve(
    graph: Graph,
    weights: Weights,
    image: Array,
    moves: Sequence[Move],
    *,
    analysis: Analysis | None = None,
    before: FeatureMaps | None = None,
    cancelled: Callable[[], bool] | None = None,
) -> Iterator[Comparison]:
    """Yield the comparison for each of several moves, one after the other; the image itself is run once."""
    known = analysis if analysis is not None else analyse(graph)
    for move in moves:
        made = compare(graph, weights, image, move, analysis=known, before=before, cancelled=cancelled)
        before = made.before
        yield made


def _product(first: Array, second: Array) -> float:
    """Return Σ first·second in float64, piece by piece: without copies of large maps, and without other threads."""
    axes = "cyx"[: first.ndim]
    return float(np.einsum(f"{axes},{axes}->", first, second, dtype=np.float64))


def _centre(height: int, width: int) -> tuple[float, float]:
    return (height - 1) / 2, (width - 1) / 2


def _on_image(span: Span, at: _Grid) -> _Grid:
    """Return the centres of the fields of some rows or columns of a map."""
    return span.offset + (span.size - 1) / 2 + float(span.jump) * at


def _on_map(span: Span, at: _Grid) -> _Grid:
    """Return which rows or columns of a map have their fields around some places of the image."""
    return (at - span.offset - (span.size - 1) / 2) / float(span.jump)


def _sampled(values: Array, y: _Grid, x: _Grid, *, wrap: bool) -> Array:
    """Return maps ``(C, H, W)`` at places between their pixels, interpolated bilinearly."""
    channels, height, width = values.shape
    top, left = np.floor(y + _HAIR).astype(int), np.floor(x + _HAIR).astype(int)
    down, right = np.clip(y - top, 0, 1), np.clip(x - left, 0, 1)
    down[down < _HAIR], right[right < _HAIR] = 0, 0
    below = (top + 1) % height if wrap else np.minimum(top + 1, height - 1)
    beside = (left + 1) % width if wrap else np.minimum(left + 1, width - 1)
    top, left = top % height, left % width
    flat, spoilt = values.reshape(channels, -1), not np.isfinite(values).all()
    made = np.zeros((channels, y.size), np.float32)
    for rows, columns, share in (
        (top, left, (1 - down) * (1 - right)),
        (top, beside, (1 - down) * right),
        (below, left, down * (1 - right)),
        (below, beside, down * right),
    ):
        counts = share.ravel().astype(np.float32)
        if not counts.any():  # a shift by whole pixels needs one of the four
            continue
        part = flat.take((rows * width + columns).ravel(), axis=1)
        if spoilt:  # what does not count must not spoil the sum, be it nan
            part[:, counts == 0] = 0
        made += part * counts
    return made.reshape(channels, *y.shape)


def _within(inside: _Mask) -> tuple[slice, slice] | _Mask:
    """Return a mask as a rectangle where it is one: that takes no copies."""
    rows, columns = np.flatnonzero(inside.any(axis=1)), np.flatnonzero(inside.any(axis=0))
    part = slice(int(rows[0]), int(rows[-1]) + 1), slice(int(columns[0]), int(columns[-1]) + 1)
    return part if inside[part].all() else inside
