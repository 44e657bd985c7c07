"""Pointing at what a lesson speaks of, for who wants that; and whether what it asks for was done in the window."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QSettings

from designer import pointing
from designer.ring import Pointer
from engine.lessons import Point, Ran, Selected, Used

if TYPE_CHECKING:
    from collections.abc import Collection

    from PySide6.QtWidgets import QWidget

    from designer.window import MainWindow

_POINTING = "lessons/pointing"


class LessonPointer(Pointer):
    """A pointer that finds things by a lesson's words for them, and is silent where the person wants that."""

    def __init__(self, window: MainWindow, spared: QWidget) -> None:
        super().__init__(window.canvas.viewport(), spared, window)
        self._window = window

    @property
    def wanted(self) -> bool:
        """Whether lessons point at things, which is remembered."""
        return QSettings().value(_POINTING, True) in (True, "true")

    @wanted.setter
    def wanted(self, wanted: bool) -> None:
        QSettings().setValue(_POINTING, wanted)

    def show_point(self, point: Point | None) -> None:
        """Bring what a lesson points at into view, and point at it; None points at nothing."""
        if point is None or not self.wanted:
            self.clear()
            return
        pointing.reveal(self._window, point)
        self.point(partial(pointing.find, self._window, point), point.says)


def is_done(window: MainWindow, act: Used | Selected | Ran, used: Collection[str]) -> bool:
    """Return whether an act was done; ``used`` are the commands that were used meanwhile."""
    if isinstance(act, Used):
        return act.command in used
    if isinstance(act, Selected):
        only = window.document.selection.only
        return only is not None and only == pointing.node_called(window, act.layer)
    result = window.runs.result
    return result is not None and result.request.network.graph is window.document.graph
