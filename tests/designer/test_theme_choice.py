"""Light, dark, or as the system has it."""

import pytest
from PySide6.QtCore import QSettings, Qt

from designer import theme, theme_choice
from designer.theme_choice import SYSTEM, ThemeChoice


@pytest.fixture
def system(monkeypatch):
    """Let a test say what the system asks for."""
    asked = {"scheme": Qt.ColorScheme.Unknown}
    monkeypatch.setattr(
        theme, "system", lambda _: theme.DARK if asked["scheme"] is Qt.ColorScheme.Dark else theme.LIGHT
    )
    return asked


def checked(window) -> list[str]:
    return [name for name, action in window.commands if name.startswith("view.theme_") and action.isChecked()]


def test_the_menu_marks_the_choice_and_remembers_it(window):
    assert checked(window) == ["view.theme_system"]
    window.commands["view.theme_dark"].trigger()
    assert theme.current() is theme.DARK
    assert checked(window) == ["view.theme_dark"]
    assert theme_choice.stored() == "dark"
    window.commands["view.theme"].trigger()
    assert checked(window) == ["view.theme_light"]
    window.commands["view.theme_system"].trigger()
    assert checked(window) == ["view.theme_system"]
    assert theme_choice.stored() == SYSTEM


def test_the_system_is_followed_where_it_was_chosen(window, qapp, system):
    window.commands["view.theme_system"].trigger()
    assert theme.current() is theme.LIGHT
    system["scheme"] = Qt.ColorScheme.Dark
    qapp.styleHints().colorSchemeChanged.emit(Qt.ColorScheme.Dark)
    assert theme.current() is theme.DARK
    system["scheme"] = Qt.ColorScheme.Unknown
    qapp.styleHints().colorSchemeChanged.emit(Qt.ColorScheme.Unknown)
    assert theme.current() is theme.LIGHT


def test_the_system_is_not_followed_where_another_was_chosen(window, qapp, system):
    window.commands["view.theme_light"].trigger()
    system["scheme"] = Qt.ColorScheme.Dark
    qapp.styleHints().colorSchemeChanged.emit(Qt.ColorScheme.Dark)
    assert theme.current() is theme.LIGHT


def test_a_system_that_does_not_say_is_light(qapp):
    scheme = qapp.styleHints().colorScheme()
    assert theme.system(qapp) is (theme.DARK if scheme is Qt.ColorScheme.Dark else theme.LIGHT)


def test_an_unknown_choice_is_the_systems(qapp):
    QSettings().setValue("theme", "sepia")
    assert ThemeChoice(qapp, qapp).choice == SYSTEM
