"""The buttons on an empty canvas that lead to the templates and to the lessons."""

from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtGui import QMoveEvent
from PySide6.QtWidgets import QAbstractScrollArea, QPushButton

from designer.document import Document
from engine.language import tr

_BELOW = 82  # from the middle of the canvas, where the words of its hint end
_LINE = 36  # from one to the next


class EmptyOffer(QPushButton):
    """Stands below the canvas' hint as long as the network is empty."""

    below = _BELOW

    def __init__(self, canvas: QAbstractScrollArea, document: Document, text: str) -> None:
        super().__init__(text, canvas.viewport())
        self._document = document
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setAutoDefault(False)
        self._viewport = canvas.viewport()
        self._viewport.installEventFilter(self)
        document.changed.connect(self._show_where_empty)
        self._show_where_empty()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Keep to the middle of the canvas."""
        if event.type() == QEvent.Type.Resize:
            self._place()
        return super().eventFilter(watched, event)

    def moveEvent(self, event: QMoveEvent) -> None:
        """Stay where it is when the canvas scrolls, which takes its viewport's children along."""
        super().moveEvent(event)
        self._place()

    def _show_where_empty(self, *_: object) -> None:
        self.setVisible(not self._document.graph.nodes)
        self._place()

    def _place(self) -> None:
        area = self._viewport.rect()
        self.adjustSize()
        self.move(area.center().x() - self.width() // 2, area.center().y() + self.below)


class TemplateOffer(EmptyOffer):
    """Leads to the templates."""

    def __init__(self, canvas: QAbstractScrollArea, document: Document) -> None:
        super().__init__(canvas, document, tr("New from template…"))


class LessonOffer(EmptyOffer):
    """Leads to the lessons, from below the templates."""

    below = _BELOW + _LINE

    def __init__(self, canvas: QAbstractScrollArea, document: Document) -> None:
        super().__init__(canvas, document, tr("or take a lesson"))
        self.setProperty("role", "link")
