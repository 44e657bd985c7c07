"""A window in which all methods of one name that Qt calls fail: ``python -m tests.faults.shielded_window NAME FOLDER``.

Prints how often they did, and whether the person was told; a process that Qt ends prints nothing.
"""

import gc
import os
import sys
from collections.abc import Callable, Iterator
from importlib import import_module
from pathlib import Path
from typing import Any

from PySide6.QtCore import QPoint, QRect, QSettings, Qt, QTimer
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from shiboken6 import Shiboken

from designer import theme
from designer.recovery.session import RecoverySession
from designer.shield import is_called_by_qt, raise_shields, shielded
from designer.window import MainWindow
from engine import Figure

ROOT = Path(__file__).resolve().parent.parent.parent
PAUSE_MS = 120
_kept: list[object] = []  # PySide remembers methods without keeping them


class Failing:
    """What fails as soon as it is ``on``."""

    def __init__(self, name: str) -> None:
        self.name, self.on, self.count = name, False, 0

    def install(self, cls: type = Shiboken.Object) -> None:
        """Let all methods of the name fail, of all classes of ours."""
        for one in cls.__subclasses__():
            if one.__module__.startswith("designer.") and self.name in vars(one) and is_called_by_qt(one, self.name):
                plain = vars(one)[self.name]
                _kept.append(plain)
                setattr(one, self.name, shielded(one, self.name, self._failing(plain.__wrapped__)))
            self.install(one)

    def _failing(self, method: Callable[..., Any]) -> Callable[..., Any]:
        def call(*args: Any) -> Any:
            if self.on:
                self.count += 1
                raise ZeroDivisionError("nobody foresaw this")
            return method(*args)

        return call


def acts(window: MainWindow) -> Iterator[Callable[[], object]]:
    """Go through what a person does."""
    canvas, left = window.canvas, Qt.MouseButton.LeftButton
    yield lambda: window.document.selection.select(["conv1"])
    yield lambda: window.resize(1300, 800)
    for dock in window.docks.values():
        yield dock.show
    yield lambda: window.document.edit("Rename", window.document.graph.rename("conv1", "first"))
    yield lambda: window.maps.map_activated.emit("conv2", 3)
    yield lambda: window.traces.open("conv2", (3, 4, 5))
    yield window.command_palette.open
    yield window.shortcut_sheet.open
    yield window.canvas.find_bar.open
    yield window.canvas.quick_add.ask
    yield lambda: window.totals.explainer.explain_sum(Figure.PARAMETERS, QRect(0, 0, 10, 10))
    yield lambda: QTest.mouseClick(canvas.viewport(), left, pos=QPoint(100, 100))
    yield lambda: QTest.keyClick(canvas, Qt.Key.Key_Down)
    yield window.document.undo_stack.undo
    yield lambda: window.document.selection.select(["conv1", "conv2"])
    yield window.themes.switch
    yield window.files.new
    yield lambda: window.files.open_example("resnet18.json")
    yield window.grab


def main(name: str, folder: Path) -> None:
    """Drive a window, then say how it went."""
    app = QApplication([])
    QSettings.setDefaultFormat(QSettings.Format.IniFormat)
    QSettings.setPath(QSettings.Format.IniFormat, QSettings.Scope.UserScope, str(folder / "settings"))
    theme.apply(app, theme.LIGHT)
    raise_shields()
    for late in ("image_plot", "vector_plot", "histogram_plot"):  # which a window imports when it needs them
        import_module(f"designer.maps.{late}")
    failing = Failing(name)
    failing.install()
    gc.disable()
    window = MainWindow()
    session = RecoverySession(window.document, window.files, window, folder / "recovery")
    window.resize(1440, 900)
    window.show()
    window.files.open_example("lenet5.json")
    window.runs.open_image(ROOT / "resources/images/digits/7_0023.png")
    left = acts(window)

    def step() -> None:
        failing.on = True
        if (act := next(left, None)) is not None:
            QTimer.singleShot(PAUSE_MS, step)
            act()
            return
        failing.on = False
        print(failing.count, session.crashes.dialog is not None, flush=True)
        os._exit(0)

    collector = QTimer(interval=PAUSE_MS)
    collector.timeout.connect(gc.collect)
    collector.start()
    QTimer.singleShot(1000, step)
    app.exec()


if __name__ == "__main__":
    main(sys.argv[1], Path(sys.argv[2]))
