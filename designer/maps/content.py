"""The layers in the mosaic and where they are, kept in place while either changes."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import count

import numpy as np
from numpy.typing import NDArray

from designer.maps.grid import DEFAULT_TILE
from designer.maps.layers import MapLayer, MapValue
from designer.maps.layout import ABOVE, BESIDE, Anchor, Hit, MosaicLayout, fitting_tile
from designer.maps.ranking import Order, Ranking
from designer.tiles.limits import Limits


@dataclass(frozen=True, eq=False)
class Entry:
    """A layer in the mosaic, and what has been found out about its values."""

    layer: MapLayer
    limits: Limits
    serial: int  # another number for other values
    ranking: Ranking

    def channels(self, order: Order) -> NDArray[np.intp] | None:
        """Return which map stands at each place; None where that is its own. The elements of a vector never move."""
        return None if self.layer.is_vector else self.ranking.channels(order)


class Content:
    """Layers, laid out for a viewport: at a chosen tile size or, in an overview, at one that lets all of them fit.

    Every method that lays out anew takes a height ``y`` of the content and returns where what was there is now.
    """

    def __init__(self) -> None:
        self.entries: list[Entry] = []
        self.overview = False
        self.order = Order.NUMBER
        self.tile = DEFAULT_TILE  # in force
        self.layout = MosaicLayout([], 1, self.tile)
        self._chosen = self.tile
        self._width = self._height = 1
        self._laid_out_for: tuple[object, ...] = ()
        self._serials = count()

    def set_layers(self, layers: Sequence[MapLayer], y: int) -> int:
        """Replace all layers; a layer with the same values keeps what is known about them."""
        known = {entry.layer.node: entry for entry in self.entries}
        anchor = self.layout.anchor(y)
        order = [entry.layer.node for entry in self.entries]
        self.entries = [self._entry(layer, known.get(layer.node)) for layer in layers]
        return self._lay_out(self._survivor(anchor, order), y)

    def replace(self, layer: MapLayer, y: int) -> int:
        """Replace the layer of that node, which must be there."""
        index = self.index(layer.node)
        assert index is not None
        before = self.entries[index]
        self.entries[index] = self._entry(layer, before)
        return self._lay_out(self.layout.anchor(y), y)

    def resize(self, width: int, height: int, y: int) -> int:
        """Lay out for a viewport of another size."""
        self._width, self._height = width, height
        return self._lay_out(self.layout.anchor(y), y)

    def set_tile(self, tile: int, y: int) -> int:
        """Choose a tile size, which ends an overview."""
        self.overview = False
        self._chosen = tile
        return self._lay_out(self.layout.anchor(y), y)

    def set_overview(self, on: bool, y: int) -> int:
        """Begin an overview, or end it with the tile size that was chosen before."""
        self.overview = on
        return self._lay_out(self.layout.anchor(y), y)

    def index(self, node: str | None) -> int | None:
        """Return which layer is that of a node."""
        return next((i for i, entry in enumerate(self.entries) if entry.layer.node == node), None)

    def channel(self, hit: Hit) -> int:
        """Return the number of the map at a place."""
        assert hit.tile is not None
        channels = self.entries[hit.layer].channels(self.order)
        return hit.tile if channels is None else int(channels[hit.tile])

    def value(self, hit: Hit | None) -> MapValue | None:
        """Return the value at a place, or None where there is none."""
        if hit is None or hit.tile is None:
            return None
        layer = self.entries[hit.layer].layer
        channel = self.channel(hit)
        value = float(layer.maps[channel, hit.row, hit.column])
        y, x = (None, None) if layer.values.ndim == 1 else (hit.row, hit.column)
        return MapValue(layer.node, layer.title, channel, y, x, value)

    def _entry(self, layer: MapLayer, before: Entry | None) -> Entry:
        if before is not None and before.layer.values is layer.values:
            return Entry(layer, before.limits, before.serial, before.ranking)
        return Entry(layer, layer.limits, next(self._serials), Ranking(layer.maps))

    def _survivor(self, anchor: Anchor | None, order: list[str]) -> Anchor | None:
        """Return the anchor among the new layers: in the same layer, else at the nearest one before it."""
        if anchor is None:
            return None
        places = {entry.layer.node: index for index, entry in enumerate(self.entries)}
        if order[anchor.layer] in places:
            return anchor._replace(layer=places[order[anchor.layer]])
        before = [places[node] for node in order[: anchor.layer] if node in places]
        return Anchor(before[-1], None, 0) if before else None

    def _lay_out(self, anchor: Anchor | None, y: int) -> int:
        shapes = [entry.layer.values.shape for entry in self.entries]
        asked = (shapes, self._width, self.overview, self._height if self.overview else self._chosen)
        # New values of the same shapes come many times a second: they keep the layout.
        if asked != self._laid_out_for:
            self._laid_out_for = asked
            self.tile = fitting_tile(shapes, self._width, self._height) if self.overview else self._chosen
            self.layout = MosaicLayout(shapes, self._width, self.tile, BESIDE if self.overview else ABOVE)
        return y if anchor is None else self.layout.height_of(anchor)
