"""Puts blocks in their places: one behind the other along an axis, branches in lanes above and below it."""

from dataclasses import replace
from itertools import pairwise

from designer.pictures.figure import Box, Frame, Line, Mark, Point, around
from designer.pictures.pieces import LINE, RADIUS, Block, Head, Pieces
from designer.pictures.row import Row
from designer.pictures.steps import Step
from designer.pictures.structure import Chain, Item, Repeat, Skip, Split, Tangle, column_count, is_fed

_GAP = 24.0  # between two volumes
_LANE = 12.0  # between two lanes
_BEFORE_JOIN = 10.0
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
        blocks: list[Block] = []
        floor = 0.0  # how far what came so far reaches below the axis
        for unit in units(items):
            blocks.append(self._unit(unit, floor))
            if blocks[-1].step is not None:
                floor = max(floor, blocks[-1].base + 3 + LINE * len(blocks[-1].label))
        return Row(self._pieces).fill(blocks, started=started)

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
        assert isinstance(skip, Skip)
        assert not isinstance(chain, Skip)
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
            if isinstance(first, Step) and first.sources and max(first.window) > 1:
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
        blocks = [self.chain(branch, started=is_fed(branch)) for branch in chains]
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
        _, top, right, bottom = around(marks)
        exits = tuple(places[step].exits[0] for step in places if step in tangle.leaving)
        return Block((*wires, *marks), right, -top, bottom, exits=exits)


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
        entry=0.0,
        step=None,
    )


def _top(box: Box) -> Point:
    """Return the middle of a volume's upper face."""
    right, up = box.recess
    return box.x + (box.depth + right) / 2, box.y - up / 2


def _into(at: Point, end: float) -> Line:
    """Return the way from a branch's end into the circle where it joins the others."""
    _, y = at
    if abs(y) < 0.5:
        return Line((at, (end - RADIUS, 0.0)), arrow=True)
    return Line((at, (end, y), (end, RADIUS if y > 0 else -RADIUS)), arrow=True)
