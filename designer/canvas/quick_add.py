"""Choosing a layer where it is wanted: at the pointer, at the end of a wire, in another's place."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QPointF, Signal, Slot
from PySide6.QtGui import QPainter

from designer.canvas.editor import Editor
from designer.canvas.foresight import new_mistakes
from designer.canvas.geometry import CARD_HEIGHT, CARD_WIDTH, card_rect, output_point, snapped
from designer.canvas.hits import hit
from designer.canvas.insertion import natural_spot
from designer.canvas.node_item import OUTPUT
from designer.canvas.occasions import Adding, Occasion, Replacing, Target
from designer.canvas.offers import Offer
from designer.canvas.quick_popup import QuickPopup
from designer.canvas.scene import CanvasScene
from designer.canvas.spots import spot_for
from engine import Identity
from engine.language import tr

if TYPE_CHECKING:
    from designer.canvas.view import CanvasView

_ANY = (Identity(),)  # stands for whatever will be chosen


class QuickAdd(QObject):
    """Opens the popup and does what was chosen in it.

    Signals
    -------
    added
        The ids of what is new.
    """

    added = Signal(object)  # tuple[str, ...]

    def __init__(self, view: CanvasView, scene: CanvasScene, editor: Editor) -> None:
        super().__init__(view)
        self._view = view
        self._scene = scene
        self._editor = editor
        self._occasion: Occasion | None = None
        self._popup: QuickPopup | None = None
        scene.changing.connect(self.cancel)

    @property
    def popup(self) -> QuickPopup | None:
        """The popup where it is open."""
        return self._popup if self._popup is not None and self._popup.isVisible() else None

    def ask(self) -> None:
        """Ask for a layer to add, at the pointer where that is over the canvas."""
        self.ask_at(self._view.pointed, self._scene.document.selection.nodes)

    def ask_at(self, at: QPointF | None, selected: tuple[str, ...]) -> None:
        """Ask for a layer to add.

        Parameters
        ----------
        at
            The point of the canvas where it should come. Without one, it comes below what it is wired to, or into
            the middle of the view.
        selected
            Where these are on a single card, that one feeds it.
        """
        centre = self._view.mapToScene(self._view.viewport().rect().center())
        cards = self._scene.seen.cards(selected)
        only = cards[0] if len(cards) == 1 else None
        found = hit(self._scene, at) if at is not None else None
        if found is not None and found.edge is None and only is None and found.node is not None:
            only = found.node
        if at is None or (found is not None and found.node is not None):
            target = self._natural(only, centre)
        else:
            target = self._at(at, only if found is None or found.edge is None else None)
        anchor = at if at is not None else self._below(only) if only is not None else centre
        self._ask(Adding(self._scene, self._editor, target), anchor)

    def ask_for_wire(self, node: str, port: int, at: QPointF) -> None:
        """Ask for the layer at the loose end of a wire that hangs from a port, if that end is in view."""
        if not self._view.viewport().rect().contains(self._view.mapFromScene(at)):
            return
        left = at.x() - CARD_WIDTH / 2
        if port == OUTPUT:
            target = Target(after=node, place=snapped(left, at.y()), point=at)
        else:
            target = Target(feeds=(node, port), place=snapped(left, at.y() - CARD_HEIGHT), point=at)
        self._ask(Adding(self._scene, self._editor, target), at)

    def ask_instead(self) -> None:
        """Ask for the layer that takes the place of the selected one."""
        node = self._scene.document.selection.only
        if node is None:
            return
        self._ask(Replacing(self._scene, self._editor, node), self._below(self._scene.seen.card(node)))

    def cancel(self) -> None:
        """Close the popup without a choice."""
        if self._popup is not None:
            self._popup.hide()

    def paint(self, painter: QPainter) -> None:
        """Paint on the canvas what is asked for."""
        if self._occasion is not None:
            self._occasion.paint(painter)

    def _natural(self, node: str | None, centre: QPointF) -> Target:
        """Return the target below a node, or in the middle of the view."""
        if node is None:
            return Target(place=snapped(centre.x() - CARD_WIDTH / 2, centre.y() - CARD_HEIGHT / 2))
        after, into = natural_spot(self._scene.graph, _ANY, node)
        return Target(after=after, into=into)

    def _at(self, at: QPointF, node: str | None) -> Target:
        """Return the target at a point: fed by a node where there is one, else by what is near."""
        if node is not None:
            return Target(after=node, place=snapped(at.x() - CARD_WIDTH / 2, at.y()), point=at)
        spot = spot_for(self._scene, _ANY, at, alone=False)
        return Target(after=spot.after, into=spot.into, place=spot.place, point=at)

    def _below(self, node: str) -> QPointF:
        """Return a point of the canvas from which the popup hangs below a card."""
        point = output_point(self._scene.places[node])
        return QPointF(card_rect(self._scene.places[node]).left() + 28, point.y())

    def _ask(self, occasion: Occasion, at: QPointF) -> None:
        if self._popup is None:
            self._popup = QuickPopup(self._view)
            self._popup.chosen.connect(self._on_chosen)
            self._popup.current_changed.connect(self._on_current)
            self._popup.closed.connect(self._on_closed)
        self._popup.hide()
        self._occasion = occasion
        visible = self._view.viewport().rect()
        point = self._view.mapFromScene(at)
        point.setX(max(visible.left(), min(point.x(), visible.right())))
        point.setY(max(visible.top(), min(point.y(), visible.bottom())))
        self._popup.ask(occasion.title, occasion.offers, self._view.viewport().mapToGlobal(point))
        self._view.viewport().update()

    @Slot(object)
    def _on_current(self, offer: Offer | None) -> None:
        """Say what the offer would do to layers that are there."""
        if self._popup is None or self._occasion is None or offer is None or offer.reason:
            return
        mistakes = new_mistakes(self._scene.document.analysis, self._occasion.would_be(offer))
        text, others = "", len(mistakes) - 1
        if others > 0:
            text = tr("Then {mistake} and {count} more", mistake=mistakes[0], count=others)
        elif mistakes:
            text = tr("Then {mistake}", mistake=mistakes[0])
        self._popup.tell(text)

    @Slot(object)
    def _on_chosen(self, offer: Offer) -> None:
        occasion = self._occasion
        self.cancel()
        if occasion is not None:
            self.added.emit(occasion.choose(offer))

    @Slot()
    def _on_closed(self) -> None:
        self._occasion = None
        self._view.viewport().update()
