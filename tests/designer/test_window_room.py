"""What a small screen still has room for, and the docks' own buttons."""

import pytest
from PySide6.QtWidgets import QAbstractButton, QApplication, QDockWidget, QMenu

from designer.window import MainWindow


def test_a_small_screen_has_room_for_every_menu(window):
    for entry in window.menuBar().actions():
        menu = entry.menu()
        assert isinstance(menu, QMenu)
        assert menu.sizeHint().height() <= 640, entry.text()


def test_in_a_narrow_window_no_field_of_the_inspector_is_cut_off(window):
    window.resize(1280, 700)
    window.files.open_example("lenet5.json")
    window.document.selection.select(["conv1"])
    QApplication.processEvents()
    page = window.inspector.node_page
    assert page.visibleRegion().boundingRect().width() == page.width()
    height = window.inspector.height()
    window.docks["folder"].show()
    QApplication.processEvents()
    assert window.inspector.height() == height


def test_the_docks_buttons_are_in_the_colours_of_the_theme(window):
    def shade(dock: QDockWidget) -> tuple[int, ...]:
        button = dock.findChild(QAbstractButton, "qt_dockwidget_closebutton")
        assert button is not None
        assert button.accessibleName() == f"Close: {dock.windowTitle()}"
        return button.icon().pixmap(20, 20).toImage().pixelColor(10, 10).getRgb()[:3]

    light = shade(window.docks["maps"])
    window.themes.switch()
    QApplication.processEvents()
    for name in ("maps", "inspector"):
        assert min(shade(window.docks[name])) > max(light)
    window.themes.switch()


@pytest.mark.parametrize("language", ["en", "de"])
def test_in_a_small_window_the_canvas_keeps_room_for_cards_that_can_be_read(language, qapp, qtbot, request):
    request.getfixturevalue("german" if language == "de" else "qapp")
    window = MainWindow()
    qtbot.addWidget(window)
    window.resize(1024, 700)
    window.show()
    window.files.open_example("lenet5.json")
    QApplication.processEvents()
    assert window.canvas.width() >= 170  # by fonts a little more or less
    assert window.canvas.zoom > 0.5
    window.resize(1440, 900)
    QApplication.processEvents()
    window.resize(1024, 700)
    QApplication.processEvents()
    assert window.width() == 1024
    assert window.canvas.width() >= 170


def test_a_sentence_that_the_status_bar_cuts_off_is_read_under_the_pointer(window):
    window.tell("A sentence that is longer than a narrow window has room for. " * 4)
    assert window.statusBar().toolTip() == window.statusBar().currentMessage()
    window.statusBar().clearMessage()
    assert window.statusBar().toolTip() == ""
