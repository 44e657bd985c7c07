"""Commands: what can be done, under one name, in a menu, on the toolbar and by a key."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from PySide6.QtCore import QObject
from PySide6.QtGui import QAction, QKeySequence
from PySide6.QtWidgets import QMenu, QToolBar

from designer import theme
from engine.language import tr, tr_noop

_Keys = QKeySequence.StandardKey | str | tuple[str, ...] | None

_MENUS = {  # by the first part of a command's name
    "file": tr_noop("File"),
    "edit": tr_noop("Edit"),
    "run": tr_noop("Run"),
    "view": tr_noop("View"),
    "lessons": tr_noop("Lessons"),
    "lesson": tr_noop("Lesson"),
    "help": tr_noop("Help"),
    "example": tr_noop("Example"),
}


@dataclass(frozen=True)
class Command:
    """One thing that can be done.

    Attributes
    ----------
    name
        Stable and unique, with its menu in front: ``"file.new"``.
    text
        As the menu shows it, with ``&`` before its mnemonic.
    called
        What is done; a command that can be checked is told whether it is now.
    keys
        Its shortcut; several where there are several.
    icon
        The name of its icon; without one it has none.
    on_bar
        Whether it stands on the toolbar, too.
    checked
        Whether it is checked at first; None for what can't be checked.
    why
        Why it can't be done while it is disabled.
    """

    name: str
    text: str
    called: Callable[..., object]
    keys: _Keys = None
    icon: str = ""
    on_bar: bool = False
    checked: bool | None = None
    why: str = ""


def menu_title(name: str) -> str:
    """Return the title of the menu that a command belongs to, by its name."""
    return tr(_MENUS[name.split(".")[0]])


def plain(text: str) -> str:
    """Return a menu's text without the mark of its mnemonic."""
    return text.replace("&&", "\0").replace("&", "").replace("\0", "&")


class Commands(QObject):
    """All commands of a window, each with the one action that menu, toolbar and key share."""

    def __init__(self, window: QObject, bar: QToolBar) -> None:
        super().__init__(window)
        self._window, self._bar = window, bar
        self._actions: dict[str, QAction] = {}
        self._icons: dict[str, str] = {}
        self._keys: dict[str, _Keys] = {}
        self._reasons: dict[str, str] = {}
        self._words: dict[str, str] = {}
        self._drawn_in = theme.current()

    def __getitem__(self, name: str) -> QAction:
        """Return a command's action."""
        return self._actions[name]

    def __contains__(self, name: object) -> bool:
        """Whether there is a command of a name."""
        return name in self._actions

    def __iter__(self) -> Iterator[tuple[str, QAction]]:
        """Go through names and actions, in the order of the menus."""
        return iter(self._actions.items())

    def keys(self, name: str) -> tuple[str, ...]:
        """Return a command's keys as the desktop writes them; of a standard one, only what most keyboards have."""
        given = self._keys[name]
        shown = self._actions[name].shortcuts()
        if isinstance(given, QKeySequence.StandardKey):
            shown = shown[:1]
        return tuple(key.toString(QKeySequence.SequenceFormat.NativeText) for key in shown)

    def words(self, name: str) -> str:
        """Return what a command is called, without what it would be done to just now."""
        return self._words[name]

    def reason(self, name: str) -> str:
        """Return why a command can't be done while it is disabled."""
        return self._reasons[name] or tr("Not possible just now")

    def add(self, menu: QMenu, *commands: Command | None) -> None:
        """Append commands to a menu; None is a line between two of them."""
        for command in commands:
            if command is None:
                menu.addSeparator()
                continue
            action = QAction(command.text, self._window)
            if command.checked is not None:
                action.setCheckable(True)
                action.setChecked(command.checked)
            # Bound early: Qt hands over whether the action is checked, which most commands do not want to know.
            if action.isCheckable():
                action.triggered.connect(command.called)
            else:
                action.triggered.connect(lambda _=False, called=command.called: called())
            self.include(menu, action, command)

    def include(self, menu: QMenu, action: QAction, command: Command) -> None:
        """Append an action that exists already, under a command's name, keys and icon."""
        if command.keys is not None:  # an action that exists already may have its own
            action.setShortcuts(_sequences(command.keys))
        words = plain(command.text).rstrip("…")
        shortcut = action.shortcut().toString(QKeySequence.SequenceFormat.NativeText)
        action.setToolTip(f"{words} ({shortcut})" if shortcut else words)
        menu.addAction(action)
        self._actions[command.name] = action
        self._keys[command.name], self._words[command.name] = command.keys, words
        self._reasons[command.name] = command.why
        if command.icon:
            self._icons[command.name] = command.icon
            action.setIcon(theme.icon(command.icon))
        if command.on_bar:
            self._bar.addAction(action)

    def restyle(self) -> None:
        """Draw the icons anew in the colours of the theme in force, where it is another than before."""
        if self._drawn_in is theme.current():
            return
        self._drawn_in = theme.current()
        for name, icon in self._icons.items():
            self._actions[name].setIcon(theme.icon(icon))


def _sequences(keys: _Keys) -> list[QKeySequence]:
    if isinstance(keys, QKeySequence.StandardKey):
        return QKeySequence.keyBindings(keys)
    return [QKeySequence(one) for one in ((keys,) if isinstance(keys, str) else keys or ())]
