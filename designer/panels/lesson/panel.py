"""The lesson's panel: the list of all lessons, or the page at hand."""

from PySide6.QtCore import QSize
from PySide6.QtWidgets import QStackedLayout, QWidget

from designer.panels.lesson.contents import Contents
from designer.panels.lesson.page import LessonPage


class LessonPanel(QWidget):
    """Either its `contents` or its `page`."""

    def __init__(self) -> None:
        super().__init__()
        self.contents, self.page = Contents(), LessonPage()
        self._stack = QStackedLayout(self)
        self._stack.addWidget(self.contents)
        self._stack.addWidget(self.page)
        self.show_contents()

    def sizeHint(self) -> QSize:
        """Return a width that text reads well at."""
        return QSize(320, 460)

    @property
    def in_lesson(self) -> bool:
        """Whether a page is shown."""
        return self._stack.currentWidget() is self.page

    def show_contents(self) -> None:
        """Show the list."""
        self._show(self.contents)

    def show_page(self) -> None:
        """Show the page."""
        self._show(self.page)

    def _show(self, widget: QWidget) -> None:
        self._stack.setCurrentWidget(widget)
        self.setFocusProxy(widget)
