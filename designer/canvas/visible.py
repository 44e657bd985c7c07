"""What is seen of a network: a card for every layer that no collapsed group hides, and one for every collapsed group.

The cards and the wires between them make up a graph of their own, in which a collapsed group is a node like any other.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import NamedTuple

from engine import Edge, Graph, Group, Groups, Layer, Node
from engine.graph import MOST_PORTS
from engine.groups import Forest
from engine.language import tr_noop
from engine.layers.base import Ports
from engine.repeats import runs

_CARD = "▸ "  # before a group's id: the id of its card


class Folded(Layer, frozen=True, kw_only=True):
    """Stands for a collapsed group in the graph of what is seen; it has as many ports as wires come in."""

    family = "merge"
    title = "Group"
    summary = tr_noop("Layers shown as one card.")
    prefix = "group"
    ports = Ports(0, MOST_PORTS)


FOLDED = Folded()


@dataclass(frozen=True)
class Fold:
    """One collapsed group, or several that repeat each other, as one card.

    Attributes
    ----------
    groups
        Their ids, the first one's name being shown.
    nodes
        All that the card hides.
    name, parts
        The group's name, and the one that all groups inside it have in common, with their number.
    outputs
        The nodes inside whose output leads out; where there is none, those that feed nothing.
    """

    groups: tuple[str, ...]
    nodes: tuple[str, ...]
    name: str
    parts: str
    outputs: tuple[str, ...]

    @property
    def count(self) -> int:
        """How many groups the card stands for."""
        return len(self.groups)


class Frame(NamedTuple):
    """An expanded group: the cards that are seen in it, and the frames right inside."""

    group: Group
    cards: tuple[str, ...]  # all of them, those in inner frames included
    inner: tuple[str, ...]  # groups
    parts: str


@dataclass(frozen=True)
class Visible:
    """The cards and wires of a network.

    Attributes
    ----------
    whole
        The network's own graph.
    graph
        Cards as nodes, and the wires between them.
    groups
        All groups, seen and hidden.
    folds
        What the cards of collapsed groups stand for, by card.
    frames
        The expanded groups that are seen, by group; outer ones first.
    """

    whole: Graph
    graph: Graph
    groups: Groups = ()
    folds: Mapping[str, Fold] = field(default_factory=dict)
    frames: Mapping[str, Frame] = field(default_factory=dict)
    _card_of: Mapping[str, str] = field(default_factory=dict)
    _wires: Mapping[Edge, tuple[Edge, ...]] = field(default_factory=dict)

    def card(self, node: str) -> str:
        """Return the card that shows a node."""
        return self._card_of.get(node, node)

    def cards(self, nodes: Iterable[str]) -> tuple[str, ...]:
        """Return the cards that show some nodes, each once."""
        return tuple(dict.fromkeys(self.card(node) for node in nodes))

    def nodes(self, card: str) -> tuple[str, ...]:
        """Return the nodes that a card shows."""
        fold = self.folds.get(card)
        return (card,) if fold is None else fold.nodes

    def within(self, group: str) -> tuple[str, ...]:
        """Return the nodes of a group whose frame is seen."""
        return tuple(node for card in self.frames[group].cards for node in self.nodes(card))

    def part(self, graph: Graph) -> Visible:
        """Return some of the cards, with other wires between them, and the frames in which there are no others."""
        frames = {group: frame for group, frame in self.frames.items() if all(card in graph for card in frame.cards)}
        return Visible(self.whole, graph, self.groups, self.folds, frames, self._card_of, self._wires)

    def wires(self, edge: Edge) -> tuple[Edge, ...]:
        """Return the network's wires that one on the canvas stands for; all have the same source."""
        return self._wires.get(edge, (edge,))

    def output(self, card: str) -> str | None:
        """Return the node whose output is a card's; None where several nodes of a group have one."""
        fold = self.folds.get(card)
        outputs = (card,) if fold is None else fold.outputs
        return outputs[0] if len(outputs) == 1 else None

    def label(self, card: str) -> str:
        """Return what a card is called."""
        return self.graph.by_id[card].label


def card_id(group: str) -> str:
    """Return the id of a collapsed group's card."""
    return _CARD + group


def visible(graph: Graph, groups: Groups) -> Visible:
    """Return what is seen of a network."""
    if not groups:
        return Visible(graph, graph)
    forest = Forest(groups)
    folds = {card_id(run[0]): _fold(graph, forest, run) for run in runs(groups, graph)}
    card_of = {node: card for card, fold in folds.items() for node in fold.nodes}
    wires: dict[Edge, list[Edge]] = {}
    drawn = graph
    if folds:
        nodes: dict[str, Node] = {}
        for node in graph.nodes:  # a group's card stands in the order where its first node does
            nodes.setdefault(card_of.get(node.id, node.id), node)
        shown = (Node(card, FOLDED, folds[card].name) if card in folds else node for card, node in nodes.items())
        wires = _wires(graph, card_of, folds)
        drawn = Graph(tuple(shown), tuple(wires))
    frames = _frames(forest, card_of, groups)
    bundles = {edge: tuple(real) for edge, real in wires.items()}
    return Visible(graph, drawn, groups, folds, frames, card_of, bundles)


def _fold(graph: Graph, forest: Forest, run: tuple[str, ...]) -> Fold:
    nodes = tuple(node for group in run for node in forest.members(group))
    inside = set(nodes)
    leading = [node for node in nodes if any(edge.target not in inside for edge in graph.outgoing[node])]
    outputs = leading or [node for node in nodes if not graph.outgoing[node]]
    return Fold(run, nodes, forest.by_id[run[0]].name, _parts(forest, run[0]), tuple(outputs))


def _parts(forest: Forest, group: str) -> str:
    """Return what a group is made of: ``Bottleneck ×3``; empty where that can't be said in two words."""
    names = [forest.by_id[child].name for child in forest.children[group]]
    return f"{names[0]} ×{len(names)}" if len(names) > 1 and len(set(names)) == 1 else ""


def _wires(graph: Graph, card_of: Mapping[str, str], folds: Mapping[str, Fold]) -> dict[Edge, list[Edge]]:
    """Return the wires between cards; what one source sends into a collapsed group is one wire."""
    found: dict[Edge, list[Edge]] = {}
    ports: dict[str, dict[str, int]] = {card: {} for card in folds}
    for edge in graph.edges:
        source, target = card_of.get(edge.source, edge.source), card_of.get(edge.target, edge.target)
        if source == target:
            continue
        if target in ports:
            port = ports[target].setdefault(edge.source, len(ports[target]))
            found.setdefault(Edge(source, target, port), []).append(edge)
        else:
            found[edge if source == edge.source else Edge(source, target, edge.port)] = [edge]
    return found


def _frames(forest: Forest, card_of: Mapping[str, str], groups: Groups) -> dict[str, Frame]:
    hidden = {g.id for g in groups if any(forest.by_id[one].collapsed for one in forest.upwards(g.id))}
    frames = {}
    for group in groups:
        if group.id not in hidden:
            cards = dict.fromkeys(card_of.get(node, node) for node in forest.members(group.id))
            inner = tuple(child for child in forest.children[group.id] if child not in hidden)
            frames[group.id] = Frame(group, tuple(cards), inner, _parts(forest, group.id))
    return frames
