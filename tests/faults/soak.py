"""Thousands of random gestures in one process: ``python -m tests.faults.soak [GESTURES] [--seed N]``.

The canvas' own grammar of gestures, in a whole window, with runs, other images, other documents and undo. What must
come out is nothing: no exception, no message of Qt's, no memory, thread or timer more than before.
"""

import argparse
import gc
import os
import random
import statistics
import sys
import tempfile
import threading
import time
import traceback
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import shiboken6
from PySide6.QtCore import (
    QCoreApplication,
    QDeadlineTimer,
    QEvent,
    QEventLoop,
    QSettings,
    QTimer,
    QtMsgType,
    qInstallMessageHandler,
)
from PySide6.QtWidgets import QApplication, QMessageBox

from designer import theme
from designer.window import MainWindow
from engine import room
from tests.designer.canvas.canvas_hands import Hands, assert_in_step
from tests.designer.canvas.test_random_gestures import Player

ROOT = Path(__file__).resolve().parents[2]
RESOURCES = ROOT / "resources"
DOCUMENTS = ("lenet5", "kernels", "lecture_outline", "lecture_conv", "squeezenet1_1")
MOST_LAYERS = 150  # of a document that grew; then another one is opened
COLLECT = 50  # gestures between two collections of garbage, which the program does by the clock
SAMPLE = 250  # gestures between two looks at the memory
WARM = 0.3  # the share of gestures in which caches fill


@dataclass
class Findings:
    """What a soak saw."""

    gestures: Counter[str] = field(default_factory=Counter)
    errors: list[str] = field(default_factory=list)
    messages: list[str] = field(default_factory=list)
    resident: list[tuple[int, int]] = field(default_factory=list)  # gestures so far, bytes
    gaps: list[tuple[float, float, str]] = field(default_factory=list)  # own time, time in all, in what
    runs: int = 0
    threads: list[str] = field(default_factory=list)
    timers: list[str] = field(default_factory=list)

    def slope(self) -> float:
        """Return how many bytes a gesture costs after the warm-up, by the line of least squares."""
        total = self.resident[-1][0]
        later = [one for one in self.resident if one[0] >= WARM * total]
        return statistics.linear_regression(*zip(*later, strict=True)).slope


class Soak:
    """A window, somebody who plays with it, and what is seen meanwhile."""

    def __init__(self, seed: int, folder: Path) -> None:
        self.found, self._chance, self._folder = Findings(), random.Random(seed), folder
        self._deed = "start"
        self._gaps: list[tuple[float, float]] = []
        self.window = MainWindow()
        self.window.resize(1440, 900)
        self.window.show()
        self._player = Player(_timed(Hands(self.window.canvas), self._felt), seed)
        self._images = sorted((RESOURCES / "images").glob("**/*.*g"))
        broken = folder / "broken.png"
        broken.write_bytes(self._images[0].read_bytes()[:200])
        self._images.append(broken)
        self.window.runs.runner.finished.connect(self._count)

    def _count(self, _: object) -> None:
        self.found.runs += 1

    def _felt(self, own: float, whole: float) -> None:
        self._gaps.append((own, whole))

    def _remember(self) -> None:
        """Keep the gaps of a gesture, now that it has a name."""
        self.found.gaps += [(own, whole, self._deed) for own, whole in self._gaps]
        self._gaps.clear()
        if len(self.found.gaps) > 1000:
            self.found.gaps = sorted(self.found.gaps, reverse=True)[:50]

    def go(self, count: int, minutes: float, *, report: bool) -> None:
        """Make so many gestures, but not for longer."""
        self._open()
        self._image()
        self._remember()
        began = time.monotonic()
        for number in range(count):
            self._one()
            over = number == count - 1 or time.monotonic() - began > 60 * minutes
            if number % COLLECT == 0:
                gc.collect()
            if number % SAMPLE == 0 or over:
                self._rest()
                self.found.resident.append((number, _resident()))
                if report and number % (SAMPLE * 4) == 0:
                    print(f"{number:,} gestures, {self.found.runs:,} runs, {_resident() / 2**20:.0f} MB", flush=True)
            if over:
                return

    def _one(self) -> None:
        deeds: dict[Callable[[], Any], float] = {
            self._player.play: 100,
            self._open: 1,
            self._image: 2,
            self.window.runs.run: 2,
            self.window.runs.stop: 0.5,
            self._undo: 2,
            self._theme: 0.1,
            self._rest: 1,
        }
        if len(self.window.document.graph.nodes) > MOST_LAYERS:
            deeds = {self._open: 1}
        (deed,) = self._chance.choices(list(deeds), list(deeds.values()))
        self._deed = deed.__name__
        said = deed()
        self._deed = said if isinstance(said, str) else self._deed
        self.found.gestures[self._deed] += 1
        self._check()
        self._spin()
        self._remember()

    def _check(self) -> None:
        """See that the canvas shows the document."""
        try:
            assert_in_step(self.window.canvas)
        except AssertionError as problem:
            where = traceback.extract_tb(problem.__traceback__)[-1].line
            self.found.errors.append(f"after {self._deed}, gesture {self.found.gestures.total():,}: {where}")
            self._open()

    def _open(self) -> None:
        name = self._chance.choice([*DOCUMENTS, ""])
        if name:
            self._timed(self.window.files.open, RESOURCES / "examples" / f"{name}.json")
        else:
            self._timed(self.window.files.new)

    def _image(self) -> None:
        self._timed(self.window.runs.open_image, self._chance.choice(self._images))

    def _undo(self) -> None:
        stack = self.window.document.undo_stack
        steps, deed = self._chance.randrange(30), self._chance.choice((stack.undo, stack.redo))
        for _ in range(steps):
            self._timed(deed)

    def _theme(self) -> None:
        self._timed(self.window.themes.switch)

    def _rest(self) -> None:
        """Wait until a run that is under way has ended."""
        stop = QDeadlineTimer(5000)
        while self.window.commands["run.stop"].isEnabled() and not stop.hasExpired():
            self._spin()

    def _timed(self, deed: Callable[..., Any], *arguments: Any) -> Any:
        own, whole = time.thread_time(), time.perf_counter()
        result = deed(*arguments)
        self._felt(time.thread_time() - own, time.perf_counter() - whole)
        return result

    def _spin(self) -> None:
        """Let the window's thread do what waits, and delete what is to go, which it leaves to loops that run on."""
        self._timed(QCoreApplication.processEvents, QEventLoop.ProcessEventsFlag.AllEvents, 1)
        self._timed(QCoreApplication.sendPostedEvents, None, QEvent.Type.DeferredDelete)

    def end(self) -> None:
        """Close the window and see what stays."""
        self._rest()
        self.window.close()
        self.window.deleteLater()
        del self.window, self._player
        for _ in range(5):
            QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
            QCoreApplication.processEvents()
            gc.collect()


_EVENTS = ("click", "press", "release", "key", "wheel", "drag_in", "drag_on", "drag_out")


def _timed(hands: Hands, felt: Callable[[float, float], None]) -> Hands:
    """Return the hands, whose every event is timed."""

    def watched(deed: Callable[..., Any]) -> Callable[..., Any]:
        def do(*arguments: Any, **named: Any) -> Any:
            own, whole = time.thread_time(), time.perf_counter()
            result = deed(*arguments, **named)
            felt(time.thread_time() - own, time.perf_counter() - whole)
            return result

        return do

    for name in _EVENTS:
        setattr(hands, name, watched(getattr(hands, name)))
    plain = hands.move
    hands.move = lambda *way: [watched(plain)(at) for at in way]  # type: ignore[method-assign,assignment]
    return hands


def _resident() -> int:
    """Return the resident memory, once the program has rested: it then collects, and gives back what is not used."""
    gc.collect()
    room.give_back()
    return int(Path("/proc/self/statm").read_text(encoding="ascii").split()[1]) * os.sysconf("SC_PAGE_SIZE")


def soak(count: int, seed: int = 0, minutes: float = 1e9, *, report: bool = False) -> Findings:
    """Make random gestures in a window of its own, which an application must be there for."""
    app = QApplication.instance()
    assert isinstance(app, QApplication)
    before = {one.name for one in threading.enumerate()}
    theme.apply(app, theme.LIGHT)
    asked = QMessageBox.warning
    QMessageBox.warning = lambda *_: QMessageBox.StandardButton.Discard  # type: ignore[method-assign,assignment]
    collecting = gc.isenabled()
    gc.disable()  # as the program does
    with tempfile.TemporaryDirectory() as folder:
        one = Soak(seed, Path(folder))
        found = one.found
        hook, sys.excepthook = (
            sys.excepthook,
            lambda *caught: found.errors.append("".join(traceback.format_exception(*caught))),
        )
        handler = qInstallMessageHandler(lambda kind, _, text: _note(found, kind, text))
        try:
            one.go(count, minutes, report=report)
            one.end()
        finally:
            sys.excepthook = hook
            QMessageBox.warning = asked  # type: ignore[method-assign]
            qInstallMessageHandler(handler)
    if collecting:
        gc.enable()
    ours = {"convolab-helper"}  # shares layers with whoever runs one, as long as the program lives
    found.threads = sorted({one.name for one in threading.enumerate()} - before - ours)
    alive = [one for one in gc.get_objects() if isinstance(one, QTimer) and shiboken6.isValid(one) and one.isActive()]
    found.timers = [repr(one.parent()) for one in alive]
    return found


def _note(found: Findings, kind: QtMsgType, text: str) -> None:
    if not text.startswith("This plugin does not support"):
        found.messages.append(f"{kind.name}: {text}")


def main() -> int:
    """Soak, print what was seen, and return whether something was."""
    parser = argparse.ArgumentParser(prog="python -m tests.faults.soak")
    parser.add_argument("gestures", nargs="?", type=int, default=20_000)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument(
        "--minutes", type=float, default=1e9, help="end after so many, however many gestures there were"
    )
    options = parser.parse_args()
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    app = QApplication(sys.argv[:1])
    app.setOrganizationName("Convolab tests")
    app.setApplicationName("Convolab tests")
    with tempfile.TemporaryDirectory() as settings:
        QSettings.setDefaultFormat(QSettings.Format.IniFormat)
        QSettings.setPath(QSettings.Format.IniFormat, QSettings.Scope.UserScope, settings)
        began = time.monotonic()
        found = soak(options.gestures, options.seed, options.minutes, report=True)
    took = time.monotonic() - began
    print(f"{found.gestures.total():,} gestures, {found.runs:,} runs in {took:.0f} s: {dict(found.gestures)}")
    for number, resident in found.resident[:: max(1, len(found.resident) // 20)]:
        print(f"  after {number:,}: {resident / 2**20:.1f} MB")
    print(f"slope after the warm-up: {found.slope() / 1024:.2f} KB a gesture")
    for own, whole, deed in sorted(found.gaps, reverse=True)[:12]:
        print(f"  gap {own * 1000:.0f} ms of its own time, {whole * 1000:.0f} ms in all: {deed}")
    print(f"threads left {found.threads}, timers left {found.timers}")
    print(
        f"{len(found.errors)} exceptions, {len(found.messages)} messages",
        *found.errors[:9],
        *found.messages[:9],
        sep="\n",
    )
    return 1 if found.errors or found.messages or found.threads or found.timers else 0


if __name__ == "__main__":
    raise SystemExit(main())
