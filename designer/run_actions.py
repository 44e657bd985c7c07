"""Images and results: which image runs, when, and where what comes back is shown."""

from collections.abc import Callable
from pathlib import Path

import numpy as np
from PIL import Image
from PySide6.QtCore import QObject, QTimer, Signal, Slot
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QFileDialog, QWidget

from designer.document import Change, Document
from designer.maps.layers import MapLayer
from designer.maps.panel import MapsPanel
from designer.panels.answers import Kind
from designer.panels.image_view import ImageView
from designer.panels.scores import Scores
from designer.runner import Frame, LargeRun, LoadedImage, Runner, RunResult
from designer.wording import duration
from engine import Input, LinearSVM, LogSoftmax, Progress, Softmax, Weights, mismatches
from engine.economy import answers
from engine.images import SUFFIXES
from engine.language import tr, tr_count, tr_noop
from engine.layers.base import Array

PATIENCE_MS = 120  # a run that takes longer shows its layers as they come
_HEADS = (Softmax, LogSoftmax, LinearSVM)
_NO_IMAGE = tr_noop("Open an image to see every feature map here")
_NO_INPUT = tr_noop("Add an Input layer, so that the image can enter the network")
_ANSWER_HERE = tr_noop("What the network answers appears here")
_NO_ANSWER = tr_noop("End the network with Softmax or Linear SVM to see what it answers")
_FOREIGN = tr_noop("An operator that Convolab does not compute comes before the network's answer")
_EVERY_PIXEL = tr_noop("The network answers at every pixel: look at its last maps")
_CUT_OFF = tr_noop("A mistake before the network's answer keeps it from being computed")


class RunActions(QObject):
    """Runs the document's network on the open image and hands the results to the panels that show them."""

    told = Signal(str)  # a sentence for the status bar
    went_on = Signal(str)  # one that comes several times a second, too often to be spoken
    settled = Signal(bool)  # no run is under way; whether the last one came to its end
    busy_changed = Signal(bool)
    stopped = Signal()  # somebody wants no more of what is under way
    shown = Signal(object)  # list[MapLayer]: what the maps panel shows from now on

    def __init__(
        self, document: Document, maps: MapsPanel, scores: Scores, image_view: ImageView, window: QWidget
    ) -> None:
        super().__init__(window)
        self._document = document
        self._maps, self._scores, self._image_view, self._window = maps, scores, image_view, window
        self._image: Path | Frame | None = None
        self._fresh: dict[str, Array] = {}
        self._shown: dict[str, MapLayer] = {}
        self.live = True
        self.frugal = False  # whether only the maps of the selected layers, and the answers, are kept
        self.limit: Callable[[], int] | None = None  # bytes that a run may take
        self.weights: Weights | None = None  # those of the run that is shown
        self.result: RunResult | None = None  # the last run that came to its end
        self.image_size: tuple[int, int] | None = None  # width and height of the file
        self._pictured: tuple[LoadedImage, str] | None = None  # what the image view shows
        self.runner = Runner(self)
        self._patience = QTimer(self, interval=PATIENCE_MS)
        self._patience.timeout.connect(self._show_progress)
        self._connect()
        self.clear()

    def _connect(self) -> None:
        self._document.changed.connect(self._on_changed)
        self._document.selection.changed.connect(self._on_selected)
        self.runner.started.connect(self._on_started)
        self.runner.image_loaded.connect(self._on_image_loaded)
        self.runner.progressed.connect(self._on_progressed)
        self.runner.finished.connect(self._on_finished)
        self.runner.failed.connect(self._on_failed)
        self.runner.too_large.connect(self._on_too_large)
        self._image_view.open_requested.connect(self.ask_open_image)
        self._image_view.file_dropped.connect(lambda file: self.open_image(Path(file)))

    @property
    def image(self) -> Path | Frame | None:
        """The image file, or the camera's frame, that runs through the network."""
        return self._image

    @property
    def folder(self) -> Path:
        """The folder of the image file; the person's own where there is none."""
        return self._image.parent if isinstance(self._image, Path) else Path.home()

    def ask_open_image(self) -> None:
        """Ask for an image file and run it."""
        pattern = " ".join(f"*{suffix}" for suffix in SUFFIXES)
        file, _ = QFileDialog.getOpenFileName(
            self._window, tr("Open image"), str(self.folder), tr("Images ({pattern})", pattern=pattern)
        )
        if file:
            self.open_image(Path(file))

    def open_image(self, path: Path) -> None:
        """Take an image file as the one that runs, and run it."""
        self._image = path
        self.run()

    def run_frame(self, frame: Frame) -> None:
        """Take what a camera sees as the image that runs, and run it."""
        self._image = frame
        self.run()

    def run(self) -> None:
        """Run the network as it stands; without an image, ask for one."""
        if self._image is None:
            self.ask_open_image()
            return
        keep = self._kept() if self.frugal else None
        self.runner.request(self._document.network, self._document.analysis, self._image, keep, self.limit)

    def _kept(self) -> tuple[str, ...]:
        """Return the layers whose maps a frugal run keeps."""
        return tuple(dict.fromkeys((*self._document.selection.nodes, *answers(self._document.analysis))))

    def stop(self) -> None:
        """Give up the run that is under way."""
        self.runner.cancel()
        self._settle(completed=False)
        self.told.emit(tr("Stopped"))
        self.stopped.emit()

    def set_live(self, live: bool) -> None:
        """Choose whether every edit runs at once."""
        self.live = live
        if live and self._image is not None:
            self.run()

    def clear(self) -> None:
        """Show no results."""
        self._shown.clear()
        self.result = None
        self._maps.set_layers([])
        self.shown.emit([])
        self._maps.set_placeholder(tr(_NO_IMAGE if self._image is None else _NO_INPUT))
        self._scores.clear(tr(_ANSWER_HERE))
        self.runner.let_go()

    def close(self) -> None:
        """End the worker thread."""
        self._patience.stop()
        self.runner.close()

    @Slot(object)
    def _on_changed(self, change: Change) -> None:
        same = change.after.graph is change.before.graph and change.after.weights is change.before.weights
        if same:
            return
        if self._image is not None and self.live:
            self.run()
        elif not change.after.graph.nodes:
            self.clear()

    @Slot(object)
    def _on_selected(self, nodes: tuple[str, ...]) -> None:
        """Compute the maps of other layers, where only those of the selected ones are kept."""
        if self.frugal and self._image is not None and any(node not in self._shown for node in nodes):
            self.run()

    @Slot()
    def _on_started(self) -> None:
        self._fresh.clear()
        self._patience.start()
        self.busy_changed.emit(True)

    @Slot(object)
    def _on_image_loaded(self, image: LoadedImage) -> None:
        self.image_size = image.size
        node = self._document.analysis.input
        shape = f" → {node.layer.shape.text()}" if node is not None and isinstance(node.layer, Input) else ""
        caption = f"{image.size[0]}×{image.size[1]}{shape}"
        if self._pictured != (image, caption):
            self._pictured = (image, caption)
            self._image_view.show_image(_qimage(image.thumbnail), image.name, caption)
        if node is None:
            self.clear()
            self._settle(completed=False)

    @Slot(object)
    def _on_progressed(self, steps: tuple[Progress, ...]) -> None:
        self._fresh.update((step.node, step.values) for step in steps)
        if self._patience.isActive():
            self.went_on.emit(tr("Running… {done} of {count} layers", done=steps[-1].done, count=steps[-1].total))

    @Slot()
    def _show_progress(self) -> None:
        """Show the layers that are done, between those of the run before that are not yet."""
        mixed = {node: layer.values for node, layer in self._shown.items()} | self._fresh
        self._show(mixed)

    @Slot(object)
    def _on_finished(self, result: RunResult) -> None:
        self.weights, self.result = result.weights, result
        self._show(dict(result.maps))
        self._show_answer(result)
        self._settle(completed=True)
        self._tell(
            tr_count(
                "Ran {count} layer in {time}",
                "Ran {count} layers in {time}",
                len(result.maps),
                time=duration(result.seconds),
            )
        )

    @Slot(str)
    def _on_failed(self, message: str) -> None:
        self.clear()
        self._maps.set_placeholder(message)
        self._scores.clear(message)
        self._settle(completed=False)
        self._tell(message)

    def _tell(self, text: str) -> None:
        """Say what became of a run; not of a camera's frames, of which there are several a second."""
        if not isinstance(self._image, Frame):
            self.told.emit(text)

    @Slot(object)
    def _on_too_large(self, found: LargeRun) -> None:
        self._on_failed(str(found.problem))
        self._maps.set_placeholder("")  # what can be done is offered there

    def _settle(self, *, completed: bool) -> None:
        self._patience.stop()
        self.busy_changed.emit(False)
        self.settled.emit(completed)

    def _show(self, values: dict[str, Array]) -> None:
        graph, analysis = self._document.graph, self._document.analysis
        layers = []
        for node in analysis.order:
            if node not in values:
                continue
            layer = graph.by_id[node].layer
            shape = analysis.nodes[node].output
            text = f"{layer.title} · {shape.text()}" if shape is not None else layer.title
            layers.append(MapLayer(node, graph.by_id[node].label, text, layer.family, values[node]))
        self._shown = {layer.node: layer for layer in layers}
        self._maps.set_layers(layers)
        self.shown.emit(layers)

    def _show_answer(self, result: RunResult) -> None:
        graph = result.request.network.graph
        wanted = [node.id for node in graph.nodes if isinstance(node.layer, _HEADS)]
        heads = [node for node in result.maps if node in wanted and result.maps[node].ndim == 1]
        if not heads:
            foreign = any(not node.layer.computed for node in graph.nodes)
            cut_off = _FOREIGN if foreign else _CUT_OFF
            computed = any(node in result.maps for node in wanted)
            told = _EVERY_PIXEL if computed else cut_off if wanted or foreign else _NO_ANSWER
            self._scores.clear(tr(told))
            return
        layer = graph.by_id[heads[-1]].layer
        assert isinstance(layer, _HEADS)
        whose = _whose(result)
        kind: Kind = "margin" if isinstance(layer, LinearSVM) else "probability"
        found = result.maps[heads[-1]]
        values = np.exp(found) if isinstance(layer, LogSoftmax) else found
        self._scores.show_scores(values, layer.labels, kind, f"{graph.by_id[heads[-1]].label} · {whose}")


def _whose(result: RunResult) -> str:
    """Return where the weights of a run are from."""
    given, analysis = result.request.network.weights, result.request.analysis
    if not given:
        return tr("random weights")
    if mismatches(analysis, given):
        own = any(
            result.weights[node].get(name) is array
            for node in result.weights
            for name, array in given.get(node, {}).items()
        )
        return tr("partly random weights") if own else tr("random weights")
    return tr("weights from the file")


def _qimage(picture: Image.Image) -> QImage:
    """Return a Qt image of an RGBA picture, with memory of its own."""
    data = picture.tobytes()
    return QImage(data, picture.width, picture.height, 4 * picture.width, QImage.Format.Format_RGBA8888).copy()
