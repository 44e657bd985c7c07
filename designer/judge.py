"""Judging the checks of a lesson's step: what is quick at once, what runs images on a thread of its own."""

import logging
import threading
from dataclasses import dataclass

from PySide6.QtCore import QObject, Signal, Slot

from engine import Analysis, Cancelled, Diagnostic, Network
from engine.language import tr
from engine.lessons import Case, Check, Places, Verdict, judge, runs_network

MANY = 200  # layers, from which on even looking at all of them is left to the thread
_log = logging.getLogger(__name__)


@dataclass(frozen=True, eq=False)
class Question:
    """Some checks, and the network that they are made of."""

    checks: tuple[Check, ...]
    network: Network
    analysis: Analysis
    findings: tuple[Diagnostic, ...]
    places: Places


class Judge(QObject):
    """Answers the newest question; ``judged`` carries it, and a `Verdict` for each of its checks.

    Where a check runs images, the others are answered at once, with None in its place, and then all of them; of a
    large network nothing is answered at once.
    """

    judged = Signal(object, object)  # Question, tuple[Verdict | None, ...]
    _from_thread = Signal(object, object)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._wake = threading.Condition()
        self._waiting: Question | None = None
        self._newest: Question | None = None
        self._closing = False
        self._thread: threading.Thread | None = None
        self._from_thread.connect(self._deliver)

    def ask(self, question: Question) -> None:
        """Judge, in the place of an earlier question."""
        many = len(question.network.graph.nodes) > MANY
        slow = tuple(many or runs_network(one) for one in question.checks)
        with self._wake:
            self._newest = question
            self._waiting = question if any(slow) else None
            if any(slow) and self._thread is None and not self._closing:
                self._thread = threading.Thread(target=self._loop, name="convolab-judge", daemon=True)
                self._thread.start()
            self._wake.notify()
        case = _case(question)
        pairs = zip(question.checks, slow, strict=True)
        self.judged.emit(question, tuple(None if later else judge(one, case) for one, later in pairs))

    def forget(self) -> None:
        """Answer no question that was asked before."""
        with self._wake:
            self._newest = self._waiting = None

    def close(self) -> None:
        """End the thread."""
        with self._wake:
            self._closing = True
            self._newest = self._waiting = None
            self._wake.notify()
        if self._thread is not None:
            self._thread.join()

    # On the thread

    def _loop(self) -> None:
        while True:
            with self._wake:
                self._wake.wait_for(lambda: self._closing or self._waiting is not None)
                if self._closing:
                    return
                question, self._waiting = self._waiting, None
            assert question is not None
            try:
                verdicts = self._judge(question)
            except Cancelled:
                continue
            if not self._closing:
                self._from_thread.emit(question, verdicts)

    def _judge(self, question: Question) -> tuple[Verdict, ...]:
        case = _case(question, lambda: self._newest is not question)
        try:
            return tuple(judge(one, case) for one in question.checks)
        except Cancelled:
            raise
        except MemoryError:
            told = tr("There is not enough memory to run the exercise's images.")
        except Exception as problem:  # noqa: BLE001 - the thread must live on, and the person must hear of it
            _log.exception("An exercise could not be checked")
            told = tr("The exercise could not be checked: {problem}", problem=problem)
        return tuple(Verdict(False, told) for _ in question.checks)

    @Slot(object, object)
    def _deliver(self, question: Question, verdicts: tuple[Verdict, ...]) -> None:
        if question is self._newest:
            self.judged.emit(question, verdicts)


def _case(question: Question, cancelled: object = None) -> Case:
    stop = cancelled if callable(cancelled) else None
    return Case(question.network, question.places, question.analysis, question.findings, stop)
