"""What an exercise asks, and how the network stands: one row for each check."""

from collections.abc import Sequence

from PySide6.QtCore import QEvent, QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QHBoxLayout, QLabel, QSizePolicy, QVBoxLayout, QWidget

from designer import theme
from engine.language import tr
from engine.lessons import Verdict

_MARK = 16
_TICK = ((-3, 0.2), (-0.9, 2.3), (3.1, -2.2))  # from the middle of the ring


class CheckList(QWidget):
    """Rows of verdicts; rows that are there already are filled anew, so that nothing jumps while one draws."""

    def __init__(self) -> None:
        super().__init__()
        self.rows: list[CheckRow] = []
        self._layout = QVBoxLayout(self)
        self._layout.setContentsMargins(0, 0, 0, 0)
        self._layout.setSpacing(7)

    def show_verdicts(self, verdicts: Sequence[Verdict | None], own: Sequence[Verdict | None] = ()) -> None:
        """Show verdicts, None for one that is being worked out; of a solution beside those of the person's own."""
        while len(self.rows) < len(verdicts):
            self.rows.append(CheckRow())
            self._layout.addWidget(self.rows[-1])
        for number, row in enumerate(self.rows):
            row.setVisible(number < len(verdicts))
            if number < len(verdicts):
                row.show_verdict(verdicts[number], own[number] if number < len(own) else None)


class CheckRow(QWidget):
    """A mark, the sentence, and below it the person's own where a solution is shown."""

    def __init__(self) -> None:
        super().__init__()
        self._mark = Mark()
        self.words, self.own = QLabel(), QLabel()
        column = QVBoxLayout()
        column.setSpacing(1)
        for label in (self.words, self.own):
            label.setFont(theme.font(9.5 if label is self.words else 9))
            label.setWordWrap(True)
            label.setTextFormat(Qt.TextFormat.PlainText)
            label.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
            column.addWidget(label)
        self.own.setProperty("role", "muted")
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(8)
        row.addWidget(self._mark, 0, Qt.AlignmentFlag.AlignTop)
        row.addLayout(column, 1)

    @property
    def met(self) -> bool | None:
        """Whether the check is met; None while that is being worked out."""
        return self._mark.met

    def show_verdict(self, verdict: Verdict | None, own: Verdict | None) -> None:
        """Show another verdict; while the next one is worked out, the sentence of the last stays."""
        self._mark.show_met(None if verdict is None else verdict.met)
        if verdict is not None or not self.words.text():
            self.words.setText(verdict.text if verdict is not None else tr("Being checked…"))
        differs = own is not None and own.text != self.words.text()
        self.own.setVisible(differs)
        if own is not None and differs:
            self.own.setText(tr("Yours: {sentence}", sentence=own.text))
        state = {True: tr("Met"), False: tr("Not met yet"), None: tr("Being checked")}[self.met]
        self.setAccessibleName(f"{state}: {self.words.text()}")


class Mark(QWidget):
    """A ring, filled and ticked where a check is met."""

    def __init__(self) -> None:
        super().__init__()
        self.met: bool | None = False
        self.setFixedSize(QSize(_MARK, _MARK + 2))

    def show_met(self, met: bool | None) -> None:
        """Show another state."""
        if met != self.met:
            self.met = met
            self.update()

    def changeEvent(self, event: QEvent) -> None:
        """Follow the theme."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.PaletteChange:
            self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw the ring, or the disc with its tick."""
        colours = theme.current()
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        ring = QRectF(1.5, 2.5, _MARK - 3, _MARK - 3)
        if self.met:
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(QColor(colours.ok))
            painter.drawEllipse(ring)
            pen = QPen(QColor(colours.surface), 1.8)
            pen.setCapStyle(Qt.PenCapStyle.RoundCap)
            pen.setJoinStyle(Qt.PenJoinStyle.RoundJoin)
            painter.setPen(pen)
            centre = ring.center()
            painter.drawPolyline([centre + QPointF(*way) for way in _TICK])
        else:
            pen = QPen(QColor(colours.muted), 1.5)
            if self.met is None:
                pen.setDashPattern([2, 2])
            painter.setPen(pen)
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawEllipse(ring)
        painter.end()
