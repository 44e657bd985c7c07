"""Small pictures of files, made on a thread of their own when they are first looked at, the newest wish first."""

import threading
from collections import OrderedDict, deque
from pathlib import Path

from PySide6.QtCore import QObject, Signal, Slot
from PySide6.QtGui import QImage

from engine import ImageError
from engine.images import small_image

SIDE = 96  # pixels of the long side
MOST = 1500  # pictures that are kept
_WAITING = 200  # wishes; older ones are of files that have been scrolled past


class Thumbnails(QObject):
    """Gives out small pictures. ``ready`` carries the path of a file whose picture, or problem, is known now."""

    ready = Signal(object)  # Path
    _from_worker = Signal(int, object, object)  # generation, Path, QImage or the reason

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._known: OrderedDict[Path, QImage | str] = OrderedDict()
        self._wishes: deque[tuple[int, Path]] = deque(maxlen=_WAITING)
        self._wished: set[Path] = set()
        self._generation = 0
        self._wake = threading.Condition()
        self._closing = False
        self._thread: threading.Thread | None = None
        self._from_worker.connect(self._deliver)

    def picture(self, path: Path) -> QImage | None:
        """Return a file's picture; None where it is not known yet, or can't be made."""
        found = self._known.get(path)
        if found is None:
            self._wish(path)
            return None
        self._known.move_to_end(path)
        return found if isinstance(found, QImage) else None

    def problem(self, path: Path) -> str:
        """Return why there is no picture of a file; empty where there is one, or nothing is known yet."""
        found = self._known.get(path)
        return found if isinstance(found, str) else ""

    def clear(self) -> None:
        """Forget all files."""
        with self._wake:
            self._generation += 1
            self._wishes.clear()
            self._wished.clear()
        self._known.clear()

    def close(self) -> None:
        """End the thread."""
        with self._wake:
            self._closing = True
            self._wake.notify()
        if self._thread is not None:
            self._thread.join()

    def _wish(self, path: Path) -> None:
        with self._wake:
            if path in self._wished or self._closing:
                return
            if len(self._wishes) == _WAITING:
                self._wished.discard(self._wishes[0][1])
            self._wishes.append((self._generation, path))
            self._wished.add(path)
            self._wake.notify()
        if self._thread is None:
            self._thread = threading.Thread(target=self._loop, name="convolab-thumbnails", daemon=True)
            self._thread.start()

    def _loop(self) -> None:
        while True:
            with self._wake:
                self._wake.wait_for(lambda: bool(self._wishes) or self._closing)
                if self._closing:
                    return
                generation, path = self._wishes.pop()
            made: QImage | str
            try:
                small = small_image(path, SIDE).convert("RGBA")
                made = QImage(
                    small.tobytes(), small.width, small.height, 4 * small.width, QImage.Format.Format_RGBA8888
                ).copy()
            except ImageError as problem:
                made = str(problem)
            except MemoryError:
                made = f"{path.name}: there is not enough memory"
            if not self._closing:
                self._from_worker.emit(generation, path, made)

    @Slot(int, object, object)
    def _deliver(self, generation: int, path: Path, made: QImage | str) -> None:
        if generation != self._generation or self._closing:
            return
        with self._wake:
            self._wished.discard(path)
        self._known[path] = made
        while len(self._known) > MOST:
            self._known.popitem(last=False)
        self.ready.emit(path)
