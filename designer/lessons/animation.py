"""Animations as GIF: frames are painted on the window's thread and written on another, a few at a time."""

import queue
import threading
from collections.abc import Iterator
from pathlib import Path

from PIL import Image
from PySide6.QtCore import QObject, QSize, QSizeF, QTimer, Signal
from PySide6.QtGui import QImage, QPainter

from designer.lessons.scales import DIVERGING
from designer.lessons.scene import Scene
from designer.lessons.stage import paint
from designer.tiles import colormaps
from engine.language import tr

_WAITING = 4  # frames that may wait to be written
_COLOURS = 224
_STRIPE = 40  # height that each colour map has among the samples
_SAMPLES = 3  # frames that the palette is made of
_END_MS = 1500  # the last frame stays


class _Given(Exception):  # noqa: N818 - not an error: somebody asked for it
    """The export was cancelled."""


class GifWriter(QObject):
    """Writes some steps of a scene to a file, as wide as asked for, in the proportions of the stage.

    Signals
    -------
    progressed
        How many frames have been painted.
    finished
        What is wrong, or an empty text where the file is complete.
    """

    progressed = Signal(int)
    finished = Signal(str)
    _ended = Signal(str)

    def __init__(
        self, scene: Scene, stage: QSize, width: int, frames: list[int], milliseconds: int, path: Path, parent: QObject
    ) -> None:
        super().__init__(parent)
        self._scene, self._frames, self._ms, self._path = scene, frames, milliseconds, path
        # As the stage shows it, numbers and all: another width is another resolution.
        self._ratio = width / stage.width()
        self._size = width, max(1, round(stage.height() * self._ratio))
        self._logical = QSizeF(stage)
        self._partial = path.with_name(f".{path.name}.partial")
        self._queue: queue.Queue[Image.Image | None] = queue.Queue(_WAITING)
        self._painted, self._cancelled = 0, False
        self._timer = QTimer(self, interval=0)
        self._timer.timeout.connect(self._paint_next)
        self._ended.connect(self._end)
        scene.lay_out(self._logical)
        self._palette = self._make_palette()
        self._thread = threading.Thread(target=self._write, name="convolab-gif", daemon=True)

    def start(self) -> None:
        """Begin."""
        self._thread.start()
        self._timer.start()

    def cancel(self) -> None:
        """Give up; the file is left as it was."""
        self._cancelled = True
        self._timer.stop()
        while not self._queue.empty():
            self._queue.get_nowait()
        self._queue.put(None)

    def wait(self) -> None:
        """Wait until the writing thread has come to its end."""
        if self._thread.ident is not None:
            self._thread.join()

    def _paint_next(self) -> None:
        """Paint a frame, unless as many wait as may."""
        if self._queue.full():
            return
        if self._painted == len(self._frames):
            self._timer.stop()
            self._queue.put(None)
            return
        self._queue.put(self._frame(self._frames[self._painted]))
        self._painted += 1
        self.progressed.emit(self._painted)

    def _frame(self, step: int) -> Image.Image:
        width, height = self._size
        image = QImage(width, height, QImage.Format.Format_RGB888)
        image.setDevicePixelRatio(self._ratio)
        painter = QPainter(image)
        paint(painter, self._scene, self._logical, step)
        painter.end()
        return Image.frombuffer("RGB", (width, height), bytes(image.constBits()), "raw", "RGB", image.bytesPerLine(), 1)

    def _make_palette(self) -> Image.Image:
        """Return the colours that all frames share, so that nothing flickers: of a few of them, and of the maps."""
        last = len(self._frames) - 1
        samples = [self._frame(self._frames[last * number // (_SAMPLES - 1)]) for number in range(_SAMPLES)]
        width, height = self._size
        maps = [colormaps.colours(name)[None] for name in (self._scene.colour_map, DIVERGING)]
        sheet = Image.new("RGB", (width, height * _SAMPLES + _STRIPE * len(maps)))
        for number, sample in enumerate(samples):
            sheet.paste(sample, (0, number * height))
        for number, colours in enumerate(maps):
            stripe = Image.fromarray(colours).resize((width, _STRIPE), Image.Resampling.NEAREST)
            sheet.paste(stripe, (0, height * _SAMPLES + number * _STRIPE))
        return sheet.quantize(_COLOURS, method=Image.Quantize.MEDIANCUT, dither=Image.Dither.NONE)

    # On the writing thread

    def _incoming(self) -> Iterator[Image.Image]:
        while (frame := self._queue.get()) is not None:
            yield frame.quantize(palette=self._palette, dither=Image.Dither.NONE)
        if self._cancelled:
            raise _Given

    def _write(self) -> None:
        try:
            frames = self._incoming()
            first = next(frames)
            times = [self._ms] * (len(self._frames) - 1) + [max(self._ms, _END_MS)]
            first.save(
                self._partial, "GIF", save_all=True, append_images=frames, duration=times, loop=0, optimize=False
            )
            self._keep()
        except (_Given, StopIteration):
            self._partial.unlink(missing_ok=True)
        except (OSError, ValueError) as problem:
            self._partial.unlink(missing_ok=True)
            self._ended.emit(tr("{file} can't be written: {problem}", file=self._path.name, problem=problem))

    def _keep(self) -> None:
        """Put the file in its place, unless that was given up while it was written."""
        if self._cancelled:
            raise _Given
        self._partial.replace(self._path)
        self._ended.emit("")

    def _end(self, problem: str) -> None:
        self._timer.stop()
        self.finished.emit(problem)
