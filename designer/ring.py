"""A ring around what a lesson points at, and a few words beside it; both lie over the window and follow."""

from collections.abc import Callable

from PySide6.QtCore import QEvent, QObject, QPoint, QPointF, QRect, QRectF, Qt, QTimer, QVariantAnimation
from PySide6.QtGui import QColor, QMouseEvent, QPainter, QPainterPath, QPaintEvent, QPen, QPolygonF
from PySide6.QtWidgets import QStyle, QWidget

from designer import theme

FOLLOW_MS = 40  # between two looks at where the target is
_AROUND, _CLOSE = 6, 3  # pixels between target and ring; of a target of one line
_LINE = 26  # height of the largest target that is one line
_HALO = 6  # pixels of glow around the ring
_RADIUS = 9.0
_BEAK = 8  # height of the bubble's beak
_SIDE, _TOP = 11 + _BEAK, 7 + _BEAK  # around the words
_WIDEST = 230
_EDGE = 6  # least distance of the bubble from the window's edges
_PULSE_MS, _PULSES = 900, 3

Target = tuple[QWidget, QRect]  # a widget, and what of it is meant, in its own pixels


class Pointer(QObject):
    """Points at one thing at a time.

    The target is looked up again and again, so that the ring follows whatever moves, and is gone where the target is.
    Ring and bubble are children of the target's window, and small: what lies below repaints as fast as without them.

    Parameters
    ----------
    watched
        A widget whose paints are followed at once: the canvas, which pans without an event of its own.
    spared
        A widget that the bubble does not cover as long as there is room elsewhere: the lesson's buttons are on it.
    """

    def __init__(self, watched: QWidget, spared: QWidget, parent: QObject) -> None:
        super().__init__(parent)
        self._spared = spared
        self._find: Callable[[], Target | None] | None = None
        self._says = ""
        self._at: tuple[QWidget, QRect] | None = None
        self.ring = Ring(watched.window())
        self.bubble = Bubble(watched.window(), self.clear)
        self._timer = QTimer(self, interval=FOLLOW_MS)
        self._timer.timeout.connect(self.follow)
        watched.installEventFilter(self)

    @property
    def says(self) -> str:
        """What is said beside the ring; empty where nothing is pointed at."""
        return self._says if self._find is not None else ""

    @property
    def seen(self) -> bool:
        """Whether the ring is on the screen."""
        return self.ring.isVisible()

    def point(self, find: Callable[[], Target | None], says: str) -> None:
        """Point at what is found, with some words."""
        self._find, self._says, self._at = find, says, None
        self.bubble.say(says)
        self.follow()
        self._timer.start()

    def clear(self) -> None:
        """Point at nothing."""
        self._find, self._at = None, None
        self._timer.stop()
        self.ring.hide()
        self.bubble.hide()

    def follow(self) -> None:
        """Bring the ring to where the target is now."""
        if self._find is None:
            return
        found = _on_window(self._find())
        if found == self._at:
            return
        appears = self._at is None
        self._at = found
        if found is None:
            self.ring.hide()
            self.bubble.hide()
            return
        window, rect = found
        self.ring.surround(window, rect)
        self.bubble.stand_beside(window, rect, _on_window((self._spared, self._spared.rect())))
        if appears:
            self.ring.pulse()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Follow the canvas as it is painted."""
        if event.type() == QEvent.Type.Paint and self._find is not None:
            QTimer.singleShot(0, self, self.follow)
        return super().eventFilter(watched, event)


class Ring(QWidget):
    """A rounded outline with a glow, which clicks go through."""

    def __init__(self, window: QWidget) -> None:
        super().__init__(window)
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._glow = 0.0
        self._pulse = QVariantAnimation(self, duration=_PULSE_MS, startValue=0.0, endValue=0.0)
        self._pulse.setLoopCount(_PULSES)
        self._pulse.setKeyValueAt(0.5, 1.0)
        self._pulse.valueChanged.connect(self._set_glow)
        self.hide()

    def surround(self, window: QWidget, rect: QRect) -> None:
        """Lie around a rectangle of a window."""
        if self.parentWidget() is not window:
            self.setParent(window)
        wide = _around(rect) + _HALO
        self.setGeometry(rect.adjusted(-wide, -wide, wide, wide))
        self.show()
        self.raise_()

    def pulse(self) -> None:
        """Draw the eye, where the desktop has animations."""
        if self.style().styleHint(QStyle.StyleHint.SH_Widget_Animation_Duration) > 0:
            self._pulse.start()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw glow and ring."""
        colour = QColor(theme.current().accent)
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        ring = QRectF(self.rect()).adjusted(_HALO, _HALO, -_HALO, -_HALO)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        for step in range(1, _HALO, 2):
            faint = QColor(colour)
            faint.setAlpha(int((34 + 60 * self._glow) * (1 - step / _HALO)))
            painter.setPen(QPen(faint, 2))
            painter.drawRoundedRect(ring.adjusted(-step, -step, step, step), _RADIUS + step, _RADIUS + step)
        painter.setPen(QPen(colour, 2.5))
        painter.drawRoundedRect(ring, _RADIUS, _RADIUS)
        painter.end()

    def _set_glow(self, glow: object) -> None:
        self._glow = float(glow) if isinstance(glow, float) else 0.0
        self.update()


class Bubble(QWidget):
    """Words with a beak towards what they are about; a click on them puts them away."""

    def __init__(self, window: QWidget, dismiss: Callable[[], None]) -> None:
        super().__init__(window)
        self._dismiss = dismiss
        self._beak = QPointF()
        self._side = Qt.Edge.TopEdge  # on which the beak is
        self.text = ""
        self.setFont(theme.font(9.5))
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.hide()

    def say(self, text: str) -> None:
        """Show other words."""
        self.text = text
        self.setAccessibleName(text)
        self.update()

    def stand_beside(self, window: QWidget, rect: QRect, spared: Target | None) -> None:
        """Stand where there is room beside a rectangle: below it, else above, at the right or at the left."""
        kept = spared[1] if spared is not None and spared[0] is window else QRect()
        if self.parentWidget() is not window:
            self.setParent(window)
        metrics = self.fontMetrics()
        wide = min(_WIDEST, metrics.horizontalAdvance(self.text) + 4)
        tall = metrics.boundingRect(0, 0, wide, 10_000, int(Qt.TextFlag.TextWordWrap), self.text).height()
        width, height = wide + 2 * _SIDE, tall + 2 * _TOP
        place, self._side = _place(window.rect(), _grown(rect), kept, width, height)
        self.setGeometry(place)
        self._beak = QPointF(rect.center() - place.topLeft())
        self.show()
        self.raise_()
        self.update()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Go away."""
        self._dismiss()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw the body and the beak."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        body = QRectF(self.rect()).adjusted(_BEAK, _BEAK, -_BEAK, -_BEAK)
        shape = QPainterPath()
        shape.addRoundedRect(body, 7, 7)
        beak = QPainterPath()
        beak.addPolygon(QPolygonF(self._beak_points(body)))
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(theme.current().accent))
        painter.drawPath(shape.united(beak))
        painter.setPen(QColor(theme.current().on_accent))
        words = self.rect().adjusted(_SIDE, _TOP, -_SIDE, -_TOP)
        painter.drawText(words, int(Qt.TextFlag.TextWordWrap | Qt.AlignmentFlag.AlignVCenter), self.text)
        painter.end()

    def _beak_points(self, body: QRectF) -> list[QPointF]:
        x = max(body.left() + 16, min(body.right() - 16, self._beak.x()))
        y = max(body.top() + 14, min(body.bottom() - 14, self._beak.y()))
        return {
            Qt.Edge.TopEdge: [QPointF(x - 7, body.top() + 1), QPointF(x, 1), QPointF(x + 7, body.top() + 1)],
            Qt.Edge.BottomEdge: [
                QPointF(x - 7, body.bottom() - 1),
                QPointF(x, self.height() - 1),
                QPointF(x + 7, body.bottom() - 1),
            ],
            Qt.Edge.LeftEdge: [QPointF(body.left() + 1, y - 7), QPointF(1, y), QPointF(body.left() + 1, y + 7)],
            Qt.Edge.RightEdge: [
                QPointF(body.right() - 1, y - 7),
                QPointF(self.width() - 1, y),
                QPointF(body.right() - 1, y + 7),
            ],
        }[self._side]


def _around(rect: QRect) -> int:
    return _CLOSE if rect.height() <= _LINE else _AROUND


def _grown(rect: QRect) -> QRect:
    wide = _around(rect)
    return rect.adjusted(-wide, -wide, wide, wide)


def _place(room: QRect, target: QRect, kept: QRect, width: int, height: int) -> tuple[QRect, Qt.Edge]:
    """Return where the bubble goes and on which of its sides the beak is; a large target has it inside."""
    inner = room.adjusted(_EDGE, _EDGE, -_EDGE, -_EDGE)
    across = min(max(target.center().x() - width // 2, inner.left()), inner.right() - width)
    down = min(max(target.center().y() - height // 2, inner.top()), inner.bottom() - height)
    for place, side in (
        (QPoint(across, target.bottom()), Qt.Edge.TopEdge),
        (QPoint(across, target.top() - height), Qt.Edge.BottomEdge),
        (QPoint(target.right(), down), Qt.Edge.LeftEdge),
        (QPoint(target.left() - width, down), Qt.Edge.RightEdge),
    ):
        made = QRect(place.x(), place.y(), width, height)
        if inner.contains(made) and not kept.intersects(made):
            return made, side
    return QRect(
        across, min(max(target.top() + 24, inner.top()), inner.bottom() - height), width, height
    ), Qt.Edge.TopEdge


def _on_window(target: Target | None) -> tuple[QWidget, QRect] | None:
    """Return the target's window, and the part of the target that is seen there, in its pixels."""
    if target is None:
        return None
    widget, shown = target
    shown = shown.intersected(widget.rect())
    if not widget.isVisible():
        return None
    while not widget.isWindow():  # what scrolls, or lies behind a tab, is cut off by what it is in
        parent = widget.parentWidget()
        assert parent is not None
        shown = shown.translated(widget.pos()).intersected(parent.rect())
        widget = parent
    return (widget, shown) if not shown.isEmpty() else None
