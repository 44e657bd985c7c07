"""All keys and mouse gestures as the shortcut sheet shows them, from the tables that they are bound by."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtGui import QKeySequence

from designer.canvas.keys import MOUSE
from designer.lessons.stage import STAGE_KEYS
from designer.maps.trace.keys import SHOWN
from designer.panels.problems import FIX_KEY
from designer.panels.shortcut_sheet import Section

if TYPE_CHECKING:
    from designer.window import MainWindow


def sections(window: MainWindow) -> list[Section]:
    """Return the commands that have keys, menu by menu, then the canvas's own keys and the mouse."""
    menus: dict[str, list[tuple[tuple[str, ...], str]]] = {}
    taken: set[QKeySequence] = set()
    for name, action in window.commands:
        keys = action.shortcuts()
        if keys:
            taken.update(keys)
            row = (window.commands.keys(name), window.commands.words(name))
            menus.setdefault(name.split(".")[0].capitalize(), []).append(row)
    menus.setdefault("Help", []).append(((FIX_KEY,), "In the Problems list: apply the first fix"))
    canvas = tuple(
        (row.shown, row.does)
        for row in window.canvas.keys
        if not row.bound or not taken.issuperset(QKeySequence(key) for key in row.bound)
    )
    mouse = tuple(((gesture,), does) for gesture, does in MOUSE)
    return [
        Section("On the canvas", canvas),
        *(Section(title, tuple(rows)) for title, rows in menus.items()),
        Section("Trace of a value", SHOWN),
        Section("Step by step", STAGE_KEYS),
        Section("Mouse", mouse, caps=False),
    ]
