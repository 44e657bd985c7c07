"""Blocks along one axis: how far apart, what connects them, and their labels side by side below."""

from collections.abc import Sequence
from dataclasses import replace

from designer.pictures.figure import Bar, Box, Line, Mark, Point
from designer.pictures.pieces import LINE, Block, Head, Pieces

_GAP = 24.0  # between two volumes
_SPACE = 7.0  # between two labels
_BEFORE_FORK = 7.0
_LEAST_DOWN = 20.0  # labels keep away from the axis
_SPREAD = 0.36  # between the windows of two layers on one volume, of its height


class Row:
    """Blocks along one axis, the labels of the lines between them side by side below."""

    def __init__(self, pieces: Pieces) -> None:
        self._pieces = pieces
        self._marks: list[Mark] = []
        self._labels: list[tuple[float, tuple[str, ...]]] = []  # of the present run, and its baseline
        self._base = _LEAST_DOWN
        self._down = 0.0
        self._x = 0.0
        self._label_end = 0.0  # the right end of the last label
        self._last: Block | None = None

    def fill(self, blocks: Sequence[Block], *, started: bool) -> Block:
        """Return all blocks as one; ``started`` where a line arrives from the left."""
        exits: tuple[Point, ...] = ((0.0, 0.0),) if started else ()
        for block in blocks:
            if block.step is None:
                self._set_labels()
            x = self._start(block, bool(exits))
            placed = block.moved(x, 0.0)
            self._connect(exits, placed)
            self._marks += placed.marks
            self._x = x + block.width
            if block.step is None:
                self._label_end = self._x
            self._base = max(self._base, block.base)
            self._down = max(self._down, block.down)
            self._last, exits = placed, placed.exits
        return self._finish(blocks, exits)

    def _start(self, block: Block, line: bool) -> float:
        """Return where a block begins, and note where the label of the line that leads to it goes."""
        room = (self._last.right if self._last is not None else 0.0) + block.left
        width = self._pieces.width(block.label)
        if not line:
            x = max(room, self._x + room, (width - block.width) / 2)
            if block.label:
                self._note_label(x + block.width / 2, block.label, width)
            return x
        if block.step is None:  # branches: their own labels begin right behind the fork
            return max(self._x + room + _BEFORE_FORK, self._label_end + 2 if not block.overlap else 0.0)
        gap = max(_GAP, room + 6)
        if block.label:
            # Below the line that arrives or, where there is no room, further right, but no further than the volume.
            least = self._label_end + _SPACE + width / 2
            gap = max(gap, least - self._x - block.width / 2)
            self._note_label(max(self._x + gap / 2, least), block.label, width)
        return self._x + gap

    def _note_label(self, centre: float, label: tuple[str, ...], width: float) -> None:
        self._labels.append((centre, label))
        self._label_end = centre + width / 2

    def _connect(self, exits: tuple[Point, ...], block: Block) -> None:
        last, step = self._last, block.step
        if block.heads:
            self._connect_heads(exits, block)
        elif last is None or last.face is None or step is None or step.joins or block.face is None:
            self._marks += [Line((at, (block.entry, 0.0)), arrow=block.step is not None) for at in exits]
        elif isinstance(last.face, Box) and isinstance(block.face, Box) and max(step.window) > 1:
            self._look_through(last.face, (((block.entry, 0.0), step),))
        elif isinstance(block.face, Bar) and step.dense:
            self._marks += _fully_connected(last.face, block.face)
        else:
            self._marks += [Line((at, (block.entry, 0.0)), arrow=True) for at in exits]

    def _connect_heads(self, exits: tuple[Point, ...], block: Block) -> None:
        if self._last is not None and isinstance(self._last.face, Box):
            self._look_through(self._last.face, block.heads)
            return
        for at in exits:
            self._marks.append(Line((at, (block.entry, 0.0))))
            for (x, y), _ in block.heads:
                ways = ((block.entry, 0.0), (block.entry, y), (x, y)) if y else ((block.entry, 0.0), (x, y))
                self._marks.append(Line(ways, arrow=True))

    def _look_through(self, face: Box, heads: Sequence[Head]) -> None:
        """Draw windows on the volume before, and what each sees coming together in one value."""
        spread = face.height * _SPREAD
        windows = [
            self._pieces.window(face, step.window, spread * (at - (len(heads) - 1) / 2))
            for at, (_, step) in enumerate(heads)
        ]
        place = max(place for place, mark in enumerate(self._marks) if mark == face)
        self._marks[place] = replace(face, windows=tuple(windows))
        for window, (end, _) in zip(windows, heads, strict=True):
            self._marks += [Line((corner, end), "sight") for corner in face.side_corners(window)]

    def _set_labels(self) -> None:
        """Write the labels of a run of volumes, below them on one line."""
        for centre, lines in self._labels:
            self._marks += self._pieces.lines(centre, self._base + 3, lines)
            self._down = max(self._down, self._base + 3 + LINE * len(lines))
        self._labels, self._base = [], _LEAST_DOWN

    def _finish(self, blocks: Sequence[Block], exits: tuple[Point, ...]) -> Block:
        self._set_labels()
        last = self._last
        face, right = (last.face, last.right) if last is not None else (None, 0.0)
        up = max([0.0, *(block.up for block in blocks)])
        width = max(self._x, self._label_end)
        return Block(tuple(self._marks), width, up, self._down, right=right, exits=exits, face=face)


def _fully_connected(face: Box | Bar, bar: Bar) -> list[Mark]:
    """Return lines from both ends of what comes in to both ends of a dense layer."""
    if isinstance(face, Box):
        corners = face.side_corners()
        sources = (corners[1], corners[2])
    else:
        sources = ((face.x + face.width, face.y), (face.x + face.width, face.y + face.height))
    ends = ((bar.x, bar.y), (bar.x, bar.y + bar.height))
    return [Line((source, end), "sight") for source in sources for end in ends]
