"""The largest parts of a sum, one row each: the layer, its part, and a bar as long as its share."""

from collections.abc import Callable, Sequence

from PySide6.QtCore import QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QFontMetricsF, QKeyEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QAbstractButton, QLabel, QVBoxLayout, QWidget

from designer import theme
from designer.wording import percent
from engine import Share
from engine.language import tr, tr_count

MOST = 8
_ROW = 24
_SHARE_WIDTH = 52.0


class SharesList(QWidget):
    """Rows to look at and to choose from; ``chosen`` carries the layer of a row that was pressed."""

    chosen = Signal(str)

    def __init__(self) -> None:
        super().__init__()
        self._layout = QVBoxLayout(self)
        self._layout.setContentsMargins(0, 0, 0, 0)
        self._layout.setSpacing(2)
        self.rows = tuple(ShareRow() for _ in range(MOST))
        self.rest = QLabel()
        self.rest.setProperty("role", "muted")
        for row in self.rows:
            row.clicked.connect(self._row_clicked)
            self._layout.addWidget(row)
        self._layout.addWidget(self.rest)

    def show_shares(self, found: Sequence[Share], label: Callable[[str], str], text: Callable[[int], str]) -> None:
        """Show the first of some parts, and what all others come to."""
        total = sum(share.value for share in found)
        for row, share in zip(self.rows, found, strict=False):
            row.show_share(share, label(share.node), text(share.value), share.value / total)
        for place, row in enumerate(self.rows):
            row.setVisible(place < len(found))
        others = found[MOST:]
        layers = tr_count("{count:,} other layer", "{count:,} other layers", len(others))
        self.rest.setText(f"{layers}: {text(sum(share.value for share in others))}" if others else "")
        self.rest.setVisible(bool(others))

    def _row_clicked(self) -> None:
        row = self.sender()
        if isinstance(row, ShareRow):
            self.chosen.emit(row.node)


class ShareRow(QAbstractButton):
    """One layer's part of a sum."""

    def __init__(self) -> None:
        super().__init__()
        self.node = ""
        self._value = ""
        self._share = 0.0
        self.setFixedHeight(_ROW)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setToolTip(tr("Select this layer"))

    @property
    def percent(self) -> str:
        """The share, as it is written."""
        return percent(self._share)

    def show_share(self, share: Share, label: str, value: str, part: float) -> None:
        """Show a layer's part."""
        self.node, self._value, self._share = share.node, value, part
        self.setText(label)
        self.setAccessibleName(f"{label}: {value}, {self.percent}")
        self.update()

    def sizeHint(self) -> QSize:
        """Return the height of a row."""
        return QSize(200, _ROW)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Let Enter press it, as Space does."""
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.click()
        else:
            super().keyPressEvent(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw the bar, and the words in front of it."""
        colours, painter = theme.current(), QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        area = QRectF(self.rect())
        if self.underMouse() or self.hasFocus():
            painter.setBrush(QColor(colours.hover))
            painter.drawRoundedRect(area, 4, 4)
        painter.setBrush(QColor(colours.selection))
        painter.drawRoundedRect(QRectF(0, 0, max(3.0, area.width() * self._share), area.height()), 4, 4)
        words = area.adjusted(7, 0, -7, 0)
        painter.setFont(theme.font(9.5))
        metrics = QFontMetricsF(painter.font())
        middle, right = Qt.AlignmentFlag.AlignVCenter, Qt.AlignmentFlag.AlignRight
        painter.setPen(QColor(colours.muted))
        painter.drawText(words, middle | right, self.percent)
        numbers = words.adjusted(0, 0, -_SHARE_WIDTH, 0)
        painter.setPen(QColor(colours.text))
        painter.drawText(numbers, middle | right, self._value)
        room = numbers.width() - metrics.horizontalAdvance(self._value) - 10
        painter.drawText(words, middle, metrics.elidedText(self.text(), Qt.TextElideMode.ElideRight, room))
        painter.end()
