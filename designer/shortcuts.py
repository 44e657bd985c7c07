"""All keys and mouse gestures as the shortcut sheet shows them, from the tables that they are bound by."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtGui import QKeySequence

from designer.canvas.keys import MOUSE
from designer.commands import menu_title
from designer.lessons.stage import STAGE_KEYS
from designer.maps.kernels.grid import GRID_KEYS
from designer.maps.trace.keys import SHOWN
from designer.panels.problems import FIX_KEY
from designer.panels.shortcut_sheet import Section
from designer.wording import key_text
from engine.language import tr

if TYPE_CHECKING:
    from designer.window import MainWindow

Rows = tuple[tuple[tuple[str, ...], str], ...]


def sections(window: MainWindow) -> list[Section]:
    """Return the commands that have keys, menu by menu, then the canvas's own keys and the mouse."""
    menus: dict[str, list[tuple[tuple[str, ...], str]]] = {}
    taken: set[QKeySequence] = set()
    for name, action in window.commands:
        keys = action.shortcuts()
        if keys:
            taken.update(keys)
            row = (window.commands.keys(name), window.commands.words(name))
            menus.setdefault(menu_title(name), []).append(row)
    menus.setdefault(tr("Help"), []).append(((key_text(FIX_KEY),), tr("In the Problems list: apply the first fix")))
    canvas = tuple(
        (tuple(map(key_text, row.shown)), row.does)
        for row in window.canvas.keys
        if not row.bound or not taken.issuperset(QKeySequence(key) for key in row.bound)
    )
    mouse = tuple(((tr(gesture),), tr(does)) for gesture, does in MOUSE)
    return [
        Section(tr("On the canvas"), canvas),
        *(Section(title, tuple(rows)) for title, rows in menus.items()),
        Section(tr("Trace of a value"), _translated(SHOWN)),
        Section(tr("Step by step"), _translated(STAGE_KEYS)),
        Section(tr("Kernel editor"), _translated(GRID_KEYS)),
        Section(tr("Mouse"), mouse, caps=False),
    ]


def _translated(rows: Rows) -> Rows:
    return tuple((tuple(map(key_text, keys)), tr(does)) for keys, does in rows)
