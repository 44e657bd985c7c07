"""The way of the focus from panel to panel, for those who use no mouse."""

from collections.abc import Callable, Sequence

from PySide6.QtCore import QObject, Qt
from PySide6.QtWidgets import QApplication, QWidget
from shiboken6 import isValid

_REASON = Qt.FocusReason.ShortcutFocusReason


class FocusRing(QObject):
    """Takes the focus to the next panel or the one before, and there to where it was last.

    Parameters
    ----------
    panels
        Asked each time for the panels in their order; those that can't be seen, or hold nothing that can have the
        focus, are passed over.
    """

    def __init__(self, panels: Callable[[], Sequence[QWidget]], parent: QObject) -> None:
        super().__init__(parent)
        self._panels = panels
        self._last: dict[QWidget, QWidget] = {}
        application = QApplication.instance()
        assert isinstance(application, QApplication)
        application.focusChanged.connect(self._on_focus_changed)

    def step(self, way: int) -> None:
        """Go to the next panel (1) or the one before (-1)."""
        panels = [panel for panel in self._panels() if _is_seen(panel)]
        focus = QApplication.focusWidget()
        here = next((place for place, panel in enumerate(panels) if _holds(panel, focus)), None)
        start = here if here is not None else -1 if way > 0 else 0
        for count in range(1, len(panels) + 1):
            panel = panels[(start + way * count) % len(panels)]
            target = self._target(panel)
            if target is not None:
                target.window().activateWindow()
                target.setFocus(_REASON)
                return

    def _target(self, panel: QWidget) -> QWidget | None:
        """Return what had the focus last in a panel, else the first that can have it."""
        last = self._last.get(panel)
        if last is not None and isValid(last) and _holds(panel, last) and _takes_focus(last):
            return last
        if _takes_focus(panel):
            return panel
        return next((widget for widget in _in_tab_order(panel) if _takes_focus(widget)), None)

    def _on_focus_changed(self, old: QWidget | None, new: QWidget | None) -> None:
        panel = next((panel for panel in self._panels() if _holds(panel, new)), None) if new is not None else None
        if panel is not None and new is not None:
            self._last[panel] = new


def _is_seen(panel: QWidget) -> bool:
    """Whether a panel is on the screen; Qt keeps the panels behind a tab as visible, outside of the window."""
    parent = panel.parentWidget()
    return panel.isVisible() and (panel.isWindow() or parent is None or parent.rect().intersects(panel.geometry()))


def _holds(panel: QWidget, widget: QWidget | None) -> bool:
    return widget is not None and (panel is widget or panel.isAncestorOf(widget))


def _takes_focus(widget: QWidget) -> bool:
    policy = widget.focusPolicy()
    return bool(policy & Qt.FocusPolicy.TabFocus) and widget.isVisible() and widget.isEnabled()


def _in_tab_order(panel: QWidget) -> list[QWidget]:
    """Return a panel's widgets in the order in which Tab goes through them."""
    found: list[QWidget] = []
    widget = panel.nextInFocusChain()
    while widget is not None and widget is not panel:
        if panel.isAncestorOf(widget):
            found.append(widget)
        widget = widget.nextInFocusChain()
    return found
