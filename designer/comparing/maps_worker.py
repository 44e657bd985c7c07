"""Maps of two networks on one image, compared beside the window's thread; the newest request wins."""

import logging
import threading
from pathlib import Path

from PySide6.QtCore import QObject, Signal, Slot

from designer.runner import Frame
from engine import (
    Analysis,
    Cancelled,
    FeatureMaps,
    ImageError,
    Input,
    Network,
    RunError,
    completed,
    load_image,
    prepare,
    run,
)
from engine.diff import Difference, map_differences

_log = logging.getLogger(__name__)


class MapsWorker(QObject):
    """Runs the other network and compares; ``finished`` carries the differences of the newest request."""

    finished = Signal(object)  # tuple[MapDifference, ...]

    _from_worker = Signal(int, object)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._number = 0
        self._kept: tuple[Network, Path | Frame, float, FeatureMaps] | None = None
        self._lock = threading.Lock()
        self._threads: list[threading.Thread] = []
        self._from_worker.connect(self._deliver)

    def request(self, difference: Difference, other: Network, ours: FeatureMaps, image: Path | Frame) -> None:
        """Compare the open network's maps with those that the other makes of the same image."""
        self._number += 1
        arguments = self._number, difference, other, ours, image
        thread = threading.Thread(target=self._work, args=arguments, name="convolab-comparison", daemon=True)
        self._threads = [*(one for one in self._threads if one.is_alive()), thread]
        thread.start()

    def cancel(self) -> None:
        """Give up what is under way; nothing more is heard of it."""
        self._number += 1

    def close(self) -> None:
        """Give up what is under way and wait for it."""
        self.cancel()
        for thread in self._threads:
            thread.join()

    def _work(
        self, number: int, difference: Difference, other: Network, ours: FeatureMaps, image: Path | Frame
    ) -> None:
        try:
            with self._lock:
                theirs = self._maps(number, difference.before, other, image)
            if theirs is not None and number == self._number:
                self._from_worker.emit(number, map_differences(difference, theirs, ours))
        except Cancelled:
            return
        except (ImageError, RunError, MemoryError, OSError):  # what keeps the open network from running is said there
            self._from_worker.emit(number, ())
        except Exception:  # noqa: BLE001 - the table is of use without maps, and the person can go on
            _log.exception("The comparison of maps failed")

    def _maps(self, number: int, analysis: Analysis, other: Network, image: Path | Frame) -> FeatureMaps | None:
        """Return the other network's maps, from memory where they are those of the last time."""
        entrance, changed = analysis.input, image.stat().st_mtime if isinstance(image, Path) else 0.0
        if entrance is None or not isinstance(entrance.layer, Input):
            return None
        layer = entrance.layer
        if self._kept is not None and self._kept[0] is other and self._kept[1:3] == (image, changed):
            return self._kept[3]
        maps = run(
            other.graph,
            completed(analysis, other.weights),
            load_image(image, layer) if isinstance(image, Path) else prepare(image.picture, layer),
            cancelled=lambda: number != self._number,
            analysis=analysis,
        )
        self._kept = (other, image, changed, maps)
        return maps

    @Slot(int, object)
    def _deliver(self, number: int, found: object) -> None:
        if number == self._number:
            self.finished.emit(found)
