"""The first feature maps of every layer in view, on its card."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache

from PySide6.QtCore import QRectF
from PySide6.QtGui import QColor, QImage, QPainter, QTransform

from designer import theme
from designer.canvas.geometry import STRIP
from designer.canvas.sprites import Shown
from designer.tiles import colormaps, contact
from designer.tiles.colormaps import GAP
from designer.tiles.limits import Limits
from designer.tiles.look import Look, Normalisation
from designer.tiles.strip_cache import Budget, picture
from designer.tiles.strips import Array

_TILE, _GAP = 17.0, 1.0  # canvas pixels
_SECONDS = 0.006  # for new pictures in a frame
_PAPER_SCALE = 4.0  # where the canvas is painted for good
_FAINT = 130  # alpha of all bars but the largest
_IDENTITY = QTransform()


@dataclass
class _Entry:
    """A layer's values and the last picture of them, or of those before."""

    values: Array
    limits: Limits
    image: QImage | None = None
    made: object = None  # what the picture depends on; None for one of other values


class Thumbnails:
    """Pictures of the layers' outputs, each drawn when its card is painted and its values or its size are new.

    Attributes
    ----------
    enabled
        Whether cards show any.
    pending
        Whether the last frame had no time for all of them.
    """

    def __init__(self) -> None:
        self.enabled = True
        self.pending = False
        self._look = Look()
        self._entries: dict[str, _Entry] = {}
        self._budget = Budget(0.0)

    def set_values(self, values: Mapping[str, Array], limits: Mapping[str, Limits]) -> bool:
        """Take the outputs of a run, by node, with limits that are known; return whether other nodes have some."""
        before = self._entries
        self._entries = {}
        for node, array in values.items():
            old = before.get(node)
            if old is not None and old.values is array:
                self._entries[node] = old
            else:
                known = limits.get(node) or Limits(array.reshape(1, 1, -1) if contact.is_vector(array) else array)
                self._entries[node] = _Entry(array, known, old.image if old is not None else None)
        return before.keys() != self._entries.keys()

    def set_look(self, look: Look) -> None:
        """Choose how values become colours."""
        self._look = look

    def restyle(self) -> None:
        """Take the colours of the theme in force."""
        for entry in self._entries.values():
            entry.made = None

    def has(self, node: str) -> bool:
        """Whether a node's card is to show what it has put out."""
        return self.enabled and node in self._entries

    def begin_frame(self) -> None:
        """Start the clock for a frame."""
        self.pending = False
        self._budget = Budget(_SECONDS)

    def paint(self, painter: QPainter, node: str, family: str, shown: Shown, ratio: float) -> None:
        """Paint a layer's picture on its card, pixel by pixel where the card is."""
        entry = self._entries.get(node)
        if entry is None:
            return
        if shown.stretch == 1.0:
            self._refresh(entry, family, shown.scale)
        if entry.image is None:
            return
        edge = shown.stretch / ratio
        left, top = round(STRIP.left() * shown.scale) * edge, round(STRIP.top() * shown.scale) * edge
        height = STRIP.height() * shown.scale * edge
        width = entry.image.width() * height / entry.image.height()
        if shown.stretch == 1.0 and entry.made is not None:
            width, height = entry.image.width() / ratio, entry.image.height() / ratio
        transform = painter.worldTransform()
        painter.setWorldTransform(_IDENTITY)
        painter.drawImage(QRectF(shown.left + left, shown.top + top, width, height), entry.image)
        painter.setWorldTransform(transform)

    def paint_once(self, painter: QPainter, node: str, family: str) -> None:
        """Paint a layer's picture in the coordinates of its card, large enough for any paper."""
        entry = self._entries.get(node)
        if entry is not None:
            entry.limits.finish()
            painter.drawImage(STRIP, self._draw(entry, family, _size(_PAPER_SCALE)))

    def _refresh(self, entry: _Entry, family: str, scale: float) -> None:
        """Draw a picture anew if it would be another and there is time."""
        asked = (scale, self._look, family)
        if entry.made == asked:
            return
        shared = self._look.normalisation is Normalisation.PER_LAYER and not contact.is_vector(entry.values)
        while shared and not entry.limits.complete:
            if not self._budget.take():
                self.pending = True
                return
            entry.limits.advance()
        if not self._budget.take():
            self.pending = True
            return
        entry.image, entry.made = self._draw(entry, family, _size(scale)), asked

    def _draw(self, entry: _Entry, family: str, size: contact.Size) -> QImage:
        if contact.is_vector(entry.values):
            indices, table = contact.draw_bars(entry.values, size), _bar_table(theme.current().family(family))
        else:
            indices = contact.draw_maps(entry.values, self._look, size, entry.limits)
            table = _map_table(self._look.colour_map)
        return picture(indices, table).convertToFormat(QImage.Format.Format_ARGB32_Premultiplied)


def _size(scale: float) -> contact.Size:
    return contact.Size(int(_TILE * scale), max(1, round(_GAP * scale)))


@lru_cache(maxsize=len(colormaps.COLOUR_MAPS))
def _map_table(colour_map: str) -> tuple[int, ...]:
    """Return the colours of maps that the card is seen between."""
    return (*colormaps.table(colour_map, theme.LIGHT.surface)[:GAP], 0)


@lru_cache(maxsize=64)
def _bar_table(family: str) -> tuple[int, ...]:
    """Return the colours of a vector's bars: that of its layer's family, in full for the largest value."""
    full = QColor(family)
    faint = QColor(full)
    faint.setAlpha(_FAINT)
    return (faint.rgba(), full.rgba(), *([0] * (GAP - 1)))
