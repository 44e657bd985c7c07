"""The texts that people read, in their language.

Every text goes through `tr` where it is made, or through `tr_noop` where it is only written down (a class's title, a
table of names) and through `tr` where it is shown. The texts in the code are English; a catalogue of another language
is set once, before the first window, and any `gettext` catalogue will do.
"""

from collections.abc import Sequence
from typing import Protocol


class Catalogue(Protocol):
    """What `gettext.GNUTranslations` offers."""

    def gettext(self, message: str, /) -> str:
        """Return a text in the language."""

    def ngettext(self, one: str, many: str, n: int, /) -> str:
        """Return the text for a number of things, in the language."""


_catalogue: Catalogue | None = None


def speak(catalogue: Catalogue | None) -> None:
    """Use a catalogue from now on, for all threads; None for the English of the code."""
    global _catalogue
    _catalogue = catalogue


def tr(text: str, /, **values: object) -> str:
    """Return a text in the language spoken, its ``{fields}`` filled in afterwards, so that a language can move them.

    Examples
    --------
    >>> tr("{layer} has {count:,} weights.", layer="conv1", count=1500)
    'conv1 has 1,500 weights.'
    """
    if _catalogue is not None and text:  # the empty text names a catalogue's own head
        text = _catalogue.gettext(text)
    return text.format(**values) if values else text


def tr_count(one: str, many: str, count: int, /, **values: object) -> str:
    """Return the text for a number of things, which languages sort differently; ``{count}`` is the number.

    Examples
    --------
    >>> tr_count("{count:,} layer", "{count:,} layers", 1024)
    '1,024 layers'
    """
    text = (one if count == 1 else many) if _catalogue is None else _catalogue.ngettext(one, many, count)
    return text.format(count=count, **values)


def tr_list(parts: Sequence[str]) -> str:
    """Return several texts as one that names them all.

    Examples
    --------
    >>> tr_list(["conv1", "conv2", "conv3"])
    'conv1, conv2 and conv3'
    """
    *several, last = parts
    return tr("{several} and {last}", several=", ".join(several), last=last) if several else last


def tr_choice(parts: Sequence[str]) -> str:
    """Return several texts as one of which any will do: ``F1 or ?``."""
    *several, last = parts
    return tr("{several} or {last}", several=tr_choice(several), last=last) if several else last


def tr_inside(title: str) -> str:
    """Return a title as the middle of a sentence has it: ``Kernel size`` becomes ``kernel size``.

    Only English titles are changed: a language may write its nouns with a capital, or have no capitals.
    """
    return title if _catalogue is not None else title[:1].lower() + title[1:]


def tr_noop(text: str, /) -> str:
    """Return a text as it is; marks it for the translators, because it is shown by way of `tr` later."""
    return text
