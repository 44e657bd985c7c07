"""Ways about the window for hands that only press keys."""

from collections.abc import Callable

from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget

from tests.journeys.hands import QtHands

_MOST_PRESSES = 60


def command(hands: QtHands, text: str) -> None:
    """Do something by the command palette."""
    hands.keys("ctrl+k")
    hands.type(text)
    hands.keys("return")


def press_until(hands: QtHands, key: str, condition: Callable[[], bool]) -> None:
    """Press a key until something is so; a window that is brought to the front takes a moment."""
    for _ in range(_MOST_PRESSES):
        hands.keys(key)
        QTest.qWait(20)
        if condition():
            return
    raise AssertionError(f"{key} does not lead there: {QApplication.focusWidget()}")


def tab_to(hands: QtHands, widget: QWidget, *, back: bool = False) -> None:
    """Press Tab, or Shift+Tab, until a widget has the focus."""
    if not widget.hasFocus():
        press_until(hands, "shift+backtab" if back else "tab", widget.hasFocus)


def panel_with(hands: QtHands, panel: QWidget) -> None:
    """Press F6 until the focus is in a panel."""
    press_until(hands, "f6", lambda: panel.isAncestorOf(QApplication.focusWidget()) or panel.hasFocus())
