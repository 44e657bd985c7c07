"""A name that can be changed and looks like a title."""

from PySide6.QtCore import QRect, Qt
from PySide6.QtGui import QFont, QPainter, QPaintEvent, QResizeEvent
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
        room, shown = self._shown()
        if self.hasFocus() or shown == self.text():
            super().paintEvent(event)
            return
        painter = QPainter(self)
        option = self._option()
        self.style().drawPrimitive(QStyle.PrimitiveElement.PE_PanelLineEdit, option, painter, self)
        painter.setPen(option.palette.text().color())
        painter.drawText(room, self.alignment() | Qt.AlignmentFlag.AlignVCenter, shown)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Explain anew: the name may fit now."""
        super().resizeEvent(event)
        self._explain()

    def _option(self) -> QStyleOptionFrame:
        option = QStyleOptionFrame()
        self.initStyleOption(option)
        return option

    def _shown(self) -> tuple[QRect, str]:
        """Return the room for the name, and what of it is seen there."""
        contents = self.style().subElementRect(QStyle.SubElement.SE_LineEditContents, self._option(), self)
        room = contents.marginsRemoved(self.textMargins()).adjusted(_MARGIN, 0, -_MARGIN, 0)
        return room, self.fontMetrics().elidedText(self.text(), Qt.TextElideMode.ElideMiddle, room.width())

    def _explain(self) -> None:
        name, (_, shown) = self.accessibleName(), self._shown()
        self.setToolTip(name if shown == self.text() else f"{name}: {self.text()}")
