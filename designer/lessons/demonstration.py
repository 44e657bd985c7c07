"""What stepper and lab have in common: a page, and a sentence in its place where there is nothing to show."""

from PySide6.QtCore import Signal
from PySide6.QtGui import QPalette
from PySide6.QtWidgets import QFrame, QStackedWidget, QVBoxLayout, QWidget

from designer.lessons.empty import EmptyState


class Demonstration(QWidget):
    """Either its page or a sentence.

    Signals
    -------
    image_requested
        The person wants to open an image.
    """

    image_requested = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.empty = EmptyState()
        self.pages = QStackedWidget()
        self.first: QWidget = self.empty.button  # gets the keys; a focus proxy would have Tab pass the bar over
        self.pages.addWidget(self.empty)
        self.empty.image_requested.connect(self.image_requested)

    def set_page(self, page: QWidget) -> None:
        """Take the page; what is on it takes the colours of a theme from now on."""
        self.pages.addWidget(page)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.addWidget(self.pages)
        self.setAutoFillBackground(True)
        self.setBackgroundRole(QPalette.ColorRole.Base)

    def show_page(self, keys: QWidget) -> None:
        """Show the page, a part of which has the keys."""
        self.pages.setCurrentIndex(1)
        self.first = keys

    def say(self, text: str, *, image: bool = False) -> None:
        """Show nothing but a sentence, and the button that opens an image where one is missing."""
        self.empty.say(text, image=image)
        self.first = self.empty.button
        self.pages.setCurrentIndex(0)


def rule(*, upright: bool = False) -> QFrame:
    """Return a line between two parts of a page."""
    line = QFrame()
    line.setProperty("role", "rule")
    if upright:
        line.setFixedWidth(1)
    else:
        line.setFixedHeight(1)
    return line
