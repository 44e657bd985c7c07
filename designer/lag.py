"""How panels of texts follow a number that is dragged."""

from collections.abc import Callable

from PySide6.QtCore import QObject, QTimer

from designer.document import Change

LAG_MS = 50


class Lag(QTimer):
    """Lets a panel follow an edit at once, and a drag some times a second: the maps and the canvas come first.

    Parameters
    ----------
    follow
        Brings the panel up to date; whoever calls it otherwise need not tell.
    parent
        The panel.
    """

    def __init__(self, follow: Callable[[], None], parent: QObject) -> None:
        super().__init__(parent, singleShot=True, interval=LAG_MS)
        self._follow = follow
        self.timeout.connect(follow)

    def take(self, change: Change) -> None:
        """Follow a change, now or soon."""
        if not change.dragged:
            self.stop()
            self._follow()
        elif not self.isActive():
            self.start()
