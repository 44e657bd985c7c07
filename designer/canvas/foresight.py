"""What cards would say after an edit that is only being considered."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Sequence
from typing import TYPE_CHECKING

from msgspec.structs import replace

from designer.canvas.card import UNKNOWN, Card, PortFace, card_of, count_texts, short_message
from engine import Analysis, Diagnostic, Graph, Severity, analyse

if TYPE_CHECKING:
    from designer.canvas.scene import CanvasScene


class Foresight:
    """Shows, on the cards that are there, the shapes and mistakes that an edit would bring; nothing is edited.

    One thing is considered at a time, and analysed once, however often the pointer moves over it.
    """

    def __init__(self, scene: CanvasScene) -> None:
        self._scene = scene
        self._key: Hashable = None
        self._shown: dict[str, tuple[Card, Card]] = {}  # as it is, as it would be
        self._analysis: Analysis | None = None
        scene.changing.connect(self.clear)

    def consider(self, key: Hashable, would_be: Callable[[], Graph]) -> None:
        """Show what an edit would bring.

        Parameters
        ----------
        key
            What is considered: the same key is not looked at twice in a row.
        would_be
            Makes the graph after the edit.
        """
        if key == self._key:
            return
        self.clear()
        self._key = key
        after = analyse(would_be(), self._scene.document.analysis)
        self._analysis = after
        errors = _errors(after)
        for node, item in self._scene.nodes.items():
            if node in after.graph:
                card = _foreseen(item.card, after, node, errors.get(node, ()))
                if card is not item.card:
                    self._shown[node] = (item.card, card)
                    item.show_card(card)
        self._scene.overview.invalidate()

    def card(self, node: str) -> Card | None:
        """Return the card of a node that is new in what is considered."""
        if self._analysis is None or node not in self._analysis.graph:
            return None
        graph, entry = self._analysis.graph, self._analysis.nodes[node]
        findings = [found for found in self._analysis.diagnostics if found.node == node]
        return replace(card_of(graph, graph.by_id[node], entry, findings), foreseen=True)

    def clear(self) -> None:
        """Show what is."""
        for node, (card, foreseen) in self._shown.items():
            item = self._scene.nodes.get(node)
            if item is not None and item.card is foreseen:
                item.show_card(card)
        if self._shown:
            self._scene.overview.invalidate()
        self._key, self._shown, self._analysis = None, {}, None


def new_mistakes(before: Analysis, graph: Graph) -> list[str]:
    """Return in a few words what would be wrong with nodes that are right, or wrong in another way: ``conv2: …``."""
    after, known = analyse(graph, before), _errors(before)
    return [
        f"{graph.by_id[node].label}: {short_message(graph.by_id[node].layer, errors[0])}"
        for node, errors in _errors(after).items()
        if node in before.graph and (node not in known or known[node][0].code is not errors[0].code)
    ]


def _errors(analysis: Analysis) -> dict[str, list[Diagnostic]]:
    """Return the errors of every node that has some."""
    found: dict[str, list[Diagnostic]] = {}
    for error in analysis.errors:
        if error.node is not None:
            found.setdefault(error.node, []).append(error)
    return found


def _foreseen(card: Card, after: Analysis, node: str, errors: Sequence[Diagnostic]) -> Card:
    """Return the card with what would be other on it; the same card where nothing would."""
    entry, layer = after.nodes[node], after.graph.by_id[node].layer
    shape = entry.output.text() if entry.output is not None else UNKNOWN
    message = short_message(layer, errors[0]) if errors else ""
    if (shape, message) == (card.shape, card.message):
        return card
    blamed = {error.port for error in errors}
    kept = None if card.badge is Severity.ERROR else card.badge
    return replace(
        card,
        shape=shape,
        message=message,
        counts=count_texts(entry.parameters),
        badge=Severity.ERROR if message else kept,
        inputs=tuple(PortFace(face.connected, port in blamed) for port, face in enumerate(card.inputs)),
        foreseen=True,
    )
