"""Reading networks from files that leave something open or lose something on the way: it is asked for, or told of."""

import sys
import warnings
from collections.abc import Iterable
from hashlib import sha256
from pathlib import Path

from PySide6.QtCore import QSettings
from PySide6.QtWidgets import (
    QDialog,
    QDialogButtonBox,
    QHBoxLayout,
    QLabel,
    QVBoxLayout,
    QWidget,
)

from designer.number_fields import SpinBox
from engine import FormatWarning, Input, Network, load, parameters
from engine.formats import ImageSize, OpenSizeWarning
from engine.language import tr

_WIDTH = 340  # of the dialog's text


class SizeDialog(QDialog):
    """Asks for the image's size where a model leaves it open."""

    def __init__(self, file: str, proposal: ImageSize, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle(tr("Size of the image"))
        text = QLabel(
            tr("“{file}” leaves the size of its image open. Which size is the network to be shown for?", file=file)
        )
        text.setWordWrap(True)
        text.setMinimumWidth(_WIDTH)
        hint = QLabel(tr("The Input layer can change it later, as far as the layers behind it allow."))
        hint.setProperty("role", "muted")
        hint.setWordWrap(True)
        bounds = {one.name: one for one in parameters(Input)}
        self.height_box, self.width_box = (
            SpinBox(bounds[name].minimum, bounds[name].maximum, "px") for name in ("height", "width")
        )
        for box, value, name in zip(
            (self.height_box, self.width_box), proposal, (tr("Height"), tr("Width")), strict=True
        ):
            box.show_number(value)
            box.setAccessibleName(name)
        row = QHBoxLayout()
        for part in (QLabel(tr("Width")), self.width_box, QLabel(tr("Height")), self.height_box):
            row.addWidget(part)
        row.addStretch()
        buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Open | QDialogButtonBox.StandardButton.Cancel)
        buttons.button(QDialogButtonBox.StandardButton.Open).setDefault(True)
        buttons.accepted.connect(self.accept)
        buttons.rejected.connect(self.reject)
        column = QVBoxLayout(self)
        column.setSpacing(12)
        column.addWidget(text)
        column.addLayout(row)
        column.addWidget(hint)
        column.addWidget(buttons)
        self.width_box.setFocus()
        self.width_box.selectAll()

    def size_chosen(self) -> ImageSize:
        """Return height and width."""
        return self.height_box.value(), self.width_box.value()


def load_asking(path: Path, window: QWidget) -> Network | None:
    """Read a network, and ask for its image's size where the file leaves it open; None where that was called off.

    What was chosen is proposed the next time. What else there is to tell is a `FormatWarning`, as `load` has it.

    Raises
    ------
    FormatError
        Where the file can't be read.
    """
    network, notices = _read(path, _remembered(path))
    asked = next((one for one in notices if isinstance(one, OpenSizeWarning)), None)
    if asked is not None:
        dialog = SizeDialog(path.name, asked.size, window)
        if dialog.exec() != QDialog.DialogCode.Accepted:
            return None
        chosen = dialog.size_chosen()
        if chosen != asked.size:
            network, notices = _read(path, chosen)
        QSettings().setValue(_key(path), "{}x{}".format(*chosen))
    for notice in notices:
        if not isinstance(notice, OpenSizeWarning):
            warnings.warn(notice, stacklevel=2)
    return network


def load_telling(path: str | Path) -> Network:
    """Read a network without a window; what there is to tell goes to the error stream, a line each.

    Raises
    ------
    FormatError
        Where the file can't be read.
    """
    network, notices = _read(Path(path), None)
    for notice in notices:
        sys.stderr.write(f"convolab: {Path(path).name}: {notice}\n")
    return network


def _read(path: Path, size: ImageSize | None) -> tuple[Network, Iterable[FormatWarning]]:
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always", FormatWarning)
        network = load(path, size=size)
    return network, [one.message for one in caught if isinstance(one.message, FormatWarning)]


def _key(path: Path) -> str:
    return f"image_sizes/{sha256(str(path.resolve()).encode()).hexdigest()[:16]}"


def _remembered(path: Path) -> ImageSize | None:
    height, _, width = str(QSettings().value(_key(path), "")).partition("x")
    return (int(height), int(width)) if height.isdecimal() and width.isdecimal() else None
