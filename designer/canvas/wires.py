"""The wires on the scene: one item for every wire that is seen, and its way, looked for in portions."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from math import inf
from time import perf_counter
from typing import TYPE_CHECKING

from PySide6.QtCore import QTimer

from designer.canvas.edge_item import EdgeItem
from designer.canvas.geometry import Place, Places
from designer.canvas.router import Haste, Router, Step, affected, plain_route
from designer.canvas.routes import Route
from engine import Edge

if TYPE_CHECKING:
    from designer.canvas.scene import CanvasScene

_AT_ONCE = 0.02  # seconds in which ways are looked for at a change
_IN_A_DRAG = 8, 0.008  # ways around cards that are looked for in a frame of a drag, and the seconds for that
_FIRST = 8  # steps that are always taken: a few wires have their ways at once, however slow the computer
_PAUSE = 30  # milliseconds after which a pointer that drags is at rest
_SOME = 60  # wires with other ends than before that are looked at closely at once
_SLICE = 0.004  # seconds of looking for those that are left, between two events
_TOLD = 0.25  # seconds from one time that these are told to all who gather wires to the next


class Wires:
    """Keeps wires in step with what is seen; those that there was no time to find a way for get theirs in a moment.

    Attributes
    ----------
    items
        The items by wire.
    """

    def __init__(self, scene: CanvasScene) -> None:
        self._scene = scene
        self._router = Router(scene.taken)
        self._previewed = False  # since all wires were routed
        self._rest: Iterator[Step] | None = None  # all wires, as they will be where there was no time
        self._told, self._unseen = 0.0, False  # when the last changes were noted; whether there are others
        self._late = QTimer(scene, singleShot=True)
        self._late.timeout.connect(self._route_on)
        self.items: dict[Edge, EdgeItem] = {}

    @property
    def at_rest(self) -> bool:
        """Whether every wire has its way."""
        return self._rest is None

    def keep(self, edges: Iterable[Edge]) -> None:
        """Drop the items of all other wires."""
        kept = set(edges)
        gone = [edge for edge in self.items if edge not in kept]
        for edge in gone:
            self._scene.removeItem(self.items.pop(edge))
        self._router.forget(gone)

    def follow(self, *, moved: bool) -> None:
        """Route all wires where cards have moved, wires or their dots are others, or a drag has ended."""
        if not moved and not self._previewed:
            return
        self._previewed = False
        self._note_change()
        self._rest = self._all()
        if self._take(self._rest, _AT_ONCE, _FIRST):
            self._rest = None
        else:
            self._stand_in(self._scene.graph.edges)
            self._late.start(0)

    def preview(self, moved: Places, left: Iterable[Place], changed: Collection[Edge]) -> None:
        """Route the wires of cards that follow the pointer, those that these pass, and those whose dots do."""
        self._previewed = True
        self._note_change()
        near = affected(self.items, moved, left) if moved else []
        edges = list(dict.fromkeys((*near, *(edge for edge in changed if edge in self.items))))
        if not self._hurry(edges) or self._rest is not None:
            self._rest = self._all()  # what is left was begun with other places, or with other dots
            self._late.start(_PAUSE)

    def settle(self) -> None:
        """Find the ways that are left now, however long that takes."""
        while not self.at_rest:
            self._route_on(inf)

    def restyle(self) -> None:
        """Take the colours of the theme in force."""
        for item in self.items.values():
            item.restyle()

    def _all(self) -> Iterator[Step]:
        """Begin to route all wires as they are when there is time."""
        scene = self._scene
        return self._router.one_by_one(scene.graph, scene.places, scene.graph.edges, dots=scene.dots.points)

    def _hurry(self, edges: Collection[Edge]) -> bool:
        """Route some wires within a frame, apart from the others; return whether no more time was wanted."""
        scene, (searches, seconds) = self._scene, _IN_A_DRAG
        routed = set(edges)
        others = {edge: item.route for edge, item in self.items.items() if edge not in routed}
        haste = Haste(searches, perf_counter() + seconds)
        steps = self._router.one_by_one(scene.graph, scene.places, edges, others, scene.dots.points, haste)
        done = self._take(steps, 2 * seconds, _FIRST)
        if not done:
            for edge in edges:
                if (route := self._plainly(edge)) is not None:
                    self._show(edge, route)
        return done and not haste.hurried

    def _stand_in(self, edges: Iterable[Edge]) -> None:
        """Lead wires whose ends or dots are not where they were somehow, until there is time for their ways."""
        late = {edge: route for edge in edges if (route := self._plainly(edge)) is not None}
        if len(late) <= _SOME:
            self._hurry(late)
        else:
            for edge, route in late.items():
                self._show(edge, route)

    def _plainly(self, edge: Edge) -> Route | None:
        """Return a wire's way as if there were no cards; None where it is shown between its present ends and dots."""
        route = plain_route(self._scene.graph, self._scene.places, edge, self._scene.dots.points.get(edge, ()))
        item = self.items.get(edge)
        same = item is not None and (item.route.start, item.route.end) == (route.start, route.end)
        return None if same and item is not None and item.route.dots == route.dots else route

    def _take(self, steps: Iterator[Step], seconds: float, first: int = 0) -> bool:
        """Show what is found until the time is over, but some steps at least; return whether all is found."""
        until = perf_counter() + seconds
        for number, step in enumerate(steps, 1):
            if step is not None:
                self._show(*step)
            if number >= first and perf_counter() > until:
                return False
        return True

    def _show(self, edge: Edge, route: Route) -> None:
        item = self.items.get(edge)
        if item is None:
            self.items[edge] = EdgeItem(edge, route)
            self._scene.addItem(self.items[edge])
        elif route != item.route:
            item.set_route(route)
            self._unseen = True

    def _route_on(self, seconds: float = _SLICE) -> None:
        """Go on with what there was no time for, until the time is over."""
        begin, rest = perf_counter(), self._rest
        if rest is not None and self._take(rest, seconds):
            self._rest = None
        if self._unseen and (self._rest is None or begin > self._told + _TOLD):
            self._note_change()
        if self._rest is not None:
            self._late.start(0)

    def _note_change(self) -> None:
        """Let those know that gather all wires: labels, the network from afar, the minimap."""
        self._told, self._unseen = perf_counter(), False
        self._scene.wire_labels.invalidate()
        self._scene.overview.invalidate()
        self._scene.revision += 1
