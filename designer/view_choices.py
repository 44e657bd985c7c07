"""What was chosen to be seen, from one session to the next."""

from collections.abc import Mapping
from functools import partial

from PySide6.QtCore import QObject, QSettings
from PySide6.QtGui import QAction

_GROUP = "view"
_VALUES = {"true": True, "false": False}


class ViewChoices(QObject):
    """Remembers which of some actions are checked.

    Until `keep` is called it reads and writes nothing: a snapshot shows what every snapshot shows.
    """

    def __init__(self, actions: Mapping[str, QAction], parent: QObject) -> None:
        super().__init__(parent)
        self._actions = dict(actions)

    def keep(self) -> None:
        """Put what was chosen last in force, and remember every choice from now on."""
        for name, action in self._actions.items():
            self._restore(name, action)
            action.toggled.connect(partial(self._remember, action))

    def _restore(self, name: str, action: QAction) -> None:
        chosen = _VALUES.get(str(QSettings().value(f"{_GROUP}/{name}")).lower())
        if chosen is None or chosen == action.isChecked():
            return
        if action.isEnabled():
            _choose(action, chosen)
        else:
            action.enabledChanged.connect(partial(self._restore_late, name, action))

    def _restore_late(self, name: str, action: QAction, enabled: bool) -> None:
        """Make a choice that was not possible at first, unless another was made meanwhile."""
        if enabled and str(QSettings().value(f"{_GROUP}/{name}")).lower() == "true":
            _choose(action, True)

    def _remember(self, action: QAction, _: bool) -> None:
        """Write an action's choice, and that of those which it excludes."""
        for name, one in self._actions.items():
            if one is action or (one.actionGroup() is not None and one.actionGroup() is action.actionGroup()):
                QSettings().setValue(f"{_GROUP}/{name}", one.isChecked())


def _choose(action: QAction, checked: bool) -> None:
    """Do what a click does; of several actions that exclude each other, only to check one does anything."""
    group = action.actionGroup()
    if checked or group is None:
        action.trigger()
