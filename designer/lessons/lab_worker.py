"""The translation lab's thread: compares the image with the moved one, the newest move first, then fills the curve."""

import logging
import threading
from dataclasses import dataclass, field

from PySide6.QtCore import QObject, Signal, Slot

from engine import Analysis, Cancelled, Comparison, FeatureMaps, Graph, Move, RunError, Weights, compare
from engine.language import tr
from engine.layers.base import Array
from engine.translation import Border

REACH = 10  # pixels to both sides that the curve covers
_log = logging.getLogger(__name__)


@dataclass(frozen=True, eq=False)
class Subject:
    """What is moved through what: a network as it ran, and the array that entered it."""

    graph: Graph
    weights: Weights
    analysis: Analysis
    image: Array


@dataclass(frozen=True)
class CurveKey:
    """Which curve: along which axis, and what comes in at the border."""

    axis: str
    border: Border

    def move(self, shift: int) -> Move:
        """Return the move of one point of the curve."""
        return Move(dx=shift, border=self.border) if self.axis == "x" else Move(dy=shift, border=self.border)


@dataclass
class _Waiting:
    """What is still to be done."""

    subject: Subject | None = None
    move: Move | None = None
    curve: CurveKey | None = None
    shifts: list[int] = field(default_factory=list)


class LabWorker(QObject):
    """One thread that serves the newest request; a move comes before the curve's next point.

    Signals, emitted on the thread of this object
    ---------------------------------------------
    compared
        ``(Subject, Comparison)``.
    point_done
        ``(Subject, CurveKey, shift, layers)``: one point of the curve.
    failed
        Why nothing can be compared.
    """

    compared = Signal(object)
    point_done = Signal(object)
    failed = Signal(str)
    _from_worker = Signal(str, object)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._wake = threading.Condition()
        self._waiting = _Waiting()
        self._closing = False
        self._before: tuple[Subject, FeatureMaps] | None = None
        self._from_worker.connect(self._deliver)
        self._thread: threading.Thread | None = None

    def request(self, subject: Subject, move: Move) -> None:
        """Compare, in the place of an earlier move."""
        with self._wake:
            if subject is not self._waiting.subject:
                self._waiting.curve, self._waiting.shifts = None, []
            self._waiting.subject, self._waiting.move = subject, move
            self._start()
            self._wake.notify()

    def request_curve(self, subject: Subject, key: CurveKey, shifts: list[int]) -> None:
        """Work out points of a curve, in the place of another one."""
        with self._wake:
            self._waiting.subject, self._waiting.curve, self._waiting.shifts = subject, key, list(shifts)
            self._start()
            self._wake.notify()

    def cancel(self) -> None:
        """Give up all that is waiting and at work."""
        with self._wake:
            self._waiting = _Waiting()

    def close(self) -> None:
        """End the thread."""
        with self._wake:
            self._closing = True
            self._waiting = _Waiting()
            self._wake.notify()
        if self._thread is not None:
            self._thread.join()

    def _start(self) -> None:
        """Start the thread when it is first needed: most sessions never open the lab."""
        if self._thread is None and not self._closing:
            self._thread = threading.Thread(target=self._loop, name="convolab-lab", daemon=True)
            self._thread.start()

    # On the thread

    def _loop(self) -> None:
        while True:
            with self._wake:
                self._wake.wait_for(lambda: self._closing or self._waiting.move is not None or self._waiting.shifts)
                if self._closing:
                    return
                subject, move, key = self._waiting.subject, self._waiting.move, self._waiting.curve
                self._waiting.move = None
                shift = self._waiting.shifts[0] if self._waiting.shifts else 0
            assert subject is not None
            try:
                self._serve(subject, move, key, shift)
            except Cancelled:
                continue
            except RunError as problem:
                self._fail(str(problem))
            except MemoryError:
                self._fail(tr("There is not enough memory for the maps of two images"))
            except Exception as problem:  # noqa: BLE001 - the thread must live on, and the person must hear of it
                _log.exception("The comparison failed")
                self._fail(tr("The comparison failed: {problem}", problem=problem))

    def _serve(self, subject: Subject, move: Move | None, key: CurveKey | None, shift: int) -> None:
        if move is not None:
            made = self._compare(subject, move, lambda: self._waiting.subject is not subject or self._newer())
            self._tell("compared", (subject, made))
            return
        assert key is not None
        made = self._compare(subject, key.move(shift), lambda: self._waiting.curve is not key or self._newer())
        with self._wake:
            if self._waiting.curve is key and self._waiting.shifts[:1] == [shift]:
                self._waiting.shifts.pop(0)
        self._tell("point", (subject, key, shift, made.layers))

    def _newer(self) -> bool:
        return self._closing or self._waiting.move is not None

    def _compare(self, subject: Subject, move: Move, cancelled: object) -> Comparison:
        assert callable(cancelled)
        before = self._before[1] if self._before is not None and self._before[0] is subject else None
        made = compare(
            subject.graph,
            subject.weights,
            subject.image,
            move,
            analysis=subject.analysis,
            before=before,
            cancelled=cancelled,
        )
        self._before = (subject, made.before)
        return made

    def _fail(self, message: str) -> None:
        with self._wake:
            self._waiting.curve, self._waiting.shifts = None, []
        self._tell("failed", message)

    def _tell(self, kind: str, value: object) -> None:
        if not self._closing:
            self._from_worker.emit(kind, value)

    @Slot(str, object)
    def _deliver(self, kind: str, value: object) -> None:
        if self._closing:
            return
        {"compared": self.compared, "point": self.point_done, "failed": self.failed}[kind].emit(value)
