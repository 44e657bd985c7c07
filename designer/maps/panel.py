"""The feature-map panel: how to look at the maps, the maps, and the value under the pointer."""

from collections.abc import Callable, Sequence

import numpy as np
from PySide6.QtCore import QEvent, QSize, Qt, Signal
from PySide6.QtGui import QActionGroup, QColor, QIcon, QImage, QPainter, QPalette, QPixmap
from PySide6.QtWidgets import QHBoxLayout, QLabel, QMenu, QSlider, QToolButton, QVBoxLayout, QWidget

from designer import theme
from designer.fields import ComboBox
from designer.maps.grid import TILE_SIZES, step_tile_size
from designer.maps.layers import MapLayer, MapValue
from designer.maps.mosaic import MosaicView
from designer.maps.ranking import Order
from designer.tiles import colormaps
from designer.tiles.look import Look, Normalisation
from designer.tiles.numbers import number_text
from engine.language import tr, tr_count, tr_noop

_SWATCH = QSize(44, 12)
_LONGEST = 18  # letters of a colour map that are seen; longer ones would take their room from the other panels
_FEWEST = 5  # where there is little room
_ORDERS = (
    (Order.NUMBER, tr_noop("By number")),
    (Order.MEAN, tr_noop("By mean, the strongest first")),
    (Order.VARIANCE, tr_noop("By variance, the liveliest first")),
)
_NORMALISATIONS = (
    (
        Normalisation.PER_MAP,
        tr_noop("Per map"),
        tr_noop("Each map spans the colours by itself: shows what is in faint maps"),
    ),
    (
        Normalisation.PER_LAYER,
        tr_noop("Per layer"),
        tr_noop("All maps of a layer share one scale: shows which maps respond most strongly"),
    ),
)


class MapsPanel(QWidget):
    """The mosaic between a bar of choices and a line with the value under the pointer.

    Signals: those of ``MosaicView``, and ``look_changed`` with the ``Look`` that the user chose.
    """

    hovered = Signal(object)
    layer_activated = Signal(str)
    map_activated = Signal(str, int)
    tile_size_changed = Signal(int)
    overview_changed = Signal(bool)
    look_changed = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._value: MapValue | None = None
        self.mosaic = MosaicView()
        self.colour_box = _colour_box()
        self.normalisation_box = _normalisation_box()
        self.order_button = _order_button(self.mosaic.set_order)
        self.overview_button = _overview_button()
        self.size_slider = _size_slider()
        self.status = QLabel()
        self.status.setAccessibleName(tr("Value under the pointer"))
        self.status.setProperty("role", "muted")
        self.status.setTextInteractionFlags(Qt.TextInteractionFlag.NoTextInteraction)
        self._compose()
        self._connect()
        self._show_look()
        self._show_tile_size(self.mosaic.tile_size())
        self.set_overview(True)

    def set_layers(self, layers: Sequence[MapLayer]) -> None:
        """Show these layers; what is at the top of the view stays there if it is still among them."""
        self.mosaic.set_layers(layers)
        self._show_status()

    def update_layer(self, layer: MapLayer) -> None:
        """Show other values for a layer that is shown."""
        self.mosaic.update_layer(layer)

    def reveal(self, node: str) -> None:
        """Mark a layer as selected and scroll its header to the top."""
        self.mosaic.reveal(node)

    def set_current(self, node: str | None) -> None:
        """Mark the selected layer without scrolling to it."""
        self.mosaic.set_current(node)

    def set_placeholder(self, text: str) -> None:
        """Set what is written where there are no layers."""
        self.mosaic.set_placeholder(text)

    def look(self) -> Look:
        """Return how values become colours."""
        return self.mosaic.look()

    def set_look(self, look: Look) -> None:
        """Choose how values become colours."""
        self.mosaic.set_look(look)
        self._show_look()

    def tile_size(self) -> int:
        """Return the side of the square that a map is drawn in."""
        return self.mosaic.tile_size()

    def set_tile_size(self, pixels: int) -> None:
        """Set the side of the square that a map is drawn in, which ends an overview."""
        self.mosaic.set_tile_size(pixels)

    def overview(self) -> bool:
        """Return whether everything is shown at once, as far as there is room for it."""
        return self.mosaic.overview()

    def set_overview(self, on: bool) -> None:
        """Show everything at once, or go back to the tile size that was chosen before."""
        self.mosaic.set_overview(on)

    def _compose(self) -> None:
        bar = _band()
        row = QHBoxLayout(bar)
        row.setContentsMargins(12, 6, 12, 6)
        row.setSpacing(8)
        row.addWidget(self.colour_box, 1)
        row.addWidget(self.normalisation_box)
        row.addStretch()
        row.addWidget(self.order_button)
        row.addWidget(self.overview_button)
        row.addWidget(self.size_slider, 1)
        foot = _band()
        line = QHBoxLayout(foot)
        line.setContentsMargins(12, 4, 12, 5)
        line.addWidget(self.status)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        for widget in (bar, _rule(), self.mosaic, _rule(), foot):
            column.addWidget(widget)
        column.setStretchFactor(self.mosaic, 1)

    def _connect(self) -> None:
        self.mosaic.hovered.connect(self._show_value)
        self.mosaic.hovered.connect(self.hovered)
        self.mosaic.layer_activated.connect(self.layer_activated)
        self.mosaic.map_activated.connect(self.map_activated)
        self.mosaic.tile_size_changed.connect(self._show_tile_size)
        self.mosaic.tile_size_changed.connect(self.tile_size_changed)
        self.mosaic.overview_changed.connect(self.overview_button.setChecked)
        self.mosaic.overview_changed.connect(self.overview_changed)
        self.overview_button.toggled.connect(self.set_overview)
        self.colour_box.activated.connect(self._choose)
        self.normalisation_box.activated.connect(self._choose)
        self.size_slider.valueChanged.connect(self._slide)

    def _choose(self) -> None:
        look = Look(
            colormaps.COLOUR_MAPS[self.colour_box.currentIndex()].name,
            _NORMALISATIONS[self.normalisation_box.currentIndex()][0],
        )
        self.mosaic.set_look(look)
        self.look_changed.emit(look)

    def _slide(self, step: int) -> None:
        self.mosaic.set_tile_size(TILE_SIZES[step])

    def _show_look(self) -> None:
        look = self.look()
        self.colour_box.setCurrentIndex(self.colour_box.findData(look.colour_map))
        choices = [choice for choice, _, _ in _NORMALISATIONS]
        self.normalisation_box.setCurrentIndex(choices.index(look.normalisation))

    def _show_tile_size(self, pixels: int) -> None:
        # The slider has steps, the tile size has none: showing it must not change it.
        blocked = self.size_slider.blockSignals(True)
        self.size_slider.setValue(TILE_SIZES.index(step_tile_size(pixels, 0)))
        self.size_slider.blockSignals(blocked)

    def _show_value(self, value: MapValue | None) -> None:
        self._value = value
        self._show_status()

    def _show_status(self) -> None:
        self.status.setText(self._summary() if self._value is None else value_text(self._value))

    def _summary(self) -> str:
        layers = self.mosaic.layers()
        maps = sum(len(layer.values) for layer in layers if not layer.is_vector)
        if not layers:
            return ""
        shown = tr_count("{count:,} map", "{count:,} maps", maps)
        inside = tr_count("{count:,} layer", "{count:,} layers", len(layers))
        return tr("{maps} in {layers}", maps=shown, layers=inside)

    def changeEvent(self, event: QEvent) -> None:
        """Draw icon and swatches in the colours of a new theme."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.PaletteChange:
            self.overview_button.setIcon(theme.icon("fit"))
            for index, colour_map in enumerate(colormaps.COLOUR_MAPS):
                self.colour_box.setItemIcon(index, swatch(colour_map.name))


def value_text(value: MapValue) -> str:
    """Return one line that says where a value is and what it is."""
    if value.y is None or value.x is None:
        return tr(
            "{layer} · element {number} = {value}",
            layer=value.title,
            number=value.channel,
            value=number_text(value.value),
        )
    return tr(
        "{layer} · map {channel} · (y {y}, x {x}) = {value}",
        layer=value.title,
        channel=value.channel,
        y=value.y,
        x=value.x,
        value=number_text(value.value),
    )


def swatch(name: str) -> QIcon:
    """Return a colour map's gradient as an icon."""
    ratio = 2
    colours = np.ascontiguousarray(colormaps.colours(name)[None])
    ramp = QImage(colours.data, colours.shape[1], 1, colours.nbytes, QImage.Format.Format_RGB888)
    picture = QPixmap(_SWATCH * ratio)
    picture.fill(QColor(theme.current().border))
    painter = QPainter(picture)
    painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
    painter.drawImage(picture.rect().adjusted(1, 1, -1, -1), ramp)
    painter.end()
    picture.setDevicePixelRatio(ratio)
    return QIcon(picture)


def _colour_box() -> ComboBox:
    box = ComboBox()
    box.setAccessibleName(tr("Colour map"))
    box.setToolTip(tr("Colours of the maps, from the lowest value to the highest"))
    box.setIconSize(_SWATCH)
    for colour_map in colormaps.COLOUR_MAPS:
        box.addItem(swatch(colour_map.name), tr(colour_map.title), colour_map.name)
    box.setMinimumContentsLength(min(_LONGEST, max(len(tr(one.title)) for one in colormaps.COLOUR_MAPS)))
    box.setMaximumWidth(box.sizeHint().width())
    box.setMinimumContentsLength(_FEWEST)
    return box


def _normalisation_box() -> ComboBox:
    box = ComboBox()
    box.setAccessibleName(tr("Normalisation"))
    box.setToolTip(tr("Whose lowest and highest value span the colours"))
    for index, (_, title, help_text) in enumerate(_NORMALISATIONS):
        box.addItem(tr(title))
        box.setItemData(index, tr(help_text), Qt.ItemDataRole.ToolTipRole)
    return box


def _order_button(chosen: Callable[[Order], None]) -> QToolButton:
    button = QToolButton()
    button.setText("⇅")
    button.setAccessibleName(tr("Sort the maps of each layer"))
    button.setToolTip(tr("Sort the maps of each layer: which answer most strongly, which vary most"))
    button.setStyleSheet("QToolButton::menu-indicator { image: none; width: 0; }")
    button.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
    button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
    button.setProperty("compact", True)
    menu, group = QMenu(button), QActionGroup(button)
    for order, text in _ORDERS:
        action = menu.addAction(tr(text))
        action.setCheckable(True)
        action.setChecked(order is Order.NUMBER)
        action.triggered.connect(lambda _=False, order=order: chosen(order))
        group.addAction(action)
    button.setMenu(menu)
    return button


def _overview_button() -> QToolButton:
    button = QToolButton()
    button.setText(tr("Overview"))
    button.setAccessibleName(tr("Overview"))
    button.setToolTip(tr("Show everything at once"))
    button.setIcon(theme.icon("fit"))
    button.setCheckable(True)
    button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
    return button


def _size_slider() -> QSlider:
    slider = QSlider(Qt.Orientation.Horizontal)
    slider.setAccessibleName(tr("Size of the maps"))
    slider.setToolTip(tr("Size of the maps (Ctrl+wheel)"))
    slider.setRange(0, len(TILE_SIZES) - 1)
    slider.setPageStep(2)
    slider.setMinimumWidth(40)
    slider.setMaximumWidth(72)
    return slider


def _band() -> QWidget:
    band = QWidget()
    band.setAutoFillBackground(True)
    band.setBackgroundRole(QPalette.ColorRole.Base)
    return band


def _rule() -> QWidget:
    rule = QWidget()
    rule.setFixedHeight(1)
    rule.setAutoFillBackground(True)
    rule.setBackgroundRole(QPalette.ColorRole.Mid)
    return rule
