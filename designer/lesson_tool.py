"""The command that a step offers as a button, and what it switched in the window, which the lesson's end takes back."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtGui import QAction

from designer import pointing

if TYPE_CHECKING:
    from designer.window import MainWindow


class LessonTool:
    """Says where a command is in the menus, and uses it."""

    def __init__(self, window: MainWindow) -> None:
        self._window = window
        self._switched: QAction | None = None  # what a tool took the place of, such as no heat

    def text(self, name: str | None) -> str:
        """Return what the button says; empty for a command that this program does not have."""
        commands = self._window.commands
        if name is None or name not in commands:
            return ""
        keys, way = commands.keys(name), pointing.menu_path(self._window, name)
        return f"{way}  ({keys[0]})" if keys else way

    def use(self, name: str) -> None:
        """Do what the command does."""
        action = self._window.commands[name]
        group = action.actionGroup()
        before = group.checkedAction() if group is not None else None
        if before is not None and before is not action:
            self._switched = before
        action.trigger()

    def take_back(self) -> None:
        """Switch back to what was chosen before."""
        before, self._switched = self._switched, None
        if before is not None:
            before.trigger()
