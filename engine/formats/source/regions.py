"""A network as modules within modules: parts that are entered at few places and left at one.

Which layers belong together is said by their ids, where those are paths (``layer1.0.conv1``, as PyTorch names what is
in a module), or else by the document's groups, or else by the blocks that are found. A part that can't be a module
of its own, because it is left in several places, is dissolved in what it lies in.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Literal, NamedTuple

from engine.analysis import Analysis
from engine.block_finder import propose
from engine.graph import Graph
from engine.groups import Forest, Groups
from engine.layers import Input
from engine.network import Network

Grouping = Literal["paths", "groups", "blocks", "none"]
GROUPINGS: tuple[Grouping, ...] = ("paths", "groups", "blocks", "none")
_MOST_INPUTS = 2  # of a part
_DEEPEST = 8  # parts within parts


@dataclass
class Leaf:
    """One layer of a part, and what feeds it, port by port."""

    token: str
    node: str
    inputs: tuple[str, ...]

    @property
    def end(self) -> str:
        """The node whose value leaves it: itself."""
        return self.node


@dataclass
class Part:
    """Layers that make a module.

    Attributes
    ----------
    token
        What it is called in the part that it lies in.
    items
        Its layers and parts, each behind what feeds it, and branches one after the other.
    inputs
        The nodes outside that feed it, in the order in which they are first needed.
    ends
        The nodes whose values leave it: one, but for a whole network.
    key
        The id of its group, or the path that its layers' ids begin with; empty for a whole network.
    """

    token: str
    items: "list[Leaf | Part]" = field(default_factory=list)
    inputs: tuple[str, ...] = ()
    ends: tuple[str, ...] = ()
    key: str = ""

    @property
    def end(self) -> str:
        """The node whose value leaves it."""
        return self.ends[0]

    @property
    def is_chain(self) -> bool:
        """Whether each item is fed by the one before it alone, and the last one's value alone leaves the part."""
        if len(self.inputs) > 1 or len(self.ends) != 1:
            return False
        before = self.inputs[0] if self.inputs else ""
        for item in self.items:
            if item.inputs != (before,):
                return False
            before = item.end
        return before == self.end

    def leaves(self) -> Iterator[Leaf]:
        """Yield all layers in it, also those of the parts in it."""
        for item in self.items:
            if isinstance(item, Leaf):
                yield item
            else:
                yield from item.leaves()


Item = Leaf | Part


def grouping_of(network: Network, analysis: Analysis) -> Grouping:
    """Return what tells best which layers of a network belong together."""
    inner = [node for node in network.graph.nodes if not isinstance(node.layer, Input)]
    if sum("." in node.id.strip(".") for node in inner) * 2 > len(inner):
        return "paths"
    if network.groups:
        return "groups"
    branches = any(len(network.graph.outgoing[node]) > 1 for node in analysis.order)
    return "blocks" if branches else "none"


def whole(network: Network, analysis: Analysis, grouping: Grouping) -> Part:
    """Return a network as one part, with the parts in it."""
    graph = network.graph
    inner = frozenset(node.id for node in graph.nodes if not isinstance(node.layer, Input))
    keys: list[_Key] = []
    if grouping == "paths":
        keys = _by_paths(inner)
    elif grouping != "none":
        keys = _by_groups(network.groups if grouping == "groups" else propose(graph, analysis), inner)
    ends = tuple(node for node in analysis.order if not graph.outgoing[node])
    return _Filling(graph, inner, keys).part(_Key("", None, "", inner), ends)


class _Key(NamedTuple):
    """A part to be: its own key, that of the part around it, what it is called, and all its layers."""

    own: str
    around: str | None
    name: str
    nodes: frozenset[str]


def _by_paths(nodes: Iterable[str]) -> list[_Key]:
    """Return parts by what stands before each dot of an id, outer ones first."""
    members: dict[str, set[str]] = {}
    for node in nodes:
        tokens = node.split(".")
        for depth in range(1, min(len(tokens), _DEEPEST + 1)):
            members.setdefault(".".join(tokens[:depth]), set()).add(node)
    members.pop("", None)  # of an id that begins with a dot
    rising = sorted(members, key=lambda path: path.count("."))
    return [_Key(path, path.rpartition(".")[0] or None, path, frozenset(members[path])) for path in rising]


def _by_groups(groups: Groups, inner: frozenset[str]) -> list[_Key]:
    forest = Forest(groups)
    return [
        _Key(group.id, group.parent, group.name or group.id, inner.intersection(forest.members(group.id)))
        for group in groups
        if len(forest.upwards(group.id)) <= _DEEPEST
    ]


class _Filling:
    """The parts that can be modules, and which of them each layer lies in."""

    def __init__(self, graph: Graph, inner: frozenset[str], keys: Iterable[_Key]) -> None:
        self._graph = graph
        self._kept: dict[str, _Key] = {}
        self._home = dict.fromkeys(inner, "")  # of each layer, the innermost part that is kept
        stands: dict[str | None, str] = {None: ""}  # for each part, itself or the kept one that it is dissolved in
        for key in keys:
            around = stands.get(key.around, "")
            stands[key.own] = around
            outer = self._kept[around].nodes if around else inner
            if key.nodes != outer and self._is_sound(key.nodes):
                self._kept[key.own] = key._replace(around=around)
                stands[key.own] = key.own
                self._home |= dict.fromkeys(key.nodes, key.own)

    def part(self, key: _Key, ends: tuple[str, ...]) -> Part:
        """Return a part with all that lies in it, branch after branch, as it leads to the part's ends."""
        made = Part(self._token(key.own, key.name, key.around or ""), ends=ends, key=key.own)
        entered = dict.fromkeys(end for end in ends if end not in key.nodes)  # an image without a network
        found: dict[str, Item] = {}
        done: set[str] = set()
        waiting = [(end, False) for end in reversed(ends) if end in key.nodes]
        while waiting:
            node, is_ready = waiting.pop()
            place = self._within(node, key.own)
            if place in done:
                continue
            if place not in found:
                found[place] = self._item(place, node, key.own)
            item = found[place]
            sources = [source for source in item.inputs if source in key.nodes]
            if is_ready or not sources:
                done.add(place)
                made.items.append(item)
                entered |= dict.fromkeys(source for source in item.inputs if source not in key.nodes)
            else:
                waiting.append((node, True))
                waiting += [(source, False) for source in reversed(sources)]
        made.inputs = tuple(entered)
        if key.own:
            _shorten(made.items)
        return made

    def _within(self, node: str, own: str) -> str:
        """Return what stands for a layer among the items of a part: its id, or the key of a part around it."""
        home, before = self._home[node], ""
        while home != own:
            before, home = home, self._kept[home].around or ""
        return f"part {before}" if before else f"layer {node}"

    def _item(self, place: str, node: str, own: str) -> Item:
        if place.startswith("part "):
            key = self._kept[place.removeprefix("part ")]
            (end,) = self._leaving(key.nodes)
            return self.part(key, (end,))
        wires, drawn = self._graph.incoming[node], self._graph.by_id[node]
        token = drawn.name or self._token(node, node, own)
        return Leaf(token, node, tuple(wires[port].source for port in sorted(wires)))

    @staticmethod
    def _token(own: str, name: str, around: str) -> str:
        """Return what something is called in the part around it: of a path, what is behind that part's."""
        return name.removeprefix(f"{around}.") if name == own else name

    def _is_sound(self, nodes: frozenset[str]) -> bool:
        """Whether some layers can be a module: several, entered by one or two values, left by one."""
        if len(nodes) < 2 or len(self._leaving(nodes)) != 1:
            return False
        wires = (wire for node in nodes for wire in self._graph.incoming[node].values())
        return 1 <= len({wire.source for wire in wires if wire.source not in nodes}) <= _MOST_INPUTS

    def _leaving(self, nodes: frozenset[str]) -> list[str]:
        """Return the layers among some whose values are used outside, or are the network's answer."""
        return [
            node
            for node in nodes
            if not self._graph.outgoing[node] or any(wire.target not in nodes for wire in self._graph.outgoing[node])
        ]


def _shorten(items: list[Item]) -> None:
    """Take from the items' names the step of a path that all of them have in common: it leads to all there is."""
    while items and all("." in item.token for item in items):
        if len({item.token.partition(".")[0] for item in items}) > 1:
            return
        for item in items:
            item.token = item.token.partition(".")[2]
