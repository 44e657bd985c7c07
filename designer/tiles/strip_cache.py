"""Strips that have been drawn, as pictures, the least recently used forgotten first."""

from collections import OrderedDict
from collections.abc import Callable, Hashable
from dataclasses import dataclass
from functools import lru_cache
from time import perf_counter

import numpy as np
from numpy.typing import NDArray
from PySide6.QtGui import QImage

MAX_BYTES = 48 * 2**20  # a dozen screens of 4K


@lru_cache(maxsize=8)
def _blank(table: tuple[int, ...]) -> QImage:
    """Return a picture whose copies have a colour table: to hand one over anew takes longer than to fill a strip."""
    image = QImage(1, 1, QImage.Format.Format_Indexed8)
    image.setColorTable(table)
    return image


def picture(indices: NDArray[np.uint8], table: tuple[int, ...]) -> QImage:
    """Return colour indices ``(H, W)`` as a picture that owns its pixels."""
    height, width = indices.shape
    image = _blank(table).copy(0, 0, width, height)
    pixels = np.frombuffer(image.bits(), np.uint8, height * image.bytesPerLine())
    pixels.reshape(height, -1)[:, :width] = indices
    return image


@dataclass
class _Strip:
    image: QImage
    table: tuple[int, ...]


class StripCache:
    """Pictures by key, in at most ``max_bytes``; each shows the colour table that it is last asked for with."""

    def __init__(self, max_bytes: int = MAX_BYTES) -> None:
        self.max_bytes = max_bytes
        self.bytes = 0
        self._strips: OrderedDict[Hashable, _Strip] = OrderedDict()

    def __len__(self) -> int:
        return len(self._strips)

    def get(self, key: Hashable, table: tuple[int, ...]) -> QImage | None:
        """Return the picture of that key, in the colours of ``table``."""
        strip = self._strips.get(key)
        if strip is None:
            return None
        self._strips.move_to_end(key)
        if strip.table is not table:
            strip.image.setColorTable(table)
            strip.table = table
        return strip.image

    def put(self, key: Hashable, indices: NDArray[np.uint8], table: tuple[int, ...], ratio: float) -> QImage:
        """Keep a strip of colour indices as a picture at a device pixel ratio and return it."""
        image = picture(indices, table)
        image.setDevicePixelRatio(ratio)
        self.discard(key)
        self._strips[key] = _Strip(image, table)
        self.bytes += image.sizeInBytes()
        while self.bytes > self.max_bytes:
            _, oldest = self._strips.popitem(last=False)
            self.bytes -= oldest.image.sizeInBytes()
        return image

    def discard(self, key: Hashable) -> None:
        """Forget one picture."""
        strip = self._strips.pop(key, None)
        if strip is not None:
            self.bytes -= strip.image.sizeInBytes()

    def clear(self) -> None:
        """Forget all pictures."""
        self._strips.clear()
        self.bytes = 0


class Budget:
    """The time that one frame may spend on new strips: always enough for one job, so that every frame gets on."""

    def __init__(self, seconds: float, clock: Callable[[], float] = perf_counter) -> None:
        self._clock = clock
        self._end = clock() + seconds
        self.jobs = 0

    def take(self) -> bool:
        """Return whether another job may start."""
        allowed = self.jobs == 0 or self._clock() < self._end
        self.jobs += allowed
        return allowed
