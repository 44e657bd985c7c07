"""Input fields for a form in a scrolling panel.

They differ from Qt's own in three ways: the wheel scrolls the panel unless the field has the focus; undo and redo are
left to the window, whose history holds each step; and their marks (arrows, ticks) are drawn in the theme's colours.
"""

from PySide6.QtCore import QEvent, QLocale, QPoint, QPointF, QRectF, QSize, Qt
from PySide6.QtGui import (
    QColor,
    QKeyEvent,
    QKeySequence,
    QPainter,
    QPaintEvent,
    QPen,
    QPolygonF,
    QValidator,
    QWheelEvent,
)
from PySide6.QtWidgets import (
    QAbstractSpinBox,
    QCheckBox,
    QComboBox,
    QDoubleSpinBox,
    QLineEdit,
    QPlainTextEdit,
    QSpinBox,
    QWidget,
)

from designer import theme

ENGLISH = QLocale(QLocale.Language.English, QLocale.Country.UnitedStates)  # as the panels write their numbers
LARGE = 10_000  # ranges from here on step by a tenth of the value's magnitude
_ARROWS = 16  # width of the part of a field that holds its arrows
_BOX = 16  # side of a check box
HEIGHT = 28  # of a field of one line
_MAX_INT = 2**31 - 1


_DECIMALS = 18  # so many that a box holds any number of a layer as it is


class SpinBox(QSpinBox):
    """A whole number."""

    def __init__(self, minimum: float | None, maximum: float | None, unit: str = "") -> None:
        super().__init__()
        _set_up(self)
        self.setRange(
            max(int(minimum), -_MAX_INT) if minimum is not None else -_MAX_INT,
            min(int(maximum), _MAX_INT) if maximum is not None else _MAX_INT,
        )
        self.setSuffix(f" {unit}" if unit else "")
        if self.maximum() >= LARGE:
            self.setGroupSeparatorShown(True)
        if self.maximum() > 2 * LARGE:
            self.setStepType(QAbstractSpinBox.StepType.AdaptiveDecimalStepType)

    def event(self, event: QEvent) -> bool:
        """Leave undo and redo to the window."""
        return left_to_window(event) or super().event(event)

    def wheelEvent(self, event: QWheelEvent) -> None:
        """Step only with the focus."""
        if self.hasFocus():
            super().wheelEvent(event)
        else:
            event.ignore()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw the arrows over the field."""
        super().paintEvent(event)
        _paint_spin_arrows(self)


class NumberBox(QDoubleSpinBox):
    """A number with decimals, written without trailing zeros."""

    def __init__(self, minimum: float | None, maximum: float | None, unit: str = "") -> None:
        super().__init__()
        _set_up(self)
        self.setDecimals(_DECIMALS)
        self.setRange(-1e9 if minimum is None else minimum, 1e9 if maximum is None else maximum)
        self.setSingleStep(0.05 if self.maximum() - self.minimum() <= 1 else 1.0)
        self.setSuffix(f" {unit}" if unit else "")

    def textFromValue(self, value: float) -> str:
        """Write the number as short as it can be, with an exponent where it is tiny."""
        return repr(value).removesuffix(".0")

    def valueFromText(self, text: str) -> float:
        """Read a number as people and programs write it: ``0.5``, ``1e-5``."""
        return float(text.removesuffix(self.suffix()))

    def validate(self, text: str, cursor: int) -> tuple[QValidator.State, str, int]:
        """Accept what is a number within the bounds; all else may become one."""
        try:
            inside = self.minimum() <= self.valueFromText(text) <= self.maximum()
        except ValueError:
            inside = False
        state = QValidator.State.Acceptable if inside else QValidator.State.Intermediate
        return state, text, cursor

    def event(self, event: QEvent) -> bool:
        """Leave undo and redo to the window."""
        return left_to_window(event) or super().event(event)

    def wheelEvent(self, event: QWheelEvent) -> None:
        """Step only with the focus."""
        if self.hasFocus():
            super().wheelEvent(event)
        else:
            event.ignore()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw the arrows over the field."""
        super().paintEvent(event)
        _paint_spin_arrows(self)


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
        self.setProperty("arrows", "painted")
        self.view().setAccessibleName("Choices")
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

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw the arrow over the field."""
        super().paintEvent(event)
        painter = QPainter(self)
        _paint_chevron(painter, QPointF(self.width() - 13, self.height() / 2), 4, down=True, colour=_arrow_colour(self))
        painter.end()


class CheckBox(QCheckBox):
    """Yes or no."""

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
        ticked = self.isChecked()
        outline = colours.accent if ticked != self.hasFocus() else colours.text if ticked else colours.muted
        painter.setPen(QPen(QColor(outline), 1.6 if self.hasFocus() else 1))
        painter.setBrush(QColor(colours.accent if ticked else colours.surface))
        painter.drawRoundedRect(box, 4, 4)
        if ticked:
            painter.setPen(QPen(QColor(colours.on_accent), 1.8, c=Qt.PenCapStyle.RoundCap, j=Qt.PenJoinStyle.RoundJoin))
            at = box.topLeft()
            painter.drawPolyline(QPolygonF([at + QPointF(*place) for place in ((3.4, 7.8), (6.4, 10.8), (11.6, 4.8))]))
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


def _set_up(box: QSpinBox | QDoubleSpinBox) -> None:
    box.setProperty("arrows", "painted")
    box.setFixedHeight(HEIGHT)
    box.setLocale(ENGLISH)
    box.setFocusPolicy(Qt.FocusPolicy.StrongFocus)  # the wheel gives no focus
    box.setAccelerated(True)
    box.lineEdit().setTextMargins(5, 0, 0, 0)


def _paint_spin_arrows(box: QWidget) -> None:
    painter = QPainter(box)
    middle = QPointF(box.width() - _ARROWS / 2 - 2, box.height() / 2)
    colour = _arrow_colour(box)
    _paint_chevron(painter, middle - QPointF(0, 4.5), 3, down=False, colour=colour)
    _paint_chevron(painter, middle + QPointF(0, 4.5), 3, down=True, colour=colour)
    painter.end()


def _arrow_colour(field: QWidget) -> str:
    colours = theme.current()
    return colours.text if field.underMouse() or field.hasFocus() else colours.muted


def _paint_chevron(painter: QPainter, middle: QPointF, half: float, *, down: bool, colour: str) -> None:
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(QPen(QColor(colour), 1.4, c=Qt.PenCapStyle.RoundCap, j=Qt.PenJoinStyle.RoundJoin))
    tip = half / 2 if down else -half / 2
    ends = (QPointF(-half, -tip), QPointF(0, tip), QPointF(half, -tip))
    painter.drawPolyline(QPolygonF([middle + end for end in ends]))
