"""The kernel editor on the document at hand: what it shows, and what its strokes make of the weights."""

from collections.abc import Hashable, Mapping

import numpy as np
from PySide6.QtCore import QObject, Qt, Signal, Slot
from PySide6.QtWidgets import QWidget

from designer.docking import dock_of, show_floating
from designer.document import Change, Document
from designer.maps.kernels.changes import Operation
from designer.maps.kernels.panel import EMPTY, KernelPanel
from designer.maps.kernels.subject import Spot, Subject
from designer.tiles.strips import Array
from engine import kernel_sheets, why_none
from engine.kernel_edits import Scope, changed, with_arrays, with_kernel
from engine.language import tr
from engine.weights import of_node


class KernelActions(QObject):
    """Opens the kernel editor for the selected layer, and turns what is asked there into steps of the document."""

    told = Signal(str)  # a sentence for the status bar

    def __init__(self, document: Document, panel: KernelPanel, window: QWidget) -> None:
        super().__init__(window)
        self._document, self._panel, self._dock = document, panel, dock_of(panel)
        self._node: str | None = None
        self._opened: tuple[str, Mapping[str, Array]] | None = None  # a layer's weights when the editor came to it
        document.selection.changed.connect(self._on_selection)
        document.changed.connect(self._on_changed)
        panel.kernel_edited.connect(self._edit_kernel)
        panel.bias_edited.connect(self._edit_bias)
        panel.asked.connect(self._do)
        panel.reset_asked.connect(self.reset)
        self._dock.visibilityChanged.connect(self._on_visibility)

    @Slot()
    def open(self) -> None:
        """Show the editor, with the selected layer."""
        self._node = self._document.selection.only or self._node
        self._show_dock()

    @Slot(str, int, int)
    def open_at(self, node: str, number: int, channel: int) -> None:
        """Show the editor at one kernel."""
        self._node = node
        self._show_dock(Spot(0, number, channel))

    def refresh(self, spot: Spot | None = None) -> None:
        """Show the layer's kernels as they are, or say why there are none."""
        if not self._dock.isVisible():
            return
        node, analysis = self._node, self._document.analysis
        if node is None or node not in self._document.graph:
            self._opened = None
            self._panel.clear(tr(EMPTY))
            return
        sheets = kernel_sheets(analysis, node)
        if not sheets:
            self._opened = None
            self._panel.clear(why_none(analysis, node))
            return
        arrays = of_node(analysis, node, self._document.network.weights)
        shapes = {name: array.shape for name, array in arrays.items()}
        before = self._opened
        if before is None or before[0] != node or {name: one.shape for name, one in before[1].items()} != shapes:
            self._opened = (node, arrays)
        found = self._document.graph.node(node)
        title = f"{found.label} · {found.layer.title}"
        self._panel.show_subject(Subject(node, title, found.layer.family, sheets, arrays), spot)
        assert self._opened is not None
        self._panel.tools.reset.setEnabled(any(array is not self._opened[1][name] for name, array in arrays.items()))

    @Slot()
    def reset(self) -> None:
        """Give the layer the weights that it had when the editor came to it."""
        if self._opened is not None:
            self._apply(tr("Reset kernels"), self._opened[1])

    @Slot(object, object)
    def _edit_kernel(self, kernel: Array, key: Hashable) -> None:
        subject, sheet, spot = self._panel.subject(), self._panel.sheet(), self._panel.spot
        if subject is None or sheet is None:
            return
        array = subject.arrays[sheet.array]
        if not np.array_equal(sheet.of_filter(array, spot.filter)[spot.channel], kernel, equal_nan=True):
            made = with_kernel(sheet, array, spot.filter, spot.channel, kernel)
            self._apply(tr("Edit kernel"), {sheet.array: made}, self._merged(key))

    @Slot(float, object)
    def _edit_bias(self, value: float, key: Hashable) -> None:
        subject, sheet, spot = self._panel.subject(), self._panel.sheet(), self._panel.spot
        if subject is not None and sheet is not None and sheet.bias is not None:
            made = subject.arrays[sheet.bias].copy()
            made[spot.filter] = value
            self._apply(tr("Edit bias"), {sheet.bias: made}, self._merged(key))

    @Slot(object, str)
    def _do(self, operation: Operation, scope: Scope) -> None:
        subject, sheet, spot = self._panel.subject(), self._panel.sheet(), self._panel.spot
        if subject is None or sheet is None:
            return
        made = changed(sheet, subject.arrays[sheet.array], operation.change, scope, spot.filter, spot.channel)
        if made is None:
            self.told.emit(tr(operation.why_not))
        else:
            self._apply(tr(operation.step), {sheet.array: made})

    def _merged(self, key: Hashable) -> Hashable:
        """Return a merge key for this kernel; that of a stroke or a drag is one of its own already."""
        return (self._node, self._panel.spot, key) if isinstance(key, tuple | str) else key

    def _apply(self, text: str, arrays: Mapping[str, Array], key: Hashable = None) -> None:
        if self._node is not None:
            network = with_arrays(self._document.network, self._document.analysis, self._node, arrays)
            self._document.apply(text, network, key)

    def _show_dock(self, spot: Spot | None = None) -> None:
        show_floating(self._dock)
        self.refresh(spot)
        self._panel.grid.setFocus(Qt.FocusReason.ShortcutFocusReason)

    @Slot(object)
    def _on_selection(self, nodes: tuple[str, ...]) -> None:
        if len(nodes) == 1 and nodes[0] != self._node:
            self._node = nodes[0]
            self.refresh()

    @Slot(object)
    def _on_changed(self, change: Change) -> None:
        if change.loaded:
            self._node = self._opened = None
        self.refresh()

    @Slot(bool)
    def _on_visibility(self, shown: bool) -> None:
        if shown:
            self.refresh()
        else:
            self._opened = None
