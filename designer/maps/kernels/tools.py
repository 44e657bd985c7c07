"""The tools beside the grid: brush and bias, which kernels a tool is for, named kernels, scaling and turning."""

from functools import partial

import numpy as np
from PySide6.QtCore import QRectF, QSize, Qt, Signal
from PySide6.QtGui import QIcon, QPainter, QPixmap
from PySide6.QtWidgets import QGridLayout, QLabel, QPushButton, QSizePolicy, QVBoxLayout, QWidget

from designer.document import Drag
from designer.fields import ComboBox
from designer.maps.kernels.changes import OPERATIONS, PRESETS, Operation
from designer.maps.kernels.subject import bound_of
from designer.maps.trace.heat import SIGNED, Scale, paint_heat
from designer.number_fields import DragLabel, NumberBox
from designer.tiles.numbers import number_text
from designer.tiles.strips import Array
from engine import KernelSheet, fitted_preset
from engine.language import tr, tr_noop

_ICON = 20  # side of a named kernel's picture
_LIMIT = 1e9
_UNPLACED = tr_noop("These weights have no places on a map: neighbours here are none there")
_SCOPES = (
    ("kernel", tr_noop("This kernel")),
    ("filter", tr_noop("All channels of the filter")),
    ("all", tr_noop("All filters")),
)


class KernelTools(QWidget):
    """Asks for changes; makes none.

    Signals
    -------
    brush_changed
        What the brush paints.
    bias_changed
        The filter's bias as it should be, and a merge key.
    asked
        An `Operation`, and its scope.
    reset_asked
        The layer's weights shall be what they were when the editor opened.
    """

    brush_changed = Signal(float)
    bias_changed = Signal(float, object)
    asked = Signal(object, str)
    reset_asked = Signal()

    def __init__(self) -> None:
        super().__init__()
        self._drag: Drag | None = None
        self._pictured: KernelSheet | None = None
        self.brush = NumberBox(-_LIMIT, _LIMIT)
        self.bias = NumberBox(-_LIMIT, _LIMIT)
        self.brush_label = DragLabel(tr("Brush"), (self.brush,))
        self.bias_label = DragLabel(tr("Bias"), (self.bias,))
        self.scope_box = ComboBox(tuple(tr(title) for _, title in _SCOPES))
        self.presets = {name: self._preset(one) for name, one in PRESETS.items()}
        self.operations = {one.title: self._operation(one) for one in OPERATIONS}
        self.reset = QPushButton(tr("Reset layer"))
        self.numbers = QLabel()
        self._compose()
        self.brush.valueChanged.connect(self.brush_changed)
        self.bias.valueChanged.connect(lambda value: self.bias_changed.emit(value, self._drag or "kernel_bias"))
        self.bias_label.began.connect(self._begin)
        self.bias_label.ended.connect(self._end)
        self.reset.clicked.connect(self.reset_asked)

    @property
    def scope(self) -> str:
        """Which kernels a tool is for: ``"kernel"``, ``"filter"`` or ``"all"``."""
        return _SCOPES[self.scope_box.currentIndex()][0]

    def show_kernel(self, sheet: KernelSheet, kernel: Array, bias: float | None) -> None:
        """Show what can be done with a kernel ``(h, w)``, and the bias of its filter where it has one."""
        self._show_presets(sheet)
        turn = self.operations["Rotate"]
        turn.setEnabled(sheet.height == sheet.width)
        self.bias.setEnabled(bias is not None)
        self.bias_label.setEnabled(bias is not None)
        self.bias.setToolTip("" if bias is not None else tr("This layer adds no bias to these filters"))
        if bias is not None and np.isfinite(bias):
            self.bias.show_number(float(f"{bias:.7g}"))
        else:
            self.bias.show_mixed(0.0)
        with np.errstate(all="ignore"):
            total = float(kernel.sum(dtype=np.float64))
            norm = float(np.sqrt(np.square(kernel, dtype=np.float64).sum()))
        self.numbers.setText(tr("Sum {sum} · norm {norm}", sum=number_text(total), norm=number_text(norm)))

    def restyle(self) -> None:
        """Draw the pictures in the colours of a new theme."""
        sheet, self._pictured = self._pictured, None
        if sheet is not None:
            self._show_presets(sheet)

    def _show_presets(self, sheet: KernelSheet) -> None:
        if self._pictured == sheet:
            return
        self._pictured = sheet
        for name, button in self.presets.items():
            cells, one = fitted_preset(name, *sheet.sides, 0.25), PRESETS[name]
            why_not = tr(one.why_not) if cells is None else "" if sheet.placed else tr(_UNPLACED)
            button.setEnabled(not why_not)
            button.setToolTip(f"{tr(one.title)}: {why_not or tr(one.help)}")
            button.setIcon(QIcon(_picture(cells, self.devicePixelRatioF())))

    def _preset(self, one: Operation) -> QPushButton:
        button = QPushButton(tr(one.title))
        button.setProperty("role", "choice")
        button.setIconSize(QSize(_ICON, _ICON))
        button.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        button.clicked.connect(partial(self._ask, one))
        return button

    def _operation(self, one: Operation) -> QPushButton:
        button = QPushButton(tr(one.title))
        button.setToolTip(tr(one.help))
        button.setProperty("compact", True)
        button.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        button.clicked.connect(partial(self._ask, one))
        return button

    def _ask(self, one: Operation, _: bool = False) -> None:
        self.asked.emit(one, self.scope)

    def _begin(self) -> None:
        self._drag = Drag()

    def _end(self) -> None:
        self._drag = None

    def _compose(self) -> None:
        self.brush.setAccessibleName(tr("What the brush paints"))
        self.brush.setToolTip(tr("What the left button and Space paint; Alt+click or P takes a number up"))
        self.bias.setAccessibleName(tr("Bias of the filter"))
        self.scope_box.setAccessibleName(tr("Which kernels the tools below are for"))
        self.scope_box.setToolTip(self.scope_box.accessibleName())
        self.reset.setToolTip(tr("Undo all that was done to this layer since the editor opened on it"))
        self.numbers.setProperty("role", "muted")
        self.brush.show_number(1.0)
        fields = QGridLayout()
        fields.setHorizontalSpacing(8)
        fields.setVerticalSpacing(6)
        fields.setColumnStretch(1, 1)
        for row, (label, box) in enumerate(((self.brush_label, self.brush), (self.bias_label, self.bias))):
            fields.addWidget(label, row, 0)
            fields.addWidget(box, row, 1)
        named = QGridLayout()
        named.setSpacing(4)
        named.setVerticalSpacing(1)
        for place, button in enumerate(self.presets.values()):
            named.addWidget(button, *divmod(place, 2))
        turned = QGridLayout()
        turned.setSpacing(4)
        for place, push in enumerate(self.operations.values()):
            turned.addWidget(push, *divmod(place, 2))
        column = QVBoxLayout(self)
        column.setContentsMargins(12, 12, 12, 12)
        column.setSpacing(8)
        column.addLayout(fields)
        column.addSpacing(4)
        column.addWidget(_heading(tr("Apply to")))
        column.addWidget(self.scope_box)
        column.addLayout(named)
        column.addLayout(turned)
        column.addWidget(self.numbers)
        column.addStretch()
        column.addWidget(self.reset)


def _picture(cells: Array | None, ratio: float) -> QPixmap:
    """Return a small picture of a kernel; where there is none its place is empty, so that the names stay in line."""
    picture = QPixmap(QSize(_ICON, _ICON) * ratio)
    picture.setDevicePixelRatio(ratio)
    picture.fill(Qt.GlobalColor.transparent)
    if cells is None:
        return picture
    height, width = cells.shape
    longest = max(height, width)
    room = QRectF(0, 0, _ICON * width / longest, _ICON * height / longest)
    room.moveCenter(QRectF(0, 0, _ICON, _ICON).center())
    painter = QPainter(picture)
    bound = bound_of(cells)
    paint_heat(painter, room, cells, Scale(-bound, bound, SIGNED), plain=True)
    painter.end()
    return picture


def _heading(text: str) -> QLabel:
    label = QLabel(text)
    label.setProperty("role", "muted")
    return label
