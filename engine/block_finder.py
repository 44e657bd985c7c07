"""Groups for a network that has none: its repeating blocks, and the stages that they make up.

A drawing is read as a row of steps: layers that everything passes through, each with the branches that end in it. Where
branches meet (a residual's addition, an inception module's concatenation) is the core of a block; blocks of one output
size, one behind the other, are a stage.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from engine.analysis import Analysis
from engine.block_names import block_name
from engine.graph import Graph, ordered
from engine.groups import Group, Groups, fresh_id
from engine.language import tr
from engine.layers import Layer

READABLE = 30  # layers: more of them do not fit a screen, and stages are collapsed
_LEAST = 3  # layers that are worth a block
_RAISING = ("ConvTranspose2D", "Upsample2D", "Resize2D")
_ABSORBED = ("ChannelShuffle",)  # what belongs to the block before it, as activations do


def propose(graph: Graph, analysis: Analysis) -> Groups:
    """Return groups that fit a network: stages of blocks; in a network without branches, stages between its poolings.

    Blocks are collapsed; so are stages where all layers would be more than a screen shows.
    """
    row = _Row(graph)
    row.find_blocks()
    parts = _staged(row, analysis) if row.blocks else _chained(row)
    groups: Groups = ()
    collapsed = len(graph.nodes) > READABLE
    number = 0
    for part in parts:
        number += part.name == ""
        stage = Group(
            fresh_id(groups, graph), part.name or tr("Stage {number}", number=number), part.nodes, collapsed=collapsed
        )
        groups = (*groups, stage)
        for block in part.blocks:
            nodes = row.nodes(block)
            groups = (*groups, Group(fresh_id(groups, graph), block.name, nodes, stage.id, collapsed=True))
    return groups


@dataclass(frozen=True)
class _Step:
    """A layer that everything passes through, and before it the layers of the branches that end in it."""

    nodes: tuple[str, ...]  # in the order of evaluation, the layer itself last
    label: int  # the same for steps that do the same, whatever their sizes

    @property
    def exit(self) -> str:
        return self.nodes[-1]

    @property
    def branches(self) -> bool:
        return len(self.nodes) > 1


@dataclass
class _Block:
    """Steps from ``first`` to ``last``; the branches meet in the one at ``core``."""

    first: int
    last: int
    core: int
    name: str = ""


@dataclass
class _Part:
    """A group to be: a stage with its blocks, or plain layers under a name."""

    nodes: tuple[str, ...] = ()
    blocks: list[_Block] = field(default_factory=list)
    name: str = ""


class _Row:
    """The steps of a network, and the blocks found among them."""

    def __init__(self, graph: Graph) -> None:
        self.graph = graph
        self.blocks: list[_Block] = []
        self._labels: dict[tuple[object, ...], int] = {}
        order, _ = ordered(graph)
        self._half = len(graph.nodes) / 2
        self.steps = self._opened(self._steps(order))
        self._owned = [False] * len(self.steps)

    def layer(self, step: int) -> Layer:
        """Return the layer that everything passes through at a step."""
        return self.graph.by_id[self.steps[step].exit].layer

    def nodes(self, block: _Block) -> tuple[str, ...]:
        """Return all layers of a block."""
        return self.between(block.first, block.last)

    def between(self, first: int, last: int) -> tuple[str, ...]:
        """Return all layers of some steps, both ends included."""
        return tuple(node for step in self.steps[first : last + 1] for node in step.nodes)

    def find_blocks(self) -> None:
        """Find all blocks, in their order."""
        cores = [index for index, step in enumerate(self.steps) if len(step.nodes) >= _LEAST]
        residual = [index for index in cores if self._adds(index)]
        for index in residual:
            self._own(_Block(index, index, index))
        for pattern in self._bodies(residual):
            self._match(pattern)
        for index in cores:
            if not self._owned[index]:
                self._own(_Block(index, index, index))
        self.blocks.sort(key=lambda block: block.first)
        for block in self.blocks:
            self._absorb(block)
        self._extend()
        for block in self.blocks:
            block.name = block.name or block_name(self.graph, self.nodes(block), self.steps[block.core].exit)

    def follows(self, step: int) -> bool:
        """Whether a step is fed by the one before it, and by nothing else."""
        wires = self.graph.incoming[self.steps[step].exit]
        before = self.steps[step - 1].exit if step else None
        return not self.steps[step].branches and {edge.source for edge in wires.values()} == {before}

    def _own(self, block: _Block) -> None:
        self.blocks.append(block)
        self._owned[block.first : block.last + 1] = [True] * (block.last + 1 - block.first)

    def _adds(self, step: int) -> bool:
        return self.layer(step).type == "Add"

    def _free(self, step: int) -> bool:
        return 0 <= step < len(self.steps) and not self._owned[step]

    def _bodies(self, residual: Iterable[int]) -> list[tuple[int, ...]]:
        """Return what residual blocks add to their input, as labels, longest first.

        The same layers without an addition, where a block changes the size, are a block of the same kind. So are
        those from a depthwise convolution on, where there is nothing to widen.
        """
        found: set[tuple[int, ...]] = set()
        for index in residual:
            step = self.steps[index]
            body = self._steps(step.nodes[:-1])
            labels = tuple(part.label for part in body if not self._is_transparent(part.exit))
            starts = [at for at, part in enumerate(body) if self._type(part.exit) == "DepthwiseConv2D"]
            found |= {labels[at:] for at in (0, *starts) if len(labels) - at >= _LEAST}
        return sorted(found, key=len, reverse=True)

    def _match(self, pattern: tuple[int, ...]) -> None:
        """Find a row of steps wherever no block is yet."""
        length = len(pattern)
        for first in range(len(self.steps) - length + 1):
            window = range(first, first + length)
            if all(self._free(at) for at in window) and tuple(self.steps[at].label for at in window) == pattern:
                core = next((at for at in window if self._type(self.steps[at].exit) == "DepthwiseConv2D"), first)
                self._own(_Block(first, first + length - 1, core))

    def _absorb(self, block: _Block) -> None:
        """Take in what follows the branches of a block and belongs to it."""
        while block.core == block.last and self._free(block.last + 1) and self._belongs(block.last + 1):
            block.last += 1
            self._owned[block.last] = True
            if self.layer(block.last).type in _ABSORBED:
                break

    def _belongs(self, step: int) -> bool:
        layer = self.layer(step)
        return self.follows(step) and (layer.family == "activation" or layer.type in _ABSORBED)

    def _extend(self) -> None:
        """Take in what comes before every block of one kind, such as a layer that squeezes what is then branched."""
        kinds: dict[int, list[_Block]] = {}
        for block in self.blocks:
            kinds.setdefault(self.steps[block.core].label, []).append(block)
        for alike in kinds.values():
            while len(alike) > 1 and self._same_before(alike):
                for block in alike:
                    block.first -= 1
                    self._owned[block.first] = True

    def _same_before(self, blocks: Sequence[_Block]) -> bool:
        before = [block.first - 1 for block in blocks]
        if not all(self._free(step) and not self.steps[step].branches for step in before):
            return False
        return len({self.steps[step].label for step in before}) == 1

    # Steps

    def _steps(self, nodes: Sequence[str]) -> list[_Step]:
        """Return the steps of a part of the network, whose nodes come in the order of evaluation."""
        place = {node: index for index, node in enumerate(nodes)}
        found, waiting, reach = [], list[str](), 0
        for index, node in enumerate(nodes):
            waiting.append(node)
            if reach <= index:
                found += [_Step((aside,), self._label([aside])) for aside in self._beside(waiting)]
                found.append(_Step(tuple(waiting), self._label(waiting)))
                waiting = []
            reach = max([reach, *(place.get(edge.target, 0) for edge in self.graph.outgoing[node])])
        return found

    def _beside(self, nodes: list[str]) -> list[str]:
        """Take out, and return, what does not lead to the last of some nodes: its way goes on elsewhere."""
        leading = {nodes[-1]}
        for node in reversed(nodes):
            if any(edge.target in leading for edge in self.graph.outgoing[node]):
                leading.add(node)
        aside = [node for node in nodes if node not in leading]
        nodes[:] = [node for node in nodes if node in leading]
        return aside

    def _opened(self, steps: Iterable[_Step]) -> list[_Step]:
        """Return the steps, those split that are no block: half of a network, or a way down and up again."""
        result = []
        for step in steps:
            inner = step.nodes[:-1]
            if inner and (len(inner) > self._half or any(self._type(node) in _RAISING for node in inner)):
                result += self._opened(self._steps(inner))
                result.append(_Step((step.exit,), self._label([step.exit])))
            else:
                result.append(step)
        return result

    def _label(self, nodes: Sequence[str]) -> int:
        """Return a number for what some nodes compute: kinds of layers and their wiring, apart from sizes."""
        labels: dict[str, int] = {}
        for node in nodes:
            wires = self.graph.incoming[node]
            sources = tuple(labels.get(wires[port].source, 0) for port in sorted(wires))
            if self._is_transparent(node) and sources and len(nodes) > 1:
                labels[node] = sources[0]
            else:
                key = (_kind(self.graph.by_id[node].layer), *sources)
                labels[node] = self._labels.setdefault(key, len(self._labels) + 1)
        return labels[nodes[-1]]

    def _type(self, node: str) -> str:
        return self.graph.by_id[node].layer.type

    def _is_transparent(self, node: str) -> bool:
        """Whether a layer does nothing but in training."""
        return self.graph.by_id[node].layer.family == "regularization"


def _kind(layer: Layer) -> str:
    return layer.family if layer.family in ("activation", "normalization") else layer.type


def _staged(row: _Row, analysis: Analysis) -> list[_Part]:
    """Return the stages of blocks, and what lies before and between them."""

    def size(block: _Block) -> object:
        output = analysis.nodes[row.steps[block.last].exit].output
        return output[1:] if output is not None else None

    parts: list[_Part] = []
    before: _Block | None = None
    for block in row.blocks:
        if before is None:
            parts += _plain(row, _first_worked(row), block.first - 1, tr("Stem"), _LEAST)
        else:
            parts += _plain(row, before.last + 1, block.first - 1, tr("Transition"), 2)
        adjacent = before is not None and before.last + 1 == block.first
        if before is not None and adjacent and size(before) == size(block):
            parts[-1].blocks.append(block)
        else:
            parts.append(_Part(blocks=[block]))
        before = block
    for part in parts:
        if len(part.blocks) == 1:  # a stage of one block is that block
            (only,) = part.blocks
            part.blocks, part.nodes, part.name = [], row.nodes(only), only.name
    return parts


def _plain(row: _Row, first: int, last: int, name: str, least: int) -> list[_Part]:
    return [_Part(row.between(first, last), name=name)] if last + 1 - first >= least else []


def _first_worked(row: _Row) -> int:
    """Return the first step behind the image and what prepares it."""
    kept = ("Input", "Normalization", "Rescaling")
    return next((index for index in range(len(row.steps)) if row.layer(index).type not in kept), len(row.steps))


def _chained(row: _Row) -> list[_Part]:
    """Return the stages of a network without blocks: convolutions one behind the other, up to a pooling layer."""
    parts: list[_Part] = []
    index = 0
    while index < len(row.steps):
        end = index
        if row.layer(index).family == "conv" and row.layer(index).type not in _RAISING:
            end += 1
            while end < len(row.steps) and row.follows(end) and _goes_on(row, end):
                end += 1
                if row.layer(end - 1).family == "pool":
                    break
        parts += _plain(row, index, end - 1, "", _LEAST)
        index = max(end, index + 1)
    return parts


def _goes_on(row: _Row, step: int) -> bool:
    """Whether a step belongs to the stage that the one before it is in."""
    layer, before = row.layer(step), row.steps[step - 1].exit
    if layer.family == "pool":
        return not layer.type.startswith("Global") and len(row.graph.outgoing[before]) == 1
    return layer.family in ("conv", "activation", "normalization", "regularization") and layer.type not in _RAISING
