"""Input fields for a form in a scrolling panel, but for those of numbers (`number_fields`).

They differ from Qt's own in three ways: the wheel scrolls the panel unless the field has the focus; undo and redo are
left to the window, whose history holds each step; and their marks (arrows, ticks) are drawn in the theme's colours.
"""

from PySide6.QtCore import QEvent, QPoint, QPointF, QRectF, QSignalBlocker, QSize, Qt
from PySide6.QtGui import (
    QColor,
    QKeyEvent,
    QKeySequence,
    QPainter,
    QPaintEvent,
    QPen,
    QPolygonF,
    QWheelEvent,
)
from PySide6.QtWidgets import (
    QCheckBox,
    QComboBox,
    QLineEdit,
    QPlainTextEdit,
    QStyle,
    QStyleOptionComboBox,
    QWidget,
)

from designer import theme
from engine.language import tr

_BOX = 16  # side of a check box
MIXED = "—"  # what a field shows that stands for several values
HEIGHT = 28  # of a field of one line


class LineBox(QLineEdit):
    """One line of text."""

    def __init__(self) -> None:
        super().__init__()
        self.setFixedHeight(HEIGHT)

    def event(self, event: QEvent) -> bool:
        """Leave undo and redo to the window."""
        return left_to_window(event) or super().event(event)


class ComboBox(QComboBox):
    """A choice among few."""

    def __init__(self, choices: tuple[str, ...] = ()) -> None:
        super().__init__()
        self.addItems(list(choices))
        self.setPlaceholderText(MIXED)  # shown where no choice is current
        self.setProperty("arrows", "painted")
        self.view().setAccessibleName(tr("Choices"))
        self.setFixedHeight(HEIGHT)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setMinimumContentsLength(4)
        self.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)

    def wheelEvent(self, event: QWheelEvent) -> None:
        """Step only with the focus."""
        if self.hasFocus():
            super().wheelEvent(event)
        else:
            event.ignore()

    def initStyleOption(self, option: QStyleOptionComboBox) -> None:
        """Show with an ellipsis that a choice is longer than the field."""
        super().initStyleOption(option)
        part = QStyle.SubControl.SC_ComboBoxEditField
        room = self.style().subControlRect(QStyle.ComplexControl.CC_ComboBox, option, part, self).width()
        if not self.itemIcon(self.currentIndex()).isNull():
            room -= self.iconSize().width() + 4
        shown = self.fontMetrics().elidedText(self.currentText(), Qt.TextElideMode.ElideRight, room)
        option.currentText = shown

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw the arrow over the field."""
        super().paintEvent(event)
        painter = QPainter(self)
        paint_chevron(painter, QPointF(self.width() - 13, self.height() / 2), 4, down=True, colour=arrow_colour(self))
        painter.end()


class CheckBox(QCheckBox):
    """Yes or no, or mixed where it stands for several; a click on a mixed one says yes to all."""

    def __init__(self, text: str = "") -> None:
        super().__init__(text)
        self.mixed = False
        self.toggled.connect(self._settled)

    def show_tick(self, ticked: bool | None) -> None:
        """Show yes, no, or None for mixed, without telling anybody."""
        self.mixed = ticked is None
        with QSignalBlocker(self):
            self.setChecked(bool(ticked))
        self.update()

    def _settled(self) -> None:
        self.mixed = False

    def sizeHint(self) -> QSize:
        """Return room for the box and the words."""
        return QSize(_BOX + 8 + self.fontMetrics().horizontalAdvance(self.text()), HEIGHT)

    def hitButton(self, pos: QPoint) -> bool:
        """Take clicks anywhere on the widget."""
        return True

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw a box in the theme's colours, ticked or not, and the words."""
        colours = theme.current()
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        box = QRectF(0.5, (self.height() - _BOX) / 2 + 0.5, _BOX - 1, _BOX - 1)
        ticked = self.isChecked() or self.mixed
        outline = colours.accent if ticked != self.hasFocus() else colours.text if ticked else colours.muted
        painter.setPen(QPen(QColor(outline), 1.6 if self.hasFocus() else 1))
        painter.setBrush(QColor(colours.accent if ticked else colours.surface))
        painter.drawRoundedRect(box, 4, 4)
        if ticked:
            painter.setPen(QPen(QColor(colours.on_accent), 1.8, c=Qt.PenCapStyle.RoundCap, j=Qt.PenJoinStyle.RoundJoin))
            marks = ((4.0, 7.5), (11.0, 7.5)) if self.mixed else ((3.4, 7.8), (6.4, 10.8), (11.6, 4.8))
            painter.drawPolyline(QPolygonF([box.topLeft() + QPointF(*place) for place in marks]))
        painter.setPen(QColor(colours.text))
        words = self.rect().adjusted(_BOX + 8, 0, 0, 0)
        painter.drawText(words, Qt.AlignmentFlag.AlignVCenter, self.text())
        painter.end()


class TextBox(QPlainTextEdit):
    """Several lines of text."""

    def __init__(self) -> None:
        super().__init__()
        self.setTabChangesFocus(True)
        self.setLineWrapMode(QPlainTextEdit.LineWrapMode.NoWrap)
        self.document().setDocumentMargin(0)

    def event(self, event: QEvent) -> bool:
        """Leave undo and redo to the window."""
        return left_to_window(event) or super().event(event)


def left_to_window(event: QEvent) -> bool:
    """Whether an event asks a field if it wants undo or redo for itself; then it is told no."""
    if event.type() != QEvent.Type.ShortcutOverride or not isinstance(event, QKeyEvent):
        return False
    if not (event.matches(QKeySequence.StandardKey.Undo) or event.matches(QKeySequence.StandardKey.Redo)):
        return False
    event.ignore()
    return True


def arrow_colour(field: QWidget) -> str:
    """Return the colour of a field's arrows, which are plainer while it is left alone."""
    colours = theme.current()
    return colours.text if field.underMouse() or field.hasFocus() else colours.muted


def paint_chevron(painter: QPainter, middle: QPointF, half: float, *, down: bool, colour: str) -> None:
    """Paint the arrow of a field."""
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(QPen(QColor(colour), 1.4, c=Qt.PenCapStyle.RoundCap, j=Qt.PenJoinStyle.RoundJoin))
    tip = half / 2 if down else -half / 2
    ends = (QPointF(-half, -tip), QPointF(0, tip), QPointF(half, -tip))
    painter.drawPolyline(QPolygonF([middle + end for end in ends]))
