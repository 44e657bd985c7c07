"""What one large map is compared with: before and after a layer, a pinned map, a run that was kept; its kernels."""

from dataclasses import dataclass

import numpy as np
from PySide6.QtCore import QObject, QRectF, Signal, Slot

from designer.maps.beside import Beside
from designer.maps.explorer import MapExplorer
from designer.maps.trace.field_picture import pixels_of
from designer.run_actions import RunActions
from designer.runner import RunResult
from designer.tiles.strips import Array
from engine import Analysis, Conv2D, ConvTranspose2D, ReLU, SeparableConv2D, kernel_sheets
from engine.language import tr
from engine.layers.dense import Linear

_MIXING = (Conv2D, ConvTranspose2D, SeparableConv2D, Linear)  # their maps are none of their inputs', changed


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
        if shown is None or result is None or values is None or not values.size:
            self.told.emit(tr("Show a map large first, to pin it"))
            return
        title = _named(result.request.network.graph.node(shown[0]).label, values, shown[1])
        self._pinned = _Pinned(title, _part(values, shown[1]))
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
        if result is None or maps is None or channel >= len(maps) or maps.ndim not in (1, 3):
            self._explorer.companion.set_besides(())
            self._explorer.kernels.show_kernels(None)
            return
        found = (*self._neighbours(result, node, channel), *self._others(node, channel, _part(maps, channel)))
        self._explorer.companion.set_besides(found)
        self._explorer.kernels.show_kernels(_kernels(result, node, channel))
        entrance = result.request.analysis.input
        if entrance is None:
            self._explorer.companion.set_overlay(None, QRectF())
        else:
            image = result.maps[entrance.id]
            self._explorer.companion.set_overlay(pixels_of(image), _seen(result.request.analysis, node, image.shape))

    def _neighbours(self, result: RunResult, node: str, channel: int) -> tuple[Beside, ...]:
        """Return the same map before its layer and after the next one, where layers keep maps apart."""
        graph, maps = result.request.network.graph, result.maps
        values, found = maps[node], []
        wires = graph.incoming[node]
        if len(wires) == 1:
            source = next(iter(wires.values())).source
            before, layer = maps.get(source), graph.node(node).layer
            if before is not None and _alike(before, values) and not isinstance(layer, _MIXING):
                part = _part(before, channel)
                clipped = part < 0 if isinstance(layer, ReLU) else None
                title = tr("Before: {map}", map=_named(graph.node(source).label, before, channel))
                found.append(Beside("before", title, part, clipped, selected=channel))
        onward = graph.outgoing[node]
        if len(onward) == 1:
            target = onward[0].target
            after, layer = maps.get(target), graph.node(target).layer
            if after is not None and _alike(after, values) and not isinstance(layer, _MIXING):
                clipped = _part(values, channel) < 0 if isinstance(layer, ReLU) else None
                title = tr("After: {map}", map=_named(graph.node(target).label, after, channel))
                part = _part(after, channel)
                found.append(Beside("after", title, part, clipped_here=clipped, selected=channel))
        return tuple(found)

    def _others(self, node: str, channel: int, values: Array) -> tuple[Beside, ...]:
        found = []
        if self._pinned is not None:
            title = tr("Pinned: {map}", map=self._pinned.title)
            found.append(Beside("pinned", title, self._pinned.values, selected=channel))
        maps = None if self._kept is None else self._kept.maps.get(node)
        if self._kept is not None and maps is not None and maps.ndim in (1, 3) and channel < len(maps):
            name, kept = self._kept.request.image.name, _part(maps, channel)
            title = tr("Kept run ({image}): map {channel}", image=name, channel=channel)
            if _is_vector(maps):
                title = tr("Kept run ({image})", image=name)
            found.append(Beside("kept", title, kept, selected=channel))
            if kept.shape == values.shape:
                with np.errstate(all="ignore"):
                    difference = values - kept
                title = tr("Now − kept run ({image})", image=name)
                found.append(Beside("difference", title, difference, selected=channel))
        return tuple(found)


def _is_vector(values: Array) -> bool:
    return values.ndim == 1 or values.shape[1:] == (1, 1)


def _part(values: Array, channel: int) -> Array:
    """Return what is shown large: one map ``(H, W)``, or all of a vector ``(N,)``."""
    return values.reshape(-1) if _is_vector(values) else values[channel]


def _named(layer: str, values: Array, channel: int) -> str:
    """Return which map it is; of a vector, which is shown whole, only the layer."""
    return layer if _is_vector(values) else tr("{layer} · map {channel}", layer=layer, channel=channel)


def _alike(some: Array, others: Array) -> bool:
    return len(some) == len(others) and _is_vector(some) == _is_vector(others)


def _seen(analysis: Analysis, node: str, image: tuple[int, ...]) -> QRectF:
    """Return where an image ``(C, H, W)`` lies on a map: each of its pixels where the values see it in their middle.

    A value's field has its middle at ``offset + size / 2`` plus the jump of each value before it. Where all values see
    all of the image, it lies over all of them.
    """
    field, output = analysis.receptive_fields.get(node), analysis.nodes[node].output
    rows, columns = output[1:] if output is not None and output.is_volume else (1, 1)
    if field is None or not field.y.jump or not field.x.jump:
        return QRectF(0, 0, columns, rows)
    (top, height), (left, width) = (
        (0.5 - (span.offset + span.size / 2) / float(span.jump), pixels / float(span.jump))
        for span, pixels in ((field.y, image[1]), (field.x, image[2]))
    )
    return QRectF(left, top, width, height)


def _kernels(result: RunResult, node: str, channel: int) -> Array | None:
    """Return the kernels ``(D, kh, kw)`` of the filter that made a map; None where the layer has none."""
    sheets = kernel_sheets(result.request.analysis, node)
    if len(sheets) != 1 or sheets[0].kind == "rows":
        return None
    return sheets[0].of_filter(result.weights[node][sheets[0].array], channel)
