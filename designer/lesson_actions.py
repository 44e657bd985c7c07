"""Lessons on the document at hand: what stepper and translation lab show, through selections, edits and new runs."""

from PySide6.QtCore import QObject, Qt, Slot
from PySide6.QtWidgets import QWidget

from designer.docking import dock_of, show_floating
from designer.document import Change, Document
from designer.lessons.lab import LabPanel
from designer.lessons.lab_worker import Subject
from designer.lessons.scene import Names
from designer.lessons.stepper import Source, StepperPanel
from designer.maps.panel import MapsPanel
from designer.run_actions import RunActions
from designer.runner import RunResult
from designer.tiles.look import Look
from engine import Input, LinearSVM, LogSoftmax, Softmax
from engine.graph import Graph
from engine.language import tr, tr_noop
from engine.steps import activation_after

_SELECT = tr_noop("Select a layer to step through it")
_OPEN = tr_noop("Open an image first: the stepper plays a layer's arithmetic on its real values")
_MOVE = tr_noop("Open an image first: the lab moves it and runs it through the network")
_HEADS = (Softmax, LogSoftmax, LinearSVM)


class LessonActions(QObject):
    """Opens the stepper for the selected layer and the translation lab, and keeps them at what ran last."""

    def __init__(
        self,
        document: Document,
        runs: RunActions,
        maps: MapsPanel,
        stepper: StepperPanel,
        lab: LabPanel,
        window: QWidget,
    ) -> None:
        super().__init__(window)
        self._document, self._runs, self._stepper, self._lab = document, runs, stepper, lab
        self._dock, self._lab_dock = dock_of(stepper), dock_of(lab)
        self._result: RunResult | None = None
        self._node: str | None = None  # what was selected last
        document.selection.changed.connect(self._on_selection)
        document.changed.connect(self._on_changed)
        runs.runner.finished.connect(self._on_finished)
        runs.runner.failed.connect(self._on_failed)
        maps.look_changed.connect(self._on_look)
        stepper.image_requested.connect(runs.ask_open_image)
        lab.image_requested.connect(runs.ask_open_image)
        self._dock.visibilityChanged.connect(lambda shown: self.refresh() if shown else stepper.player.pause())
        self._lab_dock.visibilityChanged.connect(lambda shown: self.refresh_lab() if shown else lab.pause())

    def step_through(self) -> None:
        """Show the stepper, with the selected layer."""
        show_floating(self._dock)
        self.refresh()
        self._stepper.first.setFocus(Qt.FocusReason.ShortcutFocusReason)

    def translate(self) -> None:
        """Show the translation lab, with the image at hand."""
        show_floating(self._lab_dock)
        self.refresh_lab()
        self._lab.first.setFocus(Qt.FocusReason.ShortcutFocusReason)

    def refresh_lab(self) -> None:
        """Move the image through the network as it ran last, or say what is missing."""
        if not self._lab_dock.isVisible():
            return
        result = self._result
        if self._runs.image is None:
            self._lab.clear(tr(_MOVE), image=True)
        elif result is None or result.request.analysis.input is None:
            self._lab.clear(tr("The network did not run: there is nothing to compare"))
        else:
            request, entry = result.request, result.request.analysis.input
            image = result.maps[entry.id]
            self._lab.show_subject(Subject(request.network.graph, result.weights, request.analysis, image))
            self._lab.resume()

    def close(self) -> None:
        """End the lab's thread."""
        self._lab.close_worker()

    def refresh(self) -> None:
        """Show the selected layer as it ran last, or say what is missing."""
        if not self._dock.isVisible():
            return
        node, result = self._node, self._result
        if self._runs.image is None:
            self._stepper.clear(tr(_OPEN), image=True)
        elif node is None or node not in self._document.graph:
            self._stepper.clear(tr(_SELECT))
        elif result is None or node not in result.maps:
            label = self._document.graph.by_id[node].label
            self._stepper.clear(
                tr("{layer} did not run: there is a mistake there, or before it, or it is still running", layer=label)
            )
        else:
            self._show(node, result)

    def _show(self, node: str, result: RunResult) -> None:
        graph, found = result.request.network.graph, result.maps.result(node)
        if found is None or found.values.ndim not in (1, 3) or not found.values.size:
            self._stepper.clear(tr("{layer} has no values to step through", layer=graph.by_id[node].label))
            return
        after = activation_after(graph, node)
        layer, brief = graph.by_id[node].layer, graph.by_id[node].layer.brief()
        source = Source(
            node,
            graph.by_id[node].label,
            f"{layer.title} {brief}".strip(),
            names_of(graph, node),
            found,
            result.maps.result(after) if after is not None else None,
        )
        self._stepper.show_source(source)

    @Slot(object)
    def _on_selection(self, nodes: tuple[str, ...]) -> None:
        if len(nodes) == 1 and nodes[0] != self._node:
            self._node = nodes[0]
            self.refresh()

    @Slot(object)
    def _on_changed(self, change: Change) -> None:
        if change.loaded:
            self._result = None
            self.refresh()
            self.refresh_lab()
        elif self._node is not None and self._node not in change.after.graph:
            self.refresh()

    @Slot(object)
    def _on_finished(self, result: RunResult) -> None:
        self._result = result
        self.refresh()
        self.refresh_lab()

    @Slot(str)
    def _on_failed(self, message: str) -> None:
        self._result = None
        if self._dock.isVisible():
            self._stepper.clear(message)
        if self._lab_dock.isVisible():
            self._lab.clear(message)

    @Slot(object)
    def _on_look(self, look: Look) -> None:
        self._stepper.set_colour_map(look.colour_map)
        self._lab.set_colour_map(look.colour_map)


def names_of(graph: Graph, node: str) -> Names:
    """Return what a layer and its surroundings are called: its sources, and its classes where it tells them."""
    wires = graph.incoming[node]
    sources = tuple(graph.by_id[wires[port].source] for port in sorted(wires))
    layers = [graph.by_id[node].layer, *(graph.by_id[wire.target].layer for wire in graph.edges if wire.source == node)]
    classes = next((layer.labels for layer in layers if isinstance(layer, _HEADS)), ())
    picture = bool(sources) and isinstance(sources[0].layer, Input)
    return Names(graph.by_id[node].label, tuple(source.label for source in sources), classes, picture)
