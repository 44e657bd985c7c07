"""What can be asked of a trace, and the keys that ask for it; the same in every view that shows one."""

from dataclasses import dataclass

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent

from engine.language import tr_noop

HINT = tr_noop("Arrows move the value · PgUp PgDn other map · Enter upstream · Backspace back · Esc ends")


# For the sheet of all keys.
SHOWN = (
    (("←", "→", "↑", "↓"), tr_noop("Move the traced value")),
    (("PgUp", "PgDn"), tr_noop("The same value of another map")),
    (("Enter",), tr_noop("Upstream, to what counts most; on a large map without a trace, trace its largest value")),
    (("Backspace",), tr_noop("Back")),
    (("Esc",), tr_noop("End the trace")),
    (("Tab",), tr_noop("To the blocks of the card, where arrows walk from number to number")),
    (("S", "+", "−"), tr_noop("In a block of channels: sort, turn the page")),
)


@dataclass(frozen=True)
class Move:
    """To a neighbour: so many maps, rows and columns further."""

    channel: int = 0
    y: int = 0
    x: int = 0


@dataclass(frozen=True)
class Upstream:
    """To a number that came in; without a cell, to the one that counts most."""

    cell: tuple[int, ...] | None = None


@dataclass(frozen=True)
class Back:
    """To where one came from; so many steps of the way stay."""

    kept: int | None = None


@dataclass(frozen=True)
class Follow:
    """To a value further on that this one became a part of."""

    node: str
    index: tuple[int, ...]


@dataclass(frozen=True)
class End:
    """No trace any more."""


Wish = Move | Upstream | Back | Follow | End

_KEYS: dict[Qt.Key, Wish] = {
    Qt.Key.Key_Left: Move(x=-1),
    Qt.Key.Key_Right: Move(x=1),
    Qt.Key.Key_Up: Move(y=-1),
    Qt.Key.Key_Down: Move(y=1),
    Qt.Key.Key_PageUp: Move(channel=-1),
    Qt.Key.Key_PageDown: Move(channel=1),
    Qt.Key.Key_Return: Upstream(),
    Qt.Key.Key_Enter: Upstream(),
    Qt.Key.Key_Backspace: Back(),
    Qt.Key.Key_Escape: End(),
}


def wish_of(event: QKeyEvent) -> Wish | None:
    """Return what a key asks of a trace; None for the keys of others."""
    if event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier:
        return None
    return _KEYS.get(Qt.Key(event.key()))
