"""The scores of classes in order and in words, for `Scores` to draw."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from designer.wording import percent
from engine.language import tr, tr_number

Kind = Literal["probability", "margin"]
MOST = 10
_SURE = 0.5  # from here on no other class can be as probable


@dataclass(frozen=True)
class Answer:
    """One class: its name, its score, and the score as text."""

    name: str
    value: float
    text: str


@dataclass(frozen=True)
class Ranking:
    """The best classes, best first, and the words above the name of the first."""

    lead: str
    answers: tuple[Answer, ...]

    def description(self) -> str:
        """Return all that is shown, for those who can't see it."""
        listed = ", ".join(f"{answer.name} {answer.text}" for answer in self.answers)
        return f"{self.lead} {self.answers[0].name}. {listed}" if self.answers else self.lead


def rank(values: NDArray[Any], labels: Sequence[str], kind: Kind) -> Ranking:
    """Return the best classes.

    Parameters
    ----------
    values
        ``(N,)``, one score per class; those that are not a number come last.
    labels
        The classes' names; classes beyond them go by their numbers.
    kind
        Whether the scores are probabilities or margins.
    """
    scores = np.asarray(values, dtype=np.float64).reshape(-1)
    # A stable sort of the negated values keeps equal scores in the order of the classes, and nan at the end.
    order = np.argsort(-scores, kind="stable")[:MOST]
    answers = tuple(
        Answer(_name(labels, int(place)), float(scores[place]), score_text(float(scores[place]), kind))
        for place in order
    )
    return Ranking(_lead(answers, kind), answers)


def score_text(value: float, kind: Kind) -> str:
    """Write a score: ``99.8%``, or the margin ``+1.23``."""
    if np.isnan(value):
        return "NaN"
    if kind == "probability":
        return percent(value)
    if np.isinf(value):
        return "+∞" if value > 0 else "−∞"
    text = tr_number(value, "+.2f") if abs(value) < 1000 else tr_number(value, "+.3g")
    return ("0.00" if text in ("+0.00", "-0.00") else text).replace("-", "−")


def _name(labels: Sequence[str], place: int) -> str:
    return labels[place] if place < len(labels) and labels[place] else str(place)


def _lead(answers: Sequence[Answer], kind: Kind) -> str:
    if not answers or np.isnan(answers[0].value):
        return tr("No answer: the scores are not numbers")
    if kind == "probability":
        return tr("It is") if answers[0].value >= _SURE else tr("Most likely")
    return tr("It is") if answers[0].value > 0 else tr("Closest to")
