"""The one table of the canvas's keys and mouse gestures, each with what it does."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QKeyCombination, Qt
from PySide6.QtGui import QKeyEvent, QKeySequence

from designer.canvas.walking import Way

if TYPE_CHECKING:
    from designer.canvas.keyboard import Keyboard
    from designer.canvas.view import CanvasView

_ARROWS = {"Up": Way.UP, "Down": Way.DOWN, "Left": Way.LEFT, "Right": Way.RIGHT}


@dataclass(frozen=True)
class CanvasKey:
    """One row of the table.

    Attributes
    ----------
    shown
        The keys as the overlay shows them, alternatives apart from each other: ``("Delete", "Backspace")``.
    does
        What they do.
    bound
        What each key runs; empty for what the view answers otherwise.
    """

    shown: tuple[str, ...]
    does: str
    bound: Mapping[str, Callable[[], object]] = field(default_factory=dict)


MOUSE: tuple[tuple[str, str], ...] = (
    ("Drag from a port", "Draw a wire; on an occupied port it replaces the old one"),
    ("Drag a wire’s end away", "Take the wire off"),
    ("Drop on a wire", "Put a layer in between; Alt suspends that"),
    ("Drag a card", "Move it, and all that is selected with it"),
    ("Drag on the canvas", "Select what is in the box"),
    ("Ctrl or Shift", "Add to the selection, by click or by box"),
    ("Double-click a card", "Edit it in the inspector"),
    ("Right button", "Menu, with fixes for mistakes first"),
    ("Wheel", "Zoom at the pointer"),
    ("Middle button, Space", "Pan by dragging; on a trackpad, two fingers"),
)


def canvas_keys(view: CanvasView, keyboard: Keyboard) -> tuple[CanvasKey, ...]:
    """Return the table for a view."""
    walk, nudge = keyboard.walk, keyboard.nudge
    return (
        CanvasKey(("↑", "↓"), "Walk along the wires, to the source or the target", _each(walk, "Up", "Down")),
        CanvasKey(("←", "→"), "Walk to the card beside", _each(walk, "Left", "Right")),
        CanvasKey(("Shift+Arrows",), "Walk and extend the selection", _each(partial(walk, extend=True), held="Shift+")),
        CanvasKey(("Ctrl+Arrows",), "Nudge what is selected", _each(nudge, held="Ctrl+")),
        CanvasKey(
            ("Ctrl+Shift+Arrows",), "Nudge it by one pixel", _each(partial(nudge, fine=True), held="Ctrl+Shift+")
        ),
        _row(
            "Edit the layer in the inspector (Esc comes back); expand a group",
            keyboard.edit,
            "Return",
            "Enter",
            shown=("Enter",),
        ),
        _row("Connect: arrows choose a layer and its input, Enter draws the wire", keyboard.begin_wire, "C"),
        _row("Select a wire of the layer, again for the next", keyboard.next_wire, "W"),
        _row("Delete what is selected", view.delete_selection, "Delete", "Backspace"),
        _row("Delete and reconnect", view.bypass_selection, "Ctrl+Delete"),
        _row("Copy", view.clipping.copy, "Ctrl+C"),
        _row("Cut", view.clipping.cut, "Ctrl+X"),
        _row("Paste", view.clipping.paste, "Ctrl+V"),
        _row("Duplicate", view.clipping.duplicate, "Ctrl+D"),
        _row("Select all", view.select_all, "Ctrl+A"),
        _row("Group", view.groups.group, "Ctrl+G"),
        _row("Ungroup", view.groups.ungroup, "Ctrl+Shift+G"),
        _row("Arrange layers", view.auto_layout, "Ctrl+L"),
        _row("Actual size", view.zoom_reset, "Ctrl+0"),
        _row("Frame the selection", view.frame_selection, "F"),
        _row("Fit network", view.fit_all, "Home"),
        _row("Cancel; select nothing", view.escape, "Esc"),
        CanvasKey(("Menu", "Shift+F10"), "Menu of what is selected"),
    )


def lookup(table: Iterable[CanvasKey]) -> dict[QKeySequence, Callable[[], object]]:
    """Return what each key runs, with the modifiers held with it."""
    return {QKeySequence(name): run for row in table for name, run in row.bound.items()}


def pressed(event: QKeyEvent) -> QKeySequence:
    """Return the key that was pressed, wherever on the keyboard it is, with its modifiers."""
    held = event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier
    return QKeySequence(QKeyCombination(held, Qt.Key(event.key())))


def _row(does: str, run: Callable[[], object], *keys: str, shown: tuple[str, ...] = ()) -> CanvasKey:
    return CanvasKey(shown or keys, does, dict.fromkeys(keys, run))


def _each(run: Callable[[Way], object], *names: str, held: str = "") -> dict[str, Callable[[], object]]:
    """Bind arrows, all four unless told, with keys held to what they do."""
    return {held + name: partial(run, _ARROWS[name]) for name in names or _ARROWS}
