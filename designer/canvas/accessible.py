"""The canvas for screen readers: a list of cards, each with its name, state and place, and the one with the focus.

Qt takes and gives null where there is no child or parent; its type stubs do not say so.
"""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, cast

from PySide6.QtCore import QObject, QPoint, QRect, Qt
from PySide6.QtGui import QAccessible, QAccessibleEvent, QAccessibleInterface
from PySide6.QtWidgets import QAccessibleWidget, QWidget
from shiboken6 import isValid

from designer.canvas.geometry import card_rect
from designer.canvas.spoken import card_name, card_wires, group_name
from designer.document import Change
from designer.speech import say
from engine.language import tr, tr_count

if TYPE_CHECKING:
    from designer.canvas.card import Card
    from designer.canvas.scene import CanvasScene
    from designer.canvas.view import CanvasView
    from designer.canvas.visible import Visible
    from engine import Analysis

_SWEEP = 256  # so many more interfaces, and those that are gone are forgotten
_alive: list[QAccessibleInterface] = []
_EVENT, _ROLE, _TEXT = QAccessible.Event, QAccessible.Role, QAccessible.Text


class CardObject(QObject):
    """Stands for one card: Qt gives interfaces to objects and takes them back when these go.

    It is made when a screen reader first asks for the card, so that without one there is none.
    """

    def __init__(self, view: CanvasView, node: str) -> None:
        super().__init__(view)
        self.view = view
        self.node = node


class AccessibleCards(QObject):
    """The cards of a view as a screen reader goes through them, and what it is told of changes."""

    def __init__(self, view: CanvasView, scene: CanvasScene) -> None:
        super().__init__(view)
        _install()
        self._view, self._scene = view, scene
        self._objects: dict[str, CardObject] = {}
        self._shown: dict[str, Card] = {}  # what was on each when its name was last told
        self._focused: str | None = None
        self._listed: tuple[Analysis, Visible, tuple[str, ...]] | None = None
        scene.document.changed.connect(self._on_changed)
        scene.document.selection.changed.connect(self._on_selection)

    @property
    def order(self) -> tuple[str, ...]:
        """The cards in the order in which data flows."""
        analysis, seen = self._scene.document.analysis, self._scene.seen
        if self._listed is None or self._listed[:2] != (analysis, seen):
            self._listed = analysis, seen, seen.cards(analysis.listed)
        return self._listed[2]

    @property
    def focused(self) -> str | None:
        """The card that the keyboard is at; None while the canvas has no focus."""
        nodes = self._scene.document.selection.nodes
        return self._scene.seen.card(nodes[-1]) if nodes and self._view.hasFocus() else None

    def object_of(self, node: str) -> CardObject:
        """Return the object that stands for a card."""
        if node not in self._objects:
            self._objects[node] = CardObject(self._view, node)
            self._shown[node] = self._scene.nodes[node].card
        return self._objects[node]

    def widgets(self) -> list[QWidget]:
        """Return the widgets that lie on the canvas."""
        children = self._view.findChildren(QWidget, options=Qt.FindChildOption.FindDirectChildrenOnly)
        own = self._view.viewport()
        return [
            one for one in children if one is not own and one.isVisible() and not one.objectName().startswith("qt_")
        ]

    def focus_changed(self) -> None:
        """Tell which card has the focus now."""
        if not QAccessible.isActive():
            return
        node = self.focused
        if node is not None and node != self._focused:
            QAccessible.updateAccessibility(QAccessibleEvent(self.object_of(node), _EVENT.Focus))
        self._focused = node

    def _on_selection(self, nodes: tuple[str, ...]) -> None:
        self.focus_changed()
        if not self._view.hasFocus():
            return
        if len(nodes) > 1:
            say(self._view, tr_count("{count} layer selected", "{count} layers selected", len(nodes)))
        elif not nodes:
            say(self._view, tr("Nothing selected"))

    def _on_changed(self, change: Change) -> None:
        for card in [card for card in self._objects if card not in self._scene.nodes]:
            self._objects.pop(card).deleteLater()
            self._shown.pop(card)
        if not QAccessible.isActive():
            return
        if change.before.graph.nodes != change.after.graph.nodes or change.before.groups != change.after.groups:
            QAccessible.updateAccessibility(QAccessibleEvent(self._view, _EVENT.ObjectReorder))
        for card, stand_in in self._objects.items():
            if self._shown[card] != (shown := self._scene.nodes[card].card):
                self._shown[card] = shown
                QAccessible.updateAccessibility(QAccessibleEvent(stand_in, _EVENT.NameChanged))


class AccessibleCanvas(QAccessibleWidget):
    """The canvas as a list: of all roles, this is the one whose items readers read out as the arrows go over them."""

    def __init__(self, view: CanvasView) -> None:
        super().__init__(view, _ROLE.List, view.accessibleName())
        self._view = view

    def childCount(self) -> int:
        """Return how many cards there are, and widgets on the canvas."""
        return len(self._view.cards.order) + len(self._view.cards.widgets())

    def child(self, index: int) -> QAccessibleInterface | None:  # type: ignore[override]
        """Return a card, or a widget after the last card."""
        order, widgets = self._view.cards.order, self._view.cards.widgets()
        if 0 <= index < len(order):
            return QAccessible.queryAccessibleInterface(self._view.cards.object_of(order[index]))
        if 0 <= index - len(order) < len(widgets):
            return QAccessible.queryAccessibleInterface(widgets[index - len(order)])
        return None

    def indexOfChild(self, child: QAccessibleInterface) -> int:
        """Return where a card or widget is; -1 where it is none of these."""
        found, order = child.object(), self._view.cards.order
        if isinstance(found, CardObject):
            return order.index(found.node) if found.node in order else -1
        widgets = self._view.cards.widgets()
        return len(order) + widgets.index(found) if isinstance(found, QWidget) and found in widgets else -1

    def childAt(self, x: int, y: int) -> QAccessibleInterface | None:  # type: ignore[override]
        """Return the card at a point of the screen."""
        nodes = reversed(self._view.cards.order)
        hit = next((node for node in nodes if card_on_screen(self._view, node).contains(x, y)), None)
        return QAccessible.queryAccessibleInterface(self._view.cards.object_of(hit)) if hit is not None else None

    def focusChild(self) -> QAccessibleInterface | None:  # type: ignore[override]
        """Return the card that the keyboard is at."""
        node = self._view.cards.focused
        return QAccessible.queryAccessibleInterface(self._view.cards.object_of(node)) if node is not None else None


class AccessibleCard(QAccessibleInterface):
    """One card: its name says all that it shows, its description what it is wired to."""

    def __init__(self, card: CardObject) -> None:
        super().__init__()
        self._card = card

    def isValid(self) -> bool:
        """Whether the card is still there."""
        return self._card.node in self._card.view.canvas.nodes

    def object(self) -> QObject:
        """Return the object that stands for the card."""
        return self._card

    def parent(self) -> QAccessibleInterface | None:  # type: ignore[override]
        """Return the canvas."""
        return QAccessible.queryAccessibleInterface(self._card.view)

    def child(self, index: int) -> QAccessibleInterface | None:  # type: ignore[override]
        """Return nothing: a card has no parts."""
        return None

    def childAt(self, x: int, y: int) -> QAccessibleInterface | None:  # type: ignore[override]
        """Return nothing: a card has no parts."""
        return None

    def childCount(self) -> int:
        """Return 0: a card has no parts."""
        return 0

    def indexOfChild(self, child: QAccessibleInterface) -> int:
        """Return -1: a card has no parts."""
        return -1

    def text(self, kind: QAccessible.Text) -> str:
        """Return the card's name, its wires as description, and what its layer does as help."""
        scene, node = self._card.view.canvas, self._card.node
        if not self.isValid():
            return ""
        if kind == _TEXT.Name:
            fold, findings = scene.seen.folds.get(node), scene.findings(node)
            if fold is not None:
                return group_name(scene.nodes[node].card, fold, findings)
            return card_name(scene.graph, node, scene.document.analysis.nodes[node], findings)
        if kind == _TEXT.Description:
            return card_wires(scene.graph, node)
        return tr(scene.graph.by_id[node].layer.summary) if kind == _TEXT.Help else ""

    def setText(self, kind: QAccessible.Text, text: str) -> None:
        """Change nothing: layers are renamed in the inspector and in the outline."""

    def rect(self) -> QRect:
        """Return the card's place on the screen."""
        return card_on_screen(self._card.view, self._card.node) if self.isValid() else QRect()

    def role(self) -> QAccessible.Role:
        """Return what a card is: an item of the list."""
        return _ROLE.ListItem

    def state(self) -> QAccessible.State:
        """Return whether the card is selected, has the focus, is wrong, and is in view."""
        state, view, node = QAccessible.State(), self._card.view, self._card.node
        if not self.isValid():
            state.invalid = True
            return state
        viewport = view.viewport()
        seen = QRect(viewport.mapToGlobal(QPoint(0, 0)), viewport.size()).intersects(self.rect())
        for name, value in (
            ("focusable", True),
            ("selectable", True),
            ("multiSelectable", True),
            ("extSelectable", True),
            ("selected", node in view.canvas.selected_cards()),
            ("focused", node == view.cards.focused),
            ("offscreen", not seen),
        ):
            setattr(state, name, value)
        return state


def card_on_screen(view: CanvasView, node: str) -> QRect:
    """Return where on the screen a card is, in view or not."""
    place = view.mapFromScene(card_rect(view.canvas.places[node])).boundingRect()
    return place.translated(view.viewport().mapToGlobal(QPoint(0, 0)))


@cache
def _install() -> None:
    QAccessible.installFactory(_interface)


def _interface(class_name: str, of: QObject) -> QAccessibleInterface | None:
    """Return the interface of what this module knows; Qt has those of all else."""
    if isinstance(of, CardObject):
        return _kept(AccessibleCard(of))
    return _kept(AccessibleCanvas(cast("CanvasView", of))) if class_name == "CanvasView" else None


def _kept(interface: QAccessibleInterface) -> QAccessibleInterface:
    """Keep an interface for as long as Qt has it.

    Qt deletes it when its object goes, but Python believes to own it: let go of earlier, it would be deleted twice.
    """
    if len(_alive) % _SWEEP == 0:
        _alive[:] = [one for one in _alive if isValid(one)]
    _alive.append(interface)
    return interface
