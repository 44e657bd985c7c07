"""Places for cards that have none yet: beside what they are wired to, and never on top of another card."""

from collections.abc import Mapping
from heapq import heappop, heappush
from itertools import islice
from math import ceil, floor

from designer.canvas.auto_layout import arrange
from designer.canvas.geometry import CARD_HEIGHT, COLUMN, GRID, PITCH, Place, Places
from designer.canvas.occupancy import ACROSS, Occupancy
from engine import Graph
from engine.graph import ordered

_TRIES = 400  # shifts of several cards at once that are looked at
_LOOKED_AT = 6  # cards in the way, of each shift
_UPHILL = 1.5  # a place above the one wanted counts as this much further away: networks grow downwards


def complete(graph: Graph, places: Places, wanted: Mapping[str, Place] | None = None) -> dict[str, Place]:
    """Return a place for every node.

    A node without one comes below what feeds it; in the middle of a wire, all that follows makes room. Places of
    nodes that are no longer in the graph are left out.

    Parameters
    ----------
    graph
        The drawing.
    places
        Where some or all of its nodes are.
    wanted
        Where some of the others should be if they can.
    """
    known = {node.id: places[node.id] for node in graph.nodes if node.id in places}
    if len(known) == len(graph.nodes):
        return known
    if not known and not wanted:
        return dict(arrange(graph))
    filler = _Filler(graph, known, wanted or {})
    order, cyclic = ordered(graph)
    for node in (*order, *cyclic):
        if node not in known:
            filler.fill(node)
    return filler.places


def free_place(taken: Occupancy, wanted: Place) -> Place:
    """Return the place nearest to the one wanted where a card touches no other."""
    waiting: list[tuple[float, float, float]] = [(0.0, *wanted)]
    seen = {wanted}
    while True:
        _, x, y = heappop(waiting)
        blockers = list(taken.touching((x, y)))
        if not blockers:
            return x, y
        for _, (left, top) in blockers:
            for place in (
                (x, ceil((top + PITCH) / GRID) * GRID),
                (ceil((left + ACROSS) / GRID) * GRID, y),
                (floor((left - ACROSS) / GRID) * GRID, y),
                (x, floor((top - PITCH) / GRID) * GRID),
            ):
                if place not in seen:
                    seen.add(place)
                    heappush(waiting, (_cost(wanted, place), *place))


def free_shift(others: Places, cards: Places) -> Place:
    """Return how far cards have to go together, at least, so that they touch none of the others."""
    taken = Occupancy(others)
    waiting: list[tuple[float, float, float]] = [(0.0, 0.0, 0.0)]
    seen = {(0.0, 0.0)}
    for _ in range(_TRIES):
        _, across, down = heappop(waiting)
        blocked = ((x, y, on) for x, y in cards.values() for _, on in taken.touching((x + across, y + down)))
        pairs = list(islice(blocked, _LOOKED_AT))
        if not pairs:
            return across, down
        for x, y, (left, top) in pairs:
            for shift in (
                (across, ceil((top + PITCH - y) / GRID) * GRID),
                (ceil((left + COLUMN - x) / GRID) * GRID, down),
                (floor((left - COLUMN - x) / GRID) * GRID, down),
                (across, floor((top - PITCH - y) / GRID) * GRID),
            ):
                if shift not in seen:
                    seen.add(shift)
                    heappush(waiting, (_cost((0.0, 0.0), shift), *shift))
    right, left = max(x for x, _ in others.values()), min(x for x, _ in cards.values())
    return ceil((right + COLUMN - left) / GRID) * GRID, 0.0  # beside everything


def make_room(graph: Graph, places: Places, node: str, top: float) -> dict[str, Place]:
    """Return the places with a node's top edge at ``top`` or below, what follows it moved down by as much.

    Whatever would be run over moves along; cards above stay.
    """
    shift = ceil((top - places[node][1]) / GRID) * GRID
    if shift <= 0:
        return dict(places)
    first = places[node][1]
    taken = Occupancy(places)
    moved = {n for n in graph.descendants(node) if n in places and places[n][1] >= first}
    waiting = sorted(moved)
    for one in waiting:  # grows while it is walked
        x, y = places[one]
        for other, (_, other_y) in taken.touching((x, y + shift)):
            if other not in moved and other_y > y:
                moved.add(other)
                waiting.append(other)
    return {n: (x, y + shift) if n in moved else (x, y) for n, (x, y) in places.items()}


def _cost(wanted: Place, place: Place) -> float:
    across, down = abs(place[0] - wanted[0]), place[1] - wanted[1]
    # Right before left where both are as near.
    return across + (down if down >= 0 else -down * _UPHILL) + (0 if place[0] >= wanted[0] else 1)


class _Filler:
    """Gives places to one node after the other, sources first."""

    def __init__(self, graph: Graph, places: dict[str, Place], wanted: Mapping[str, Place]) -> None:
        self.places = places
        self._graph = graph
        self._wanted = wanted
        self._taken = Occupancy(places)

    def fill(self, node: str) -> None:
        """Give a place to one node."""
        source, target = self._source(node), self._target(node)
        place = self._wanted.get(node) or self._proposal(source, target)
        if source is not None and target is not None and self._falls(source, target):
            place = (place[0], max(place[1], self.places[source][1] + PITCH))
            self.places = make_room(self._graph, self.places, target, place[1] + PITCH)
            self._taken = Occupancy(self.places)
        self.places[node] = free_place(self._taken, place)
        self._taken.add(node, self.places[node])

    def _proposal(self, source: str | None, target: str | None) -> Place:
        if source is not None:
            x, y = self.places[source]
            return x, y + PITCH
        if target is not None:
            x, y = self.places[target]
            return x, y - PITCH
        if not self.places:
            return 0.0, 0.0
        right, top = max(x for x, _ in self.places.values()), min(y for _, y in self.places.values())
        return right + COLUMN, top

    def _source(self, node: str) -> str | None:
        """Return the first of a node's sources that has a place."""
        wires = self._graph.incoming[node]
        return next((wires[port].source for port in sorted(wires) if wires[port].source in self.places), None)

    def _target(self, node: str) -> str | None:
        """Return the highest node with a place that is reached from a node by way of nodes without one."""
        found: list[str] = []
        seen, waiting = {node}, [node]
        for one in waiting:  # grows while it is walked
            for edge in self._graph.outgoing[one]:
                if edge.target in self.places:
                    found.append(edge.target)
                elif edge.target not in seen:
                    seen.add(edge.target)
                    waiting.append(edge.target)
        return min(found, key=lambda one: self.places[one][1], default=None)

    def _falls(self, source: str, target: str) -> bool:
        return self.places[target][1] >= self.places[source][1] + CARD_HEIGHT
