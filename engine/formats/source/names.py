"""Names and texts that may stand in source code, whatever people have typed."""

import keyword
import re
from collections.abc import Collection
from unicodedata import normalize

LETTERS = "yzuvw"  # of values beside x
_LONGEST = 40  # characters of a name: a longer one leaves no room for anything beside it
_WORD = re.compile(r"[^\W_]+")


def identifier(text: str, otherwise: str) -> str:
    """Return a text as an identifier: its letters, digits and underscores, or what it is to be called otherwise.

    Python reads identifiers in the form NFKC, and so that is the form they are written in.
    """
    word = re.sub(r"_+", "_", re.sub(r"\W", "_", normalize("NFKC", text))).strip("_")
    if word[:1].isdigit():
        word = f"{otherwise}_{word}"
    return word if word.isidentifier() else otherwise


def unlike(word: str, taken: Collection[str], reserved: Collection[str] = ()) -> str:
    """Return a word that is free: as it is, with an underscore where it means something else, or with a number."""
    word = word[:_LONGEST].rstrip("_")
    if keyword.iskeyword(word) or word in reserved:
        word += "_"
    if word not in taken:
        return word
    word = f"{word}_" if word[-1:].isdigit() else word
    number = 2
    while f"{word}{number}" in taken:
        number += 1
    return f"{word}{number}"


def camel(text: str, otherwise: str) -> str:
    """Return a text as the name of a class, each word with a capital; what it is to be called otherwise if it can't."""
    words = _WORD.findall(normalize("NFKC", text))
    word = "".join(one[:1].upper() + one[1:] for one in words)
    if word[:1].isdigit():
        word = otherwise + word
    return word if word.isidentifier() else otherwise


def plain(text: str) -> str:
    """Return a text on one line that can end no comment and no docstring: no line ends, quotes, backslashes."""
    shown = "".join(sign if sign.isprintable() else " " for sign in text)
    return " ".join(shown.replace("\\", "/").replace('"', "'").split())


def literal(value: object) -> str:
    """Return a value as it is written in source code; texts in the quotes that formatters prefer."""
    if isinstance(value, str):
        return _text(value)
    if isinstance(value, tuple):
        inner = ", ".join(map(literal, value))
        return f"({inner},)" if len(value) == 1 else f"({inner})"
    if isinstance(value, float) and value in (float("inf"), float("-inf")):
        return f'float("{value}")'
    return repr(value)


def _text(value: str) -> str:
    quote = "'" if value.count('"') > value.count("'") else '"'
    signs = (sign if sign in "'\"" else repr(sign)[1:-1] for sign in value)
    return quote + "".join(f"\\{sign}" if sign == quote else sign for sign in signs) + quote
