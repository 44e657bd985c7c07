"""Finding things by a few typed letters: one ranking for every field that searches."""

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import TypeVar

_Item = TypeVar("_Item")
_WORDS = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+|\d+[A-Za-z]*")  # BatchNorm2D: Batch, Norm, 2D
# How good a match is, from the best on; spreads of letters come on top.
_EXACT, _TITLE, _WORD, _INITIALS, _OTHER, _INSIDE, _TOPIC, _LETTERS, _TEXT, _TEXT_INSIDE = range(0, 1000, 100)
_MOST_SPREAD = 99


@dataclass(frozen=True)
class Subject:
    """What can be typed to find a thing.

    Attributes
    ----------
    title
        Its name, as it is shown.
    others
        Other names that people know it by.
    topics
        What it belongs to.
    text
        A sentence on it.
    """

    title: str
    others: tuple[str, ...] = ()
    topics: tuple[str, ...] = ()
    text: str = ""


def best(items: Iterable[_Item], typed: str, subject: Callable[[_Item], Subject]) -> list[_Item]:
    """Return the items that match every word of what was typed, the best first and otherwise in their order."""
    ranked = [(rank, item) for item in items if (rank := score(typed, subject(item))) is not None]
    return [item for _, item in sorted(ranked, key=lambda pair: pair[0])]


def score(typed: str, subject: Subject) -> int | None:
    """Return how far down a match belongs, from 0; None where a word of what was typed does not match.

    A whole name comes before the beginning of the title, that before the beginning of one of its words, its initials
    (``bn`` for BatchNorm2D), the beginning of another name, letters in the middle, letters scattered, and words of
    the sentence.
    """
    whole = _normal(typed)
    if whole and whole in _names(subject):
        return _EXACT
    ranks = [_rank(_normal(word), subject) for word in typed.split()]
    known = [rank for rank in ranks if rank is not None]
    return sum(known) if len(known) == len(ranks) else None


def _rank(word: str, subject: Subject) -> int | None:
    title, words = _normal(subject.title), [part.casefold() for part in _WORDS.findall(subject.title)]
    initials = "".join(part[0] for part in words)
    spread = _spread(word, title)
    tests = (
        (word in _names(subject), _EXACT),
        (title.startswith(word), _TITLE),
        (any(part.startswith(word) for part in (*words, *subject.title.casefold().split())), _WORD),
        (len(word) > 1 and initials.startswith(word), _INITIALS),
        (any(_normal(name).startswith(word) for name in subject.others), _OTHER),
        (word in title, _INSIDE),
        (any(topic.casefold().startswith(word) for topic in subject.topics), _TOPIC),
        (spread is not None, _LETTERS + min(spread or 0, _MOST_SPREAD)),
        (any(part.startswith(word) for part in re.findall(r"\w+", subject.text.casefold())), _TEXT),
        (word in subject.text.casefold(), _TEXT_INSIDE),
    )
    return next((rank for holds, rank in tests if holds), None)


def _names(subject: Subject) -> tuple[str, ...]:
    return tuple(_normal(name) for name in (subject.title, *subject.others))


def _normal(text: str) -> str:
    """Return a text as it is compared: ``max pool`` and ``Max-Pool`` are one."""
    return "".join(letter for letter in text.casefold() if letter.isalnum() or letter == "+")


def _spread(word: str, title: str) -> int | None:
    """Return how many letters stand between those of a word in a title; None where it lacks one."""
    at, first = -1, 0
    for number, letter in enumerate(word):
        at = title.find(letter, at + 1)
        if at < 0:
            return None
        first = at if number == 0 else first
    return at - first + 1 - len(word) + first
