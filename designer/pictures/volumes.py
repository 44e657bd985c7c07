"""A network as a figure of its volumes, to scale: what is drawn and where, without a painter."""

from collections.abc import Collection
from dataclasses import dataclass
from math import ceil

from designer.pictures.arrange import Arranger, units
from designer.pictures.figure import Figure, Line, Mark, Measure, around
from designer.pictures.pieces import LOOK, SMALL, Block, Look, Pieces
from designer.pictures.scale import scale_of
from designer.pictures.steps import squeezed, steps_of, told_layers
from designer.pictures.structure import Chain, column_count, fold, nesting, structure
from engine import Analysis
from engine.language import tr

MARGIN = 10.0
_MANY = 16  # volumes side by side from which repeats are folded and edges are shorter
_SIDE, _DEPTH, _UNITS = 112.0, 64.0, 104.0  # the longest edges of a small network
_SHORTER, _SHORTEST = 0.72, 0.52  # of a large one, and of one that is drawn as a U
_ROW = 880.0  # width from which a figure is broken into rows
_LONE_ROW = 1040.0  # width that a figure of a single row may have
_ROW_GAP = 22.0
_RETURN = 12.0  # how far the line to the next row runs beside the rows


@dataclass(frozen=True)
class VolumeOptions:
    """What a figure shows.

    Attributes
    ----------
    look
        Sizes, names and numbers of parameters.
    fold
        Whether what repeats is drawn once, in networks of many layers.
    note
        Whether a line below says what is to scale.
    """

    look: Look = LOOK
    fold: bool = True
    note: bool = True


def volumes(
    title: str,
    analysis: Analysis,
    measure: Measure,
    options: VolumeOptions | None = None,
    nodes: Collection[str] | None = None,
) -> Figure:
    """Return the figure of a network.

    Parameters
    ----------
    title
        Of the figure, for screen readers and search.
    analysis
        The network's shapes and counts.
    measure
        Tells how wide letters are.
    options
        What to show.
    nodes
        The layers to show; all unless told.
    """
    options = options or VolumeOptions()
    steps = steps_of(analysis, nodes)
    chain = structure(steps)
    large = column_count(chain) > _MANY
    excited = False
    if large and options.fold:
        told = squeezed(steps)
        excited = len(told) < len(steps)
        steps, chain = told, fold(structure(told))
    bent = nesting(chain) > 1
    size = _SHORTEST if bent else _SHORTER if large else 1.0
    scale = scale_of(list(steps.values()), _SIDE * size, _DEPTH * size, _UNITS * size)
    pieces = Pieces(scale, options.look, measure, narrow=large)
    arranger = Arranger(pieces, bent=bent)
    marks = list(arranger.chain(chain, started=False).marks) if bent else _rows(arranger, chain)
    note = f"{scale.note} " + tr("SE: squeeze and excitation.") if excited else scale.note
    layers = frozenset(member for step in steps.values() for member in told_layers(step))
    return _finished(marks, title, note, layers, pieces, shown=options.note)


def _rows(arranger: Arranger, chain: Chain) -> list[Mark]:
    """Return the marks of a chain, broken into rows of about the same width where it is long."""
    groups = units(chain)
    widths = [arranger.chain(group, started=True).width for group in groups]
    whole = arranger.chain(chain, started=False)
    count = ceil(whole.width / _ROW)
    if whole.width <= _LONE_ROW or len(groups) < 2:
        return list(whole.marks)
    marks: list[Mark] = []
    y = 0.0
    before: tuple[Block, float] | None = None
    rows = [arranger.chain(row, started=at > 0) for at, row in enumerate(_broken(groups, widths, count))]
    right = max(row.width + row.right for row in rows) + _RETURN
    for row in rows:
        if before is not None:
            above, axis = before
            between = axis + above.down + _ROW_GAP / 2
            y = between + _ROW_GAP / 2 + row.up
            for x, out in above.exits:
                ways = ((x, axis + out), (right, axis + out), (right, between), (-_RETURN, between))
                marks.append(Line((*ways, (-_RETURN, y), (0.0, y)), "skip"))
        marks += row.moved(0.0, y).marks
        before = row, y
    return marks


def _broken(groups: list[Chain], widths: list[float], count: int) -> list[Chain]:
    """Return the groups in rows, so that the widest row is as narrow as can be."""
    low, high = max(widths), sum(widths)
    for _ in range(30):
        middle = (low + high) / 2
        if len(_filled(groups, widths, middle)) <= count:
            high = middle
        else:
            low = middle
    return _filled(groups, widths, high)


def _filled(groups: list[Chain], widths: list[float], most: float) -> list[Chain]:
    rows: list[Chain] = []
    room = 0.0
    for group, width in zip(groups, widths, strict=True):
        if not rows or width > room:
            rows.append(())
            room = most
        rows[-1] = (*rows[-1], *group)
        room -= width
    return rows


def _finished(
    marks: list[Mark], title: str, note: str, layers: frozenset[str], pieces: Pieces, *, shown: bool
) -> Figure:
    """Return marks with their note, moved so that a margin is left around them."""
    left, top, right, bottom = around(marks)
    if shown and note and marks:
        told = pieces.text(left, bottom + 12 + SMALL, note, "start", "note")
        marks = [*marks, told]
        right, bottom = max(right, told.bounds[2]), told.bounds[3]
    dx, dy = MARGIN - left, MARGIN - top
    width, height = right - left + 2 * MARGIN, bottom - top + 2 * MARGIN
    return Figure(tuple(mark.moved(dx, dy) for mark in marks), width, height, title, note, layers)
