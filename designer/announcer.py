"""What a screen reader is told of the network's state: new problems, problems solved, runs and their answers."""

from collections import Counter
from collections.abc import Iterable, Sequence

from PySide6.QtCore import QObject, Slot
from PySide6.QtWidgets import QWidget

from designer.document import Change, Document
from designer.panels.answers import Answer
from designer.panels.scores import Scores
from designer.speech import say
from designer.wording import summary
from engine import Diagnostic, Severity
from engine.language import tr, tr_count

_TOLD = (Severity.ERROR, Severity.WARNING)  # remarks are read in the Problems list by whoever looks for them


class Announcer(QObject):
    """Speaks of changes, each once, in the words of the panels."""

    def __init__(self, document: Document, scores: Scores, window: QWidget) -> None:
        super().__init__(window)
        self._scores, self._window = scores, window
        self._findings: Sequence[Diagnostic] = document.findings
        self._answer = ""
        self._held = False
        document.changed.connect(self._on_changed)

    @Slot(str)
    def tell(self, text: str) -> None:
        """Speak what the status bar shows."""
        say(self._window, text)

    @Slot(bool)
    def hold_answers(self, held: bool) -> None:
        """Speak no answers for a while: those of a camera's frames change several times a second."""
        self._held = held

    @Slot(bool)
    def run_settled(self, completed: bool) -> None:
        """Speak the answer of a run, where it is another than before."""
        answer = answer_text(self._scores.answers) if completed else ""
        if answer and answer != self._answer and not self._held:
            say(self._window, answer)
        self._answer = answer

    @Slot(object)
    def _on_changed(self, change: Change) -> None:
        before, self._findings = self._findings, change.findings
        if change.loaded:
            graph = change.after.graph
            layers = tr_count("{count:,} layer", "{count:,} layers", len(graph.nodes))
            contents = f"{change.after.name}, {layers}"
            say(self._window, f"{contents}, {summary(change.findings)}" if graph.nodes else contents)
        elif change.before.graph is not change.after.graph:
            text, urgent = problems_text(before, change.findings)
            say(self._window, text, urgent=urgent)


def problems_text(before: Iterable[Diagnostic], after: Iterable[Diagnostic]) -> tuple[str, bool]:
    """Return what an edit did to the problems, and whether it is bad news; empty where it did nothing to them."""
    old, new = _told(before), _told(after)
    kept = Counter(map(_key, old)) & Counter(map(_key, new))
    fresh = _without(new, kept)
    gone = _without(old, kept)
    if fresh:
        return f"{summary(fresh)}: {fresh[0].message}", fresh[0].severity is Severity.ERROR
    if gone:
        solved = (
            tr("Problem solved")
            if len(gone) == 1
            else tr_count("{count} problem solved", "{count} problems solved", len(gone))
        )
        left = summary(new)
        left = tr("{problems} left", problems=left) if new else left
        return f"{solved}. {left}", False
    return "", False


def answer_text(answers: Sequence[Answer]) -> str:
    """Return the network's answer in a sentence; empty where there is none."""
    return tr("Answer: {name}, {share}", name=answers[0].name, share=answers[0].text) if answers else ""


def _told(findings: Iterable[Diagnostic]) -> list[Diagnostic]:
    return [found for found in findings if found.severity in _TOLD]


def _without(findings: Iterable[Diagnostic], known: Counter[tuple[object, ...]]) -> list[Diagnostic]:
    """Return the findings that are not known, each known one counting once."""
    left, rest = Counter(known), []
    for found in findings:
        if left[_key(found)]:
            left[_key(found)] -= 1
        else:
            rest.append(found)
    return rest


def _key(found: Diagnostic) -> tuple[object, ...]:
    """Return what makes a finding the same through edits that change its numbers."""
    return found.code, found.node, found.parameter, found.port
