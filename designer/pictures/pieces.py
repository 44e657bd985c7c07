"""The pieces that a figure is put together from: one volume, vector or join each, with its sizes around it."""

from dataclasses import dataclass, replace

from designer.canvas.card import count_texts
from designer.pictures.figure import Bar, Box, Join, Line, Mark, Measure, Point, Text, Window
from designer.pictures.scale import Scale
from designer.pictures.steps import Step
from engine import Shape

LINE = 9.5  # from one line of a label to the next
LETTERS = 8.0
SMALL = 7.0
RADIUS = 6.5  # of a join
_EDGE_LABELS = 24.0  # height from which a volume's edges are labelled one by one
_BAR = 7.0
_NO_SHAPE = 22.0
_MAP_LINES = 2.2  # depth of one map from which single maps are told apart
_MOST_MAPS = 32
_MOST_NAMES = 12
_NAME_WIDTH = 70.0
_NARROW = 46.0  # of a line in a network of many layers
_FAN = 16.0  # from a bar to the names of its classes
_CLEAR = 10.0  # between a size beside an edge and the line that arrives at the middle


Head = tuple[Point, Step]


@dataclass(frozen=True)
class Look:
    """What a figure tells beside its volumes."""

    shapes: bool = True
    names: bool = False
    parameters: bool = False


LOOK = Look()


@dataclass(frozen=True)
class Block:
    """Marks around an axis at y = 0, and where lines arrive and leave.

    Attributes
    ----------
    marks
        Their places are relative to the axis and to the block's left end.
    width, up, down
        How far it reaches; ``left`` and ``right`` are wanted free beside it for sizes.
    base
        How far below the axis the label of the line that arrives may begin.
    entry, exits
        Where a line arrives, at y = 0, and where lines leave.
    label
        What is told at the line that arrives.
    face
        The volume or vector at the end of the block, which windows of the next one slide over.
    step
        Where the block is that step alone.
    heads
        Where the block is branches that no line leads to yet: where each begins, and with which step.
    overlap
        How far it reaches to the left of its beginning, below what comes before.
    """

    marks: tuple[Mark, ...]
    width: float
    up: float
    down: float
    base: float = 0.0
    left: float = 0.0
    right: float = 0.0
    entry: float = 0.0
    exits: tuple[Point, ...] = ()
    label: tuple[str, ...] = ()
    face: Box | Bar | None = None
    step: Step | None = None
    heads: tuple[Head, ...] = ()
    overlap: float = 0.0

    def moved(self, dx: float, dy: float) -> "Block":
        """Return the same block elsewhere."""
        return replace(
            self,
            marks=tuple(mark.moved(dx, dy) for mark in self.marks),
            entry=self.entry + dx,
            exits=tuple((x + dx, y + dy) for x, y in self.exits),
            face=self.face.moved(dx, dy) if self.face is not None else None,
            heads=tuple(((x + dx, y + dy), step) for (x, y), step in self.heads),
        )


class Pieces:
    """Makes the blocks of single steps at one scale."""

    def __init__(self, scale: Scale, look: Look, measure: Measure, *, narrow: bool = False) -> None:
        self._scale = scale
        self._look = look
        self._measure = measure
        self._narrow = narrow  # whether labels are broken into short lines

    def width(self, lines: tuple[str, ...]) -> float:
        """Return the width of a label."""
        return max((self._measure(line, LETTERS, line.startswith("×")) for line in lines), default=0.0)

    def text(self, x: float, y: float, line: str, anchor: str = "middle", role: str = "label") -> Text:
        """Return one line of a label, of a size or of a name."""
        if line.startswith("×") and role == "label":
            role = "times"
        size = SMALL if role in ("size", "note") else LETTERS
        width = self._measure(line, size, role in ("name", "times"))
        return Text(x, y, line, width, size, anchor, role)  # type: ignore[arg-type]

    def lines(self, x: float, top: float, lines: tuple[str, ...], anchor: str = "middle") -> list[Mark]:
        """Return a label, its first line right below ``top``."""
        return [self.text(x, top + LINE * (at + 0.5), line, anchor) for at, line in enumerate(lines)]

    def window(self, face: Box, window: tuple[int, int], lower: float = 0.0) -> Window:
        """Return a window on a volume at the figure's scale, in the middle or lower."""
        height, width = (self._scale.side(number) for number in window)
        return min(height, face.height), min(width, face.width), lower

    def step(self, step: Step) -> Block:
        """Return the block of a step that makes a volume or a vector."""
        if step.shape is None:
            block = self._unknown(step)
        elif step.shape.is_volume:
            block = self._volume(step, step.shape)
        else:
            block = self._vector(step, step.shape)
        block = replace(block, label=self._told(step), step=step)
        return self._named(block, step) if self._look.names else block

    def join(self, step: Step) -> Block:
        """Return a circle with its symbol; what happens to the sum is told to its lower right."""
        circle = Join(step.id, RADIUS, 0.0, RADIUS, step.symbol)
        lines = self._told(step)
        if self._look.names:
            lines = (_tail(step.name, self._measure), *lines)
        told = self.lines(2 * RADIUS + 3, 4.0, lines, "start")
        room = self.width(lines) + 6 if lines else 0.0
        down = max(RADIUS, 5 + LINE * len(lines))
        exits = ((2 * RADIUS, 0.0),)
        block = Block((circle, *told), 2 * RADIUS, RADIUS, down, down, 0.0, room, 0.0, exits, step=step)
        if not step.parts or step.shape is None or not step.shape.is_volume:
            return block
        volume = self._volume(step, step.shape)
        start = 2 * RADIUS + max(15.0, room + 2, volume.left + 10)
        volume = volume.moved(start, 0.0)
        line = Line(((2 * RADIUS, 0.0), (volume.entry, 0.0)), arrow=True)
        return replace(
            volume,
            marks=(circle, *told, line, *volume.marks),
            width=start + volume.width,
            up=max(RADIUS, volume.up),
            down=max(down, volume.down),
            base=max(down, volume.base),
            left=0.0,
            entry=0.0,
            step=step,
        )

    def _told(self, step: Step) -> tuple[str, ...]:
        """Return the lines of a step's label."""
        lines = tuple(part for line in step.lines for part in self._broken(line)) if self._narrow else step.lines
        if self._look.parameters and step.parameters:
            texts = count_texts(step.parameters)
            lines = (*lines, texts[1] if len(texts) > 1 else texts[0])
        return lines

    def _broken(self, line: str) -> list[str]:
        """Return a line in parts of a few words each, without the commas at their ends."""
        parts: list[str] = []
        for word in line.split():
            longer = f"{parts[-1]} {word}" if parts else word
            if parts and self._measure(longer, LETTERS, False) <= _NARROW:
                parts[-1] = longer
            else:
                parts.append(word)
        return [part.rstrip(",") for part in parts]

    def _volume(self, step: Step, shape: Shape) -> Block:
        channels, rows, columns = shape
        depth = self._scale.depth(channels)
        height, width = self._scale.side(rows), self._scale.side(columns)
        box = Box(step.id, step.family, 0.0, 0.0, depth, height, width, self._cuts(step, channels, depth))
        right, up = box.recess
        box = box.moved(0.0, (up - height) / 2)
        total, half = depth + right, (height + up) / 2
        marks: list[Mark] = [box]
        left = beside = 0.0
        base = half
        if self._look.shapes:
            sizes, left, beside = self._sizes(shape, box)
            marks += sizes
            base = max(text.bounds[3] for text in sizes)
        exits = ((depth + right / 2, 0.0),)
        return Block(tuple(marks), total, half, base, base, left, beside, 0.0, exits, face=box)

    def _cuts(self, step: Step, channels: int, depth: float) -> tuple[float, ...]:
        if step.parts:
            total, at, cuts = sum(step.parts), 0, []
            for part in step.parts[:-1]:
                at += part
                cuts.append(depth * at / total)
            return tuple(cuts)
        one = depth / channels
        if self._scale.depth.root or one < _MAP_LINES or channels > _MOST_MAPS:
            return ()
        return tuple(one * at for at in range(1, channels))

    def _sizes(self, shape: Shape, box: Box) -> tuple[list[Text], float, float]:
        """Return the sizes along the edges, or in one line below; and the room that they want beside the box."""
        left, _, right, bottom = box.bounds
        middle = box.x + box.depth / 2
        if box.height < _EDGE_LABELS or box.width < _EDGE_LABELS:
            whole = self.text((left + right) / 2, bottom + 6, shape.text(), role="size")
            over = max(0.0, (whole.width - (right - left)) / 2 + 2)
            return [whole], over, over
        channels, rows, columns = shape
        depth = self.text(middle, bottom + 6, f"{channels}", role="size")
        height = self.text(box.x - 3, min(box.y + 3, -_CLEAR), f"{rows}", "end", "size")
        if self._narrow and rows == columns:
            return [depth, height], height.width + 5, 0.0
        across = max(box.x + box.depth + box.recess[0] / 2 + 4, depth.bounds[2] + 3)
        width = self.text(across, bottom - box.recess[1] / 2 + 5, f"{columns}", "start", "size")
        beside = max(0.0, width.bounds[2] - right + 2)
        return [depth, height, width], height.width + 5, beside

    def _vector(self, step: Step, shape: Shape) -> Block:
        height = self._scale.units(shape.size)
        bar = Bar(step.id, step.family, 0.0, -height / 2, _BAR, height)
        marks: list[Mark] = [bar]
        base, room = height / 2, 0.0
        if self._look.shapes:
            # Flush left, because the lines of a dense layer come in from there.
            count = self.text(0.0, height / 2 + 6, shape.text(), "start", "size")
            marks.append(count)
            base = count.bounds[3]
            room = max(0.0, count.width - _BAR + 2)
        block = Block(tuple(marks), _BAR, height / 2, base, base, 0.0, room, 0.0, ((_BAR, 0.0),), face=bar)
        return self._with_classes(block, bar, step.classes) if 0 < len(step.classes) <= _MOST_NAMES else block

    def _with_classes(self, block: Block, bar: Bar, classes: tuple[str, ...]) -> Block:
        """Fan the outputs out to the names of their classes."""
        pitch = max(LINE, bar.height / len(classes))
        marks: list[Mark] = []
        for at, name in enumerate(classes):
            y = (at + 0.5 - len(classes) / 2) * pitch
            source = bar.y + bar.height * (at + 0.5) / len(classes)
            marks.append(Line(((_BAR, source), (_BAR + _FAN, y)), "sight"))
            marks.append(self.text(_BAR + _FAN + 3, y, name, "start"))
        reach = pitch * len(classes) / 2
        room = _FAN + 3 + max(mark.width for mark in marks if isinstance(mark, Text))
        down = max(block.down, reach)
        marks = [*block.marks, *marks]
        return replace(block, marks=tuple(marks), width=_BAR + room, up=max(block.up, reach), down=down, base=down)

    def _unknown(self, step: Step) -> Block:
        box = Bar(step.id, "", 0.0, -_NO_SHAPE / 2, _NO_SHAPE, _NO_SHAPE)
        mark = self.text(_NO_SHAPE / 2, 0.0, "?")
        half = _NO_SHAPE / 2
        return Block((box, mark), _NO_SHAPE, half, half, half, 0.0, 0.0, 0.0, ((_NO_SHAPE, 0.0),), face=None)

    def _named(self, block: Block, step: Step) -> Block:
        name = self.text(block.width / 2, -block.up - 6, _tail(step.name, self._measure), role="name")
        over = max(0.0, (name.width - block.width) / 2 + 3)
        return replace(
            block,
            marks=(*block.marks, name),
            up=block.up + 12,
            left=max(block.left, over),
            right=max(block.right, over),
        )


def _tail(name: str, measure: Measure) -> str:
    """Return the end of a long name, which tells layers apart more often than its beginning."""
    if measure(name, LETTERS, True) <= _NAME_WIDTH:
        return name
    parts = name.split(".")
    ends = ["…" + ".".join(parts[at:]) for at in range(1, len(parts))]
    ends += ["…" + name[at:] for at in range(1, len(name))]
    return next((end for end in ends if measure(end, LETTERS, True) <= _NAME_WIDTH), "…")
