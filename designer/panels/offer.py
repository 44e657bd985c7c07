"""What the command palette offers, and which of it fits what was typed."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from designer.matching import Subject, score

_RECENT = 90.0  # most that something used lately is preferred by: less than from one kind of match to the next
_REFUSED = 150.0  # by how much what can't be done now comes later


@dataclass(frozen=True)
class Offer:
    """One thing that can be done, or a place to go to.

    Attributes
    ----------
    key
        Stable, so that what was used lately is found again: ``"file.save"``, ``"add.Conv2D"``.
    text
        What it is called: ``"Save as…"``.
    group
        Where it belongs: ``"File"``.
    run
        What is done.
    keys
        Its shortcut, as the desktop writes it.
    refused
        Why it can't be done now; empty where it can.
    state
        ``"on"`` or ``"off"`` for what can be switched.
    words
        What else it may be searched by.
    """

    key: str
    text: str
    group: str
    run: Callable[[], object]
    keys: str = ""
    refused: str = ""
    state: str = ""
    words: tuple[str, ...] = ()

    def spoken(self) -> str:
        """Return all that a screen reader says of it."""
        return ", ".join(part for part in (self.text, self.group, self.state, self.keys, self.refused) if part)


def ranked(offers: Sequence[Offer], query: str, recent: Sequence[str]) -> list[Offer]:
    """Return the offers that fit a query, the best first; without a query all, those used lately first."""
    lately = {key: place for place, key in enumerate(recent)}
    if not query.strip():
        return sorted(offers, key=lambda offer: lately.get(offer.key, len(lately)))
    found = []
    for offer in offers:
        rank = score(query, Subject(offer.text, others=offer.words, topics=(offer.group,)))
        if rank is not None:
            bonus = _RECENT * (1 - lately[offer.key] / len(lately)) if offer.key in lately else 0.0
            found.append((rank - bonus + (_REFUSED if offer.refused else 0.0), offer))
    return [offer for _, offer in sorted(found, key=lambda pair: pair[0])]
