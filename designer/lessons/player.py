"""The clock of the stepper: plays steps at a speed, and says how far a window has glided to its next place."""

from PySide6.QtCore import QElapsedTimer, QObject, Qt, QTimer, Signal

SPEEDS = (0.5, 1.0, 2.0, 4.0, 8.0, 15.0, 30.0, 60.0, 120.0, 240.0)  # steps a second
FRAME_MS = 16
_GLIDE_BELOW = 10.0  # steps a second: what is faster jumps
_GLIDE = 0.5  # of a step's time


class Player(QObject):
    """Walks through a number of steps.

    Signals
    -------
    moved
        Another step, or another part of the way to it, is to be shown.
    playing_changed
        Whether it plays.
    """

    moved = Signal()
    playing_changed = Signal(bool)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._count = 0
        self._at = 0.0
        self._speed = 4.0
        self._watch = QElapsedTimer()
        self._timer = QTimer(self, interval=FRAME_MS)
        self._timer.setTimerType(Qt.TimerType.PreciseTimer)
        self._timer.timeout.connect(self._tick)

    @property
    def count(self) -> int:
        """How many steps there are."""
        return self._count

    @property
    def step(self) -> int:
        """The step that is shown."""
        return min(int(self._at), max(0, self._count - 1))

    @property
    def glide(self) -> float:
        """How far the window has come from the step before: 0 to 1."""
        if not self.playing or self._speed >= _GLIDE_BELOW:
            return 1.0
        part = min(1.0, (self._at - int(self._at)) / _GLIDE)
        return part * part * (3 - 2 * part)

    @property
    def playing(self) -> bool:
        """Whether it plays."""
        return self._timer.isActive()

    @property
    def speed(self) -> float:
        """Steps a second."""
        return self._speed

    def set_count(self, count: int, step: int = 0) -> None:
        """Walk through other steps, from one of them on."""
        self._count = count
        self.go(step)

    def set_speed(self, speed: float) -> None:
        """Play at a number of steps a second."""
        self._speed = speed

    def go(self, step: int) -> None:
        """Show a step, or the nearest that there is."""
        self._at = float(min(max(step, 0), max(0, self._count - 1)))
        self.moved.emit()

    def play(self) -> None:
        """Play on; from the end, from the beginning."""
        if self._count < 2 or self.playing:
            return
        if self.step >= self._count - 1:
            self._at = 0.0
        self._watch.start()
        self._timer.start()
        self.playing_changed.emit(True)

    def pause(self) -> None:
        """Stay where it is."""
        if self.playing:
            self._timer.stop()
            self._at = float(self.step)
            self.playing_changed.emit(False)
            self.moved.emit()

    def toggle(self) -> None:
        """Play or pause."""
        if self.playing:
            self.pause()
        else:
            self.play()

    def _tick(self) -> None:
        # The time that has passed counts, not the ticks: a slow frame must not slow the play down.
        self._at += min(0.25, self._watch.restart() / 1000) * self._speed
        if self._at >= self._count - 1:
            self._at = float(max(0, self._count - 1))
            self.pause()
        else:
            self.moved.emit()
