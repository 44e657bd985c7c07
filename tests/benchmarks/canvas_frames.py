"""What all measured canvases have in common: the drawing, and the frames that are timed."""

import gc
import json
import statistics
import time
from collections.abc import Callable, Iterator
from typing import NamedTuple

from PySide6.QtCore import QPoint
from PySide6.QtWidgets import QApplication, QGraphicsView

SIZE = 1600, 1000
ACROSS, DOWN = 300, 60  # from column to column, from row to row
_ROWS = 40
_SHORTCUT = 4  # every so many rows a wire leads past the cards in between
_REPEATS = 15
_PAN = QPoint(7, -23)

gc.disable()  # as the program does, which collects from a timer


class Spot(NamedTuple):
    """A node of the drawing: its place, what it says, and the numbers of those that feed it."""

    x: float
    y: float
    name: str
    kind: str
    shape: str
    count: str
    sources: tuple[int, ...]


def drawing(count: int) -> Iterator[Spot]:
    """Yield the nodes of a large network in columns of 40, with shortcuts; the first feeds every column."""
    for number in range(count):
        column, row = divmod(number, _ROWS)
        sources = () if number == 0 else (0,) if row == 0 else (number - 1,)
        if row and row % _SHORTCUT == 0:
            sources = (number - 1, number - _SHORTCUT)
        kind = "Conv2D · 64 @ 3×3" if len(sources) < 2 else "Add"
        yield Spot(column * ACROSS, row * DOWN, f"layer{number}", kind, "56×56×64", "36,928 params", sources)


def milliseconds(call: Callable[[], object]) -> float:
    """Return the processor time of a call and of all that it leaves to be painted."""
    start = time.process_time()
    call()
    QApplication.processEvents()
    return (time.process_time() - start) * 1000


def frames(
    view: QGraphicsView,
    fit: Callable[[], object],
    reset: Callable[[], object],
    pan: Callable[[QPoint], object],
    zoom: Callable[[float], object],
) -> dict[str, float]:
    """Time the frames of a view that is shown: all in view, at 1:1, while it pans, and the worst of a zoom."""
    port = view.viewport()
    fit()
    _settle()
    fitted = statistics.median(milliseconds(port.repaint) for _ in range(_REPEATS))
    reset()
    _settle()
    close = statistics.median(milliseconds(port.repaint) for _ in range(_REPEATS))
    moving = statistics.median(milliseconds(lambda: pan(_PAN)) for _ in range(_REPEATS))
    fit()
    _settle()
    zooming = [milliseconds(lambda: zoom(1.12)) for _ in range(40)]
    zooming += [milliseconds(lambda: zoom(1 / 1.12)) for _ in range(40)]
    return {"fitted": fitted, "1:1": close, "pan": moving, "zoom, worst": max(zooming)}


def tell(figures: dict[str, float]) -> None:
    """Print the figures for the process that asked."""
    print(json.dumps(figures))


def _settle() -> None:
    """Let everything be painted that waits for the view to keep still."""
    until = time.monotonic() + 0.4
    while time.monotonic() < until:
        QApplication.processEvents()
        time.sleep(0.005)
