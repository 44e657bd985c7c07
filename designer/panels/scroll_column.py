"""A column that scrolls, and whose width stays the same whether there is anything to scroll or not."""

from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QPaintEvent
from PySide6.QtWidgets import QApplication, QScrollArea, QScrollBar, QVBoxLayout, QWidget

BAR = 11  # as wide as the style sheet makes it


class ScrollColumn(QScrollArea):
    """Widgets one below the other; the bar keeps its room at the right, so that text never breaks anew for it."""

    def __init__(self) -> None:
        super().__init__()
        self.setWidgetResizable(True)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOn)
        self.setVerticalScrollBar(_QuietBar(Qt.Orientation.Vertical))
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._content = QWidget()
        self._content.setBackgroundRole(self.palette().ColorRole.Base)
        self.column = QVBoxLayout(self._content)
        self.column.setContentsMargins(0, 0, 0, 0)
        self.column.setSpacing(0)
        self.column.addStretch()
        self.setWidget(self._content)

    def add(self, widget: QWidget) -> None:
        """Add a widget at the end, above the room that is left."""
        self.column.insertWidget(self.column.count() - 1, widget)

    def settle(self) -> None:
        """Give all widgets their new places at once.

        Left to itself, Qt hands a change of height on from one nested layout to the next in several rounds, and what
        is drawn in between jumps.
        """
        _settle(self._content)
        QApplication.sendEvent(self, QEvent(QEvent.Type.LayoutRequest))


class _QuietBar(QScrollBar):
    """A scroll bar that is not seen while there is nothing to scroll."""

    def paintEvent(self, event: QPaintEvent) -> None:
        if self.maximum() > self.minimum():
            super().paintEvent(event)


def _settle(widget: QWidget) -> None:
    layout = widget.layout()
    if layout is None:
        return
    for child in widget.findChildren(QWidget, options=Qt.FindChildOption.FindDirectChildrenOnly):
        if not child.isHidden():
            _settle(child)
    layout.activate()
