"""What is said when an exercise is solved: a quiet green card that fades in."""

from PySide6.QtCore import QAbstractAnimation, QRectF, QSize, Qt, QVariantAnimation
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QShowEvent
from PySide6.QtWidgets import QHBoxLayout, QLabel, QSizePolicy, QStyle, QWidget

from designer import theme

_ICON = 20
_FADE_MS = 350
_TINT, _EDGE = 30, 90  # opacities of 255


class Praise(QWidget):
    """An icon and a sentence on a tinted ground."""

    def __init__(self) -> None:
        super().__init__()
        self.words = QLabel()
        self.words.setWordWrap(True)
        self.words.setTextFormat(Qt.TextFormat.PlainText)
        self.words.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        row = QHBoxLayout(self)
        row.setContentsMargins(_ICON + 20, 9, 10, 9)
        row.addWidget(self.words)
        self._shown = 1.0
        self._fade = QVariantAnimation(self, duration=_FADE_MS, startValue=0.0, endValue=1.0)
        self._fade.valueChanged.connect(self._set_shown)

    def say(self, text: str) -> None:
        """Show another sentence."""
        self.words.setText(text)
        self.setAccessibleName(text)

    def minimumSizeHint(self) -> QSize:
        """Return room for the icon."""
        return QSize(100, _ICON + 16)

    def showEvent(self, event: QShowEvent) -> None:
        """Fade in, where the desktop has animations."""
        super().showEvent(event)
        if event.spontaneous():
            return
        if self.style().styleHint(QStyle.StyleHint.SH_Widget_Animation_Duration) > 0:
            self._fade.start(QAbstractAnimation.DeletionPolicy.KeepWhenStopped)
        else:
            self._set_shown(1.0)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw the ground and the icon."""
        colour = QColor(theme.current().ok)
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setOpacity(self._shown)
        ground, edge = QColor(colour), QColor(colour)
        ground.setAlpha(_TINT)
        edge.setAlpha(_EDGE)
        painter.setBrush(ground)
        painter.setPen(edge)
        painter.drawRoundedRect(QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5), 8, 8)
        icon = theme.pixmap("ok", _ICON, colour.name(), self.devicePixelRatioF())
        painter.drawPixmap(11, (self.height() - _ICON) // 2, icon)
        painter.end()

    def _set_shown(self, shown: object) -> None:
        self._shown = float(shown) if isinstance(shown, float) else 1.0
        self.update()
