"""Fields for numbers: they step by a tenth of a magnitude, can show a mixed value, and are dragged by their labels."""

from math import floor, log10

from PySide6.QtCore import QEvent, QPoint, QPointF, QSignalBlocker, Qt, Signal
from PySide6.QtGui import QMouseEvent, QPainter, QPaintEvent, QValidator, QWheelEvent
from PySide6.QtWidgets import QDoubleSpinBox, QLabel, QSpinBox, QWidget

from designer.fields import HEIGHT, MIXED, arrow_colour, left_to_window, paint_chevron
from designer.typed_numbers import read, written

LARGE = 10_000  # from here on digits are in groups
_ARROWS = 16  # width of the part of a field that holds its arrows
_MAX_INT = 2**31 - 1
_DECIMALS = 18  # so many that a box holds any number of a layer as it is
_DIGITS = 12  # of a number after a step, so that no rounding of the machine shows
_FIRST_STEP = 0.05  # from 0, which has no magnitude
_PIXELS = 7  # of a drag for one step
_MANY_STEPS = 10  # of one key or turn of the wheel


class SpinBox(QSpinBox):
    """A whole number; `show_number` is silent, `show_mixed` stands for several numbers until one is chosen."""

    def __init__(self, minimum: float | None, maximum: float | None, unit: str = "") -> None:
        super().__init__()
        self.mixed = False
        _set_up(self)
        self.setRange(
            max(int(minimum), -_MAX_INT) if minimum is not None else -_MAX_INT,
            min(int(maximum), _MAX_INT) if maximum is not None else _MAX_INT,
        )
        self.setSuffix(f" {unit}" if unit else "")
        if self.maximum() >= LARGE:
            self.setGroupSeparatorShown(True)
        self.lineEdit().textEdited.connect(self._text_edited)

    def show_number(self, value: int) -> None:
        """Show a number without telling anybody; the cursor stays where the number is there already."""
        _show_number(self, value)

    def show_mixed(self, value: int) -> None:
        """Show that there are several numbers, of which ``value`` is one: steps start from it."""
        _show_mixed(self, value)

    def stepped(self, value: float, steps: int) -> int:
        """Return a number some steps on: of one, but in a wide range of a tenth of its magnitude where that is more."""
        adapts = self.maximum() > 2 * LARGE
        for _ in range(abs(steps)):
            step = max(1, int(_step(value, steps > 0))) if adapts else 1
            value += step if steps > 0 else -step
        return int(min(max(value, self.minimum()), self.maximum()))

    def stepBy(self, steps: int) -> None:
        """Step as `stepped` does."""
        _step_by(self, steps)

    def textFromValue(self, value: int) -> str:
        """Write the number, or that there are several."""
        return MIXED if self.mixed else super().textFromValue(value)

    def written(self) -> str:
        """Return what the box should say."""
        return self.textFromValue(self.value()) + self.suffix()

    def valueFromText(self, text: str) -> int:
        """Read a number."""
        return self.value() if _says_mixed(self, text) else super().valueFromText(text)

    def validate(self, text: str, cursor: int) -> tuple[QValidator.State, str, int]:
        """Accept what is a number within the bounds, and the sign for several."""
        if _says_mixed(self, text):
            return QValidator.State.Acceptable, text, cursor
        state, text, cursor = super().validate(text, cursor)
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

    def _text_edited(self) -> None:
        _settle(self)


class NumberBox(QDoubleSpinBox):
    """A number with decimals, written without trailing zeros; silent and mixed as `SpinBox` is."""

    def __init__(self, minimum: float | None, maximum: float | None, unit: str = "") -> None:
        super().__init__()
        self.mixed = False
        _set_up(self)
        self.setDecimals(_DECIMALS)
        self.setRange(-1e9 if minimum is None else minimum, 1e9 if maximum is None else maximum)
        self.setSuffix(f" {unit}" if unit else "")
        self.lineEdit().textEdited.connect(self._text_edited)

    def show_number(self, value: float) -> None:
        """Show a number without telling anybody; the cursor stays where the number is there already."""
        _show_number(self, value)

    def show_mixed(self, value: float) -> None:
        """Show that there are several numbers, of which ``value`` is one: steps start from it."""
        _show_mixed(self, value)

    def stepped(self, value: float, steps: int) -> float:
        """Return a number some steps on, each of a tenth of its magnitude: 0.5 by 0.01, 1e-5 by 1e-6."""
        for _ in range(abs(steps)):
            step = _step(value, steps > 0) or min(_FIRST_STEP, (self.maximum() - self.minimum()) / 20)
            value = float(f"{value + (step if steps > 0 else -step):.{_DIGITS}g}")
        return min(max(value, self.minimum()), self.maximum())

    def stepBy(self, steps: int) -> None:
        """Step as `stepped` does."""
        _step_by(self, steps)

    def textFromValue(self, value: float) -> str:
        """Write the number as short as it can be, with an exponent where it is tiny, or that there are several."""
        return MIXED if self.mixed else written(value)

    def written(self) -> str:
        """Return what the box should say."""
        return self.textFromValue(self.value()) + self.suffix()

    def valueFromText(self, text: str) -> float:
        """Read a number as people and programs write it: ``0.5``, ``1e-5``, and with a comma for the point."""
        return self.value() if _says_mixed(self, text) else read(text.removesuffix(self.suffix()))

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

    def _text_edited(self) -> None:
        _settle(self)


Numeric = SpinBox | NumberBox


class DragLabel(QLabel):
    """A field's label; dragged to the side, it changes the numbers of the boxes that it is told of.

    ``began`` and ``ended`` enclose the changes of one drag, which go out from the boxes themselves.
    """

    began = Signal()
    ended = Signal()

    def __init__(self, text: str, boxes: tuple[Numeric, ...] = ()) -> None:
        super().__init__(text)
        self._boxes = boxes
        self._pressed: QPoint | None = None
        self._start: tuple[float, ...] = ()
        self._steps = 0
        if boxes:
            self.setCursor(Qt.CursorShape.SizeHorCursor)

    @property
    def draggable(self) -> bool:
        """Whether a drag changes anything."""
        return bool(self._boxes)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Note where the drag begins, and at which numbers."""
        if event.button() != Qt.MouseButton.LeftButton or not self._boxes:
            super().mousePressEvent(event)
            return
        self._pressed, self._steps = event.globalPosition().toPoint(), 0
        self._start = tuple(box.value() for box in self._boxes)
        self.began.emit()

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Change the numbers by as many steps as the pointer is away."""
        if self._pressed is None:
            return
        steps = int((event.globalPosition().toPoint() - self._pressed).x() / _PIXELS)
        if steps == self._steps:
            return
        self._steps = steps
        for box, start in zip(self._boxes, self._start, strict=True):
            box.mixed = False
            _set_value(box, box.stepped(start, steps))

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """End the drag."""
        if self._pressed is not None:
            self._pressed = None
            self.ended.emit()


def _set_up(box: Numeric) -> None:
    box.setProperty("arrows", "painted")
    box.setFixedHeight(HEIGHT)
    box.setFocusPolicy(Qt.FocusPolicy.StrongFocus)  # the wheel gives no focus
    box.setAccelerated(True)
    box.lineEdit().setTextMargins(5, 0, 0, 0)


def _step(value: float, up: bool) -> float:
    """Return a tenth of a number's magnitude; towards 0, of the magnitude below a power of ten. 0 for 0."""
    if value == 0:
        return 0.0
    power = log10(abs(value))
    whole = round(power) if abs(power - round(power)) < 1e-9 else floor(power)
    towards_zero = up == (value < 0)
    if towards_zero and abs(power - whole) < 1e-9:
        whole -= 1
    return float(10.0 ** (whole - 1))


def _step_by(box: Numeric, steps: int) -> None:
    box.mixed = False
    value = box.stepped(box.value(), max(-_MANY_STEPS, min(steps, _MANY_STEPS)))
    _set_value(box, value)
    box.selectAll()


def _set_value(box: Numeric, value: float) -> None:
    """Set a number as its own user does; a box that showed several tells even where its own number stays."""
    before = box.value()
    if isinstance(box, SpinBox):
        box.setValue(int(value))
    else:
        box.setValue(value)
    if box.value() == before or box.mixed:
        _write(box)


def _settle(box: Numeric) -> None:
    """Let what is typed into a mixed box be one number for all, even the one that it had been shown for."""
    text = box.lineEdit().text()
    if not box.mixed or _says_mixed(box, text):
        return
    if box.validate(text, 0)[0] == QValidator.State.Acceptable:
        box.mixed = False
        if box.valueFromText(text) == box.value():
            box.valueChanged.emit(box.value())


def _show_number(box: Numeric, value: float) -> None:
    if box.value() == value and not box.mixed:
        return
    box.mixed = False
    with QSignalBlocker(box):
        _set_value(box, value)


def _show_mixed(box: Numeric, value: float) -> None:
    if box.value() == value and box.mixed:
        return
    with QSignalBlocker(box):
        box.mixed = True
        _set_value(box, value)


def _says_mixed(box: Numeric, text: str) -> bool:
    return text.removesuffix(box.suffix()).strip() == MIXED


def _write(box: Numeric) -> None:
    """Write anew what the box should say: Qt does so only where the number is another."""
    shown = box.written()
    if box.lineEdit().text() != shown:
        with QSignalBlocker(box.lineEdit()):
            box.lineEdit().setText(shown)


def _paint_spin_arrows(box: QWidget) -> None:
    painter = QPainter(box)
    middle = QPointF(box.width() - _ARROWS / 2 - 2, box.height() / 2)
    colour = arrow_colour(box)
    paint_chevron(painter, middle - QPointF(0, 4.5), 3, down=False, colour=colour)
    paint_chevron(painter, middle + QPointF(0, 4.5), 3, down=True, colour=colour)
    painter.end()
