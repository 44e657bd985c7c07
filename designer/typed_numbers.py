"""Numbers as people type them, and as fields show them: with the decimal mark of the language, or a point."""

import re

from engine.language import decimal_mark

_GROUPED = re.compile(r"[-+]?[0-9]{1,3}(,[0-9]{3})+")  # in a language whose decimals follow a point


def written(value: float) -> str:
    """Return a number as short as it can be: ``0.5``, ``1e-05``, ``2``; in German ``0,5``."""
    return repr(float(value)).removesuffix(".0").replace(".", decimal_mark())


def read(text: str) -> float:
    """Return the number that a person has typed: ``0.5``, ``1e-5``, ``−2``; with a comma for the point, too.

    Raises
    ------
    ValueError
        Where that is no number.
    """
    plain = text.strip().replace("−", "-")
    if decimal_mark() == "." and _GROUPED.fullmatch(plain):
        return float(plain.replace(",", ""))
    return float(plain.replace(",", "."))


def read_several(text: str) -> tuple[float, ...]:
    """Return numbers with spaces, commas or semicolons between them.

    Where the language has a comma before decimals, ``0,5 2`` are two numbers, and so are ``0,5; 2`` and ``0,5, 2``;
    but ``0.5,2`` from elsewhere is two as well.

    Raises
    ------
    ValueError
        Where one of them is no number.
    """
    between = r"[\s;]+|,(?!\S)" if decimal_mark() == "," and "." not in text else r"[\s;,]+"
    return tuple(read(part) for part in re.split(between, text) if part)
