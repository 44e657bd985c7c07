"""One row of the problems: the finding, the layer it is about, and its fixes."""

from PySide6.QtCore import QEvent, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QEnterEvent, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QVBoxLayout, QWidget

from designer import theme
from designer.panels.finding_view import FindingView
from engine import Diagnostic, Fix
from engine.language import tr

_WIDEST_PLACE = 120


class ProblemRow(QWidget):
    """A finding that can have the focus.

    ``chosen`` says that the user wants to see the place, ``moved`` by how many rows the focus should go up or down.
    """

    chosen = Signal()
    moved = Signal(int)
    fix_requested = Signal(object)  # Fix

    def __init__(self, finding: Diagnostic, place: str) -> None:
        super().__init__()
        self._place = PlaceLabel()
        self.view = FindingView(finding, points=10, aside=self._place)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(10, 6, 10, 6)
        layout.addWidget(self.view)
        self.view.fix_requested.connect(self.fix_requested)
        self.show_finding(finding, place)

    @property
    def finding(self) -> Diagnostic:
        """What the row shows."""
        return self.view.finding

    @property
    def first_fix(self) -> Fix | None:
        """The fix that is offered first."""
        return self.finding.fixes[0] if self.finding.fixes else None

    def show_finding(self, finding: Diagnostic, place: str) -> None:
        """Show another finding, or another name of its layer."""
        self.view.show_finding(finding)
        self._place.show_place(place)
        name = self.view.accessibleName()
        self.setAccessibleName(tr("{problem}, at {layer}", problem=name, layer=place) if place else name)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Walk through the rows, or go to the place."""
        if event.key() in (Qt.Key.Key_Up, Qt.Key.Key_Down):
            self.moved.emit(1 if event.key() == Qt.Key.Key_Down else -1)
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.chosen.emit()
        else:
            super().keyPressEvent(event)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """Go to the place."""
        if event.button() == Qt.MouseButton.LeftButton and self.rect().contains(event.position().toPoint()):
            self.chosen.emit()

    def enterEvent(self, event: QEnterEvent) -> None:
        """Light up under the pointer."""
        self.update()

    def leaveEvent(self, event: QEvent) -> None:
        """Go dim again."""
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw the background of the row in its state."""
        colours = theme.current()
        if not (self.hasFocus() or self.underMouse()):
            return
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(QColor(colours.accent), 1) if self.hasFocus() else Qt.PenStyle.NoPen)
        painter.setBrush(QColor(colours.selection if self.hasFocus() else colours.hover))
        painter.drawRoundedRect(QRectF(self.rect()).adjusted(4.5, 1.5, -4.5, -1.5), 6, 6)
        painter.end()


class PlaceLabel(QWidget):
    """The name of a layer, shortened where it is long: most of the width is the sentence's."""

    def __init__(self) -> None:
        super().__init__()
        self._text = ""
        self.setFont(theme.font(9))
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)

    def show_place(self, text: str) -> None:
        """Show another name."""
        if text != self._text:
            self._text = text
            self.setToolTip(text)
            self.updateGeometry()
            self.update()

    def sizeHint(self) -> QSize:
        """Return the width of the name as far as it is granted."""
        metrics = self.fontMetrics()
        return QSize(min(_WIDEST_PLACE, metrics.horizontalAdvance(self._text) + 1), metrics.height() + 1)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw the name."""
        painter = QPainter(self)
        painter.setPen(QColor(theme.current().muted))
        text = self.fontMetrics().elidedText(self._text, Qt.TextElideMode.ElideMiddle, self.width())
        painter.drawText(self.rect(), Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignRight, text)
        painter.end()
