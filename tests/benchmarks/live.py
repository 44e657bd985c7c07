"""How soon the window follows: from a value that is changed to maps that are repainted, and whether it ever stalls."""

import json
import os
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from itertools import pairwise
from pathlib import Path
from typing import Any

from report import Row

HERE = Path(__file__).parent
FRAME = 1 / 60
STEPS = 60  # of a drag, there and back
GOAL = "≤ 16.7 ms"
STEPPED = ("features.0", "features.1", "features.2", "features.4", "features.28", "flatten", "classifier.0", "softmax")
DRAGGED = (("features.0", "filters"), ("features.0", "kernel"), ("features.17", "filters"), ("classifier.0", "units"))


def measure() -> Iterator[Row]:
    """Yield all rows; each is measured in a window in a process of its own."""
    for what, request in (
        ("filters of conv1", ("hyper", "conv1", "filters")),
        ("stride of pool1", ("hyper", "pool1", "stride")),
        ("units of dense1", ("hyper", "dense1", "units")),
    ):
        median, late = _asked(*request)
        yield Row(f"LeNet-5, {what} dragged: until all maps are repainted", median, goal=GOAL)
        yield Row(f"LeNet-5, {what} dragged: 95 of 100 steps", late)
    median, late = _asked("stroke", "conv1")
    yield Row("LeNet-5, a kernel of conv1 painted: until all maps are repainted", median, goal=GOAL)
    yield Row("LeNet-5, a kernel of conv1 painted: 95 of 100 cells", late)
    played, scrubbed = _asked("stepper")
    yield Row("VGG-16, step by step at 240 steps a second: a frame of the slowest layer", played, goal=GOAL)
    yield Row("VGG-16, step by step, scrubbed through all maps: a frame of the slowest layer", scrubbed, goal=GOAL)
    gap, answered = _asked("gap")
    yield Row("VGG-16, hyper-parameters dragged at 60 Hz: longest gap of the window's thread", gap, goal="≤ 50 ms")
    yield Row("VGG-16, until all maps of the last step are there", answered)


def _asked(*request: str) -> list[float]:
    """Return what a fresh process measures."""
    environment = os.environ | {"QT_QPA_PLATFORM": "offscreen"}
    command = [sys.executable, str(HERE / "live.py"), *request]
    done = subprocess.run(command, capture_output=True, text=True, check=True, env=environment)
    found: list[float] = json.loads(done.stdout.splitlines()[-1])
    return found


@contextmanager
def _window(example: str, *image: str) -> Iterator[Any]:
    """Give a window that shows an example, when an image has run through it and all is painted."""
    from PySide6.QtWidgets import QApplication

    from designer import resources, theme
    from designer.app import collect_here, take_turns
    from designer.shield import raise_shields
    from designer.window import MainWindow

    app = QApplication([])
    theme.apply(app, theme.LIGHT)
    raise_shields()
    window = MainWindow()
    timer = collect_here()
    take_turns()
    window.resize(1440, 900)
    window.show()
    window.files.open(resources.path("examples", example))
    window.runs.open_image(resources.path("images", *image))
    _until(lambda: window.runs.result is not None, 300.0)
    _rest(0.5)
    yield window
    timer.stop()
    window.document.undo_stack.setClean()  # nothing to save
    window.close()


def _until(done: Callable[[], bool], seconds: float = 30.0) -> None:
    """Let the window live until something is true."""
    from PySide6.QtCore import QCoreApplication

    end = time.perf_counter() + seconds
    while not done():
        QCoreApplication.processEvents()
        time.sleep(0.0002)  # the worker needs the interpreter, too
        if time.perf_counter() > end:
            raise TimeoutError("The window did not come to rest")


def _rest(seconds: float) -> None:
    end = time.perf_counter() + seconds
    _until(lambda: time.perf_counter() > end, seconds + 600)


class _Frames:
    """Notes when the window was painted, and whether that was all of what a run has brought."""

    def __init__(self, window: Any) -> None:
        from PySide6.QtCore import QEvent, QObject

        frames = self

        class Watch(QObject):
            def eventFilter(self, watched: QObject, event: QEvent) -> bool:
                if event.type() != QEvent.Type.UpdateRequest or frames._inside:
                    return False
                frames._inside = True
                watched.event(event)
                frames._inside, frames.painted = False, time.perf_counter()
                return True

        self.painted = self.settled = 0.0
        self._inside, self._watch, self._mosaic = False, Watch(window), window.maps.mosaic
        window.installEventFilter(self._watch)
        window.runs.settled.connect(self._settle)

    def _settle(self, completed: bool) -> None:
        self.settled = time.perf_counter()

    def whole(self, since: float) -> bool:
        """Whether a run that was asked for after a moment is painted, with all maps in view."""
        return since < self.settled < self.painted and self._mosaic.up_to_date


def hyper(node: str, field: str) -> list[float]:
    """Return the median and the 95th percentile of the time from a step of a drag to all maps repainted, on LeNet-5."""
    with _window("lenet5.json", "digits", "7_0023.png") as window:
        window.document.selection.select([node])
        _rest(0.3)
        return _drag(window, _label(window, field), _Frames(window))


def _label(window: Any, field: str) -> Any:
    """Return the title that a hyper-parameter is dragged by."""
    from designer.number_fields import DragLabel

    form = window.inspector.node_page.form
    title = form.editors[field].parameter.title
    return next(label for label in form.findChildren(DragLabel) if label.text() == title and label.draggable)


def _drag(window: Any, label: Any, frames: _Frames) -> list[float]:
    from PySide6.QtCore import QPoint, Qt
    from PySide6.QtTest import QTest

    at, times = label.rect().center(), []
    QTest.mousePress(label, Qt.MouseButton.LeftButton, pos=at)
    for step in range(STEPS):
        place = at + QPoint(8 * (1 + min(step % 20, 20 - step % 20)), 0)
        before, start = window.document.graph, time.perf_counter()
        QTest.mouseMove(label, place)
        if window.document.graph is before:
            continue
        _until(lambda start=start: frames.whole(start))
        times.append(frames.painted - start)
        _rest(0.03)
    QTest.mouseRelease(label, Qt.MouseButton.LeftButton, pos=at)
    return [statistics.median(times), sorted(times)[int(len(times) * 0.95)]]


def stroke(node: str) -> list[float]:
    """Return the same for the cells of a stroke in the kernel editor."""
    from PySide6.QtCore import Qt
    from PySide6.QtTest import QTest

    with _window("lenet5.json", "digits", "7_0023.png") as window:
        window.kernels.open_at(node, 0, 0)
        _rest(0.5)
        frames, grid, times = _Frames(window), window.kernel_panel.grid, []
        # There and back, so that no cell lies on the way to another.
        walk = [(y, x if y % 2 == 0 else 4 - x) for y in range(5) for x in range(5)]
        cells = [grid.rect_of(*cell).center().toPoint() for cell in walk]
        button = Qt.MouseButton.LeftButton
        for step in range(STEPS):
            cell = cells[step % len(cells)]
            if step % len(cells) == 0:  # another brush, so that each cell changes anew
                window.kernel_panel.tools.brush.setValue(0.5 + step / len(cells))
                QTest.mousePress(grid, button, pos=cell)
                _rest(0.2)
                continue
            start = time.perf_counter()
            QTest.mouseMove(grid, cell)
            _until(lambda start=start: frames.whole(start))
            times.append(frames.painted - start)
            if step % len(cells) == len(cells) - 1:
                QTest.mouseRelease(grid, button, pos=cell)
            _rest(0.03)
        return [statistics.median(times), sorted(times)[int(len(times) * 0.95)]]


def stepper() -> list[float]:
    """Return the 95th percentile of a frame of the slowest layer of VGG-16: played fast, and scrubbed through."""
    found: list[list[float]] = [[], []]
    with _window("vgg16.json", "cat.jpg") as window:
        player, stage = window.stepper.player, window.stepper.stage
        for node in STEPPED:
            window.document.selection.select([node])
            window.lessons.step_through()
            _rest(0.5)
            for kind, stride in enumerate((4, max(4, player.count // STEPS))):
                times = []
                for frame in range(STEPS):
                    start = time.perf_counter()
                    player.go(frame * stride)
                    stage.repaint()
                    times.append(time.perf_counter() - start)
                found[kind].append(sorted(times)[int(len(times) * 0.95)])
    return [max(found[0]), max(found[1])]


def gap() -> list[float]:
    """Return the longest time without an answer of the window's thread while VGG-16 is dragged, and the last lag."""
    from PySide6.QtCore import QPoint, Qt, QTimer
    from PySide6.QtTest import QTest

    with _window("vgg16.json", "cat.jpg") as window:
        ticks: list[float] = []
        timer = QTimer(interval=0)
        timer.timeout.connect(lambda: ticks.append(time.perf_counter()))
        gaps, lags = [], []
        for node, field in DRAGGED:
            window.document.selection.select([node])
            _rest(0.5)
            label, frames = _label(window, field), _Frames(window)
            at = label.rect().center()
            QTest.mousePress(label, Qt.MouseButton.LeftButton, pos=at)
            ticks.clear()
            timer.start()
            for step in range(STEPS):
                start = time.perf_counter()
                QTest.mouseMove(label, at + QPoint(8 * (1 + min(step % 20, 20 - step % 20)), 0))
                _rest(max(0.0, FRAME - (time.perf_counter() - start)))
            _until(lambda start=start, frames=frames: frames.whole(start))
            lags.append(time.perf_counter() - start)
            timer.stop()
            gaps += [(end - begin, node, field) for begin, end in pairwise(ticks)]
            QTest.mouseRelease(label, Qt.MouseButton.LeftButton, pos=at)
        return [max(gaps)[0], statistics.median(lags)]


if __name__ == "__main__":
    print(json.dumps({"hyper": hyper, "stroke": stroke, "stepper": stepper, "gap": gap}[sys.argv[1]](*sys.argv[2:])))
