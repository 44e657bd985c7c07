"""The worker thread: decodes the image and runs the network beside the window; the newest request wins."""

import logging
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from PIL import Image, ImageOps
from PySide6.QtCore import QCoreApplication, QEvent, QObject, Qt, Signal, Slot

from engine import (
    Analysis,
    Cancelled,
    FeatureMaps,
    ImageError,
    Input,
    Network,
    Progress,
    RecentRuns,
    RunError,
    TooLarge,
    Weights,
    completed,
    need,
    open_image,
    prepare,
    room,
    run,
)
from engine.economy import Economies, economies
from engine.language import tr
from engine.layers.base import Array

THUMBNAIL_PIXELS = 640  # of the long side; enough for any panel that shows the image
MOMENT = 0.005  # seconds that are waited for an answer, so that it is painted together with the edit
_SOON = QEvent.Type(QEvent.registerEventType())
_AFTER_A_FRAME = Qt.EventPriority.LowEventPriority.value - 1  # frames have the low one
REST_SECONDS = 2.0  # without a request, after which memory that is not used goes back to the system
_log = logging.getLogger(__name__)


@dataclass(frozen=True, eq=False)
class Frame:
    """A picture from no file: what a camera sees, in mode L, RGB or RGBA."""

    name: str
    picture: Image.Image


@dataclass(frozen=True)
class RunRequest:
    """What to run: the network with its analysis, and the image file or frame."""

    number: int
    network: Network
    analysis: Analysis
    image: Path | Frame
    keep: tuple[str, ...] | None = None  # the layers whose maps are wanted; None for all
    limit: Callable[[], int] | None = None  # bytes that it may take; asked for on the worker's thread


@dataclass(frozen=True)
class LargeRun:
    """A run that was not begun because of its size, and what would make it fit."""

    request: RunRequest
    problem: TooLarge
    economies: Economies


@dataclass(frozen=True)
class LoadedImage:
    """An image that was decoded: its name, its size in pixels (width, height) and a small copy in RGBA."""

    name: str
    size: tuple[int, int]
    thumbnail: Image.Image


@dataclass(frozen=True)
class RunResult:
    """A forward pass that is complete, with the weights that it used."""

    request: RunRequest
    maps: FeatureMaps
    weights: Weights
    seconds: float


class Runner(QObject):
    """Runs requests one at a time on one thread of its own; a newer request cancels the one at work.

    All signals are emitted on the thread of this object, and only for the newest request. What a small network answers
    within a moment arrives before the next frame: an edit and its maps are then painted at once. A large one begins
    when the edit has been painted.
    """

    image_loaded = Signal(object)  # LoadedImage
    started = Signal()
    progressed = Signal(object)  # tuple[Progress, ...]; of a run that is over in a moment, nothing
    finished = Signal(object)  # RunResult
    failed = Signal(str)
    too_large = Signal(object)  # LargeRun

    _from_worker = Signal(int, str, object)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._number = 0
        self._wake = threading.Condition()
        self._waiting: RunRequest | None = None
        self._closing = False
        self._answered = threading.Event()
        self._brief = False  # whether the last run was done in a moment
        self._ready = False  # whether what waits may begin: what takes long would take its time from the frame, too
        self._expecting = False
        self._last: RunResult | None = None  # of whose memory this is the last to let go
        self._spent: list[RunResult] = []
        self._work = _Work()
        self._from_worker.connect(self._deliver)
        self._thread = threading.Thread(target=self._loop, name="convolab-runner", daemon=True)
        self._thread.start()

    def request(
        self,
        network: Network,
        analysis: Analysis,
        image: Path | Frame,
        keep: tuple[str, ...] | None = None,
        limit: Callable[[], int] | None = None,
    ) -> None:
        """Run an image through a network, in the place of what is running or waiting."""
        with self._wake:
            self._number += 1
            self._waiting = RunRequest(self._number, network, analysis, image, keep, limit)
            self._answered.clear()
            self._ready = self._brief
            if self._ready:
                self._wake.notify()
        if not self._expecting:
            # Before the frame that the edit asks for, and after all who listen to the edit; or after that frame.
            self._expecting = True
            priority = Qt.EventPriority.HighEventPriority.value if self._brief else _AFTER_A_FRAME
            QCoreApplication.postEvent(self, QEvent(_SOON), priority)

    def event(self, event: QEvent) -> bool:
        """Wait a moment for an answer that is expected within one; begin what takes longer."""
        if event.type() != _SOON:
            return super().event(event)
        self._expecting = False
        if not self._ready:
            with self._wake:
                self._ready = True
                self._wake.notify()
        elif self._answered.wait(MOMENT):
            QCoreApplication.sendPostedEvents(self, QEvent.Type.MetaCall.value)
        return True

    def cancel(self) -> None:
        """Give up what is running or waiting; nothing more is heard of it."""
        with self._wake:
            self._number += 1
            self._waiting = None

    def let_go(self) -> None:
        """Have what the last run brought, and nobody shows any more, freed on the worker's thread."""
        if self._last is not None:
            with self._wake:
                self._spent.append(self._last)
                self._last = None
                self._wake.notify()

    def close(self) -> None:
        """Stop the thread and wait for it."""
        with self._wake:
            self._number += 1
            self._closing = True
            self._wake.notify()
        self._thread.join()

    def _loop(self) -> None:
        rested = True
        while True:
            with self._wake:
                self._wake.wait_for(
                    lambda: (self._waiting is not None and self._ready) or self._spent or self._closing,
                    None if rested else REST_SECONDS,
                )
                if self._closing:
                    return
                request = None
                if self._ready:
                    request, self._waiting = self._waiting, None
                spent, self._spent = self._spent, []
            if spent:  # in the system's hands, which take milliseconds for what is large
                spent.clear()
                if request is None:
                    continue
            if request is not None:
                start = time.thread_time()  # its own: what else the machine does says nothing of the network
                self._brief = self._serve(request) and time.thread_time() - start < MOMENT
                self._answered.set()
            else:  # nothing was asked for a while
                room.give_back()
            rested = request is None

    def _serve(self, request: RunRequest) -> bool:
        """Do one request on the worker thread; every outcome goes through the one private signal.

        Returns whether it came to its end.
        """

        def tell(kind: str, value: object) -> None:
            if not self._closing:
                self._from_worker.emit(request.number, kind, value)

        def stale() -> bool:
            return request.number != self._number

        tell("started", None)
        try:
            image = self._work.image(request.image, stale)
            tell("image", image)
            result = self._work.run(request, _Report(lambda steps: tell("progress", steps)), stale)
            if result is not None:
                tell("finished", result)
                return True
        except Cancelled:
            return False
        except TooLarge as problem:
            wanted = request.keep or ()
            tell("large", LargeRun(request, problem, economies(request.analysis, problem.limit, wanted)))
        except (ImageError, RunError) as problem:
            tell("failed", str(problem))
        except MemoryError:
            tell("failed", tr("There is not enough memory for all maps of this network at this image size"))
        except Exception as problem:  # noqa: BLE001 - the thread must live on, and the person must hear of it
            _log.exception("The forward pass failed")
            tell("failed", tr("The forward pass failed: {problem}", problem=problem))
        return False

    @Slot(int, str, object)
    def _deliver(self, number: int, kind: str, value: object) -> None:
        if number != self._number or self._closing:
            if isinstance(value, RunResult):  # too late; the worker frees it, when this event is gone
                self._spent.append(value)
            return
        if kind == "started":
            self.started.emit()
        elif kind == "failed":
            self.failed.emit(value)
        elif kind == "large":
            self.too_large.emit(value)
        elif kind == "finished":
            assert isinstance(value, RunResult)
            self.finished.emit(value)
            self.let_go()
            self._last = value
        else:
            {"image": self.image_loaded, "progress": self.progressed}[kind].emit(value)


class _Report:
    """Tells of the layers that are done, some at a time: each word to the window's thread costs both of them time."""

    def __init__(self, tell: Callable[[tuple[Progress, ...]], None]) -> None:
        self._tell = tell
        self._steps: list[Progress] = []
        self._told = time.monotonic()

    def __call__(self, step: Progress) -> None:
        self._steps.append(step)
        if time.monotonic() - self._told >= MOMENT:
            self._tell(tuple(self._steps))
            self._steps.clear()
            self._told = time.monotonic()


class _Work:
    """What the worker thread keeps from one request to the next, so that an edit re-runs only what it changed."""

    def __init__(self) -> None:
        self._image_key: tuple[Path | Frame, float] | None = None
        self._decoded: Image.Image | None = None
        self._loaded: LoadedImage | None = None
        self._prepared: tuple[Image.Image, Input, Array] | None = None
        self._recent = RecentRuns()

    def image(self, source: Path | Frame, cancelled: Callable[[], bool]) -> LoadedImage:
        """Return the decoded image, from memory where it is the same as before."""
        try:
            key = (source, source.stat().st_mtime if isinstance(source, Path) else 0.0)
        except OSError as problem:
            raise ImageError(
                tr("{file} can't be read: {problem}", file=source.name, problem=problem.strerror or problem)
            ) from problem
        if self._loaded is None or key != self._image_key:
            self._decoded = self._loaded = self._prepared = None  # or two large ones were there at one time
            decoded = open_image(source, cancelled=cancelled) if isinstance(source, Path) else source.picture
            small = ImageOps.contain(decoded, (THUMBNAIL_PIXELS, THUMBNAIL_PIXELS)) if _is_large(decoded) else decoded
            self._loaded, self._image_key = LoadedImage(source.name, decoded.size, small.convert("RGBA")), key
            self._decoded = decoded
        return self._loaded

    def run(
        self, request: RunRequest, progress: Callable[[Progress], None], cancelled: Callable[[], bool]
    ) -> RunResult | None:
        """Run the network on the decoded image; None where there is no Input for it to enter by."""
        node = request.analysis.input
        if node is None or not isinstance(node.layer, Input):
            return None
        start = time.perf_counter()
        self._make_room(request)
        weights = completed(request.analysis, request.network.weights, cancelled=cancelled)
        maps = run(
            request.network.graph,
            weights,
            self._array(node.layer),
            progress=progress,
            cancelled=cancelled,
            previous=self._recent,
            analysis=request.analysis,
            keep=request.keep,
        )
        self._recent.add(maps)
        return RunResult(request, maps, weights, time.perf_counter() - start)

    def _make_room(self, request: RunRequest) -> None:
        """Refuse a run that is too large by itself, and let go of earlier ones where there is no room for both."""
        if request.limit is None:
            return
        wanted, limit = need(request.analysis, request.keep), request.limit()
        if wanted.total > limit:
            raise TooLarge(wanted, limit)
        if wanted.total + self._recent.nbytes > limit:
            self._recent.clear()

    def _array(self, layer: Input) -> Array:
        image = self._decoded
        assert image is not None
        if self._prepared is None or self._prepared[0] is not image or self._prepared[1] != layer:
            self._prepared = (image, layer, prepare(image, layer))
        return self._prepared[2]


def _is_large(image: Image.Image) -> bool:
    return max(image.size) > THUMBNAIL_PIXELS
