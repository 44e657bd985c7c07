"""Expressions laid out as Black and Ruff do: on one line where that fits, or else one level further in."""

from collections.abc import Sequence
from typing import NamedTuple
from unicodedata import combining, east_asian_width

WIDTH = 88
INDENT = "    "


class Call(NamedTuple):
    """A call, or a list of values where ``name`` is empty. ``exploded`` puts each argument on a line of its own."""

    name: str
    arguments: "tuple[Argument, ...]" = ()
    exploded: bool = False
    brackets: str = "()"

    @property
    def flat(self) -> str:
        """All of it on one line."""
        return self.name + self.brackets[0] + ", ".join(one.flat for one in self.arguments) + self.brackets[1]

    @property
    def is_flat(self) -> bool:
        """Whether it may stand on one line."""
        return not self.exploded and all(isinstance(one.value, str) or one.value.is_flat for one in self.arguments)


Expression = str | Call


class Argument(NamedTuple):
    """What is handed over: perhaps by name, perhaps with a remark behind it."""

    value: Expression
    name: str = ""
    remark: str = ""

    @property
    def flat(self) -> str:
        """All of it on one line."""
        text = self.value if isinstance(self.value, str) else self.value.flat
        return f"{self.name}={text}" if self.name else text


def width(text: str) -> int:
    """Return how many columns a text takes: signs of East Asia take two."""
    if text.isascii():
        return len(text)
    return sum(0 if combining(sign) else 2 if east_asian_width(sign) in "WF" else 1 for sign in text)


def laid_out(head: str, expression: Expression, tail: str = "", depth: int = 0) -> list[str]:
    """Return the lines of an expression between what stands before it and behind it."""
    indent = INDENT * depth
    if isinstance(expression, str):
        return [f"{indent}{head}{expression}{tail}"]
    if expression.is_flat and width(indent + head + expression.flat + tail) <= WIDTH:
        return [f"{indent}{head}{expression.flat}{tail}"]
    first, last = f"{indent}{head}{expression.name}{expression.brackets[0]}", f"{indent}{expression.brackets[1]}{tail}"
    inner = ", ".join(one.flat for one in expression.arguments)
    if not expression.arguments:
        return [first + last.strip()]
    if expression.name and expression.is_flat and width(indent + INDENT + inner) <= WIDTH:
        return [first, f"{indent}{INDENT}{inner}", last]
    return [first, *_one_by_one(expression, depth + 1), last]


def _one_by_one(call: Call, depth: int) -> list[str]:
    lines: list[str] = []
    only = len(call.arguments) == 1 and not call.exploded
    for argument in call.arguments:
        head = f"{argument.name}=" if argument.name else ""
        rows = laid_out(head, argument.value, "" if only else ",", depth)
        lines += with_remark(rows, argument.remark, depth)
    return lines


def with_remark(rows: Sequence[str], remark: str, depth: int) -> list[str]:
    """Return lines with a remark: at the end of the one line where it fits, or else above, on as many as it needs."""
    if not remark:
        return list(rows)
    if len(rows) == 1 and width(rows[0]) + width(remark) + 4 <= WIDTH:
        return [f"{rows[0]}  # {remark}"]
    return [*(f"{INDENT * depth}# {line}" for line in wrapped(remark, WIDTH - 4 * depth - 2)), *rows]


def wrapped(text: str, most: int) -> list[str]:
    """Return a text cut into lines at its spaces; a word that is longer than a line is cut, too."""
    lines = [""]
    for word in text.split():
        size = most if word.isascii() else most // 2
        for at in range(0, len(word), size):
            piece = word[at : at + size]
            if lines[-1] and width(lines[-1]) + 1 + width(piece) > most:
                lines.append(piece)
            else:
                lines[-1] = f"{lines[-1]} {piece}".strip()
    return lines
