"""A painter for paper: icons stay shapes."""

from PySide6.QtCore import QRectF
from PySide6.QtGui import QColor, QPainter

from designer import theme


class VectorPainter(QPainter):
    """A painter whose pictures are printed or enlarged, so that pixels would show."""

    def draw_icon(self, name: str, rect: QRectF, colour: str) -> None:
        """Draw a shipped icon in a colour."""
        self.save()
        self.setOpacity(self.opacity() * QColor(colour).alphaF())
        theme.icon_renderer(name, colour).render(self, rect)
        self.restore()
