"""The button that applies a fix; a long title goes on in a second line."""

from PySide6.QtCore import QRect, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFontMetrics, QKeyEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QAbstractButton, QSizePolicy

from designer import theme
from engine import Fix

_ICON = 13
_SIDE = 8
_TOP = 4
_GAP = 5
_LEAST_WIDTH = 96
_WRAPPED = Qt.TextFlag.TextWordWrap | Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter


class FixButton(QAbstractButton):
    """Shows a fix's title; whoever owns it applies the fix."""

    def __init__(self, fix: Fix) -> None:
        super().__init__()
        self.show_fix(fix)
        self.setFont(theme.font(9))
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        policy = QSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Preferred)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)

    def show_fix(self, fix: Fix) -> None:
        """Offer another fix; who had the focus to apply the one before must not apply this one unseen."""
        self.clearFocus()
        self.fix = fix
        self.setText(fix.title)

    def sizeHint(self) -> QSize:
        """Return the size of the title on one line."""
        metrics = QFontMetrics(self.font())
        return QSize(_around() + metrics.horizontalAdvance(self.text()) + 1, metrics.height() + 2 * _TOP)

    def minimumSizeHint(self) -> QSize:
        """Return a width that most words fit into."""
        return QSize(_LEAST_WIDTH, self.sizeHint().height())

    def hasHeightForWidth(self) -> bool:
        """Say that the title wraps."""
        return True

    def heightForWidth(self, width: int) -> int:
        """Return the height of the wrapped title."""
        room = QRect(0, 0, max(1, width - _around()), 10_000)
        return QFontMetrics(self.font()).boundingRect(room, int(_WRAPPED), self.text()).height() + 2 * _TOP

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Let Enter press the button, as Space does."""
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.click()
        else:
            super().keyPressEvent(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw the button."""
        colours = theme.current()
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        background = colours.selection if self.isDown() else colours.hover if self.underMouse() else colours.raised
        painter.setBrush(QColor(background))
        painter.setPen(QPen(QColor(colours.accent if self.hasFocus() else colours.border), 1))
        painter.drawRoundedRect(QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5), 5, 5)
        line = QFontMetrics(self.font()).height()
        icon = theme.pixmap("fix", _ICON, colours.accent, self.devicePixelRatioF())
        painter.drawPixmap(_SIDE, _TOP + (line - _ICON) // 2, icon)
        painter.setPen(QColor(colours.text))
        painter.drawText(self.rect().adjusted(_around() - _SIDE, 0, -_SIDE, 0), int(_WRAPPED), self.text())
        painter.end()


def _around() -> int:
    return _SIDE + _ICON + _GAP + _SIDE
