"""What can be done with the dots on wires: each is one step that can be undone, and changes no architecture."""

from __future__ import annotations

from collections.abc import Collection
from math import hypot, inf
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QPointF, Signal
from PySide6.QtGui import QPainterPath

from designer.canvas import dots as dotting
from designer.canvas.dots import Dot
from designer.canvas.routes import Point, Route, route_path
from designer.canvas.walking import Way
from designer.speech import say
from engine.language import tr, tr_count

if TYPE_CHECKING:
    from designer.canvas.editor import Editor
    from designer.canvas.scene import CanvasScene
    from engine import Edge

_STEP = 4.0  # between the points of a wire that are looked at, and
_FINE = 8  # into how many parts these steps are divided around the nearest


class DotCommands(QObject):
    """Puts dots on wires, takes them off, and goes from one to the next.

    Signals
    -------
    told
        A sentence for the status bar.
    """

    told = Signal(str)

    def __init__(self, scene: CanvasScene, editor: Editor) -> None:
        super().__init__()
        self._scene = scene
        self._editor = editor

    @property
    def wire(self) -> Edge | None:
        """The wire that is selected, or that goes through the one dot that is."""
        only = self._scene.dots.only
        return self._scene.selected_edge if only is None else self._scene.dots.items[only].wire

    def add(self, wire: Edge, at: QPointF) -> None:
        """Put a dot on a wire where that is nearest to a point, and select it."""
        leg, point = _nearest(self._scene.edges[wire].route, at)
        self._add(wire, leg, point)

    def add_to_selected(self) -> None:
        """Put a dot in the middle of the selected wire; where that has some, in the middle of its longest part."""
        wire = self.wire
        if wire is None:
            self.told.emit(tr("Select a wire first: click it, or press W on a layer."))
            return
        parts = self._scene.edges[wire].route.parts
        paths = [route_path(part) for part in parts]
        leg = max(range(len(paths)), key=lambda number: paths[number].length())
        middle = paths[leg].pointAtPercent(0.5)
        self._add(wire, leg, (middle.x(), middle.y()))

    def remove(self, gone: Collection[Dot]) -> None:
        """Take dots off; their wires go straight on."""
        if gone:
            text = tr_count("Remove dot", "Remove {count} dots", len(gone))
            self._editor.set_dots(text, dotting.without(self._scene.document.network.dots, gone))
            self._say(tr_count("Dot removed", "{count} dots removed", len(gone)))

    def step(self, way: Way) -> str | None:
        """Go on along the selected wire: to its next dot, which is selected, or to the card at its end.

        Returns the card; None where there is a dot.
        """
        dots, only, wire = self._scene.dots, self._scene.dots.only, self.wire
        if wire is None:
            return None
        forward, row = way in (Way.DOWN, Way.RIGHT), dots.on(wire)
        here = row.index(only) if only is not None else -1 if forward else len(row)
        there = here + (1 if forward else -1)
        if not 0 <= there < len(row):
            return wire.target if forward else wire.source
        dots.select([row[there]])
        self.announce(row[there])
        return None

    def announce(self, dot: Dot) -> None:
        """Have screen readers speak of a dot, and of what can be done with it."""
        self._say(tr("{dot}. Ctrl and arrows move it, Delete removes it.", dot=self.name(dot)))

    def name(self, dot: Dot) -> str:
        """Return a dot in words: ``Dot 1 of 2 on the wire from conv1 to add1, input 2``."""
        by_id, count = self._scene.seen.whole.by_id, len(self._scene.document.network.dots[dot.edge])
        return tr(
            "Dot {number} of {count} on the wire from {source} to {target}, input {port}",
            number=dot.number + 1,
            count=count,
            source=by_id[dot.edge.source].label,
            target=by_id[dot.edge.target].label,
            port=dot.edge.port + 1,
        )

    def _add(self, wire: Edge, number: int, at: Point) -> None:
        edge = self._scene.dots.wire_of(wire)
        dots = dotting.inserted(self._scene.document.network.dots, edge, number, at)
        self._editor.set_dots(tr("Add dot"), dots)
        dot = Dot(edge, number)
        self._scene.document.selection.select(())
        self._scene.dots.select([dot])
        self.announce(dot)

    def _say(self, text: str) -> None:
        say(self.parent() or self, text)


def _nearest(route: Route, at: QPointF) -> tuple[int, Point]:
    """Return on which leg of a wire it comes nearest to a point, and where."""
    best = (inf, 0, route.start)
    for number, part in enumerate(route.parts):
        path = route_path(part)
        steps = max(2, round(path.length() / _STEP))
        nearest = min((_away(path, step / steps, at), step) for step in range(1, steps))[1]
        for fine in range(-_FINE, _FINE + 1):
            share = (nearest + fine / _FINE) / steps
            point = path.pointAtPercent(share)
            best = min(best, (_away(path, share, at), number, (point.x(), point.y())))
    return best[1:]


def _away(path: QPainterPath, share: float, at: QPointF) -> float:
    point = path.pointAtPercent(share)
    return hypot(point.x() - at.x(), point.y() - at.y())
