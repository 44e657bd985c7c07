"""One map large: which map of the mosaic the explorer shows, through new runs and other colours."""

from collections.abc import Sequence

from PySide6.QtCore import QObject, Slot
from PySide6.QtWidgets import QDockWidget, QWidget

from designer.maps.channel_table import ChannelTable
from designer.maps.explorer import MapExplorer
from designer.maps.layers import MapLayer
from designer.maps.panel import MapsPanel


class MapActions(QObject):
    """Opens a map on a click and walks from map to map with the explorer's steps."""

    def __init__(
        self, maps: MapsPanel, explorer: MapExplorer, table: ChannelTable, dock: QDockWidget, window: QWidget
    ) -> None:
        super().__init__(window)
        self._maps, self.explorer, self._table, self._dock, self._window = maps, explorer, table, dock, window
        maps.map_activated.connect(self.open)
        maps.look_changed.connect(lambda _: self.refresh(self._maps.mosaic.layers()))
        explorer.step_requested.connect(self._step)
        table.map_activated.connect(self.open)

    @Slot(str, int)
    def open(self, node: str, channel: int) -> None:
        """Show one map, in a window of its own the first time."""
        if not self._dock.isVisible():
            if self._dock.isFloating():
                corner = self._window.frameGeometry().topLeft()
                self._dock.move(corner.x() + self._window.width() // 6, corner.y() + self._window.height() // 6)
            self._dock.show()
        self._dock.raise_()
        self._show(node, channel)
        self.explorer.setFocus()

    def refresh(self, layers: Sequence[MapLayer]) -> None:
        """Show the values of a new run, or other colours; a map that is gone leaves the explorer empty."""
        if (described := self._table.layer()) is not None:
            self.describe(described.node)
        shown = self.explorer.shown()
        if shown is None:
            return
        if any(layer.node == shown[0] for layer in layers):
            self._show(*shown)
        else:
            self.explorer.clear()

    def describe(self, node: str) -> None:
        """Show the numbers of a layer's maps in the table."""
        self._table.show_layer(next((layer for layer in self._maps.mosaic.layers() if layer.node == node), None))

    def follow(self, node: str, channel: int) -> None:
        """Show the map of a traced value, where one is shown large already."""
        if self._dock.isVisible() and self.explorer.shown() != (node, channel):
            self._show(node, channel)

    @Slot(int, int)
    def _step(self, layers: int, channels: int) -> None:
        shown = self.explorer.shown()
        if shown is None:
            return
        nodes = [layer.node for layer in self._maps.mosaic.layers()]
        place = min(max(nodes.index(shown[0]) + layers, 0), len(nodes) - 1)
        self._show(nodes[place], max(0, shown[1] + channels))
        self._maps.reveal(nodes[place])

    def _show(self, node: str, channel: int) -> None:
        layer = next((layer for layer in self._maps.mosaic.layers() if layer.node == node), None)
        if layer is not None:
            self._table.show_layer(layer)
            self.explorer.show_map(layer, channel, self._maps.look())
