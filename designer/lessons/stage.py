"""Where a scene is painted: follows the player, takes clicks and keys."""

import numpy as np
from PySide6.QtCore import QEvent, QRectF, QSize, QSizeF, Qt, Signal
from PySide6.QtGui import QColor, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QWidget

from designer import theme
from designer.lessons import arithmetic
from designer.lessons.player import Player
from designer.lessons.scene import Scene
from engine.language import tr, tr_noop

_KEYS = {
    Qt.Key.Key_Space: "toggle",
    Qt.Key.Key_Left: "back",
    Qt.Key.Key_Right: "forward",
    Qt.Key.Key_Home: "start",
    Qt.Key.Key_End: "end",
    Qt.Key.Key_Plus: "faster",
    Qt.Key.Key_Equal: "faster",
    Qt.Key.Key_Minus: "slower",
    Qt.Key.Key_Up: "previous_map",
    Qt.Key.Key_Down: "next_map",
}

# As the sheet of all keys shows them.
STAGE_KEYS: tuple[tuple[tuple[str, ...], str], ...] = (
    (("Space",), tr_noop("Play or pause")),
    (("←", "→"), tr_noop("One step back, or forward")),
    (("Home", "End"), tr_noop("To the first step, or the last")),
    (("+", "−"), tr_noop("Faster, or slower")),
    (("↑", "↓"), tr_noop("Fill the map before, or the next one")),
)


class Stage(QWidget):
    """Paints the step that the player is at.

    Signals
    -------
    asked
        The name of what a key asks for, such as ``"toggle"``.
    """

    asked = Signal(str)

    def __init__(self, player: Player) -> None:
        super().__init__()
        self._player = player
        self._scene: Scene | None = None
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setMouseTracking(True)
        self.setMinimumSize(360, 220)
        self.setAccessibleName(tr("Layer step by step"))
        player.moved.connect(self.update)

    @property
    def scene(self) -> Scene | None:
        """What is shown."""
        return self._scene

    def set_scene(self, scene: Scene | None) -> None:
        """Show a scene."""
        self._scene = scene
        if scene is not None:
            scene.lay_out(QSizeF(self.size()))
        self.update()

    def describe(self) -> str:
        """Return the step in words, for those who hear it."""
        if self._scene is None:
            return ""
        step = self._scene.steps[self._player.step]
        place = ", ".join(map(str, step.index))
        words = "".join(word.text for word in arithmetic.words(step))
        return tr("Value ({place}): {arithmetic}", place=place, arithmetic=words)

    def sizeHint(self) -> QSize:
        """Return a size at which the numbers of most layers can be read."""
        return QSize(1120, 560)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the step."""
        painter = QPainter(self)
        paint(painter, self._scene, QSizeF(self.size()), self._player.step, self._player.glide)
        if self.hasFocus():
            painter.setPen(QColor(theme.current().accent))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRect(QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5))
        painter.end()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Lay the scene out anew."""
        super().resizeEvent(event)
        if self._scene is not None:
            self._scene.lay_out(QSizeF(self.size()))

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Jump to what was clicked; a drag scrubs over the maps."""
        if event.button() == Qt.MouseButton.LeftButton:
            self._jump(event)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Show where a click leads somewhere."""
        if event.buttons() & Qt.MouseButton.LeftButton:
            self._jump(event)
        leads = self._scene is not None and self._scene.hit(event.position()) is not None
        self.setCursor(Qt.CursorShape.PointingHandCursor if leads else Qt.CursorShape.ArrowCursor)

    def event(self, event: QEvent) -> bool:
        """Keep the keys that it knows from the window's shortcuts while it has the focus."""
        if event.type() == QEvent.Type.ShortcutOverride and isinstance(event, QKeyEvent) and _name(event) is not None:
            event.accept()
            return True
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Pass on what a key asks for."""
        name = _name(event)
        if name is None:
            super().keyPressEvent(event)
        else:
            self.asked.emit(name)

    def _jump(self, event: QMouseEvent) -> None:
        number = self._scene.hit(event.position()) if self._scene is not None else None
        if number is not None:
            self._player.pause()
            self._player.go(number)


def paint(painter: QPainter, scene: Scene | None, size: QSizeF, step: int, glide: float = 1.0) -> None:
    """Paint a step of a scene that is laid out for a size."""
    painter.fillRect(QRectF(0, 0, size.width(), size.height()), QColor(theme.current().surface))
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    if scene is not None and len(scene.steps):
        with np.errstate(all="ignore"):  # sums of inf and nan are shown as what they are
            scene.paint(painter, scene.steps[step], glide)


def _name(event: QKeyEvent) -> str | None:
    plain = event.modifiers() & ~(Qt.KeyboardModifier.KeypadModifier | Qt.KeyboardModifier.ShiftModifier)
    return None if plain else _KEYS.get(Qt.Key(event.key()))
