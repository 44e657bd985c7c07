"""One layer over shifts of −10 to 10 pixels: how well its maps move with the image, and how little they change."""

from collections.abc import Mapping
from math import isfinite

from PySide6.QtCore import QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QFontMetricsF, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPen, QPolygonF
from PySide6.QtWidgets import QWidget

from designer import theme
from designer.lessons.lab_rows import share_text
from designer.lessons.lab_worker import REACH
from designer.wording import percent
from engine import Likeness
from engine.language import tr, tr_number

Points = Mapping[int, Mapping[str, Likeness]]  # what is known so far, by shift


class ShiftCurve(QWidget):
    """Two lines for the chosen layer, and thin ones for how little all other layers change.

    Signals
    -------
    shift_chosen
        The shift that was clicked.
    """

    shift_chosen = Signal(int)

    def __init__(self) -> None:
        super().__init__()
        self._points: Points = {}
        self._node: str | None = None
        self._label = ""
        self._axis = "x"
        self._marked: float = 0
        self._hover: int | None = None
        self.setMouseTracking(True)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAccessibleName(tr("Similarity over the shift"))
        self.setMinimumSize(260, 170)

    def show_points(self, points: Points, node: str | None, label: str, axis: str, marked: float) -> None:
        """Show what is known of a layer's curve, and mark the shift at hand."""
        self._points, self._node, self._label, self._axis, self._marked = points, node, label, axis, marked
        self.setAccessibleDescription(self._summary())
        self.update()

    def sizeHint(self) -> QSize:
        """Return a size at which every shift can be clicked."""
        return QSize(340, 230)

    def place(self, shift: float, value: float) -> QPointF:
        """Return where a point is painted."""
        box = self._box()
        return QPointF(box.x() + (shift + REACH) / (2 * REACH) * box.width(), box.bottom() - value * box.height())

    def line(self, kind: str, node: str | None = None) -> list[QPointF]:
        """Return the known points of ``"equivariance"`` or ``"invariance"``, from left to right."""
        made = []
        for shift in sorted(self._points):
            found = self._points[shift].get(node or self._node or "")
            value = getattr(found, kind) if found is not None else None
            if value is not None and isfinite(value):
                made.append(self.place(shift, min(max(value, 0.0), 1.0)))
        return made

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint axes, lines and the marked shift."""
        colours = theme.current()
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        self._paint_axes(painter)
        faint = QColor(colours.muted)
        faint.setAlpha(70)
        others = {node for layers in self._points.values() for node in layers}
        painter.setPen(QPen(faint, 1))
        for node in others - {self._node}:
            painter.drawPolyline(QPolygonF(self.line("invariance", node)))
        for kind, colour in (("invariance", colours.ok), ("equivariance", colours.accent)):
            points = self.line(kind)
            painter.setPen(QPen(QColor(colour), 2))
            painter.drawPolyline(QPolygonF(points))
            painter.setBrush(QColor(colour))
            painter.setPen(Qt.PenStyle.NoPen)
            for point in points:
                painter.drawEllipse(point, 2.2, 2.2)
        self._paint_caption(painter)
        painter.end()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Choose the shift that was clicked."""
        if event.button() == Qt.MouseButton.LeftButton:
            self.shift_chosen.emit(self._shift_at(event.position()))

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Tell the values under the pointer; a drag moves the image."""
        self._hover = self._shift_at(event.position())
        if event.buttons() & Qt.MouseButton.LeftButton:
            self.shift_chosen.emit(self._hover)
        self.update()

    def leaveEvent(self, event: object) -> None:
        """Tell the values at the marked shift again."""
        self._hover = None
        self.update()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Shift with the arrow keys."""
        step = {Qt.Key.Key_Left: -1, Qt.Key.Key_Right: 1}.get(Qt.Key(event.key()))
        if step is None:
            super().keyPressEvent(event)
        else:
            self.shift_chosen.emit(min(max(round(self._marked) + step, -REACH), REACH))

    def _box(self) -> QRectF:
        return QRectF(38, 30, max(10, self.width() - 54), max(10, self.height() - 68))

    def _shift_at(self, point: QPointF) -> int:
        box = self._box()
        return min(max(round((point.x() - box.x()) / box.width() * 2 * REACH - REACH), -REACH), REACH)

    def _summary(self) -> str:
        shift = round(self._marked) if self._hover is None else self._hover
        found = self._points.get(shift, {}).get(self._node or "")
        if found is None:
            return ""
        return tr(
            "{shift:+d} px: moves {equivariance}, same {invariance}",
            shift=shift,
            equivariance=share_text(found.equivariance),
            invariance=share_text(found.invariance),
        ).replace("-", "−")

    def _paint_axes(self, painter: QPainter) -> None:
        colours, box = theme.current(), self._box()
        painter.setFont(theme.font(8))
        for value in (0.0, 0.5, 1.0):
            y = self.place(0, value).y()
            painter.setPen(QPen(QColor(colours.border), 1))
            painter.drawLine(QPointF(box.left(), y), QPointF(box.right(), y))
            painter.setPen(QColor(colours.muted))
            at = QRectF(0, y - 8, box.left() - 6, 16)
            painter.drawText(at, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter, percent(value, 0))
        for shift in range(-REACH, REACH + 1, 5):
            x = self.place(shift, 0).x()
            text = tr_number(shift, "+d").replace("-", "−") if shift else "0"
            painter.drawText(QRectF(x - 20, box.bottom() + 3, 40, 14), Qt.AlignmentFlag.AlignCenter, text)
        across = self._axis == "x"
        words = tr("shift to the right, in pixels") if across else tr("shift down, in pixels")
        below = QRectF(box.x(), box.bottom() + 17, box.width(), 16)
        painter.drawText(below, Qt.AlignmentFlag.AlignCenter, words)
        if -REACH <= self._marked <= REACH:
            painter.setPen(QPen(QColor(colours.text), 1, Qt.PenStyle.DashLine))
            painter.drawLine(self.place(self._marked, 0), self.place(self._marked, 1))

    def _paint_caption(self, painter: QPainter) -> None:
        colours = theme.current()
        head = QRectF(12, 4, self.width() - 24, 20)
        painter.setFont(theme.font(9))
        painter.setPen(QColor(colours.text))
        known = len(self._points)
        title = (
            self._label
            if known > 2 * REACH or not self._label
            else tr("{layer} · {known} of {count}", layer=self._label, known=known, count=2 * REACH + 1)
        )
        metrics, summary = QFontMetricsF(painter.font()), self._summary()
        room = head.width() - metrics.horizontalAdvance(summary) - 12
        title = metrics.elidedText(title, Qt.TextElideMode.ElideRight, room)
        painter.drawText(head, Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter, title)
        painter.setPen(QColor(colours.muted))
        painter.drawText(head, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter, summary)
