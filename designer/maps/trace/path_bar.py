"""The way that a trace took, as a row of places to go back to."""

from collections.abc import Sequence

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QPalette
from PySide6.QtWidgets import QHBoxLayout, QLabel, QSizePolicy, QToolButton, QWidget

from designer import theme
from designer.maps.trace.keys import Back, End
from engine.language import tr

_SHOWN = 4  # of a longer way, the last places


class PathBar(QWidget):
    """Places with arrows between them; ``chosen`` carries ``Back`` to one of them, or ``End``."""

    chosen = Signal(object)

    def __init__(self) -> None:
        super().__init__()
        self.places: list[QToolButton] = []
        self.setAutoFillBackground(True)
        self.setBackgroundRole(QPalette.ColorRole.AlternateBase)
        self.setAccessibleName(tr("The way upstream"))
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        self._row = QHBoxLayout(self)
        self._row.setContentsMargins(8, 3, 8, 3)
        self._row.setSpacing(0)
        self._row.addStretch()
        self.close_button = QToolButton()
        self.close_button.setText(tr("End"))
        self.close_button.setToolTip(tr("End the trace (Esc)"))
        self.close_button.setAccessibleName(tr("End the trace"))
        self.close_button.setProperty("compact", True)
        self.close_button.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.close_button.clicked.connect(lambda _=False: self.chosen.emit(End()))
        self._row.addWidget(self.close_button)
        self.restyle()

    def set_path(self, names: Sequence[str]) -> None:
        """Show the names of the places, the one at hand last."""
        while self._row.count() > 2:
            item = self._row.takeAt(0)
            widget = item.widget() if item is not None else None
            if widget is not None:
                widget.hide()
                widget.deleteLater()
        self.places = []
        first = max(0, len(names) - _SHOWN)
        at = 0
        for number in range(first, len(names)):
            last = number == len(names) - 1
            button = _place(("… " if number == first > 0 else "") + names[number], last=last)
            button.clicked.connect(lambda _=False, kept=number + 1: self.chosen.emit(Back(kept)))
            self._row.insertWidget(at, button)
            self.places.append(button)
            at += 1
            if not last:
                self._row.insertWidget(at, _arrow())
                at += 1

    def sizeHint(self) -> QSize:
        """Return one line, however long the way."""
        return QSize(200, 32)

    def restyle(self) -> None:
        """Take the colours of the theme in force."""
        self.close_button.setFont(theme.font(9))


def _place(name: str, *, last: bool) -> QToolButton:
    button = QToolButton()
    button.setText(name)
    button.setFont(theme.font(9, theme.font().weight()))
    button.setProperty("compact", True)
    button.setEnabled(not last)
    button.setToolTip("" if last else tr("Back to {name} (Backspace goes back one)", name=name))
    button.setFocusPolicy(Qt.FocusPolicy.NoFocus)
    return button


def _arrow() -> QLabel:
    arrow = QLabel("←")
    arrow.setProperty("role", "muted")
    arrow.setContentsMargins(3, 0, 3, 0)
    return arrow
