"""The layers in the mosaic and where they are, kept in place while either changes."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import count

from designer.maps.grid import DEFAULT_TILE
from designer.maps.layers import MapLayer, MapValue
from designer.maps.layout import Anchor, Hit, MosaicLayout
from designer.maps.limits import Limits


@dataclass(frozen=True, eq=False)
class Entry:
    """A layer in the mosaic, and what has been found out about its values."""

    layer: MapLayer
    limits: Limits
    serial: int  # another number for other values


class Content:
    """Layers, laid out for a width and a tile size.

    Every method that lays out anew takes a height ``y`` of the content and returns where what was there is now.
    """

    def __init__(self) -> None:
        self.entries: list[Entry] = []
        self.tile = DEFAULT_TILE
        self.layout = MosaicLayout([], 1, self.tile)
        self._serials = count()

    def set_layers(self, layers: Sequence[MapLayer], y: int) -> int:
        """Replace all layers; a layer with the same values keeps what is known about them."""
        known = {entry.layer.node: entry for entry in self.entries}
        anchor = self.layout.anchor(y)
        order = [entry.layer.node for entry in self.entries]
        self.entries = [self._entry(layer, known.get(layer.node)) for layer in layers]
        return self._lay_out(self.layout.width, self._survivor(anchor, order), y)

    def replace(self, layer: MapLayer, y: int) -> int:
        """Replace the layer of that node, which must be there."""
        index = self.index(layer.node)
        assert index is not None
        before = self.entries[index]
        self.entries[index] = self._entry(layer, before)
        if layer.values.shape == before.layer.values.shape:
            return y
        return self._lay_out(self.layout.width, self.layout.anchor(y), y)

    def resize(self, width: int, tile: int, y: int) -> int:
        """Lay out for another width or tile size."""
        anchor = self.layout.anchor(y)
        self.tile = tile
        return self._lay_out(width, anchor, y)

    def index(self, node: str | None) -> int | None:
        """Return which layer is that of a node."""
        return next((i for i, entry in enumerate(self.entries) if entry.layer.node == node), None)

    def value(self, hit: Hit | None) -> MapValue | None:
        """Return the value at a place, or None where there is none."""
        if hit is None or hit.tile is None:
            return None
        layer = self.entries[hit.layer].layer
        value = float(layer.maps[hit.tile, hit.row, hit.column])
        y, x = (None, None) if layer.values.ndim == 1 else (hit.row, hit.column)
        return MapValue(layer.node, layer.title, hit.tile, y, x, value)

    def _entry(self, layer: MapLayer, before: Entry | None) -> Entry:
        if before is not None and before.layer.values is layer.values:
            return Entry(layer, before.limits, before.serial)
        # A vector is drawn as one picture: its limits are those of all its elements together.
        maps = layer.maps.reshape(1, 1, -1) if layer.is_vector else layer.maps
        return Entry(layer, Limits(maps), next(self._serials))

    def _survivor(self, anchor: Anchor | None, order: list[str]) -> Anchor | None:
        """Return the anchor among the new layers: in the same layer, else at the nearest one before it."""
        if anchor is None:
            return None
        places = {entry.layer.node: index for index, entry in enumerate(self.entries)}
        if order[anchor.layer] in places:
            return anchor._replace(layer=places[order[anchor.layer]])
        before = [places[node] for node in order[: anchor.layer] if node in places]
        return Anchor(before[-1], None, 0) if before else None

    def _lay_out(self, width: int, anchor: Anchor | None, y: int) -> int:
        self.layout = MosaicLayout([entry.layer.values.shape for entry in self.entries], width, self.tile)
        return y if anchor is None else self.layout.height_of(anchor)
