"""The question before weights are loaded that do not all fit: which do not, by name and shape."""

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QColor
from PySide6.QtWidgets import (
    QAbstractItemView,
    QDialog,
    QDialogButtonBox,
    QHeaderView,
    QLabel,
    QTableWidget,
    QTableWidgetItem,
    QVBoxLayout,
    QWidget,
)

from designer import theme
from engine.formats.weight_files import Match, dimensions
from engine.language import tr, tr_count

_SIZE = QSize(620, 440)
_EDGE = 16


class WeightsDialog(QDialog):
    """Lists what a network needs and a file has not, or in another shape, and what it has besides.

    Accepted where the person agrees to load the rest.
    """

    def __init__(self, name: str, match: Match, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle(tr("Load weights"))
        self.resize(_SIZE)
        self.heading = QLabel(_heading(name, match))
        self.heading.setProperty("role", "heading")
        self.heading.setWordWrap(True)
        self.about = QLabel(_about(match))
        self.about.setProperty("role", "muted")
        self.about.setWordWrap(True)
        self.table = _table(match)
        button = QDialogButtonBox.StandardButton
        self.buttons = QDialogButtonBox(button.Cancel if match.fitting else button.Close)
        self.buttons.accepted.connect(self.accept)
        self.buttons.rejected.connect(self.reject)
        box = QVBoxLayout(self)
        box.setContentsMargins(_EDGE, _EDGE, _EDGE, _EDGE)
        box.setSpacing(_EDGE // 2)
        for part in (self.heading, self.about, self.table, self.buttons):
            box.addWidget(part)
        box.setStretchFactor(self.table, 1)
        if match.fitting:
            loader = self.buttons.addButton(tr("&Load what fits"), QDialogButtonBox.ButtonRole.AcceptRole)
            # What leaves nothing to decide is one key away; else the key keeps things as they are.
            (self.buttons.button(button.Cancel) if match.misfits else loader).setDefault(True)


def _heading(name: str, match: Match) -> str:
    if not match.fitting:
        return tr("No weights of “{name}” fit this network", name=name)
    if not match.misfits:
        return tr("“{name}” has all that this network needs, and more", name=name)
    return tr(
        "{fits:,} of {needed:,} arrays of this network are in “{name}”",
        fits=len(match.fitting),
        needed=match.needed,
        name=name,
    )


def _about(match: Match) -> str:
    parts = []
    if match.fitting:
        named = {"Convolab": tr("Convolab’s"), "PyTorch": tr("PyTorch’s")}[match.convention]
        parts.append(tr("They go by {whose} names.", whose=named))
    if match.misfits and match.fitting:
        parts.append(tr("What does not fit stays as it is in the network."))
    if match.unused:
        parts.append(
            tr_count(
                "{count:,} array of the file is not needed.",
                "{count:,} arrays of the file are not needed.",
                len(match.unused),
            )
        )
    return " ".join(parts)


def _table(match: Match) -> QTableWidget:
    rows = [
        (one.name, dimensions(one.wanted), tr("missing") if one.given is None else dimensions(one.given))
        for one in match.misfits
    ]
    rows += [(one.name, tr("not needed"), dimensions(one.shape)) for one in match.unused]
    table = QTableWidget(len(rows), 3)
    table.setAccessibleName(tr("Arrays that do not fit"))
    table.setHorizontalHeaderLabels([tr("Array"), tr("Needed"), tr("In the file")])
    table.verticalHeader().hide()
    table.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
    table.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
    table.setShowGrid(False)
    table.verticalHeader().setDefaultSectionSize(26)
    table.setTabKeyNavigation(False)
    table.setWordWrap(False)
    table.setTextElideMode(Qt.TextElideMode.ElideMiddle)
    for row, texts in enumerate(rows):
        for column, text in enumerate(texts):
            item = QTableWidgetItem(text)
            item.setToolTip(text)
            if row >= len(match.misfits):
                item.setForeground(QColor(theme.current().muted))
            table.setItem(row, column, item)
    header = table.horizontalHeader()
    header.setSectionResizeMode(0, QHeaderView.ResizeMode.Stretch)
    for column in (1, 2):
        header.setSectionResizeMode(column, QHeaderView.ResizeMode.ResizeToContents)
    header.setDefaultAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
    return table
