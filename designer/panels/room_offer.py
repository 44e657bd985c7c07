"""What can be done about a run that is too large, in the place of the maps that it would have made."""

from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtGui import QFontMetrics
from PySide6.QtWidgets import QFrame, QLabel, QPushButton, QVBoxLayout, QWidget

from engine.economy import Economies
from engine.language import tr
from engine.room import text

_WIDEST, _MARGIN, _SIDE = 420, 24, 20
_AROUND_WORDS = 28  # of a button, on both sides


class RoomOffer(QFrame):
    """Says what a run would take, and offers a smaller image, fewer maps, or another limit."""

    smaller_image = Signal()
    fewer_maps = Signal()
    other_limit = Signal()

    def __init__(self, panel: QWidget) -> None:
        super().__init__(panel)
        self.setProperty("role", "card")
        self._panel = panel
        self.heading = QLabel(tr("This run does not fit into memory"))
        self.heading.setProperty("role", "heading")
        self.reason = QLabel()
        self.reason.setWordWrap(True)
        self.image, self.maps = QPushButton(tr("Use a smaller image")), QPushButton(tr("Keep fewer maps"))
        self._words = self.image.text(), self.maps.text()  # on one line
        self.limit = QPushButton(tr("Change the limit…"))
        self.limit.setProperty("role", "link")
        layout = QVBoxLayout(self)
        layout.setContentsMargins(_SIDE, 16, _SIDE, 14)
        layout.setSpacing(8)
        for widget in (self.heading, self.reason, self.image, self.maps, self.limit):
            layout.addWidget(widget)
        layout.setAlignment(self.limit, Qt.AlignmentFlag.AlignHCenter)
        for button, signal in (
            (self.image, self.smaller_image),
            (self.maps, self.fewer_maps),
            (self.limit, self.other_limit),
        ):
            button.setAutoDefault(False)
            button.clicked.connect(signal)
        panel.installEventFilter(self)
        self.hide()

    def offer(self, reason: str, found: Economies) -> None:
        """Show why a run was not begun, and what would make it fit."""
        self.reason.setText(reason)
        self.image.setVisible(found.image is not None)
        if found.image is not None:
            layer, taken = found.image.layer, text(found.image.need.total)
            size = f"{layer.width}×{layer.height}"
            self.image.setText(tr("Use an image of {size} ({bytes})", size=size, bytes=taken))
        self.maps.setVisible(found.maps is not None)
        if found.maps is not None:
            taken = text(found.maps.need.total)
            self.maps.setText(tr("Keep only the selected layers’ maps ({bytes})", bytes=taken))
        self._words = self.image.text(), self.maps.text()
        self._place()
        self.show()
        self.raise_()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Keep to the middle of the panel."""
        if event.type() == QEvent.Type.Resize:
            self._place()
        return super().eventFilter(watched, event)

    def _place(self) -> None:
        area = self._panel.rect()
        width = min(_WIDEST, max(120, area.width() - 2 * _MARGIN))
        self.setFixedWidth(width)
        for button, words in zip((self.image, self.maps), self._words, strict=True):
            button.setText(_wrapped(words, button.fontMetrics(), width - 2 * _SIDE - _AROUND_WORDS))
        layout = self.layout()
        assert layout is not None
        height = layout.heightForWidth(width)
        self.setFixedHeight(height if height > 0 else self.sizeHint().height())
        self.move(area.center().x() - width // 2, max(_MARGIN, area.center().y() - self.height() // 2))


def _wrapped(text: str, metrics: QFontMetrics, width: int) -> str:
    """Return a text on as many lines as it takes to be no wider than that; a button does not wrap its own."""
    first, *words = text.split(" ")
    lines = [first]
    for word in words:
        longer = f"{lines[-1]} {word}"
        if metrics.horizontalAdvance(longer) <= width:
            lines[-1] = longer
        else:
            lines.append(word)
    return "\n".join(lines)
