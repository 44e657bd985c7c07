"""Solve for a size: the person types the output wanted and picks one of the windows that give it."""

import re
from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent, QResizeEvent, QShowEvent
from PySide6.QtWidgets import (
    QAbstractItemView,
    QHBoxLayout,
    QHeaderView,
    QLabel,
    QPushButton,
    QTableWidget,
    QTableWidgetItem,
    QWidget,
)

from designer import theme
from designer.fields import LineBox
from designer.panels.flow_layout import FlowLayout
from designer.panels.popover import Popover
from engine import ConvTranspose2D, Layer, Shape, Solution, Solutions, can_solve, parameters, solve
from engine.language import tr, tr_count, tr_inside, tr_noop, tr_number, tr_numbers

_WIDTH = 460
_ROWS = 8  # seen at once
_COLUMNS = (
    tr_noop("Window"),
    tr_noop("Stride"),
    tr_noop("Padding"),
    tr_noop("Dilation"),
    tr_noop("Parameters"),
    tr_noop("Unused"),
)
_HELP = tr_noop("Type the output wanted, width × height, or width × height × depth, and choose how to get there.")
_NUMBERS = re.compile(r"\d+")


class SolvePopover(Popover):
    """A field for the size and a table of solutions; ``chosen`` carries the layer that was picked."""

    chosen = Signal(object)  # Layer

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent, _WIDTH)
        self._layer: Layer | None = None
        self._inputs: Shape | None = None
        self.solutions = Solutions()
        self.field = SizeField()
        self.table = SolutionTable()
        self.message = QLabel()
        self.message.setWordWrap(True)
        self.nearest = QWidget()
        self._flow = FlowLayout(self.nearest, spacing=6)
        self.applier = QPushButton(tr("&Use this window"))
        self.applier.setProperty("primary", True)
        self._lay_out()
        self.field.textEdited.connect(self._solve)
        self.field.returnPressed.connect(self._apply)
        self.field.down_pressed.connect(self.table.setFocus)
        self.table.cellDoubleClicked.connect(self._apply)
        self.table.entered_by_key.connect(self._apply)
        self.applier.clicked.connect(self._apply)

    def show_layer(self, layer: Layer, inputs: Shape, output: Shape | None) -> None:
        """Ask for the output of a layer that gets a volume; begin with the output that it has."""
        self._layer, self._inputs = layer, inputs
        self.set_heading(
            tr("Solve for the output of {layer}", layer=layer.title),
            tr("From {shape}.", shape=inputs.text()) + " " + tr(_HELP),
        )
        self.field.setText(output.text() if output is not None else "")
        self._solve()
        self.field.selectAll()

    def showEvent(self, event: QShowEvent) -> None:
        """Put the cursor into the field."""
        super().showEvent(event)
        self.field.setFocus(Qt.FocusReason.PopupFocusReason)

    def _lay_out(self) -> None:
        row = QHBoxLayout()
        row.setSpacing(8)
        row.addWidget(self.field, 1)
        row.addWidget(self.applier)
        self.column.addLayout(row)
        for part in (self.message, self.nearest, self.table):
            self.column.addWidget(part)

    def _solve(self) -> None:
        wanted = parse_size(self.field.text())
        assert self._layer is not None
        assert self._inputs is not None
        if wanted is None:
            self.solutions = Solutions(reason=tr("Two numbers, or three with the depth: 28×28×6."))
        else:
            height, width, depth = wanted
            self.solutions = solve(self._layer, self._inputs, (height, width), depth)
        self._show_solutions(wanted is not None)

    def _show_solutions(self, readable: bool) -> None:
        found = self.solutions.found
        self.table.show_solutions(found, self._layer)
        around = self.column.contentsMargins()
        self.setFixedWidth(max(_WIDTH, self.table.minimumWidth() + around.left() + around.right()))
        self.table.setVisible(bool(found))
        self.applier.setEnabled(bool(found))
        text = self.solutions.reason
        if readable and not found:
            text += " " + tr("The nearest that can be had:") if self.solutions.nearest else ""
        if found:
            text = tr_count(
                "{count:,} window, the most usual first.", "{count:,} windows, the most usual first.", len(found)
            )
        self.message.setText(text)
        self.field.mark_invalid(not found)
        while (item := self._flow.takeAt(0)) is not None:
            button = item.widget()
            if button is not None:
                button.hide()
                button.deleteLater()
        for shape in self.solutions.nearest:
            button = QPushButton(shape.text())
            button.clicked.connect(self._take_nearest)
            self._flow.addWidget(button)
            button.show()  # now, for the height depends on it
        self.nearest.setVisible(bool(self.solutions.nearest))
        self.adapt()

    def _take_nearest(self) -> None:
        button = self.sender()
        if isinstance(button, QPushButton):
            self.field.setText(button.text())
            self._solve()
            self.field.setFocus(Qt.FocusReason.OtherFocusReason)

    def _apply(self) -> None:
        row = self.table.currentRow()
        if 0 <= row < len(self.solutions.found):
            self.close()
            self.chosen.emit(self.solutions.found[row].layer)


class SizeField(LineBox):
    """The size wanted; Down leads into the table."""

    down_pressed = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.setPlaceholderText(tr("28×28 or 28×28×6"))
        self.setAccessibleName(tr("Output size wanted"))
        self.setAccessibleDescription(tr(_HELP))

    def mark_invalid(self, invalid: bool) -> None:
        """Frame the field where there is no solution."""
        if self.property("invalid") != invalid:
            self.setProperty("invalid", invalid)
            self.style().unpolish(self)
            self.style().polish(self)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Lead into the table."""
        if event.key() == Qt.Key.Key_Down:
            self.down_pressed.emit()
        else:
            super().keyPressEvent(event)


class SolutionTable(QTableWidget):
    """One row for each solution."""

    entered_by_key = Signal()

    def __init__(self) -> None:
        super().__init__(0, len(_COLUMNS))
        self.setHorizontalHeaderLabels([tr(title) for title in _COLUMNS])
        self.verticalHeader().hide()
        self.verticalHeader().setDefaultSectionSize(26)
        self.setShowGrid(False)
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setTabKeyNavigation(False)
        self.setAccessibleName(tr("Windows that give this output"))
        self.horizontalHeader().setHighlightSections(False)
        self.horizontalHeader().setFont(theme.font(9))
        self.horizontalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Fixed)

    def show_solutions(self, found: Sequence[Solution], present: Layer | None) -> None:
        """Show these solutions, the first of them selected; the layer as it stands is marked."""
        self.setRowCount(len(found))
        for row, solution in enumerate(found):
            words = ", ".join(described(solution))
            for column, text in enumerate(solution_texts(solution)):
                item = QTableWidgetItem(text)
                item.setTextAlignment(Qt.AlignmentFlag.AlignCenter)
                item.setToolTip(tr("As it is now") if solution.layer == present else words)
                if column == 0:
                    item.setData(Qt.ItemDataRole.AccessibleTextRole, words)
                self.setItem(row, column, item)
        if found:
            self.selectRow(0)
        self._share_out()
        self.scrollToTop()
        header = self.horizontalHeader().sizeHint().height()
        self.setFixedHeight(header + 26 * min(_ROWS, max(1, len(found))) + 2)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Give each column what its title and numbers need, and as much of what is left."""
        super().resizeEvent(event)
        self._share_out()

    def _share_out(self) -> None:
        header = self.horizontalHeader()
        columns = range(self.columnCount())
        needed = [max(header.sectionSizeHint(column), self.sizeHintForColumn(column)) for column in columns]
        self.setMinimumWidth(sum(needed) + self.verticalScrollBar().sizeHint().width() + 2)
        spare = max(0, self.viewport().width() - sum(needed))
        for column in columns:
            header.resizeSection(
                column, needed[column] + spare * (column + 1) // len(needed) - spare * column // len(needed)
            )

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Let Enter take the current row."""
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.entered_by_key.emit()
        else:
            super().keyPressEvent(event)


def parse_size(text: str) -> tuple[int, int, int | None] | None:
    """Read ``28×28`` or ``28 x 28 x 6`` as height, width and depth; None for what is neither."""
    numbers = [int(number) for number in _NUMBERS.findall(text)]
    if not 2 <= len(numbers) <= 3 or re.search(r"[^\d\s×xX*,·]", text):
        return None
    return numbers[1], numbers[0], numbers[2] if len(numbers) == 3 else None


def offers_solving(layer: Layer, inputs: Sequence[Shape | None]) -> bool:
    """Whether a layer has a window, and its input is a volume that is known."""
    return can_solve(layer) and bool(inputs) and inputs[0] is not None and inputs[0].is_volume


def solution_texts(solution: Solution) -> tuple[str, ...]:
    """Return the cells of a solution: window, stride, padding, dilation, parameters, unused columns and rows."""
    layer = solution.layer
    shown = {one.name: getattr(layer, one.name) for one in parameters(type(layer))}
    rows, columns = solution.lost
    padding = _padding(shown["padding"])
    if isinstance(layer, ConvTranspose2D) and any(layer.output_padding):
        padding += f" +{_pair(layer.output_padding)}"
    return (
        _size(shown["kernel"]),
        _pair(shown["stride"]),
        padding,
        _pair(shown.get("dilation", (1, 1))),
        tr_number(solution.parameters),
        "–" if not rows and not columns else f"{columns}" if rows == columns else f"{columns}, {rows}",
    )


def described(solution: Solution) -> tuple[str, ...]:
    """Return a solution's cells with what they are, as a screen reader needs them."""
    return tuple(
        f"{tr_inside(tr(name))} {text}"
        for name, text in zip(_COLUMNS, solution_texts(solution), strict=True)
        if text != "–"
    )


def _size(pair: tuple[int, int]) -> str:
    return f"{pair[1]}×{pair[0]}"


def _pair(pair: tuple[int, int]) -> str:
    return f"{pair[0]}" if pair[0] == pair[1] else _size(pair)


def _padding(padding: str | tuple[int, int, int, int]) -> str:
    """Write a padding: one number for all sides, two for columns and rows, else left, right, top, bottom."""
    if isinstance(padding, str):
        return "0"
    top, bottom, left, right = padding
    if top == bottom == left == right:
        return f"{top}"
    if top == bottom and left == right:
        return f"{left}×{top}"
    across, down = (tr_numbers([str(one) for one in pair]) for pair in ((left, right), (top, bottom)))
    return across if across == down else f"{across} · {down}"
