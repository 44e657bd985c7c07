"""The kernel editor: which kernel, its numbers, and the tools."""

from PySide6.QtCore import QEvent, Qt, Signal
from PySide6.QtGui import QFont
from PySide6.QtWidgets import QHBoxLayout, QLabel, QSizePolicy, QStackedWidget, QVBoxLayout, QWidget

from designer import theme
from designer.fields import ComboBox
from designer.maps.explorer_parts import band, level, rule
from designer.maps.kernels.grid import KernelGrid
from designer.maps.kernels.subject import Spot, Subject, bound_of
from designer.maps.kernels.tiles import KernelTiles
from designer.maps.kernels.tools import KernelTools
from engine import KernelSheet
from engine.language import tr, tr_count, tr_noop

EMPTY = tr_noop("Select a layer to edit its kernels")
HINT = tr_noop("Drag paints · right button erases · Alt+click picks · wheel steps · digits type")
_SHEETS = {"depthwise": tr_noop("Depthwise: one kernel per channel"), "pointwise": tr_noop("Pointwise: 1×1")}
_TOOLS, _TILES = 248, 188  # widths


class KernelPanel(QWidget):
    """Shows a `Subject` at a `Spot`.

    Signals
    -------
    kernel_edited
        The kernel ``(h, w)`` at the spot as it should be, and a merge key.
    bias_edited
        The bias of the filter at the spot as it should be, and a merge key.
    asked
        An `Operation`, and its scope.
    reset_asked
        The layer's weights shall be what they were.
    """

    kernel_edited = Signal(object, object)
    bias_edited = Signal(float, object)
    asked = Signal(object, str)
    reset_asked = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._subject: Subject | None = None
        self.spot = Spot()
        self.grid = KernelGrid()
        self.filters = KernelTiles(tr("Filters"))
        self.channels = KernelTiles(tr("Channels of the filter"))
        self.tools = KernelTools()
        self.sheet_box = ComboBox()
        self.title, self.place, self.status = QLabel(), QLabel(), QLabel(tr(HINT))
        self.filters_title, self.channels_title = QLabel(), QLabel()
        self.empty = QLabel(tr(EMPTY))
        self.pages = QStackedWidget()
        self._compose()
        self._connect()

    def show_subject(self, subject: Subject, spot: Spot | None = None) -> None:
        """Show a layer's kernels; the place stays where it is, or the nearest that there is."""
        other = self._subject is None or self._subject.node != subject.node
        self._subject = subject
        self.spot = (spot or (Spot() if other else self.spot)).within(subject.sheets)
        self.pages.setCurrentIndex(1)
        self._refresh()

    def clear(self, text: str) -> None:
        """Show no kernels but a text that says why."""
        self._subject = None
        self.empty.setText(text)
        self.pages.setCurrentIndex(0)

    def subject(self) -> Subject | None:
        """Return what is shown."""
        return self._subject

    def sheet(self) -> KernelSheet | None:
        """Return which kernels of the layer are shown."""
        return None if self._subject is None else self._subject.sheets[self.spot.sheet]

    def changeEvent(self, event: QEvent) -> None:
        """Take the colours of a new theme."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.PaletteChange:
            self.tools.restyle()
            self.update()

    def _refresh(self) -> None:
        subject, spot = self._subject, self.spot
        if subject is None:
            return
        sheet = subject.sheets[spot.sheet]
        array = subject.arrays[sheet.array]
        own = sheet.of_filter(array, spot.filter)
        kernel, bound = own[spot.channel], bound_of(own)
        # In the midst of a stroke the colours stay, but for a brush beyond them.
        bound = max(bound, abs(self.grid.brush)) if self.grid.painting else bound
        self.grid.show_kernel(kernel, bound)
        across = sheet.of_channel(array, spot.channel)
        self.filters.show_kernels(across, bound_of(across), spot.filter)
        self.channels.show_kernels(own, bound_of(own), spot.channel, sheet.channel_seen(spot.filter, 0))
        bias = None if sheet.bias is None else float(subject.arrays[sheet.bias][spot.filter])
        self.tools.show_kernel(sheet, kernel, bias)
        self._show_titles(subject, sheet)

    def _show_titles(self, subject: Subject, sheet: KernelSheet) -> None:
        self.title.setText(subject.title)
        self.place.setText(_place(sheet, self.spot))
        count = sheet.filters
        if sheet.kind == "rows":
            self.filters_title.setText(tr_count("{count:,} neuron", "{count:,} neurons", count))
        else:
            self.filters_title.setText(tr_count("{count:,} filter", "{count:,} filters", count))
        self.channels_title.setText(tr_count("{count:,} channel", "{count:,} channels", sheet.channels))
        for part in (self.channels, self.channels_title):
            part.setVisible(sheet.channels > 1)
        self.sheet_box.setVisible(len(subject.sheets) > 1)
        if self.sheet_box.count() != len(subject.sheets):
            self.sheet_box.clear()
            self.sheet_box.addItems([tr(_SHEETS.get(one.array, one.array)) for one in subject.sheets])
        self.sheet_box.setCurrentIndex(self.spot.sheet)

    def _choose(self, **place: int) -> None:
        if self._subject is not None:
            chosen = {"sheet": self.spot.sheet, "filter": self.spot.filter, "channel": self.spot.channel} | place
            self.spot = Spot(**chosen).within(self._subject.sheets)
            self._refresh()

    def _set_brush(self, value: float) -> None:
        self.grid.brush = value

    def _tell(self, text: str) -> None:
        self.status.setText(tr("{number} · {hint}", number=text, hint=tr(HINT)) if text else tr(HINT))

    def _pick(self, value: float) -> None:
        self.tools.brush.setValue(float(f"{value:.7g}"))

    def _connect(self) -> None:
        self.grid.edited.connect(self.kernel_edited)
        self.grid.picked.connect(self._pick)
        self.grid.told.connect(self._tell)
        self.filters.chosen.connect(lambda number: self._choose(filter=number))
        self.channels.chosen.connect(lambda number: self._choose(channel=number))
        self.sheet_box.activated.connect(lambda place: self._choose(sheet=place))
        self.tools.brush_changed.connect(self._set_brush)
        self.tools.bias_changed.connect(self.bias_edited)
        self.tools.asked.connect(self.asked)
        self.tools.reset_asked.connect(self.reset_asked)

    def _compose(self) -> None:
        self.empty.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.empty.setWordWrap(True)
        self.empty.setProperty("role", "muted")
        self.title.setFont(theme.font(10.5, QFont.Weight.DemiBold))
        for label in (self.place, self.status, self.filters_title, self.channels_title):
            label.setProperty("role", "muted")
        self.status.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        self.status.setToolTip(tr(HINT))
        self.sheet_box.setAccessibleName(tr("Kernels"))
        self.sheet_box.hide()
        head, foot = band(), band()
        row = QHBoxLayout(head)
        row.setContentsMargins(12, 8, 12, 8)
        row.setSpacing(8)
        for part in (self.title, self.place):
            row.addWidget(part)
        row.addStretch()
        row.addWidget(self.sheet_box)
        line = QHBoxLayout(foot)
        line.setContentsMargins(12, 4, 12, 5)
        line.addWidget(self.status)
        page = QWidget()
        column = QVBoxLayout(page)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        for one in (head, level(), self._body(), level(), foot):
            column.addWidget(one)
        column.setStretch(2, 1)
        ground = band()
        QVBoxLayout(ground).addWidget(self.empty)
        self.pages.addWidget(ground)
        self.pages.addWidget(page)
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.addWidget(self.pages)

    def _body(self) -> QWidget:
        tiles, tools, body = band(), band(), QWidget()
        column = QVBoxLayout(tiles)
        column.setContentsMargins(0, 8, 0, 0)
        column.setSpacing(2)
        for title, strip in ((self.filters_title, self.filters), (self.channels_title, self.channels)):
            title.setContentsMargins(10, 0, 10, 0)
            column.addWidget(title)
            column.addWidget(strip, 1)
        tiles.setFixedWidth(_TILES)
        tools.setFixedWidth(_TOOLS)
        inner = QVBoxLayout(tools)
        inner.setContentsMargins(0, 0, 0, 0)
        inner.addWidget(self.tools)
        row = QHBoxLayout(body)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(0)
        for part in (tiles, _upright(), self.grid, _upright(), tools):
            row.addWidget(part)
        row.setStretch(2, 1)
        return body


def _place(sheet: KernelSheet, spot: Spot) -> str:
    """Return which kernel it is, and how large."""
    if sheet.kind == "rows" and not sheet.placed:
        return tr_count(
            "neuron {number} · {count:,} weight",
            "neuron {number} · {count:,} weights",
            sheet.height * sheet.width,
            number=spot.filter,
        )
    values = {
        "number": spot.filter,
        "channel": sheet.channel_seen(spot.filter, spot.channel),
        "width": sheet.width,
        "height": sheet.height,
    }
    if sheet.kind == "rows":
        return tr("neuron {number} · channel {channel} · {width}×{height}", **values)
    return tr("filter {number} · channel {channel} · {width}×{height}", **values)


def _upright() -> QWidget:
    """Return a line that stands."""
    made = rule()
    made.setFixedWidth(1)
    return made
