"""What accompanies one large map: another one beside it that follows its zoom, and the image over it."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QObject, QRectF
from PySide6.QtWidgets import QHBoxLayout, QWidget

from designer.maps.beside import Beside, BesideBar, BesideView

if TYPE_CHECKING:
    from designer.maps.image_plot import ImagePlot
    from designer.maps.vector_plot import VectorPlot


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
        self._place = QRectF()
        self._plots: tuple[ImagePlot, VectorPlot] | None = None
        self._is_vector = False
        self._colour_map = ""
        self.place = QWidget()
        self.place.hide()
        self.view: BesideView | None = None
        QHBoxLayout(self.place).setContentsMargins(0, 0, 0, 0)
        bar.chosen.connect(lambda _: self._show_beside())
        bar.opacity_changed.connect(lambda _: self._show_overlay())

    def show_by(self, image: "ImagePlot", vector: "VectorPlot", colour_map: str, *, is_vector: bool) -> None:
        """Accompany what is shown in one of two plots, in its colours."""
        if self._plots is None:
            image.box.sigRangeChanged.connect(self._follow)
            vector.box.sigXRangeChanged.connect(self._follow)
        self._plots, self._is_vector, self._colour_map = (image, vector), is_vector, colour_map
        self._show_overlay()

    def set_besides(self, besides: Sequence[Beside]) -> None:
        """Offer maps to compare with; the kind that was chosen stays chosen."""
        self._besides = {beside.key: beside for beside in besides}
        self._bar.set_choices(besides)
        self._show_beside()

    def set_overlay(self, picture: NDArray[np.uint8] | None, place: QRectF) -> None:
        """Set the picture ``(h, w, 3)`` that can be laid over a map, and where it lies, in the map's pixels."""
        self._overlay, self._place = picture, place
        self._show_overlay()

    def restyle(self) -> None:
        """Take the colours of the theme in force."""
        if self.view is not None:
            self.view.restyle()
            self._show_beside()

    def _show_overlay(self) -> None:
        if self._plots is not None:
            self._plots[0].set_overlay(self._overlay, self._bar.slider.value() / 100, self._place)

    def _show_beside(self) -> None:
        if self._plots is None:
            return
        beside = self._besides.get(self._bar.key())
        self.place.setVisible(beside is not None)
        image, vector = self._plots
        clipped = None if beside is None else beside.clipped_here
        image.set_veil(None if self._is_vector else clipped)
        vector.set_faded(clipped if self._is_vector else None)
        if beside is not None:
            if self.view is None:
                self.view = self._make_view()
            self.view.show_beside(beside, self._colour_map)
            self._follow()

    def _make_view(self) -> BesideView:
        from designer.maps.histogram_plot import HistogramPlot
        from designer.maps.image_plot import ImagePlot
        from designer.maps.vector_plot import VectorPlot

        made = BesideView(ImagePlot(self), VectorPlot(self), HistogramPlot(self.place))
        layout = self.place.layout()
        assert layout is not None
        layout.addWidget(made)
        return made

    def _follow(self) -> None:
        """Show the same part beside as of what it is beside, whatever the size of either."""
        if self.view is None or self._plots is None or self.place.isHidden():
            return
        if self.view.is_vector == self._is_vector:
            if self._is_vector:
                self.view.vector.show_part(*self._plots[1].part())
            else:
                self.view.image.show_part(self._plots[0].part())
