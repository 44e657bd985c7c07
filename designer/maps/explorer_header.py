"""Above one large map: which one it is, and buttons that go to others."""

from PySide6.QtCore import QPointF, QSize, Qt, Signal
from PySide6.QtGui import (
    QColor,
    QFont,
    QFontMetrics,
    QIcon,
    QPainter,
    QPainterPath,
    QPaintEvent,
    QPalette,
    QPen,
    QPixmap,
)
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QToolButton, QWidget

from designer import theme
from designer.maps.layers import MapLayer
from engine.language import tr

_DOT = 8
_SPACE = 8
_ICON = 16


class ExplorerHeader(QWidget):
    """The title, and five buttons.

    Signals: ``step_requested`` with the steps in layers and in maps, and ``fit_requested``.
    """

    step_requested = Signal(int, int)
    fit_requested = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.setAutoFillBackground(True)
        self.setBackgroundRole(QPalette.ColorRole.Base)
        self.title = MapTitle()
        self.previous_map = _button(tr("Previous map (←)"))
        self.next_map = _button(tr("Next map (→)"))
        self.previous_layer = _button(tr("Previous layer (↑)"))
        self.next_layer = _button(tr("Next layer (↓)"))
        self.fit = _button(tr("Fit (F)"))
        row = QHBoxLayout(self)
        row.setContentsMargins(12, 5, 8, 5)
        row.setSpacing(1)
        row.addWidget(self.title, 1)
        for button, layers, maps in self._steps():
            row.addWidget(button)
            button.clicked.connect(lambda _=False, step=(layers, maps): self.step_requested.emit(*step))
        row.addWidget(self.fit)
        self.fit.clicked.connect(self.fit_requested)
        self.restyle()

    def show_map(self, layer: MapLayer, channel: int) -> None:
        """Tell which map is shown; there is no step past the first and the last one of a layer."""
        self.title.set_texts(layer.title, place_text(layer, channel), layer.family)
        self.previous_map.setEnabled(channel > 0)
        self.next_map.setEnabled(channel < len(layer.values) - 1)

    def restyle(self) -> None:
        """Draw the icons in the colours of the theme in force."""
        for button, layers, maps in self._steps():
            button.setIcon(_chevron(layers, maps))
        self.fit.setIcon(theme.icon("fit"))

    def _steps(self) -> tuple[tuple[QToolButton, int, int], ...]:
        return (
            (self.previous_map, 0, -1),
            (self.next_map, 0, 1),
            (self.previous_layer, -1, 0),
            (self.next_layer, 1, 0),
        )


class MapTitle(QWidget):
    """The family's dot, the layer's name and, in muted text, the map and its size; the name is cut where it must."""

    def __init__(self) -> None:
        super().__init__()
        self._title = self._place = self._family = ""
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)

    def set_texts(self, title: str, place: str, family: str) -> None:
        """Set the layer's name, the map's place and the layer's family."""
        self._title, self._place, self._family = title, place, family
        self.setAccessibleName(self.text())
        self.setToolTip(self.text())
        self.update()

    def text(self) -> str:
        """Return all of the title."""
        return f"{self._title} · {self._place}"

    def sizeHint(self) -> QSize:
        """Return the size of all of the title."""
        bold, small = self._fonts()
        texts = bold.horizontalAdvance(self._title) + small.horizontalAdvance(self._place)
        return QSize(_DOT + 2 * _SPACE + texts, bold.height())

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the title."""
        colours = theme.current()
        bold, small = self._fonts()
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(colours.family(self._family)))
        painter.drawEllipse(QPointF(_DOT / 2, self.height() / 2), _DOT / 2, _DOT / 2)
        baseline = (self.height() + bold.capHeight()) // 2
        x = _DOT + _SPACE
        room = self.width() - x - _SPACE - small.horizontalAdvance(self._place)
        title = bold.elidedText(self._title, Qt.TextElideMode.ElideMiddle, max(room, 48))
        painter.setFont(_bold())
        painter.setPen(QColor(colours.text))
        painter.drawText(x, baseline, title)
        x += bold.horizontalAdvance(title) + _SPACE
        painter.setFont(theme.font(9))
        painter.setPen(QColor(colours.muted))
        place = small.elidedText(self._place, Qt.TextElideMode.ElideRight, self.width() - x)
        painter.drawText(x, baseline, place)

    def _fonts(self) -> tuple[QFontMetrics, QFontMetrics]:
        return QFontMetrics(_bold(), self), QFontMetrics(theme.font(9), self)


def place_text(layer: MapLayer, channel: int) -> str:
    """Return which map of how many this is, counted from 0 as everywhere, and its size."""
    if layer.is_vector:
        return tr("element {number} of 0–{last:,}", number=channel, last=len(layer.values) - 1)
    _, height, width = layer.values.shape
    return tr(
        "map {number} of 0–{last:,} · {width}×{height}",
        number=channel,
        last=len(layer.values) - 1,
        height=height,
        width=width,
    )


def _button(help_text: str) -> QToolButton:
    button = QToolButton()
    button.setToolTip(help_text)
    button.setAccessibleName(help_text.partition(" (")[0])
    button.setIconSize(QSize(_ICON, _ICON))
    button.setProperty("compact", True)
    button.setFixedSize(26, 26)
    button.setFocusPolicy(Qt.FocusPolicy.NoFocus)  # the explorer has a key for each, and must not lose the arrow keys
    return button


def _bold() -> QFont:
    return theme.font(10, QFont.Weight.DemiBold)


def _chevron(layers: int, maps: int) -> QIcon:
    """Return an arrowhead that points left or right for maps, up or down for layers."""
    icon = QIcon()
    faded = QColor(theme.current().muted)
    faded.setAlpha(90)
    for mode, colour in ((QIcon.Mode.Normal, QColor(theme.current().text)), (QIcon.Mode.Disabled, faded)):
        for ratio in (1, 2, 3):
            picture = QPixmap(_ICON * ratio, _ICON * ratio)
            picture.setDevicePixelRatio(ratio)
            picture.fill(Qt.GlobalColor.transparent)
            painter = QPainter(picture)
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.translate(_ICON / 2, _ICON / 2)
            painter.rotate(90 * layers if layers else 90 * (1 - maps))
            pen = QPen(colour, 1.6, Qt.PenStyle.SolidLine, Qt.PenCapStyle.RoundCap, Qt.PenJoinStyle.RoundJoin)
            painter.setPen(pen)
            head = QPainterPath(QPointF(-2, -4))
            head.lineTo(2, 0)
            head.lineTo(-2, 4)
            painter.drawPath(head)
            painter.end()
            icon.addPixmap(picture, mode)
    return icon
