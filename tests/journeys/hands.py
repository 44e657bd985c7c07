"""Two pairs of hands for one story: Qt's own events offscreen, and a real pointer and keyboard under X."""

import subprocess
from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QEvent, QPoint, QPointF, Qt, QTimer
from PySide6.QtGui import QAction, QDrag, QDragEnterEvent, QDragMoveEvent, QDropEvent, QMouseEvent, QWheelEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QComboBox, QFileDialog, QMenu, QMenuBar, QWidget

from designer.commands import plain
from designer.window import MainWindow

PATIENCE_SECONDS, _GLANCE_SECONDS = 20, 0.01
_NOTCH = 120  # of a mouse wheel, in eighths of a degree
_MODIFIERS = {
    "ctrl": Qt.KeyboardModifier.ControlModifier,
    "shift": Qt.KeyboardModifier.ShiftModifier,
    "alt": Qt.KeyboardModifier.AltModifier,
}
_LONG_NAMES = {"pageup": "PageUp", "pagedown": "PageDown"}


def wait_until(condition: Callable[[], bool], what: str) -> None:
    """Let the program run until something is so; a machine that stands still meanwhile takes none of its time."""
    for _ in range(round(PATIENCE_SECONDS / _GLANCE_SECONDS)):
        if condition():
            return
        QTest.qWait(round(1000 * _GLANCE_SECONDS))
    assert condition(), f"Waited in vain until {what}"


class QtHands:
    """Mouse and keyboard as events that Qt makes itself; file dialogs answer with the path at once."""

    def __init__(self, window: MainWindow, patch: Callable[[object, str, object], None]) -> None:
        self._window = window
        self._patch = patch

    def click(
        self, widget: QWidget, at: QPoint | None = None, button: Qt.MouseButton = Qt.MouseButton.LeftButton
    ) -> None:
        """Click into a widget, or in its middle."""
        assert widget.isVisible(), widget
        QTest.mouseClick(widget, button, pos=widget.rect().center() if at is None else at)
        QApplication.processEvents()

    def wheel(self, widget: QWidget, at: QPoint, notches: int) -> None:
        """Turn the wheel over a place; away from oneself is positive."""
        place = QPointF(widget.mapToGlobal(at))
        none, unmodified = Qt.MouseButton.NoButton, Qt.KeyboardModifier.NoModifier
        for _ in range(abs(notches)):
            turn = QPoint(0, _NOTCH if notches > 0 else -_NOTCH)
            event = QWheelEvent(
                QPointF(at), place, QPoint(), turn, none, unmodified, Qt.ScrollPhase.NoScrollPhase, False
            )
            QApplication.sendEvent(widget, event)

    def point(self, widget: QWidget, at: QPoint) -> None:
        """Rest the pointer on a place."""
        # Offscreen, the pointer of `QTest` leaves the window again at once.
        none, unmodified = Qt.MouseButton.NoButton, Qt.KeyboardModifier.NoModifier
        place = QPointF(widget.mapToGlobal(at))
        QApplication.sendEvent(widget, QMouseEvent(QEvent.Type.MouseMove, QPointF(at), place, none, none, unmodified))

    def menu(self, *titles: str) -> None:
        """Choose an entry of the menu bar: a menu, perhaps menus in it, and the entry."""
        bar = self._window.menuBar()
        found = _entry(bar, titles[0])
        QTest.mouseClick(bar, Qt.MouseButton.LeftButton, pos=bar.actionGeometry(found).center())
        for title in titles[1:]:
            menu = found.menu()
            assert isinstance(menu, QMenu)
            wait_until(menu.isVisible, f"the menu with {title} is open")
            found = _entry(menu, title)
            QTest.mouseClick(menu, Qt.MouseButton.LeftButton, pos=menu.actionGeometry(found).center())

    def button_menu(self, button: QWidget, title: str) -> None:
        """Click a button that opens a menu, and an entry of that."""

        def click(menu: QMenu, place: QPoint) -> None:
            QTest.mouseClick(menu, Qt.MouseButton.LeftButton, pos=place)

        self._answer_menu(lambda: self.click(button), title, click)

    def button_menu_by_keys(self, title: str) -> None:
        """Open the menu of the button that has the focus with Space, walk to an entry and press Enter."""

        def walk(menu: QMenu, _: QPoint) -> None:
            while menu.activeAction() is None or plain(menu.activeAction().text()) != title:
                QTest.keyClick(menu, Qt.Key.Key_Down)
            QTest.keyClick(menu, Qt.Key.Key_Return)

        self._answer_menu(lambda: self.keys("space"), title, walk)

    def choose(self, box: QComboBox, title: str) -> None:
        """Click a box, and one of its choices."""
        self.click(box)
        view = box.view()
        wait_until(view.isVisible, "the choices are shown")
        row = box.findText(title, Qt.MatchFlag.MatchStartsWith)
        assert row >= 0, [box.itemText(number) for number in range(box.count())]
        # What is released within a double click is taken for the end of the first one.
        QTest.qWait(QApplication.doubleClickInterval() + 20)
        place = view.visualRect(box.model().index(row, 0)).center()
        QTest.mouseMove(view.viewport(), place)
        QTest.mouseClick(view.viewport(), Qt.MouseButton.LeftButton, pos=place)
        wait_until(lambda: not view.isVisible(), "a choice is made")
        assert box.currentIndex() == row

    def drag(self, start: QWidget, at: QPoint, end: QWidget, to: QPoint) -> None:
        """Drag from one widget to a place in another, or within one."""
        if start is end:
            self._drag_within(start, at, to)
            return

        def drop(drag: QDrag, *_: object) -> Qt.DropAction:
            self._drop(drag, end, to)
            return Qt.DropAction.CopyAction

        self._patch(QDrag, "exec", drop)
        QTest.mousePress(start, Qt.MouseButton.LeftButton, pos=at)
        for step in (12, 24):
            QTest.mouseMove(start, at + QPoint(step, 0))
        QTest.mouseRelease(start, Qt.MouseButton.LeftButton, pos=at + QPoint(24, 0))

    def keys(self, text: str) -> None:
        """Press keys in the widget that has the focus: a shortcut such as ``ctrl+s``, or one named key."""
        names = text.split("+")
        modifiers = Qt.KeyboardModifier.NoModifier
        for name in names[:-1]:
            modifiers |= _MODIFIERS[name]
        if QApplication.activeWindow() is None:  # offscreen, nobody gives the keys back when a dialog has closed
            self._window.activateWindow()
            wait_until(self._window.isActiveWindow, "the window has the keys again")
        key = getattr(Qt.Key, f"Key_{_LONG_NAMES.get(names[-1], names[-1].capitalize())}")
        popup = QApplication.activePopupWidget()  # which has the keys while it is open
        QTest.keyClick(popup or QApplication.focusWidget() or self._window, key, modifiers)
        QApplication.processEvents()  # another window may get the focus

    def type(self, text: str) -> None:
        """Type text into the widget that has the focus, which a letter may give to another one."""
        for letter in text:
            QTest.keyClicks(QApplication.focusWidget() or self._window, letter)

    def choose_file(self, keys: str, path: Path) -> None:
        """Open a file dialog by its shortcut and choose a path in it."""
        self.will_choose(path)
        self.keys(keys)

    def will_choose(self, path: Path) -> None:
        """Choose a file or a folder in the dialogs to come."""
        for name in ("getOpenFileName", "getSaveFileName"):
            self._patch(QFileDialog, name, lambda *_: (str(path), ""))
        self._patch(QFileDialog, "getExistingDirectory", lambda *_: str(path))

    @staticmethod
    def _answer_menu(ask: Callable[[], None], title: str, answer: Callable[[QMenu, QPoint], None]) -> None:
        """Ask for a menu, which may hold up who asks, and answer it."""
        answered: list[QMenu] = []

        def look() -> None:
            menu = QApplication.activePopupWidget()
            if isinstance(menu, QMenu) and menu.isVisible():
                answered.append(menu)
                answer(menu, menu.actionGeometry(_entry(menu, title)).center())
            else:
                QTimer.singleShot(10, look)

        QTimer.singleShot(10, look)
        ask()
        wait_until(lambda: bool(answered), "the menu is open")

    def _drag_within(self, widget: QWidget, at: QPoint, to: QPoint) -> None:
        QTest.mousePress(widget, Qt.MouseButton.LeftButton, pos=at)
        for part in (0.1, 0.5, 1.0):
            QTest.mouseMove(widget, at + QPoint(round((to - at).x() * part), round((to - at).y() * part)))
            QTest.qWait(5)
        QTest.mouseRelease(widget, Qt.MouseButton.LeftButton, pos=to)

    @staticmethod
    def _drop(drag: QDrag, target: QWidget, at: QPoint) -> None:
        copy, left, none = Qt.DropAction.CopyAction, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
        data = drag.mimeData()
        enter = QDragEnterEvent(at, copy, data, left, none)
        move = QDragMoveEvent(at, copy, data, left, none)
        drop = QDropEvent(QPointF(at), copy, data, left, none, QEvent.Type.Drop)
        for event in (enter, move, drop):
            QApplication.sendEvent(target, event)


def _entry(menu: QMenu | QMenuBar, title: str) -> QAction:
    """Return the entry of a menu by its words."""
    words = [plain(action.text()) for action in menu.actions()]
    assert title in words, words
    return menu.actions()[words.index(title)]


class XHands:
    """A real pointer and a real keyboard: xdotool moves them, the program hears of them from the X server."""

    def __init__(self, window: MainWindow) -> None:
        self._window = window

    def click(self, widget: QWidget, at: QPoint) -> None:
        """Click into a widget."""
        self._do("mousemove", *self._place(widget, at))
        self._do("click", "1")

    def drag(self, start: QWidget, at: QPoint, end: QWidget, to: QPoint) -> None:
        """Drag from one widget to a place in another, or within one."""
        here, there = start.mapToGlobal(at), end.mapToGlobal(to)
        moves: list[str] = []
        for part in (0.05, 0.1, 0.4, 0.7, 0.95, 1.0):
            spot = here + QPoint(round((there - here).x() * part), round((there - here).y() * part))
            moves += ["mousemove", str(spot.x()), str(spot.y()), "sleep", "0.06"]
        place = [str(here.x()), str(here.y())]
        self._do("mousemove", *place, "sleep", "0.06", "mousedown", "1", *moves, "mouseup", "1")

    def keys(self, text: str) -> None:
        """Press keys: a shortcut such as ``ctrl+s``, or one named key."""
        front = QApplication.activeModalWidget() or self._window
        front.activateWindow()  # there is no window manager to give it the focus
        wait_until(front.isActiveWindow, "the front window has the focus")
        self._do("key", {"return": "Return", "tab": "Tab"}.get(text, text))

    def type(self, text: str) -> None:
        """Type text."""
        self._do("type", "--delay", "12", text)

    def choose_file(self, keys: str, path: Path) -> None:
        """Open a file dialog by its shortcut, type a path and press Enter."""

        def answer() -> None:
            wait_until(lambda: QApplication.activeModalWidget() is not None, "the file dialog is open")
            self.keys("ctrl+a")
            self.type(str(path))
            self.keys("return")

        QTimer.singleShot(300, answer)
        self.keys(keys)
        wait_until(lambda: QApplication.activeModalWidget() is None, "the file dialog is closed")

    @staticmethod
    def _place(widget: QWidget, at: QPoint) -> tuple[str, str]:
        spot = widget.mapToGlobal(at)
        return str(spot.x()), str(spot.y())

    @staticmethod
    def _do(*words: str) -> None:
        """Run xdotool while the program's own events go on."""
        worker = subprocess.Popen(["xdotool", *words])
        while worker.poll() is None:
            QTest.qWait(5)
        assert worker.returncode == 0
        QTest.qWait(60)
