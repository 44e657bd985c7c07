"""How well a text fits what someone has typed: the one rule of every search field."""

import re
from collections.abc import Iterable

_WORD = re.compile(r"[^\W_]+")
_HUMP = re.compile(r"(?<=[a-z0-9])(?=[A-Z][a-z])")  # MaxPool2D is two words
_START, _WORD_START, _INITIALS, _INSIDE, _LETTERS = 1.0, 0.9, 0.8, 0.6, 0.3
_FURTHER = 0.65  # of a match that is not in the text itself
_TIGHTNESS = 0.05  # most that a short text is preferred by


def score(query: str, text: str, words: Iterable[str] = ()) -> float | None:
    """Return how well a text fits a query, the higher the better; None where it does not.

    Every word of the query must fit. The start of the text counts most, then the start of any of its words, then the
    words' initials (``sa`` for "Select all"), letters that stand together inside a word, and letters that only
    follow each other.

    Parameters
    ----------
    query
        What was typed; an empty query fits everything.
    text
        What is shown.
    words
        What else it goes by: matched from the start or as a whole part, and worth less than the text.
    """
    parts, further = query.casefold().split(), [word.casefold() for word in words]
    total = 0.0
    for part in parts:
        found = max(_in_text(part, text), *(_in_further(part, word) for word in further), 0.0)
        if not found:
            return None
        total += found
    return total / len(parts) if parts else 0.0


def _in_text(part: str, text: str) -> float:
    """Return how well one word of a query fits a text; 0 where it does not."""
    folded = text.casefold()
    names = [word.casefold() for word in _WORD.findall(_HUMP.sub(" ", text))]
    tightness = _TIGHTNESS * len(part) / max(len(folded), 1)
    if folded.startswith(part):
        return _START + tightness
    if any(name.startswith(part) for name in names):
        return _WORD_START + tightness
    if "".join(name[0] for name in names).startswith(part):
        return _INITIALS + tightness
    if part in folded:
        return _INSIDE + tightness
    return _letters(part, folded)


def _in_further(part: str, word: str) -> float:
    if word.startswith(part):
        return _FURTHER * _START
    return _FURTHER * _INSIDE if part in word else 0.0


def _letters(part: str, text: str) -> float:
    """Return how well letters fit that only follow each other: the closer together, the better."""
    place, first = -1, -1
    for letter in part:
        place = text.find(letter, place + 1)
        if place < 0:
            return 0.0
        first = place if first < 0 else first
    return _LETTERS * len(part) / (place - first + 1)
