"""The frame of an expanded group: a titled, rounded area behind its cards."""

from dataclasses import dataclass

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QPainter, QPen
from PySide6.QtWidgets import QGraphicsRectItem, QStyleOptionGraphicsItem, QWidget

from designer import theme
from designer.canvas.card_painter import paint_icon
from designer.canvas.framing import BELOW, TITLE
from designer.canvas.lettering import font
from designer.canvas.sprites import COMPACT_BELOW

RADIUS = 12.0
_CHEVRON = 16.0
_LEFT = 34.0  # where the name begins
_RIGHT = 14.0
_GAP = 8.0  # between a wire and the text beside it
_ALIGN_LEFT = Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft
_ALIGN_RIGHT = Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignRight


@dataclass(frozen=True)
class FrameFace:
    """All that is painted of a frame but its size."""

    name: str
    facts: tuple[str, ...] = ()  # what goes in and out, and how much it holds: for ever less room
    depth: int = 0  # frames around it
    wrong: bool = False


class FrameItem(QGraphicsRectItem):
    """One frame; it lies behind all wires, and inner frames lie on outer ones."""

    def __init__(self, group: str, face: FrameFace) -> None:
        super().__init__()
        self.group_id = group
        self.face = face
        self.selected = False
        self.hovered = False
        self._columns = (0.0, 0.0)
        self.setAcceptedMouseButtons(Qt.MouseButton.NoButton)
        self.setPen(QPen(Qt.PenStyle.NoPen))
        self.setZValue(-100 + face.depth)

    def show_face(self, face: FrameFace) -> None:
        """Show other contents; nothing is painted where they are the same."""
        if face != self.face:
            self.face = face
            self.setZValue(-100 + face.depth)
            self.update()

    def place(self, rect: QRectF, columns: tuple[float, float]) -> None:
        """Put the frame around its cards.

        Wires cross its upper and its lower edge in two ``columns``, which the texts keep off.
        """
        if (rect, columns) != (self.rect(), self._columns):
            self._columns = columns
            self.setRect(rect)

    def set_state(self, *, selected: bool | None = None, hovered: bool | None = None) -> None:
        """Change what the outline tells."""
        state = (
            self.selected if selected is None else selected,
            self.hovered if hovered is None else hovered,
        )
        if state != (self.selected, self.hovered):
            self.selected, self.hovered = state
            self.update()

    @property
    def title(self) -> QRectF:
        """The strip with the name, by which the group is moved."""
        return title_rect(self.rect())

    @property
    def chevron(self) -> QRectF:
        """The part of the title that collapses the group."""
        return QRectF(self.rect().left(), self.rect().top(), _LEFT, TITLE)

    @property
    def name_rect(self) -> QRectF:
        """Where the name is."""
        title = self.title
        return QRectF(title.left() + _LEFT - 4, title.top() + 3, title.width() - _LEFT - _RIGHT + 4, TITLE - 6)

    def paint(self, painter: QPainter, option: QStyleOptionGraphicsItem, widget: QWidget | None = None) -> None:
        """Paint the area, its outline and the title."""
        colours = theme.current()
        outline = colours.accent if self.selected else colours.error if self.face.wrong else colours.border
        if self.hovered and not self.selected:
            outline = colours.wire
        painter.setPen(QPen(QColor(outline), 1.5 if self.selected else 1.0))
        painter.setBrush(frame_colour())
        painter.drawRoundedRect(self.rect(), RADIUS, RADIUS)
        compact = widget is not None and painter.worldTransform().m11() < COMPACT_BELOW
        self._paint_title(painter, 16 if compact else 13)
        self._paint_facts(painter, 14 if compact else 11)

    def _paint_title(self, painter: QPainter, size: int) -> None:
        colours = theme.current()
        title = self.title
        top = title.top() + (TITLE - _CHEVRON) / 2
        ink = colours.text if self.hovered else colours.muted
        paint_icon(painter, "chevron-down", QRectF(title.left() + 12, top, _CHEVRON, _CHEVRON), ink)
        used, room = font(size, QFont.Weight.DemiBold), self._columns[0] - _GAP - title.left() - _LEFT
        name = QFontMetricsF(used).elidedText(self.face.name, Qt.TextElideMode.ElideRight, room)
        painter.setFont(used)
        painter.setPen(QColor(colours.text))
        painter.drawText(title.adjusted(_LEFT, 0, 0, 0), _ALIGN_LEFT, name)

    def _paint_facts(self, painter: QPainter, size: int) -> None:
        """Paint the numbers in the lower right corner, where wires seldom pass."""
        rect, used = self.rect(), font(size, tabular=True)
        room, measure = rect.right() - _RIGHT - self._columns[1] - _GAP, QFontMetricsF(used)
        facts = next((text for text in self.face.facts if measure.horizontalAdvance(text) <= room), "")
        painter.setFont(used)
        painter.setPen(QColor(theme.current().muted))
        painter.drawText(rect.adjusted(0, rect.height() - BELOW - 2, -_RIGHT, -2), _ALIGN_RIGHT, facts)


def title_rect(frame: QRectF) -> QRectF:
    """Return the strip at the top of a frame that holds its title."""
    return QRectF(frame.topLeft(), QPointF(frame.right(), frame.top() + TITLE))


def frame_colour() -> QColor:
    """Return what a frame is filled with: a breath of the accent, which inner frames deepen."""
    colours = theme.current()
    tint = QColor(colours.accent)
    tint.setAlpha(15 if colours.dark else 11)
    return tint
