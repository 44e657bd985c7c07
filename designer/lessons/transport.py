"""The bar below the stage: to the start, back, play, forward, to the end, where it is, how fast, and export."""

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QLabel, QSlider, QToolButton, QWidget

from designer import theme
from designer.fields import ComboBox
from designer.lessons.player import SPEEDS, Player
from designer.wording import key_text
from engine.language import tr, tr_noop

_BUTTONS = (
    ("start", "to-start", tr_noop("To the first step"), "Home"),
    ("back", "step-back", tr_noop("Step back"), "←"),
    ("toggle", "run", tr_noop("Play"), "Space"),
    ("forward", "step-forward", tr_noop("Step forward"), "→"),
    ("end", "to-end", tr_noop("To the last step"), "End"),
)


class Transport(QWidget):
    """Buttons, slider and speed of a player.

    Signals
    -------
    export_requested
        The animation is to be written to a file.
    """

    export_requested = Signal()

    def __init__(self, player: Player) -> None:
        super().__init__()
        self._player = player
        self.buttons: dict[str, QToolButton] = {}
        self.slider = QSlider(Qt.Orientation.Horizontal)
        self.slider.setAccessibleName(tr("Step"))
        self.slider.setToolTip(tr("Drag to any step"))
        self.place = QLabel()
        self.place.setProperty("role", "muted")
        self.speed_box = ComboBox(tuple(speed_text(speed) for speed in SPEEDS))
        self.speed_box.setAccessibleName(tr("Speed"))
        self.speed_box.setToolTip(tr("Speed (+ and −)"))
        self.speed_box.setMinimumContentsLength(9)
        self.speed_box.setCurrentIndex(SPEEDS.index(player.speed))
        self.export = QToolButton()
        self._lay_out()
        self._connect()
        self.restyle()
        self.refresh()

    def _lay_out(self) -> None:
        row = QHBoxLayout(self)
        row.setContentsMargins(12, 6, 12, 8)
        row.setSpacing(4)
        for name, _, title, key in _BUTTONS:
            button = _button(tr(title), f"{tr(title)} ({key_text(key)})")
            self.buttons[name] = button
            button.clicked.connect(lambda _=False, name=name: self.do(name))
            row.addWidget(button)
        row.addSpacing(6)
        row.addWidget(self.slider, 1)
        row.addWidget(self.place)
        row.addSpacing(6)
        row.addWidget(self.speed_box)
        _prepare(self.export, tr("Export as GIF"), tr("Export the animation as a GIF for a slide"))
        row.addWidget(self.export)

    def _connect(self) -> None:
        self._player.moved.connect(self.refresh)
        self._player.playing_changed.connect(lambda _: self.restyle())
        self.slider.valueChanged.connect(self._scrub)
        self.speed_box.activated.connect(lambda number: self._player.set_speed(SPEEDS[number]))
        self.export.clicked.connect(self.export_requested)

    def do(self, name: str) -> None:
        """Do what a button or key asks for."""
        player = self._player
        if name == "toggle":
            player.toggle()
            return
        if name in ("faster", "slower"):
            self._change_speed(1 if name == "faster" else -1)
            return
        player.pause()
        last = player.count - 1
        player.go({"start": 0, "end": last, "back": player.step - 1, "forward": player.step + 1}[name])

    def refresh(self) -> None:
        """Show where the player is."""
        count, step = self._player.count, self._player.step
        blocked = self.slider.blockSignals(True)
        self.slider.setRange(0, max(0, count - 1))
        self.slider.setPageStep(max(1, count // 20))
        self.slider.setValue(step)
        self.slider.blockSignals(blocked)
        self.place.setText(tr("{done:,} of {count:,}", done=step + 1, count=count) if count else "")
        self.place.setMinimumWidth(
            self.place.fontMetrics().horizontalAdvance(tr("{done:,} of {count:,}", done=count, count=count) + "  ")
        )
        self.buttons["start"].setEnabled(step > 0)
        self.buttons["back"].setEnabled(step > 0)
        self.buttons["forward"].setEnabled(step < count - 1)
        self.buttons["end"].setEnabled(step < count - 1)
        self.buttons["toggle"].setEnabled(count > 1)
        self.export.setEnabled(count > 0)

    def restyle(self) -> None:
        """Draw the icons in the colours of the theme in force."""
        playing = self._player.playing
        for name, icon, title, key in _BUTTONS:
            chosen, words = ("pause", tr("Pause")) if name == "toggle" and playing else (icon, tr(title))
            self.buttons[name].setIcon(theme.icon(chosen))
            self.buttons[name].setAccessibleName(words)
            self.buttons[name].setToolTip(f"{words} ({key_text(key)})")
        self.export.setIcon(theme.icon("film"))

    def _scrub(self, step: int) -> None:
        self._player.pause()
        self._player.go(step)

    def _change_speed(self, by: int) -> None:
        number = min(max(self.speed_box.currentIndex() + by, 0), len(SPEEDS) - 1)
        self.speed_box.setCurrentIndex(number)
        self._player.set_speed(SPEEDS[number])


def speed_text(speed: float) -> str:
    """Return a speed in words."""
    return tr("1 step/s") if speed == 1 else tr("{speed:g} steps/s", speed=speed)


def _button(title: str, help_text: str) -> QToolButton:
    button = QToolButton()
    _prepare(button, title, help_text)
    return button


def _prepare(button: QToolButton, title: str, help_text: str) -> None:
    button.setAccessibleName(title)
    button.setToolTip(help_text)
    button.setIconSize(QSize(18, 18))
    button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
