"""Light, dark, or as the system has it."""

import pytest
from PySide6.QtCore import QEvent, QObject, QSettings, Qt
from PySide6.QtWidgets import QWidget

from designer import theme, theme_choice
from designer.theme_choice import SYSTEM, ThemeChoice
from designer.window import MainWindow


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


class Styled(QObject):
    """Counts how often widgets are told that their style is another."""

    def __init__(self) -> None:
        super().__init__()
        self.count = 0

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        self.count += isinstance(watched, QWidget) and event.type() == QEvent.Type.StyleChange
        return False


def test_each_widget_of_the_window_is_styled_once_or_twice_not_once_for_each_around_it(window, qapp):
    styled = Styled()
    qapp.installEventFilter(styled)
    window.commands["view.theme_dark"].trigger()
    qapp.removeEventFilter(styled)
    count = 1 + len(window.findChildren(QWidget))
    assert 0.2 * count < styled.count < 2 * count


def test_a_window_that_changes_its_theme_looks_as_one_that_began_in_it(window, qapp, qtbot):
    def pictures(of: MainWindow) -> list:
        of.files.open_example("lenet5.json")
        of.document.selection.select(["conv2"])
        for name in ("kernels", "stepper", "twin", "trace", "channels"):
            of.docks[name].show()
        qtbot.wait(500)
        of.statusBar().clearMessage()
        return [of.grab().toImage(), *(of.docks[name].grab().toImage() for name in ("kernels", "twin"))]

    pictures(window)
    window.commands["view.theme_dark"].trigger()
    changed = pictures(window)
    window.commands["view.theme_light"].trigger()
    again = pictures(window)
    window.hide()
    for look, seen in ((theme.DARK, changed), (theme.LIGHT, again)):
        theme.apply(qapp, look)
        fresh = MainWindow()
        qtbot.addWidget(fresh)
        fresh.resize(1440, 900)
        fresh.show()
        qtbot.waitUntil(fresh.isActiveWindow)
        assert pictures(fresh) == seen
        fresh.close()
