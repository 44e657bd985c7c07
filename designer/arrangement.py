"""Where the panels stand: beside the canvas or floating over it, how they share the window out, and as it was left."""

from collections.abc import Mapping

from PySide6.QtCore import QByteArray, QSettings, Qt
from PySide6.QtWidgets import QDockWidget, QMainWindow, QWidget

from designer.dock_buttons import DockButtons

_LEFT, _BELOW = Qt.DockWidgetArea.LeftDockWidgetArea, Qt.DockWidgetArea.BottomDockWidgetArea
_RIGHT = Qt.DockWidgetArea.RightDockWidgetArea
_AREAS = {"palette": _LEFT, "outline": _LEFT, "lesson": _LEFT, "problems": _BELOW}  # all others are at the right
_ACROSS, _DOWN = Qt.Orientation.Horizontal, Qt.Orientation.Vertical
_SPLITS = (
    ("maps", "inspector", _ACROSS),
    ("inspector", "answer", _DOWN),
    ("maps", "folder", _DOWN),
    ("lesson", "palette", _DOWN),
)
_HIDDEN = ("lesson", "outline", "folder")
_FLOATING = {
    "map": (760, 560),
    "trace": (640, 760),
    "channels": (460, 520),
    "stepper": (1180, 700),
    "translation": (1160, 680),
    "compare": (1120, 560),
    "twin": (1140, 800),
    "evaluation": (1120, 620),
    "kernels": (860, 600),
}
_INSPECTOR, _PROBLEMS = 300, 104  # width and height at first
LEAST_CANVAS = 170  # width of the canvas, which cards can still be read at
_PALETTE, _MAPS, _ANSWER = 0.17, 0.34, 0.38  # shares of the window's width, at most, and its height


class Arrangement:
    """The docks of a window, by name.

    Parameters
    ----------
    window
        Where they are.
    panels
        A title and a widget for each name.
    """

    def __init__(self, window: QMainWindow, panels: Mapping[str, tuple[str, QWidget]]) -> None:
        self._window = window
        self._kept = self._restored = False
        self.docks: dict[str, QDockWidget] = {}
        window.setDockNestingEnabled(True)
        window.setCorner(Qt.Corner.BottomLeftCorner, _LEFT)
        window.setCorner(Qt.Corner.BottomRightCorner, _RIGHT)
        for name, (title, widget) in panels.items():
            dock = QDockWidget(title, window)
            dock.setObjectName(name)
            dock.setWidget(widget)
            window.addDockWidget(_AREAS.get(name, _RIGHT), dock)
            self.docks[name] = dock
        for first, second, direction in _SPLITS:
            window.splitDockWidget(self.docks[first], self.docks[second], direction)
        window.tabifyDockWidget(self.docks["palette"], self.docks["outline"])
        for name in _HIDDEN:
            self.docks[name].hide()
        for name, size in _FLOATING.items():
            self.docks[name].setFloating(True)
            self.docks[name].resize(*size)
            self.docks[name].hide()
        DockButtons(self.docks.values(), window)

    def keep(self) -> None:
        """Stand as the window did when it was last closed, and remember how it stands when it closes again."""
        self._kept = True
        settings = QSettings()
        geometry, state = settings.value("geometry"), settings.value("state")
        self._restored = (
            isinstance(geometry, QByteArray)
            and isinstance(state, QByteArray)
            and self._window.restoreGeometry(geometry)
            and self._window.restoreState(state)
        )

    def remember(self) -> None:
        """Remember how the window stands, where that is wanted."""
        if self._kept:
            QSettings().setValue("geometry", self._window.saveGeometry())
            QSettings().setValue("state", self._window.saveState())

    def share_out(self) -> None:
        """Share the window out where it does not stand as it was left: the maps get what the canvas does not need."""
        if self._restored:
            return
        docks, width, height = self.docks, self._window.width(), self._window.height()
        palette = min(docks["palette"].widget().sizeHint().width(), int(width * _PALETTE))
        across = {docks["palette"]: palette, docks["maps"]: int(width * _MAPS), docks["inspector"]: _INSPECTOR}
        answer = int(height * _ANSWER)
        self._window.resizeDocks(list(across), list(across.values()), _ACROSS)
        self._window.resizeDocks([docks["inspector"], docks["answer"]], [height - answer, answer], _DOWN)
        self._window.resizeDocks([docks["problems"]], [_PROBLEMS], _DOWN)

    def widen(self, name: str, wanted: int) -> None:
        """Give a dock beside the canvas at least so much width."""
        dock = self.docks[name]
        if not dock.isFloating() and dock.width() < wanted:
            self._window.resizeDocks([dock], [wanted], _ACROSS)
