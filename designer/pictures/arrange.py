"""Puts blocks in their places: one behind the other along an axis, branches in lanes above and below it."""

from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise

from designer.pictures.figure import Bar, Box, Frame, Line, Mark, Point, around
from designer.pictures.pieces import LINE, RADIUS, Block, Pieces
from designer.pictures.steps import Step
from designer.pictures.structure import Chain, Item, Repeat, Skip, Split, Tangle, column_count

_GAP = 24.0  # between two volumes
_SPACE = 7.0  # between two labels
_LANE = 12.0  # between two lanes
_BEFORE_FORK = 7.0
_BEFORE_JOIN = 10.0
_LEAST_DOWN = 20.0  # labels keep away from the axis
_FRAME = 9.0
_TITLE = 15.0  # height that a frame keeps for how many times
_BEND = 14.0  # what a U-Net's next level lies lower, at least
_TANGLED = 46.0

Lane = tuple[float, Block]  # the y of its axis


class Arranger:
    """Lays items out; ``bent`` draws skips straight and what they skip below them, as a U."""

    def __init__(self, pieces: Pieces, *, bent: bool = False) -> None:
        self._pieces = pieces
        self._bent = bent

    def chain(self, items: Chain, *, started: bool) -> Block:
        """Return items one behind the other; ``started`` where a line arrives from the left."""
        return _Row(self._pieces).fill([self.unit(unit) for unit in units(items)], started=started)

    def unit(self, items: Chain) -> Block:
        """Return the block of one unit of a chain."""
        first = items[0]
        if isinstance(first, Split):
            return self._cell(first, items[1] if len(items) > 1 else None)
        if isinstance(first, Repeat):
            return self._repeat(first)
        if isinstance(first, Tangle):
            return self._tangle(first)
        return self._pieces.join(first) if first.joins else self._pieces.step(first)

    def _repeat(self, repeat: Repeat) -> Block:
        if len(repeat.items) == 1 and isinstance(repeat.items[0], Step) and not repeat.items[0].joins:
            block = self._pieces.step(repeat.items[0])
            return replace(block, label=(*block.label, f"× {repeat.times}"))
        inner = self.chain(repeat.items, started=True)
        title = self._pieces.text(0.0, 0.0, f"× {repeat.times}", "start")
        right = _FRAME + max(inner.width + inner.right, title.width) + 4
        up, down = inner.up + _TITLE, inner.down + 4
        moved = inner.moved(_FRAME, 0.0)
        frame = Frame(3.0, -up, right, down)
        lead = Line(((0.0, 0.0), (_FRAME, 0.0)))
        marks = (frame, lead, *moved.marks, title.moved(9.0, 9.0 - up))
        return Block(marks, right, up, down, exits=moved.exits, right=4.0)

    # Branches

    def _cell(self, split: Split, join: Item | None) -> Block:
        lanes = self._lanes(split, joined=join is not None)
        end = max([block.width + max(block.right, 0.0) for _, block in lanes], default=2 * _GAP) + _BEFORE_JOIN
        marks: list[Mark] = []
        exits: list[Point] = []
        for y, block in lanes:
            marks += _from_fork(block, y)
            exits += block.moved(0.0, y).exits
        up = max([block.up - y for y, block in lanes], default=0.0)
        down = max([block.down + y for y, block in lanes], default=0.0)
        skips = [branch for branch in split.branches if isinstance(branch, Skip)]
        if not isinstance(join, Step):
            return Block(tuple(marks), end, up, down, exits=tuple(exits))
        below = self._is_bent(split)
        for skip in skips:
            y = 0.0 if below else -(up + _LANE)
            marks += self._skip(skip, end, y)
            up = max(up, -y + (LINE + 2 if skip.label else 3))
            below = False
        marks += [_into(at, end) for at in exits]
        circle = self._pieces.join(join).moved(end - RADIUS, 0.0)
        return replace(
            circle,
            marks=(*marks, *circle.marks),
            width=end - RADIUS + circle.width,
            up=max(up, circle.up),
            down=max(down, circle.down),
            base=0.0,
            entry=0.0,
            step=None,
        )

    def _is_bent(self, split: Split) -> bool:
        skips = sum(isinstance(branch, Skip) for branch in split.branches)
        return self._bent and skips == 1 and len(split.branches) == 2

    def _skip(self, skip: Skip, end: float, y: float) -> list[Mark]:
        ways = ((0.0, 0.0), (0.0, y), (end, y), (end, -RADIUS)) if y else ((0.0, 0.0), (end - RADIUS, 0.0))
        marks: list[Mark] = [Line(ways, "skip", arrow=True)]
        if skip.label:
            marks.append(self._pieces.text(end / 2, y - 6, skip.label))
        return marks

    def _lanes(self, split: Split, *, joined: bool) -> list[Lane]:
        """Return the branches with steps and the heights at which they run."""
        chains = [branch for branch in split.branches if not isinstance(branch, Skip)]
        blocks = [self.chain(branch, started=True) for branch in chains]
        if self._is_bent(split):
            return [(blocks[0].up + _BEND, blocks[0])]
        if len(blocks) <= 1:
            return [(0.0, block) for block in blocks]
        if len(blocks) == 2 and joined:
            straight = max((0, 1), key=lambda at: column_count(chains[at]))
            main, other = blocks[straight], blocks[1 - straight]
            return [(-(main.up + _LANE + other.down), other), (0.0, main)]
        ys = [0.0]
        for above, below in pairwise(blocks):
            ys.append(ys[-1] + above.down + _LANE + below.up)
        axis = ys[len(ys) // 2] if len(ys) % 2 else (ys[0] + ys[-1]) / 2
        return [(y - axis, block) for y, block in zip(ys, blocks, strict=True)]

    def _tangle(self, tangle: Tangle) -> Block:
        """Return steps in columns, each wire drawn straight from step to step, below the volumes."""
        places: dict[str, Block] = {}
        marks: list[Mark] = []
        x = _TANGLED
        for rank in tangle.ranks:
            blocks = [self._pieces.join(step) if step.joins else self._pieces.step(step) for step in rank]
            heights = [block.up + block.base + LINE * len(block.label) + _LANE for block in blocks]
            top = -sum(heights) / 2
            wide = max(max(block.width, self._pieces.width(block.label)) for block in blocks)
            for step, block, height in zip(rank, blocks, heights, strict=True):
                own = block.moved(x + (wide - block.width) / 2, top + block.up)
                places[step.id] = own
                label = () if step.joins else block.label
                marks += [*own.marks, *self._pieces.lines(x + wide / 2, top + block.up + block.base + 2, label)]
                top += height
            x += wide + _TANGLED
        wires: list[Mark] = []
        for step in (step for rank in tangle.ranks for step in rank):
            target = places[step.id]
            y = target.exits[0][1]
            for source in step.sources or ():
                start = places[source.step].exits[0] if source.step in places else (0.0, 0.0)
                wires.append(Line((start, (target.entry, y)), "skip", arrow=True))
        left, top, right, bottom = around(marks)
        exits = tuple(places[step].exits[0] for step in places if step in tangle.leaving)
        return Block((*wires, *marks), right, -top, bottom, exits=exits)


class _Row:
    """Blocks along one axis, the labels of the lines between them side by side below."""

    def __init__(self, pieces: Pieces) -> None:
        self._pieces = pieces
        self._marks: list[Mark] = []
        self._labels: list[tuple[float, tuple[str, ...]]] = []
        self._x = 0.0
        self._label_end = 0.0  # the right end of the last label
        self._last: Block | None = None

    def fill(self, blocks: Sequence[Block], *, started: bool) -> Block:
        exits: tuple[Point, ...] = ((0.0, 0.0),) if started else ()
        for block in blocks:
            x = self._start(block, bool(exits))
            placed = block.moved(x, 0.0)
            self._connect(exits, placed)
            self._marks += placed.marks
            self._x = x + block.width
            if block.step is None:
                self._label_end = self._x
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
            return max(self._x + room + _BEFORE_FORK, self._label_end + 2)
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
        if last is None or last.face is None or step is None or step.joins or block.face is None:
            self._marks += [Line((at, (block.entry, 0.0)), arrow=block.step is not None) for at in exits]
        elif isinstance(last.face, Box) and isinstance(block.face, Box) and max(step.window) > 1:
            self._look_through(last.face, step, block.entry)
        elif isinstance(block.face, Bar) and step.family in ("dense", "output"):
            self._marks += _fully_connected(last.face, block.face)
        else:
            self._marks += [Line((at, (block.entry, 0.0)), arrow=True) for at in exits]

    def _look_through(self, face: Box, step: Step, entry: float) -> None:
        """Draw the window on the volume before, and what it sees coming together in one value."""
        window = self._pieces.window(face, step.window)
        at = max(place for place, mark in enumerate(self._marks) if mark == face)
        self._marks[at] = replace(face, window=window)
        self._marks += [Line((corner, (entry, 0.0)), "sight") for corner in face.side_corners(window)]

    def _finish(self, blocks: Sequence[Block], exits: tuple[Point, ...]) -> Block:
        base = max([_LEAST_DOWN, *(block.base for block in blocks if block.step is not None)]) + 3
        down = max([0.0, *(block.down for block in blocks)])
        for centre, lines in self._labels:
            self._marks += self._pieces.lines(centre, base, lines)
            down = max(down, base + LINE * len(lines))
        last = self._last
        face, right = (last.face, last.right) if last is not None else (None, 0.0)
        up = max([0.0, *(block.up for block in blocks)])
        width = max(self._x, self._label_end)
        return Block(tuple(self._marks), width, up, down, right=right, exits=exits, face=face)


def units(items: Chain) -> list[Chain]:
    """Return what stays together of a chain: branches and where they join, or one item."""
    found: list[Chain] = []
    at = 0
    while at < len(items):
        item = items[at]
        follower = items[at + 1] if at + 1 < len(items) else None
        joined = isinstance(item, Split) and isinstance(follower, Step) and follower.joins
        found.append(items[at : at + 2] if joined else items[at : at + 1])
        at += len(found[-1])
    return found


def _from_fork(block: Block, y: float) -> list[Mark]:
    """Return the marks of a branch at its height, the line that leads to it beginning at the fork."""
    found: list[Mark] = []
    for mark in block.moved(0.0, y).marks:
        if y and isinstance(mark, Line) and mark.kind != "sight" and mark.points[0] == (0.0, y):
            found.append(replace(mark, points=((0.0, 0.0), *mark.points)))
        else:
            found.append(mark)
    return found


def _into(at: Point, end: float) -> Line:
    """Return the way from a branch's end into the circle where it joins the others."""
    x, y = at
    if abs(y) < 0.5:
        return Line((at, (end - RADIUS, 0.0)), arrow=True)
    return Line((at, (end, y), (end, RADIUS if y > 0 else -RADIUS)), arrow=True)


def _fully_connected(face: Box | Bar, bar: Bar) -> list[Mark]:
    """Return lines from both ends of what comes in to both ends of a dense layer."""
    if isinstance(face, Box):
        corners = face.side_corners()
        sources = (corners[1], corners[2])
    else:
        sources = ((face.x + face.width, face.y), (face.x + face.width, face.y + face.height))
    ends = ((bar.x, bar.y), (bar.x, bar.y + bar.height))
    return [Line((source, end), "sight") for source in sources for end in ends]
