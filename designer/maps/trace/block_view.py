"""What the blocks of a trace card share: numbers to point at, to walk to with the keys, and to go upstream from."""

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QEvent, QPointF, QRectF, Qt, Signal
from PySide6.QtGui import QColor, QFocusEvent, QFont, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QWidget

from designer import theme
from designer.maps.trace.blocks import Cell
from designer.maps.trace.heat import outline
from engine.language import tr

MARGIN = 14.0
TITLE = 26.0  # height of a block's title
_ARROWS = {
    Qt.Key.Key_Left: (-1, 0),
    Qt.Key.Key_Right: (1, 0),
    Qt.Key.Key_Up: (0, -1),
    Qt.Key.Key_Down: (0, 1),
}


@dataclass(frozen=True)
class Spot:
    """A number that can be pointed at: where it is, what is said of it, and how it is named if it can be traced."""

    rect: QRectF
    text: str
    cell: Cell | None = None


class BlockView(QWidget):
    """One block of a card, painted whole.

    A subclass lays its spots out for a width and paints; all else is here: the number under the pointer or the keys
    is outlined and told, a click or Enter on it goes upstream.

    Signals: ``told`` with what is said of a number, or an empty text; ``upstream_requested`` with a cell.
    """

    told = Signal(str)
    upstream_requested = Signal(object)

    def __init__(self, title: str) -> None:
        super().__init__()
        self.title = title
        self.spots: list[Spot] = []
        self.margin = MARGIN  # left of the title
        self.leads = tr("goes upstream")  # what a click does
        self._at: int | None = None
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setMouseTracking(True)
        self.setAccessibleName(title)

    def lay_out(self, width: float) -> tuple[float, Sequence[Spot]]:
        """Return the height that is needed at a width, and the numbers that can be pointed at."""
        raise NotImplementedError

    def paint(self, painter: QPainter) -> None:
        """Paint all but the title."""
        raise NotImplementedError

    @property
    def current(self) -> Spot | None:
        """The number that is pointed at."""
        return None if self._at is None or self._at >= len(self.spots) else self.spots[self._at]

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Lay out for the new width."""
        super().resizeEvent(event)
        self.refit()

    def refit(self) -> None:
        """Lay out anew."""
        height, spots = self.lay_out(float(self.width()))
        self.spots = list(spots)
        self._at = None
        self.setFixedHeight(round(height))
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint title, content and the outline of the number that is pointed at."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if self.title:
            painter.setFont(theme.font(9, QFont.Weight.DemiBold))
            painter.setPen(QColor(theme.current().accent if self.hasFocus() else theme.current().muted))
            painter.drawText(QPointF(self.margin, 17), self.title)
        self.paint(painter)
        if (spot := self.current) is not None:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)
            outline(painter, spot.rect, strong=spot.cell is not None)
        painter.end()

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Follow the pointer."""
        self._point(self._under(event.position()))

    def leaveEvent(self, event: QEvent) -> None:
        """Point at nothing."""
        self._point(None)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """Go upstream from the number that was clicked."""
        at = self._under(event.position())
        if event.button() == Qt.MouseButton.LeftButton and at is not None and self.spots[at].cell is not None:
            self.upstream_requested.emit(self.spots[at].cell)

    def focusOutEvent(self, event: QFocusEvent) -> None:
        """Point at nothing any more."""
        super().focusOutEvent(event)
        self._point(None)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Walk from number to number, and upstream with Enter; other keys are the panel's."""
        key = Qt.Key(event.key())
        plain = not event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier
        if plain and key in _ARROWS and self.spots:
            self._point(self._neighbour(*_ARROWS[key]))
        elif plain and key in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and self._linked:
            self.upstream_requested.emit(self.spots[self._at or 0].cell)
        else:
            super().keyPressEvent(event)

    def changeEvent(self, event: QEvent) -> None:
        """Take the colours of a new theme."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.PaletteChange:
            self.update()

    @property
    def _linked(self) -> bool:
        return self.current is not None and self.current.cell is not None

    def _under(self, position: QPointF) -> int | None:
        return next((i for i, spot in enumerate(self.spots) if spot.rect.contains(position)), None)

    def _point(self, at: int | None) -> None:
        if at == self._at:
            return
        self._at = at
        spot = self.current
        linked = self._linked
        self.setCursor(Qt.CursorShape.PointingHandCursor if linked else Qt.CursorShape.ArrowCursor)
        self.setAccessibleDescription("" if spot is None else spot.text)
        text = "" if spot is None else spot.text
        self.told.emit(tr("{number} · click or Enter {leads}", number=text, leads=self.leads) if linked else text)
        self.update()

    def _neighbour(self, across: int, down: int) -> int:
        """Return the number that lies next in a direction; the first one where none is pointed at."""
        if self.current is None:
            return 0
        here = self.current.rect.center()
        best, found = float("inf"), self._at or 0
        for i, spot in enumerate(self.spots):
            step = spot.rect.center() - here
            along = step.x() * across + step.y() * down
            aside = abs(step.x() * down) + abs(step.y() * across)
            if along > 0.5 and along + 4 * aside < best:
                best, found = along + 4 * aside, i
        return found
