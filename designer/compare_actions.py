"""What one large map is compared with: before and after a layer, a pinned map, a run that was kept; its kernels."""

from dataclasses import dataclass

import numpy as np
from PySide6.QtCore import QObject, Signal, Slot

from designer.maps.beside import Beside
from designer.maps.explorer import MapExplorer
from designer.maps.trace.field_picture import pixels_of
from designer.run_actions import RunActions
from designer.runner import RunResult
from designer.tiles.strips import Array
from engine import Conv2D, ReLU
from engine.language import tr
from engine.layers import DepthwiseConv2D


@dataclass(frozen=True, eq=False)
class _Pinned:
    title: str
    values: Array


class CompareActions(QObject):
    """Offers the explorer what lies beside each map that it shows."""

    told = Signal(str)  # a sentence for the status bar

    def __init__(self, runs: RunActions, explorer: MapExplorer, parent: QObject) -> None:
        super().__init__(parent)
        self._runs, self._explorer = runs, explorer
        self._pinned: _Pinned | None = None
        self._kept: RunResult | None = None
        explorer.map_shown.connect(self.refresh)
        explorer.bar.pin_requested.connect(self.pin)
        explorer.bar.keep_requested.connect(self.keep_run)

    @Slot()
    def pin(self) -> None:
        """Remember the map that is shown, to see it beside others."""
        shown, result = self._explorer.shown(), self._runs.result
        values = None if shown is None or result is None else result.maps.get(shown[0])
        if shown is None or result is None or values is None or values.ndim != 3:
            self.told.emit(tr("Show a map large first, to pin it"))
            return
        title = tr(
            "{layer} · map {channel}",
            layer=result.request.network.graph.node(shown[0]).label,
            channel=shown[1],
        )
        self._pinned = _Pinned(title, values[shown[1]])
        self.told.emit(tr("Pinned {map}: choose it beside any other map", map=title))
        self.refresh(*shown)

    @Slot()
    def keep_run(self) -> None:
        """Remember all maps of the run that is shown, to compare another image or other weights with them."""
        if self._runs.result is None:
            self.told.emit(tr("Open an image first: there is no run to keep"))
            return
        self._kept = self._runs.result
        self.told.emit(
            tr("Kept the run of {image}: now open another image or change weights", image=self._kept.request.image.name)
        )
        if (shown := self._explorer.shown()) is not None:
            self.refresh(*shown)

    @Slot(str, int)
    def refresh(self, node: str, channel: int) -> None:
        """Offer what there is for a map."""
        result = self._runs.result
        maps = None if result is None else result.maps.get(node)
        if result is None or maps is None or channel >= len(maps) or maps.ndim != 3:
            self._explorer.companion.set_besides(())
            self._explorer.kernels.show_kernels(None)
            return
        found = (*self._neighbours(result, node, channel), *self._others(node, channel, maps[channel]))
        self._explorer.companion.set_besides(found)
        self._explorer.kernels.show_kernels(_kernels(result, node, channel))
        entrance = result.request.analysis.input
        self._explorer.companion.set_overlay(None if entrance is None else pixels_of(result.maps[entrance.id]))

    def _neighbours(self, result: RunResult, node: str, channel: int) -> tuple[Beside, ...]:
        """Return the same map before its layer and after the next one, where layers keep maps apart."""
        graph, maps = result.request.network.graph, result.maps
        values, found = maps[node], []
        wires = graph.incoming[node]
        if len(wires) == 1:
            source = next(iter(wires.values())).source
            before = maps.get(source)
            if before is not None and _alike(before, values) and not isinstance(graph.node(node).layer, Conv2D):
                clipped = before[channel] < 0 if isinstance(graph.node(node).layer, ReLU) else None
                title = tr("Before: {layer} · map {channel}", layer=graph.node(source).label, channel=channel)
                found.append(Beside("before", title, before[channel], clipped))
        onward = graph.outgoing[node]
        if len(onward) == 1:
            target = onward[0].target
            after, layer = maps.get(target), graph.node(target).layer
            if after is not None and _alike(after, values) and not isinstance(layer, Conv2D):
                clipped = values[channel] < 0 if isinstance(layer, ReLU) else None
                title = tr("After: {layer} · map {channel}", layer=graph.node(target).label, channel=channel)
                found.append(Beside("after", title, after[channel], clipped_here=clipped))
        return tuple(found)

    def _others(self, node: str, channel: int, values: Array) -> tuple[Beside, ...]:
        found = []
        if self._pinned is not None:
            found.append(Beside("pinned", tr("Pinned: {map}", map=self._pinned.title), self._pinned.values))
        kept = None if self._kept is None else self._kept.maps.get(node)
        if self._kept is not None and kept is not None and kept.ndim == 3 and channel < len(kept):
            name = self._kept.request.image.name
            found.append(
                Beside("kept", tr("Kept run ({image}): map {channel}", image=name, channel=channel), kept[channel])
            )
            if kept.shape[1:] == values.shape:
                with np.errstate(all="ignore"):
                    difference = values - kept[channel]
                found.append(Beside("difference", tr("Now − kept run ({image})", image=name), difference))
        return tuple(found)


def _alike(some: Array, others: Array) -> bool:
    return some.ndim == others.ndim == 3 and len(some) == len(others)


def _kernels(result: RunResult, node: str, channel: int) -> Array | None:
    """Return the kernels ``(D, kh, kw)`` of the filter that made a map; None where the layer has none."""
    layer = result.request.network.graph.node(node).layer
    weight = result.weights.get(node, {}).get("weight")
    if weight is None or weight.ndim != 4 or not isinstance(layer, Conv2D | DepthwiseConv2D):
        return None
    kernels: Array = weight[channel]
    return kernels
