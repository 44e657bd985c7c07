"""Room for the lesson's dock: wide enough to read beside a canvas that is wide enough to draw on."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Qt, QTimer, Signal
from PySide6.QtWidgets import QDockWidget

if TYPE_CHECKING:
    from designer.window import MainWindow

WIDTH = 320  # of the lesson
_CANVAS = 380  # width that is left to the canvas where the feature maps can give it
_LEAST_CANVAS = 220  # where even their least width would leave less, the feature maps step aside
_INSPECTOR = 300
_SHARE = 0.62  # of the column's height


class LessonRoom(QObject):
    """Shows the dock above the palette; when it is closed, the others have their room again."""

    shown = Signal(bool)

    def __init__(self, window: MainWindow, dock: QDockWidget) -> None:
        super().__init__(window)
        self._window, self._dock = window, dock
        self._maps, self._inspector = window.docks["maps"], window.docks["inspector"]
        self._before: dict[QDockWidget, int] = {}
        self._without_maps = False
        dock.visibilityChanged.connect(self._on_visible)
        self._maps.toggleViewAction().triggered.connect(self._take_over)

    @property
    def is_open(self) -> bool:
        """Whether the dock is not closed."""
        return not self._dock.isHidden()

    def open(self, *, maps: bool = False) -> None:
        """Show the dock; ``maps`` where a step is about the feature maps, which step aside in narrow windows."""
        if self._dock.isHidden():
            others = (self._window.docks["palette"], self._maps, self._inspector)
            self._before = {dock: dock.width() for dock in others if _beside(dock)}
            self._dock.show()
            if not self._dock.isFloating():
                self._share_out()
        if self._without_maps:
            self._maps.setVisible(maps)
        self._dock.raise_()

    def _share_out(self) -> None:
        palette, across = self._window.docks["palette"], Qt.Orientation.Horizontal
        sizes = {self._dock: WIDTH}
        if _beside(self._inspector):
            sizes[self._inspector] = max(_INSPECTOR, self._inspector.width())
        if _beside(self._maps):
            room, least = self._window.width() - sum(sizes.values()), self._maps.minimumSizeHint().width()
            self._without_maps = room - least < _LEAST_CANVAS
            self._maps.setVisible(not self._without_maps)
            if not self._without_maps:
                sizes[self._maps] = max(least, min(self._before[self._maps], room - _CANVAS))
        self._window.resizeDocks(list(sizes), list(sizes.values()), across)
        if _beside(palette):
            height = self._dock.height() + palette.height()
            heights = [int(height * _SHARE), height - int(height * _SHARE)]
            self._window.resizeDocks([self._dock, palette], heights, Qt.Orientation.Vertical)

    def _take_over(self) -> None:
        """Leave the maps to the person, who has shown or hidden them by the menu."""
        self._without_maps = False

    def _on_visible(self, visible: bool) -> None:
        self.shown.emit(visible)
        if visible or not self._dock.isHidden() or not self._before:
            return
        if self._without_maps:
            self._maps.show()
        before, self._before, self._without_maps = self._before, {}, False
        QTimer.singleShot(0, self, lambda: self._give_back(before))  # when what was hidden has left its room

    def _give_back(self, widths: dict[QDockWidget, int]) -> None:
        if self._dock.isHidden():
            self._window.resizeDocks(list(widths), list(widths.values()), Qt.Orientation.Horizontal)


def _beside(dock: QDockWidget) -> bool:
    return not dock.isHidden() and not dock.isFloating()
