"""The pointer on the canvas: which gesture a press begins, and what hovering shows."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QMouseEvent, QPainter
from PySide6.QtWidgets import QApplication

from designer.canvas.card_figures import figure_at
from designer.canvas.dots import Dot
from designer.canvas.gestures.base import At, Gesture
from designer.canvas.gestures.box_select import BoxSelectGesture
from designer.canvas.gestures.dot import DotGesture
from designer.canvas.gestures.group import ChevronGesture, FrameGesture
from designer.canvas.gestures.move import DuplicateGesture, MoveGesture
from designer.canvas.gestures.pan import PanGesture
from designer.canvas.gestures.wire import Ask, WireGesture
from designer.canvas.hits import Hit, hit

if TYPE_CHECKING:
    from designer.canvas.dot_commands import DotCommands
    from designer.canvas.editor import Editor
    from designer.canvas.group_commands import GroupCommands
    from designer.canvas.scene import CanvasScene
    from designer.canvas.zoom_view import ZoomView
    from engine import Edge

_EXTEND = Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.ShiftModifier


class Pointer:
    """Turns the events of a mouse into gestures; at most one is in progress."""

    def __init__(
        self,
        view: ZoomView,
        scene: CanvasScene,
        editor: Editor,
        *,
        ask: Ask,
        groups: GroupCommands,
        dots: DotCommands,
    ) -> None:
        self.place: QPoint | None = None  # where the pointer is on the view; None where it is elsewhere
        self.selected_before: tuple[str, ...] = ()  # what was selected when a button was last pressed
        self._ask = ask
        self._view = view
        self._groups = groups
        self._dots = dots
        self._scene = scene
        self._editor = editor
        self._gesture: Gesture | None = None
        self._dragging = False
        self._pressed = QPoint()
        self._button = Qt.MouseButton.NoButton
        self._panning = False  # Space is held

    @property
    def gesture(self) -> Gesture | None:
        """The gesture in progress."""
        return self._gesture

    def press(self, event: QMouseEvent) -> None:
        """Begin the gesture that belongs to what is under the pointer."""
        if self._gesture is not None:
            if self._button is Qt.MouseButton.NoButton:
                self.finish()
            return
        at = self._at(event)
        self.selected_before = self._scene.document.selection.nodes
        self._gesture = self._gesture_for(event.button(), at)
        self._dragging = False
        self._pressed = at.screen
        self._button = event.button()
        if isinstance(self._gesture, PanGesture):
            self._start()

    def move(self, event: QMouseEvent) -> None:
        """Drag on, or hover."""
        at = self._at(event)
        if self._gesture is None:
            self._hover(at.scene)
            return
        if not self._dragging:
            if (at.screen - self._pressed).manhattanLength() < QApplication.startDragDistance():
                return
            self._start()
        self._gesture.move(at)
        self._view.viewport().update()

    def release(self, event: QMouseEvent) -> None:
        """End the gesture that the button began."""
        if self._gesture is None or event.button() != self._button:
            return
        gesture, dragged = self._take()
        if dragged:
            gesture.end()
        else:
            gesture.click()
        self._hover(self._at(event).scene)

    def clicks(self, event: QMouseEvent) -> bool:
        """Whether a release ends a plain click on a card."""
        plain = event.modifiers() == Qt.KeyboardModifier.NoModifier and event.button() == Qt.MouseButton.LeftButton
        return plain and isinstance(self._gesture, MoveGesture) and not self._dragging

    def cancel(self) -> bool:
        """Undo what the gesture in progress shows; return whether there was one."""
        if self._gesture is None:
            return False
        gesture, dragged = self._take()
        if dragged:
            gesture.cancel()
        return True

    def begin(self, gesture: Gesture) -> None:
        """Begin a gesture that no button holds: keys drive it, and the pointer may join in."""
        self.cancel()
        self._gesture, self._button = gesture, Qt.MouseButton.NoButton
        self._start()

    def finish(self) -> None:
        """End the gesture in progress where it stands."""
        gesture, _ = self._take()
        gesture.end()

    def leave(self) -> None:
        """Stop hovering."""
        self.place = None
        if self._gesture is None:
            self._scene.hover(Hit())

    def set_panning(self, panning: bool) -> None:
        """Let the left button pan while Space is held."""
        self._panning = panning
        if self._gesture is None:
            self._show_cursor(Qt.CursorShape.OpenHandCursor if panning else None)

    def paint(self, painter: QPainter) -> None:
        """Paint what the gesture in progress shows."""
        if self._gesture is not None and self._dragging:
            self._gesture.paint(painter, self._scene.zoom)

    def _gesture_for(self, button: Qt.MouseButton, at: At) -> Gesture | None:
        if button == Qt.MouseButton.MiddleButton or (button == Qt.MouseButton.LeftButton and self._panning):
            return PanGesture(at.screen, self._view.pan)
        if button != Qt.MouseButton.LeftButton:
            return None
        found, alt = hit(self._scene, at.scene), bool(at.modifiers & Qt.KeyboardModifier.AltModifier)
        if found.node is not None and found.port is not None:
            return WireGesture(self._scene, self._editor, found.node, found.port, ask=self._ask, unplug=alt)
        if found.node is not None or found.frame is not None:
            begin = partial(self._moving, found, at)
            return ChevronGesture(begin, partial(self._groups.toggle_at, found)) if found.chevron else begin()
        if found.edge is not None:
            return self._on_wire(found.edge, found.dot, at, alt=alt)
        return BoxSelectGesture(self._scene, at.scene, extend=bool(at.modifiers & _EXTEND))

    def _on_wire(self, wire: Edge, dot: Dot | None, at: At, *, alt: bool) -> Gesture | None:
        """Answer a press on a wire, or begin to drag a dot on it."""
        if dot is not None and not alt:
            return DotGesture(self._scene, self._editor, wire, dot, at)
        if dot is not None:
            self._dots.remove([dot])
        elif alt:
            self._editor.disconnect(wire)
        else:
            self._scene.select_edge(wire)
        return None

    def _moving(self, found: Hit, at: At) -> MoveGesture:
        if found.frame is not None:
            return FrameGesture(self._scene, self._editor, found.frame, at)
        alt = at.modifiers & Qt.KeyboardModifier.AltModifier
        return (DuplicateGesture if alt else MoveGesture)(self._scene, self._editor, found.node or "", at)

    def _start(self) -> None:
        if self._gesture is None:
            return
        self._dragging = True
        self._scene.hover(Hit())
        self._gesture.start()
        self._show_cursor(self._gesture.cursor)

    def _take(self) -> tuple[Gesture, bool]:
        """Let go of the gesture in progress; return it and whether it was dragged."""
        gesture, dragged = self._gesture or Gesture(), self._dragging
        self._gesture, self._dragging = None, False
        self._show_cursor(Qt.CursorShape.OpenHandCursor if self._panning else None)
        self._view.viewport().update()
        return gesture, dragged

    def _hover(self, at: QPointF) -> None:
        found = hit(self._scene, at)
        self._scene.hover(found)
        if not self._panning:
            figure = figure_at(self._scene, found.node, at) if found.port is None else None
            hand = Qt.CursorShape.PointingHandCursor if found.chevron or figure is not None else None
            if found.dot is not None:
                hand = Qt.CursorShape.SizeAllCursor
            self._show_cursor(Qt.CursorShape.CrossCursor if found.port is not None else hand)

    def _show_cursor(self, shape: Qt.CursorShape | None) -> None:
        if shape is None:
            self._view.viewport().unsetCursor()
        else:
            self._view.viewport().setCursor(shape)

    def _at(self, event: QMouseEvent) -> At:
        screen = event.position().toPoint()
        self.place = screen
        return At(self._view.mapToScene(screen), screen, event.modifiers())
