"""The wires on the scene: one item for every wire that is seen, and its way, looked for in portions."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from math import inf
from time import perf_counter
from typing import TYPE_CHECKING

from PySide6.QtCore import QTimer

from designer.canvas.edge_item import EdgeItem
from designer.canvas.geometry import Place, Places
from designer.canvas.router import Router, affected
from designer.canvas.routes import Route
from engine import Edge

if TYPE_CHECKING:
    from designer.canvas.scene import CanvasScene

_AT_ONCE = 60, 0.03  # ways around cards that are looked for at a change, and seconds for all but the first few
_IN_A_DRAG = 8, 0.008  # and in a frame of a drag
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
        self._rest: Iterator[tuple[Edge, Route]] | None = None  # all wires, as they will be where there was no time
        self._told, self._unseen = 0.0, False  # when the last changes were noted; whether there are others
        self._late = QTimer(scene, singleShot=True, interval=0)
        self._late.timeout.connect(self._route_on)
        self.items: dict[Edge, EdgeItem] = {}

    @property
    def at_rest(self) -> bool:
        """Whether every wire has its way."""
        return self._rest is None

    def keep(self, edges: Iterable[Edge]) -> None:
        """Drop the items of all other wires."""
        kept = set(edges)
        for edge in [edge for edge in self.items if edge not in kept]:
            self._scene.removeItem(self.items.pop(edge))

    def follow(self, edges: Collection[Edge], *, moved: bool, changed: Collection[Edge]) -> None:
        """Route all wires where cards have moved or wires are others; else those whose dots have changed."""
        if moved or self._previewed:
            self._route(edges, *_AT_ONCE)
        elif changed:
            self._route([edge for edge in edges if edge in changed], *_AT_ONCE)
        self._previewed = False

    def preview(self, moved: Places, left: Iterable[Place], changed: Collection[Edge]) -> None:
        """Route the wires of cards that follow the pointer, those that these pass, and those whose dots do."""
        near = affected(self.items, moved, left) if moved else []
        self._route(dict.fromkeys((*near, *(edge for edge in changed if edge in self.items))), *_IN_A_DRAG)
        self._previewed = True

    def settle(self) -> None:
        """Find the ways that are left now, however long that takes."""
        while not self.at_rest:
            self._route_on(inf)

    def restyle(self) -> None:
        """Take the colours of the theme in force."""
        for item in self.items.values():
            item.restyle()

    def _route(self, edges: Collection[Edge], searches: int, seconds: float) -> None:
        scene = self._scene
        self._note_change()
        routed = set(edges)
        others = {edge: item.route for edge, item in self.items.items() if edge not in routed}
        found = self._router.routes(scene.graph, scene.places, edges, others, searches, scene.dots.points, seconds)
        for edge, route in found.items():
            if edge in self.items:
                self.items[edge].set_route(route)
            else:
                self.items[edge] = EdgeItem(edge, route)
                scene.addItem(self.items[edge])
        if self._router.hurried or self._rest is not None:
            # What is left was begun with other places, or with other dots.
            self._rest = self._router.one_by_one(scene.graph, scene.places, scene.graph.edges, dots=scene.dots.points)
            self._late.start()

    def _route_on(self, seconds: float = _SLICE) -> None:
        """Go on with what there was no time for, until the time is over."""
        begin, rest = perf_counter(), self._rest
        while rest is not None and perf_counter() < begin + seconds:
            found = next(rest, None)
            if found is None:
                self._rest = rest = None
            elif found[1] != self.items[found[0]].route:
                self.items[found[0]].set_route(found[1])
                self._unseen = True
        if self._unseen and (rest is None or begin > self._told + _TOLD):
            self._note_change()
        if rest is not None:
            self._late.start()

    def _note_change(self) -> None:
        """Let those know that gather all wires: labels, the network from afar, the minimap."""
        self._told, self._unseen = perf_counter(), False
        self._scene.wire_labels.invalidate()
        self._scene.overview.invalidate()
        self._scene.revision += 1
