"""Which theme is in force: light, dark, or whatever the system asks for."""

from PySide6.QtCore import QObject, QSettings, Qt, Signal, Slot
from PySide6.QtWidgets import QApplication, QWidget

from designer import theme

SYSTEM = "system"
CHOICES = (SYSTEM, theme.LIGHT.name, theme.DARK.name)
_SETTING = "theme"


class ThemeChoice(QObject):
    """Remembers the choice and follows the system where that is the choice.

    ``changed`` carries the choice: one of `CHOICES`.
    """

    changed = Signal(str)

    def __init__(self, app: QApplication, parent: QObject) -> None:
        super().__init__(parent)
        self._app = app
        self._window = parent if isinstance(parent, QWidget) else None
        app.styleHints().colorSchemeChanged.connect(self._on_system_changed)

    @property
    def choice(self) -> str:
        """What was chosen last; the system's theme where nothing was."""
        return stored()

    def choose(self, choice: str) -> None:
        """Put a theme in force and remember the choice."""
        QSettings().setValue(_SETTING, choice)
        self._apply(theme.THEMES.get(choice) or theme.system(self._app))
        self.changed.emit(choice)

    def switch(self) -> None:
        """Change between light and dark."""
        self.choose((theme.LIGHT if theme.current().dark else theme.DARK).name)

    @Slot(Qt.ColorScheme)
    def _on_system_changed(self, scheme: Qt.ColorScheme) -> None:
        if self.choice == SYSTEM:
            self._apply(theme.system(self._app))

    def _apply(self, wanted: theme.Theme) -> None:
        theme.apply(self._app, wanted, self._window)


def stored() -> str:
    """Return the choice that is remembered."""
    kept = str(QSettings().value(_SETTING, SYSTEM))
    return kept if kept in CHOICES else SYSTEM
