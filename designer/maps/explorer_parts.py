"""Small parts of the view of one large map: bands, lines, and the places of values."""

import numpy as np
from PySide6.QtGui import QPalette
from PySide6.QtWidgets import QWidget

from designer.maps.layers import MapLayer


def band(role: QPalette.ColorRole = QPalette.ColorRole.Base) -> QWidget:
    """Return a widget with the ground of a panel."""
    made = QWidget()
    made.setAutoFillBackground(True)
    made.setBackgroundRole(role)
    return made


def rule() -> QWidget:
    """Return a line that may stand or lie."""
    made = band(QPalette.ColorRole.Mid)
    made.setMinimumSize(1, 1)
    return made


def level() -> QWidget:
    """Return a line that lies."""
    made = rule()
    made.setFixedHeight(1)
    return made


def index_of(layer: MapLayer, element: int) -> tuple[int, ...]:
    """Return the index of an element of a vector, which may be a volume of maps of one pixel."""
    return (element,) if layer.values.ndim == 1 else (element, 0, 0)


def strongest(layer: MapLayer, channel: int) -> tuple[int, ...]:
    """Return the index of the largest finite value of a map; of the first one where there is none."""
    if layer.is_vector:
        return index_of(layer, channel)
    values = layer.maps[channel]
    place = np.where(np.isfinite(values), values, -np.inf).argmax()
    y, x = divmod(int(place), values.shape[1])
    return channel, y, x
