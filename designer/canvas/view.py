"""The canvas as a widget: keys, menus, drops, and the commands that a window offers."""

from collections.abc import Iterable, Sequence

from PySide6.QtCore import QEvent, QPointF, QRect, QRectF, Qt, Signal
from PySide6.QtGui import (
    QContextMenuEvent,
    QDragEnterEvent,
    QDragLeaveEvent,
    QDragMoveEvent,
    QDropEvent,
    QFocusEvent,
    QHelpEvent,
    QKeyEvent,
    QMouseEvent,
)
from PySide6.QtWidgets import QToolTip, QWidget

from designer.canvas.accessible import AccessibleCards
from designer.canvas.card_figures import figure_at
from designer.canvas.clipping import Clipping
from designer.canvas.dot_commands import DotCommands
from designer.canvas.drops import LayerDrops
from designer.canvas.editor import Editor
from designer.canvas.find_bar import FindBar
from designer.canvas.framing import united
from designer.canvas.geometry import CARD_WIDTH, Place, card_rect, snapped
from designer.canvas.gestures.base import Gesture
from designer.canvas.group_commands import GroupCommands
from designer.canvas.hits import hit
from designer.canvas.keyboard import Keyboard
from designer.canvas.keys import CanvasKey
from designer.canvas.menus import menu_at
from designer.canvas.painted_view import PaintedView
from designer.canvas.pointer import Pointer
from designer.canvas.quick_add import QuickAdd
from designer.canvas.scene import CanvasScene
from designer.canvas.sights import Sights
from designer.canvas.tooltips import tooltip_at
from designer.document import Document
from designer.mime import block_named, default_layers
from engine import Edge, Figure, Fix
from engine.language import tr

_FROM_TOP = 40  # pixels from the view's top edge to the first card of an empty canvas


class CanvasView(PaintedView):
    """The network of a document, to look at and to edit.

    Signals
    -------
    activated
        The id of a node that was double-clicked, or that Enter was pressed on.
    figure_activated
        A node, the figure of it that was clicked on its card, and where that is on the screen.
    sum_activated
        A figure that was clicked on a collapsed group's card, where that is on the screen, and the nodes that it sums.
    kernels_asked
        The selected layer's kernels shall be edited.
    zoom_changed
        The new scale; 1 is 100 %.
    told
        A sentence for the status bar.
    """

    activated = Signal(str)
    told = Signal(str)
    figure_activated = Signal(str, object, QRect)
    sum_activated = Signal(object, QRect, object)
    kernels_asked = Signal()

    def __init__(self, document: Document, parent: QWidget | None = None) -> None:
        # Qt calls overridden methods while it builds the view: what they use must be there before.
        self._document = document
        self._scene = CanvasScene(document)
        self._editor = Editor(document, self._scene)
        self.groups = GroupCommands(document, self._scene)
        self.dots = DotCommands(self._scene, self._editor)
        self._pointer = Pointer(
            self,
            self._scene,
            self._editor,
            ask=lambda *wire: self.quick_add.ask_for_wire(*wire),
            groups=self.groups,
            dots=self.dots,
        )
        self._drops = LayerDrops(self, self._scene, self._editor)
        self.sights = Sights(self, self._scene)
        super().__init__(self._scene, parent)
        self.groups.attach(self)
        self.dots.setParent(self)
        self.sights.minimap.watch()
        self.clipping = Clipping(self, document, self._editor)
        for speaker in (self.clipping, self.groups, self.dots):
            speaker.told.connect(self.told)
        self.quick_add = QuickAdd(self, self._scene, self._editor)
        for tool in (self.clipping, self.quick_add):
            tool.added.connect(self._shown)
        self._keyboard = Keyboard(self, self._scene, self._editor, self._pointer)
        self.cards = AccessibleCards(self, self._scene)
        self.find_bar = FindBar(self, self._scene)
        self._scene.setParent(self)
        self._scene.loaded.connect(self.fit_all)
        self._scene.changing.connect(self._pointer.cancel)
        self.setAcceptDrops(True)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.viewport().setMouseTracking(True)
        self.setAccessibleName(tr("Network canvas"))
        self.setAccessibleDescription(tr("The layers of the network and the wires between them"))

    @property
    def canvas(self) -> CanvasScene:
        """The scene with the cards and wires."""
        return self._scene

    @property
    def keys(self) -> tuple[CanvasKey, ...]:
        """The table of the canvas's keys."""
        return self._keyboard.keys

    @property
    def gesture(self) -> Gesture | None:
        """The gesture in progress."""
        return self._pointer.gesture

    # Commands

    def add_layers(self, types: Sequence[str]) -> tuple[str, ...]:
        """Add layers or a block below the selected one (or the last), wired where it makes sense; return their ids."""
        top = self.mapToScene(self.viewport().rect().center().x(), _FROM_TOP)
        origin = snapped(top.x() - CARD_WIDTH / 2, top.y())
        block = block_named(types)
        if block is not None:
            return self._shown(self._editor.add_block_to_selection(block, origin))
        return self._shown(self._editor.add_to_selection(default_layers(types), origin))

    def add_layer_at(self, name: str, at: Place) -> tuple[str, ...]:
        """Add a layer with its top left corner at a point of the canvas, wired to nothing; return its id."""
        return self._shown(self._editor.add(default_layers([name]), at=at))

    def apply_fix(self, fix: Fix) -> None:
        """Mend a mistake as one step; what the fix inserts finds room."""
        before = set(self._scene.nodes)
        self._editor.apply_fix(fix)
        self._shown(tuple(node for node in self._scene.nodes if node not in before))

    def delete_selection(self) -> None:
        """Remove the selected layers and dots, or the selected wire."""
        if self._scene.dots.selected and not self._document.selection.nodes:
            self.dots.remove(self._scene.dots.selected)
        else:
            self._editor.delete_selected()

    def bypass_selection(self) -> None:
        """Remove the selected layers and wire what fed each to all that it fed; dots alone are removed."""
        if self._document.selection.nodes:
            self._editor.bypass(self._document.selection.nodes)
        else:
            self.dots.remove(self._scene.dots.selected)

    @property
    def pointed(self) -> QPointF | None:
        """The point of the canvas under the pointer; None where that is elsewhere."""
        return None if self._pointer.place is None else self.mapToScene(self._pointer.place)

    def remove_wire(self, edge: Edge) -> None:
        """Remove a wire."""
        self._editor.disconnect(edge)

    def select_all(self) -> None:
        """Select all layers."""
        self._document.selection.select(node.id for node in self._document.graph.nodes)

    def frame_selection(self) -> None:
        """Show what is selected as large as it fits; everything where nothing is."""
        selected = united([self._rect_of(self._document.selection.nodes), *self._dots_around()])
        if selected.isNull():
            self.fit_all()
        else:
            self.frame(selected)

    def reveal_node(self, node: str) -> None:
        """Bring a layer into view, moving the canvas as little as possible; collapsed groups around it are expanded."""
        self.groups.expand_around(node)
        self.reveal(self._rect_of([node]))

    def reveal_card(self, card: str) -> None:
        """Bring a card into view, moving the canvas as little as possible."""
        self.reveal(card_rect(self._scene.places[card]))

    def reveal_dots(self) -> None:
        """Bring the selected dots into view, moving the canvas as little as possible."""
        self.reveal(united(self._dots_around()))

    def auto_layout(self) -> None:
        """Lay out the selected layers anew, or with fewer than two the whole network, as one step."""
        self._editor.arrange()

    def escape(self) -> None:
        """Cancel the gesture in progress; where there is none, select nothing."""
        if not self._pointer.cancel():
            self._document.selection.select(())
            self._scene.dots.select(())
            self._scene.select_edge(None)

    def content_rect(self) -> QRectF:
        """Return the rectangle around all cards and wires."""
        return self._scene.content_rect()

    # Events

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Begin a gesture."""
        self._pointer.press(event)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Follow a gesture, or hover."""
        self._pointer.move(event)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """End a gesture; a click on a number asks about it."""
        clicked = self._pointer.clicks(event)
        self._pointer.release(event)
        at = self.mapToScene(event.position().toPoint())
        found = figure_at(self._scene, hit(self._scene, at).node, at) if clicked else None
        if found is not None:
            area = self.mapFromScene(found.rect).boundingRect()
            where = QRect(self.viewport().mapToGlobal(area.topLeft()), area.size())
            fold = self._scene.seen.folds.get(found.node)
            if fold is None:
                self.figure_activated.emit(found.node, found.figure, where)
            elif found.figure is Figure.PARAMETERS:
                self.sum_activated.emit(found.figure, where, fold.nodes)
            elif fold.outputs:
                self.figure_activated.emit(fold.outputs[0], found.figure, where)

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        """Collapse or expand a group, put a dot on a wire, or tell which card it was; beside all, ask for a layer."""
        at = self.mapToScene(event.position().toPoint())
        found = hit(self._scene, at)
        if event.button() == Qt.MouseButton.LeftButton and self.groups.double_clicked(found):
            return
        left = event.button() == Qt.MouseButton.LeftButton and self.gesture is None
        if found.edge is not None and found.dot is None and left:
            self.dots.add(found.edge, at)  # the press that follows holds it
        elif found.node is None and found.dot is None and left:
            self.quick_add.ask_at(at, self._pointer.selected_before)
            return
        if found.node is not None and event.button() == Qt.MouseButton.LeftButton:
            self.activated.emit(found.node)
        self._pointer.press(event)

    def leaveEvent(self, event: QEvent) -> None:
        """Stop hovering."""
        self._pointer.leave()
        super().leaveEvent(event)

    def focusNextPrevChild(self, next: bool) -> bool:
        """Let Tab ask for a layer; Shift+Tab leaves the canvas."""
        if not next:
            return super().focusNextPrevChild(next)
        self.quick_add.ask()
        return True

    def focusInEvent(self, event: QFocusEvent) -> None:
        """Show that the keyboard is here."""
        self._keyboard.focus_in(event)
        super().focusInEvent(event)
        self.cards.focus_changed()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        """Forget that Space was held: its release goes elsewhere."""
        self._pointer.set_panning(False)
        self._keyboard.focus_out()
        super().focusOutEvent(event)
        self.cards.focus_changed()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Run what a key is bound to."""
        if self._keyboard.press(event):
            return
        if event.key() == Qt.Key.Key_Space:
            if not event.isAutoRepeat():
                self._pointer.set_panning(True)
        else:
            event.ignore()  # a scroll area would scroll; the window may know the key

    def keyReleaseEvent(self, event: QKeyEvent) -> None:
        """Let the left button select again."""
        if event.key() == Qt.Key.Key_Space and not event.isAutoRepeat():
            self._pointer.set_panning(False)
        else:
            event.ignore()

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        """Open the menu of what is under the pointer; from the keyboard, of what is selected."""
        self._pointer.cancel()
        at = QPointF(event.pos())
        only = self._document.selection.only
        if event.reason() == QContextMenuEvent.Reason.Keyboard and only is not None:
            at = QPointF(self.mapFromScene(self._rect_of([only]).center()))
        menu = menu_at(self, at)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        menu.popup(self.viewport().mapToGlobal(at.toPoint()))

    def viewportEvent(self, event: QEvent) -> bool:
        """Show tooltips."""
        if isinstance(event, QHelpEvent) and event.type() == QEvent.Type.ToolTip:
            text = tooltip_at(self._scene, self.mapToScene(event.pos()))
            if text and self.gesture is None:
                QToolTip.showText(event.globalPos(), text, self.viewport())
            else:
                QToolTip.hideText()
            return True
        return super().viewportEvent(event)

    # Drops

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        """Welcome layers."""
        self._drops.enter(event)

    def dragMoveEvent(self, event: QDragMoveEvent) -> None:
        """Show where layers would go."""
        self._drops.move(event)

    def dragLeaveEvent(self, event: QDragLeaveEvent) -> None:
        """Forget layers that were taken away again."""
        self._drops.leave()

    def dropEvent(self, event: QDropEvent) -> None:
        """Add layers."""
        self._shown(self._drops.drop(event))
        self.setFocus(Qt.FocusReason.MouseFocusReason)

    # Helpers

    def _shown(self, nodes: tuple[str, ...]) -> tuple[str, ...]:
        """Bring new nodes into view and return them."""
        if nodes:
            self.reveal(self._rect_of(nodes))
        return nodes

    def _dots_around(self) -> list[QRectF]:
        """Return rectangles as large as cards around the selected dots."""
        dots = self._scene.dots
        return [
            card_rect((0, 0)).translated(rect.center() - card_rect((0, 0)).center())
            for rect in dots.rects(dots.selected)
        ]

    def _rect_of(self, nodes: Iterable[str]) -> QRectF:
        return united(card_rect(self._scene.places[card]) for card in self._scene.seen.cards(nodes))
