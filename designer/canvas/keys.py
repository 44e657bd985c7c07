"""The one table of the canvas's keys and mouse gestures, each with what it does."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QKeyCombination, Qt
from PySide6.QtGui import QKeyEvent, QKeySequence

from designer.canvas.walking import Way
from engine.language import tr, tr_noop

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
    (tr_noop("Drag from a port"), tr_noop("Draw a wire; on an occupied port it replaces the old one")),
    (tr_noop("Drag a wire’s end away"), tr_noop("Take the wire off")),
    (tr_noop("Drop on a wire"), tr_noop("Put a layer in between; Alt suspends that")),
    (tr_noop("Double-click a wire"), tr_noop("Put a dot on it, to lead it by hand; Alt+click takes the dot off")),
    (tr_noop("Drag a card"), tr_noop("Move it, and all that is selected with it")),
    (tr_noop("Drag on the canvas"), tr_noop("Select what is in the box")),
    (tr_noop("Ctrl or Shift"), tr_noop("Add to the selection, by click or by box")),
    (tr_noop("Double-click a card"), tr_noop("Edit it in the inspector")),
    (tr_noop("Right button"), tr_noop("Menu, with fixes for mistakes first")),
    (tr_noop("Wheel"), tr_noop("Zoom at the pointer")),
    (tr_noop("Middle button, Space"), tr_noop("Pan by dragging; on a trackpad, two fingers")),
)


def canvas_keys(view: CanvasView, keyboard: Keyboard) -> tuple[CanvasKey, ...]:
    """Return the table for a view."""
    walk, nudge = keyboard.walk, keyboard.nudge
    return (
        CanvasKey(("↑", "↓"), tr("Walk along the wires, to the source or the target"), _each(walk, "Up", "Down")),
        CanvasKey(("←", "→"), tr("Walk to the card beside"), _each(walk, "Left", "Right")),
        CanvasKey(
            ("Shift+Arrows",), tr("Walk and extend the selection"), _each(partial(walk, extend=True), held="Shift+")
        ),
        CanvasKey(("Ctrl+Arrows",), tr("Nudge what is selected"), _each(nudge, held="Ctrl+")),
        CanvasKey(
            ("Ctrl+Shift+Arrows",), tr("Nudge it by one pixel"), _each(partial(nudge, fine=True), held="Ctrl+Shift+")
        ),
        _row(
            tr("Edit the layer in the inspector (Esc comes back); expand a group"),
            keyboard.edit,
            "Return",
            "Enter",
            shown=("Enter",),
        ),
        _row(tr("Connect: arrows choose a layer and its input, Enter draws the wire"), keyboard.begin_wire, "C"),
        _row(tr("Select a wire of the layer, again for the next"), keyboard.next_wire, "W"),
        _row(tr("Put a dot on the selected wire; arrows go from dot to dot"), view.dots.add_to_selected, "."),
        _row(tr("Delete what is selected"), view.delete_selection, "Delete", "Backspace"),
        _row(tr("Delete and reconnect"), view.bypass_selection, "Ctrl+Delete"),
        _row(tr("Copy"), view.clipping.copy, "Ctrl+C"),
        _row(tr("Cut"), view.clipping.cut, "Ctrl+X"),
        _row(tr("Paste"), view.clipping.paste, "Ctrl+V"),
        _row(tr("Duplicate"), view.clipping.duplicate, "Ctrl+D"),
        _row(tr("Select all"), view.select_all, "Ctrl+A"),
        _row(tr("Group"), view.groups.group, "Ctrl+G"),
        _row(tr("Ungroup"), view.groups.ungroup, "Ctrl+Shift+G"),
        _row(tr("Arrange layers"), view.auto_layout, "Ctrl+L"),
        _row(tr("Actual size"), view.zoom_reset, "Ctrl+0"),
        _row(tr("Frame the selection"), view.frame_selection, "F"),
        _row(tr("Fit network"), view.fit_all, "Home"),
        _row(tr("Cancel; select nothing"), view.escape, "Esc"),
        CanvasKey(("Menu", "Shift+F10"), tr("Menu of what is selected")),
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
