"""Drawing a wire with the keyboard: arrows choose where it ends."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from designer.canvas.geometry import CARD_WIDTH, shown_ports
from designer.canvas.gestures.wire import WireGesture
from designer.canvas.node_item import OUTPUT
from designer.canvas.walking import Way, reading_order
from designer.canvas.wiring import port_for
from engine.language import tr, tr_inside, tr_noop

if TYPE_CHECKING:
    from designer.canvas.editor import Editor
    from designer.canvas.scene import CanvasScene


class KeyedWire:
    """A wire that hangs from a card's output, and the card and port that it would end at.

    It drives the gesture of the mouse, so that what is shown and what is done are the same.

    Attributes
    ----------
    gesture
        The wire as the canvas shows it.
    target
        The node that it would end at; None where no card can take it.
    told
        Where it would end, and which cards were passed over and why, in a sentence.
    """

    def __init__(self, scene: CanvasScene, editor: Editor, source: str) -> None:
        self._scene = scene
        self._graph = scene.graph
        self._order = reading_order(scene.places)
        self._source = source
        self.gesture = WireGesture(scene, editor, source, OUTPUT)
        self.target: str | None = None
        self._port = 0
        self.told = ""

    def start(self) -> None:
        """Offer the first card below that has a free port, else the first that can take the wire."""
        place = self._order.index(self._source)
        below = [*self._order[place:], *self._order[:place]]
        able = [node for node in below if node not in self.gesture.refused]
        free = [node for node in able if len(self._graph.incoming[node]) < self._ports(node)]
        wanted = next(iter(free or able), None)
        if wanted is None:
            reasons = sorted(set(self.gesture.refused.values()))
            self.told = tr(
                "No card can take a wire from {layer}: {reasons}",
                layer=self._label(self._source),
                reasons="; ".join(map(tr_inside, reasons)),
            )
        else:
            self._offer(wanted, ())

    def turn(self, way: Way) -> None:
        """Choose the next card up or down that can take the wire; left and right choose among its ports."""
        if self.target is None:
            return
        ports = self._ports(self.target)
        if way in (Way.LEFT, Way.RIGHT) and ports > 1:
            self._port = (self._port + way.value[0]) % ports
            self._show(())
            return
        step, place = sum(way.value), self._order.index(self.target)
        passed: list[str] = []
        for count in range(1, len(self._order) + 1):
            node = self._order[(place + step * count) % len(self._order)]
            if node not in self.gesture.refused:
                self._offer(node, passed)
                return
            passed.append(node)

    def _offer(self, node: str, passed: Sequence[str]) -> None:
        self.target = node
        self._port = 0 if node in self._scene.seen.folds else port_for(self._graph, node, CARD_WIDTH / 2)
        self._show(passed)

    def _show(self, passed: Sequence[str]) -> None:
        """Show the wire at the port, and say so."""
        assert self.target is not None
        self.gesture.offer(self.target, self._port)
        end = self._label(self.target)
        if self._ports(self.target) > 1:
            end = tr("{layer}, input {port}", layer=end, port=self._port + 1)
        parts = [tr("Enter connects to {input}", input=end)]
        if self.gesture.label:
            parts.append(self.gesture.label)
        if passed:
            reason, others = tr_inside(self.gesture.refused[passed[0]]), len(passed) - 1
            text = tr_noop("Passed over {layer} and {count} more: {reason}")
            if not others:
                text = tr_noop("Passed over {layer}: {reason}")
            parts.append(tr(text, layer=self._label(passed[0]), count=others, reason=reason))
        self.told = " · ".join(parts)
        self.gesture.label = self.told

    def _ports(self, card: str) -> int:
        """Return among how many inputs there is a choice; a collapsed group shares a wire out by itself."""
        return 1 if card in self._scene.seen.folds else shown_ports(self._graph, card)

    def _label(self, node: str) -> str:
        return self._graph.by_id[node].label
