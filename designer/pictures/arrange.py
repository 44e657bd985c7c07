"""Puts blocks in their places: one behind the other along an axis, branches in lanes above and below it."""

from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise

from designer.pictures.figure import Bar, Box, Frame, Line, Mark, Point, around
from designer.pictures.pieces import LINE, RADIUS, Block, Head, Pieces
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
_SPREAD = 0.36  # between the windows of two layers on one volume, of its height

Lane = tuple[float, Block]  # the y of its axis


class Arranger:
    """Lays items out; ``bent`` draws skips straight and what they skip below them, as a U."""

    def __init__(self, pieces: Pieces, *, bent: bool = False) -> None:
        self._pieces = pieces
        self._bent = bent

    def chain(self, items: Chain, *, started: bool) -> Block:
        """Return items one behind the other; ``started`` where a line arrives from the left."""
        blocks: list[Block] = []
        floor = 0.0  # how far what came so far reaches below the axis
        for unit in units(items):
            blocks.append(self._unit(unit, floor))
            if blocks[-1].step is not None:
                floor = max(floor, blocks[-1].base + 3 + LINE * len(blocks[-1].label))
        return _Row(self._pieces).fill(blocks, started=started)

    def _unit(self, items: Chain, floor: float) -> Block:
        """Return the block of one unit of a chain."""
        first = items[0]
        if isinstance(first, Split):
            join = items[1] if len(items) > 1 else None
            if isinstance(join, Step) and self._is_bent(first):
                return self._bow(first, join, floor)
            return self._cell(first, join)
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
        heads = () if isinstance(join, Step) else self._heads(split, lanes)
        for y, block in lanes:
            marks += _from_fork(block, y, left_out=bool(heads))
            exits += block.moved(0.0, y).exits
        up = max([block.up - y for y, block in lanes], default=0.0)
        down = max([block.down + y for y, block in lanes], default=0.0)
        if not isinstance(join, Step):
            return Block(tuple(marks), end, up, down, exits=tuple(exits), heads=heads)
        for skip in (branch for branch in split.branches if isinstance(branch, Skip)):
            y = -(up + _LANE)
            marks += self._skip(skip, end, y)
            up = -y + (LINE + 2 if skip.label else 3)
        marks += [_into(at, end) for at in exits]
        circle = self._pieces.join(join).moved(end - RADIUS, 0.0)
        return _joined(marks, circle, end, up, down)

    def _bow(self, split: Split, join: Step, floor: float) -> Block:
        """Return what a skip leads past, below it: from above into the first volume, upwards out of the last one."""
        skip, chain = sorted(split.branches, key=lambda branch: not isinstance(branch, Skip))
        assert isinstance(skip, Skip) and not isinstance(chain, Skip)
        body = self.chain(chain, started=False)
        boxes = [mark for mark in body.marks if isinstance(mark, Box)]
        first, last = min(boxes, key=lambda box: box.x), max(boxes, key=lambda box: box.x)
        entry, out = _top(first), _top(last)
        y = max(floor + _LANE, _BEND) + body.up
        end = max(out[0] - entry[0], 2 * _GAP)
        circle = self._pieces.join(join).moved(end - RADIUS, 0.0)
        marks = [
            *body.moved(-entry[0], y).marks,
            Line(((0.0, 0.0), (0.0, y + entry[1])), arrow=True),
            Line(((end, y + out[1]), (end, RADIUS)), arrow=True),
            *self._skip(skip, end, 0.0),
        ]
        block = _joined(marks, circle, end, LINE + 2, y + body.down)
        return replace(block, overlap=entry[0], width=max(block.width, body.width - entry[0] - _GAP))

    @staticmethod
    def _heads(split: Split, lanes: list[Lane]) -> tuple[Head, ...]:
        """Return where the branches begin, if each does with a window that slides over what comes in."""
        firsts = [branch[0] for branch in split.branches if not isinstance(branch, Skip)]
        found: list[Head] = []
        for first, (y, block) in zip(firsts, lanes, strict=True):
            if isinstance(first, Step) and max(first.window) > 1:
                lead = next(mark for mark in block.marks if isinstance(mark, Line) and mark.points[0] == (0.0, 0.0))
                found.append(((lead.points[-1][0], y), first))
        return tuple(found) if len(found) == len(firsts) else ()

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
        self._labels: list[tuple[float, tuple[str, ...]]] = []  # of the present run, and its baseline
        self._base = _LEAST_DOWN
        self._down = 0.0
        self._x = 0.0
        self._label_end = 0.0  # the right end of the last label
        self._last: Block | None = None

    def fill(self, blocks: Sequence[Block], *, started: bool) -> Block:
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
            else:
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


def _from_fork(block: Block, y: float, *, left_out: bool) -> list[Mark]:
    """Return the marks of a branch at its height; the line that leads to it begins at the fork or is left out."""
    found: list[Mark] = []
    for mark in block.moved(0.0, y).marks:
        leads = isinstance(mark, Line) and mark.points[0] == (0.0, y)
        if isinstance(mark, Line) and leads and y and not left_out:
            found.append(replace(mark, points=((0.0, 0.0), *mark.points)))
        elif not (leads and left_out):
            found.append(mark)
    return found


def _joined(marks: list[Mark], circle: Block, end: float, up: float, down: float) -> Block:
    """Return branches together with the circle where they join, whose middle is ``end`` behind the fork."""
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


def _top(box: Box) -> Point:
    """Return the middle of a volume's upper face."""
    right, up = box.recess
    return box.x + (box.depth + right) / 2, box.y - up / 2


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
