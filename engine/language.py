"""The texts that people read, in their language.

Every text goes through `tr` where it is made, or through `tr_noop` where it is only written down (a class's title, a
table of names) and through `tr` where it is shown. The texts in the code are English; a catalogue of another language
is set once, before the first window, and any `gettext` catalogue will do.

Numbers in texts are written as the language writes them, ``61,706`` and ``99.2%`` as ``61.706`` and ``99,2 %`` in
German. Its marks are those of two texts of its catalogue; where a number stands alone, `tr_number` writes it. What
programs read (JSON, CSV, source code, queries) is written by plain formatting.
"""

import re
from collections.abc import Mapping, Sequence
from numbers import Real
from typing import Protocol


class Catalogue(Protocol):
    """What `gettext.GNUTranslations` offers."""

    def gettext(self, message: str, /) -> str:
        """Return a text in the language."""

    def ngettext(self, one: str, many: str, n: int, /) -> str:
        """Return the text for a number of things, in the language."""


_catalogue: Catalogue | None = None
_marks: Mapping[int, str] | None = None  # what stands for Python's comma and point in numbers; None for themselves


def speak(catalogue: Catalogue | None) -> None:
    """Use a catalogue from now on, for all threads; None for the English of the code."""
    global _catalogue, _marks
    sample = catalogue.gettext(tr_noop("1,234.5")) if catalogue is not None else ""
    found = re.search(r"1(\D*)234(\D+)5", sample)  # translators write this number as their language does
    _catalogue, _marks = catalogue, str.maketrans({",": found[1], ".": found[2]}) if found is not None else None


def tr(text: str, /, **values: object) -> str:
    """Return a text in the language spoken, its ``{fields}`` filled in afterwards, so that a language can move them.

    Examples
    --------
    >>> tr("{layer} has {count:,} weights.", layer="conv1", count=1500)
    'conv1 has 1,500 weights.'
    """
    if _catalogue is not None and text:  # the empty text names a catalogue's own head
        text = _catalogue.gettext(text)
    return _filled(text, values) if values else text


def tr_count(one: str, many: str, count: int, /, **values: object) -> str:
    """Return the text for a number of things, which languages sort differently; ``{count}`` is the number.

    Examples
    --------
    >>> tr_count("{count:,} layer", "{count:,} layers", 1024)
    '1,024 layers'
    """
    text = (one if count == 1 else many) if _catalogue is None else _catalogue.ngettext(one, many, count)
    return _filled(text, {"count": count, **values})


def tr_number(value: Real | float, form: str = ",") -> str:
    """Return a number as the language writes it, in one of Python's formats; a share is a number ``.1%``.

    Examples
    --------
    >>> tr_number(61706), tr_number(0.25, "g"), tr_number(0.9921, ".1%")
    ('61,706', '0.25', '99.2%')
    """
    text = format(value, form)
    if _catalogue is None:
        return text
    if _marks is not None:
        text = text.translate(_marks)
    return tr("{number}%", number=text[:-1]) if form.endswith("%") else text


def tr_numbers(numbers: Sequence[str]) -> str:
    """Return several numbers in a row: ``0.5, 2``; those with a comma before their decimals have semicolons between."""
    return ("; " if decimal_mark() == "," else ", ").join(numbers)


def decimal_mark() -> str:
    """Return what stands before the decimals of a number: a point in English."""
    return "." if _marks is None else _marks[ord(".")]


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


class _Number:
    """A number in a text, which writes itself as the language does."""

    __slots__ = ("_value",)

    def __init__(self, value: Real) -> None:
        self._value = value

    def __format__(self, form: str) -> str:
        return tr_number(self._value, form)

    def __str__(self) -> str:
        return tr_number(self._value, "")

    def __repr__(self) -> str:
        return repr(self._value)


def _filled(text: str, values: Mapping[str, object]) -> str:
    """Return a text with its fields filled in."""
    if _marks is None:
        return text.format(**values)
    return text.format(**{name: _Number(one) if isinstance(one, Real) else one for name, one in values.items()})
