"""Walking from card to card: along the wires, or to the card beside."""

from collections.abc import Collection, Iterable, Mapping
from enum import Enum

from designer.canvas.geometry import CARD_HEIGHT, CARD_WIDTH, Place
from engine import Graph

_ASIDE = 2.0  # how much more a card counts as away across the way than along it


class Way(Enum):
    """Where an arrow leads, as steps across and down."""

    UP = (0, -1)
    DOWN = (0, 1)
    LEFT = (-1, 0)
    RIGHT = (1, 0)


def neighbour(
    graph: Graph, places: Mapping[str, Place], node: str, way: Way, came_from: str | None = None
) -> str | None:
    """Return the node that an arrow leads to; None where there is nothing that way.

    Up leads to a source and down to a target, the one nearest below or above; left and right lead to a sibling, which
    shares a source or a target. Where no wire leads that way, the nearest card that lies there is taken, so that cards
    without wires are reached, too.

    Parameters
    ----------
    graph, places
        What is drawn, and where.
    node, way
        The card to go from, and the arrow.
    came_from
        The card that the last step came from; going back the way leads to it again.
    """
    linked = _linked(graph, node, way)
    if way in (Way.UP, Way.DOWN) and linked:
        if came_from in linked:
            return came_from
        x, y = places[node]
        return min(linked, key=lambda other: (abs(places[other][0] - x), abs(places[other][1] - y)))
    return _nearest(places, linked, node, way) or _nearest(places, places, node, way)


def nearest_to(places: Mapping[str, Place], spot: Place) -> str | None:
    """Return the card nearest to a place; None on an empty canvas."""
    x, y = spot
    return min(places, key=lambda node: abs(places[node][0] - x) + abs(places[node][1] - y), default=None)


def reading_order(places: Mapping[str, Place]) -> list[str]:
    """Return the cards from top to bottom, and from left to right where they stand side by side."""
    return sorted(places, key=lambda node: (places[node][1], places[node][0]))


def _linked(graph: Graph, node: str, way: Way) -> Collection[str]:
    sources = list(dict.fromkeys(graph.incoming[node][port].source for port in sorted(graph.incoming[node])))
    targets = list(dict.fromkeys(edge.target for edge in graph.outgoing[node]))
    if way is Way.UP:
        return sources
    if way is Way.DOWN:
        return targets
    beside = {edge.target for source in sources for edge in graph.outgoing[source]}
    beside |= {edge.source for target in targets for edge in graph.incoming[target].values()}
    return beside - {node}


def _nearest(places: Mapping[str, Place], among: Iterable[str], node: str, way: Way) -> str | None:
    """Return the nearest of some cards that lie in a direction: beyond the card, and rather ahead than aside."""
    (x, y), (across, down) = places[node], way.value
    best: tuple[float, str] | None = None
    for other in among:
        dx, dy = places[other][0] - x, places[other][1] - y
        ahead, aside = (dx * across, abs(dy)) if across else (dy * down, abs(dx))
        if other != node and ahead >= (CARD_WIDTH / 2 if across else CARD_HEIGHT / 2):
            distance = ahead + _ASIDE * aside
            best = min(best, (distance, other)) if best is not None else (distance, other)
    return best[1] if best is not None else None
