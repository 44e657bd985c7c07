"""A name that can be changed and looks like a title."""

from PySide6.QtCore import Qt
from PySide6.QtGui import QFont, QFontMetrics, QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QLineEdit, QStyle, QStyleOptionFrame

from designer import theme

_MARGIN = 2  # which Qt leaves beside the text of every such field


class TitleField(QLineEdit):
    """A field that looks like a title until it is touched; a name that is too long loses its middle until then."""

    def __init__(self, accessible_name: str) -> None:
        super().__init__()
        self.setFont(theme.font(13, QFont.Weight.DemiBold))
        self.setProperty("role", "title")
        self.setAccessibleName(accessible_name)
        self.setMinimumWidth(60)
        self.textChanged.connect(self._explain)
        self._explain()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the name, whole or not."""
        option = QStyleOptionFrame()
        self.initStyleOption(option)
        contents = self.style().subElementRect(QStyle.SubElement.SE_LineEditContents, option, self)
        room = contents.marginsRemoved(self.textMargins()).adjusted(_MARGIN, 0, -_MARGIN, 0)
        shown = QFontMetrics(self.font()).elidedText(self.text(), Qt.TextElideMode.ElideMiddle, room.width())
        if self.hasFocus() or shown == self.text():
            super().paintEvent(event)
            return
        painter = QPainter(self)
        self.style().drawPrimitive(QStyle.PrimitiveElement.PE_PanelLineEdit, option, painter, self)
        painter.setPen(option.palette.text().color())
        painter.drawText(room, self.alignment() | Qt.AlignmentFlag.AlignVCenter, shown)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Explain anew: the name may fit now."""
        super().resizeEvent(event)
        self._explain()

    def _explain(self) -> None:
        whole = QFontMetrics(self.font()).horizontalAdvance(self.text()) <= self.contentsRect().width() - 4 * _MARGIN
        self.setToolTip(self.accessibleName() if whole else f"{self.accessibleName()}: {self.text()}")
