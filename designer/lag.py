"""How panels of texts follow a number that is dragged."""

import time
from collections.abc import Callable

from PySide6.QtCore import QObject, QTimer

from designer.document import Change

LAG_MS = 50
_APART = 0.005  # seconds between two panels, in which the window can answer the pointer


class Lag(QTimer):
    """Lets a panel follow an edit at once, and a drag some times a second: the maps and the canvas come first.

    Panels take turns: never do two of them follow at one time.

    Parameters
    ----------
    follow
        Brings the panel up to date; whoever calls it otherwise need not tell.
    parent
        The panel.
    milliseconds
        How far behind it may be.
    """

    _free = 0.0  # the time from which on a panel may follow

    def __init__(self, follow: Callable[[], None], parent: QObject, milliseconds: int = LAG_MS) -> None:
        super().__init__(parent, singleShot=True)
        self._follow, self._lag = follow, milliseconds
        self.timeout.connect(self._on_timeout)

    def take(self, change: Change) -> None:
        """Follow a change, now or soon."""
        if not change.dragged:
            self.stop()
            self._follow()
        elif not self.isActive():
            self.start(self._lag)

    def _on_timeout(self) -> None:
        wait = Lag._free - time.monotonic()
        if wait > 0:
            self.start(1 + int(1000 * wait))
            return
        self._follow()
        Lag._free = time.monotonic() + _APART
