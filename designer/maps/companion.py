"""What accompanies one large map: another one beside it that follows its zoom, and the image over it."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QObject
from PySide6.QtWidgets import QHBoxLayout, QWidget

from designer.maps.beside import Beside, BesideBar, BesideView

if TYPE_CHECKING:
    from designer.maps.image_plot import ImagePlot


class Companion(QObject):
    """Shows beside a map what the bar above them says.

    Attributes
    ----------
    place
        Where the other map is, hidden while there is none.
    view
        The other map; made when it is first shown.
    """

    def __init__(self, bar: BesideBar, parent: QObject) -> None:
        super().__init__(parent)
        self._bar = bar
        self._besides: dict[str, Beside] = {}
        self._overlay: NDArray[np.uint8] | None = None
        self._plot: ImagePlot | None = None
        self._colour_map: str | None = None
        self.place = QWidget()
        self.place.hide()
        self.view: BesideView | None = None
        QHBoxLayout(self.place).setContentsMargins(0, 0, 0, 0)
        bar.chosen.connect(lambda _: self._show_beside())
        bar.opacity_changed.connect(lambda _: self._show_overlay())

    def show_by(self, plot: "ImagePlot", colour_map: str | None) -> None:
        """Accompany the map in a plot, in its colours; None where a vector is shown."""
        if self._plot is None:
            plot.box.sigRangeChanged.connect(self._follow)
        self._plot, self._colour_map = plot, colour_map
        self._show_overlay()

    def set_besides(self, besides: Sequence[Beside]) -> None:
        """Offer maps to compare with; the kind that was chosen stays chosen."""
        self._besides = {beside.key: beside for beside in besides}
        self._bar.set_choices(besides)
        self._show_beside()

    def set_overlay(self, picture: NDArray[np.uint8] | None) -> None:
        """Set the picture ``(h, w, 3)`` that can be laid over a map."""
        self._overlay = picture
        self._show_overlay()

    def restyle(self) -> None:
        """Take the colours of the theme in force."""
        if self.view is not None:
            self.view.restyle()
            self._show_beside()

    def _show_overlay(self) -> None:
        if self._plot is not None:
            self._plot.set_overlay(self._overlay, self._bar.slider.value() / 100)

    def _show_beside(self) -> None:
        if self._plot is None:
            return
        beside = None if self._colour_map is None else self._besides.get(self._bar.key())
        self.place.setVisible(beside is not None)
        self._plot.set_veil(None if beside is None else beside.clipped_here)
        if beside is not None and self._colour_map is not None:
            if self.view is None:
                self.view = self._make_view()
            self.view.show_beside(beside, self._colour_map)
            self._follow()

    def _make_view(self) -> BesideView:
        from designer.maps.histogram_plot import HistogramPlot
        from designer.maps.image_plot import ImagePlot

        made = BesideView(ImagePlot(self), HistogramPlot(self.place))
        layout = self.place.layout()
        assert layout is not None
        layout.addWidget(made)
        return made

    def _follow(self) -> None:
        """Show the same part of the map beside as of the map, whatever the size of either."""
        if self.view is not None and self._plot is not None and not self.place.isHidden():
            self.view.image.show_part(self._plot.part())
