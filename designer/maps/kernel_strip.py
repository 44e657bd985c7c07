"""The kernels of a filter, one small heat matrix for each input channel."""

from collections.abc import Sequence

import numpy as np
from PySide6.QtCore import QPointF, QRectF, Signal
from PySide6.QtGui import QColor, QPainter

from designer import theme
from designer.maps.trace.block_view import BlockView, Spot
from designer.maps.trace.heat import SIGNED, Scale, cell_rect, paint_heat
from designer.tiles.numbers import number_text
from designer.tiles.strips import Array
from engine.language import tr, tr_count

_MOST = 24  # kernels; of more, those with the largest weights
_GAP, _TOP, _LABEL = 5.0, 24.0, 11.0
_LEFT = 2.0
_LARGEST, _SMALLEST = 44.0, 18.0  # of a matrix


class KernelStrip(BlockView):
    """Kernels ``(D, kh, kw)`` side by side, all over one scale around 0; hidden where there is no filter.

    ``chosen`` carries the channel of a kernel that shall be edited.
    """

    chosen = Signal(int)

    def __init__(self) -> None:
        super().__init__(tr("Kernels"))
        self.leads = tr("edits the kernel")
        self.upstream_requested.connect(lambda cell: self.chosen.emit(cell[0]))
        self._kernels: Array = np.zeros((0, 1, 1), np.float32)
        self._shown: list[int] = []
        self._rects: list[QRectF] = []
        self.margin = _LEFT
        self.hide()

    def show_kernels(self, kernels: Array | None) -> None:
        """Show the kernels of a filter; None where the layer has none."""
        self.setVisible(kernels is not None and kernels.size > 0)
        if kernels is None or not kernels.size:
            return
        self._kernels = kernels
        count = len(kernels)
        sizes = np.nan_to_num(np.abs(kernels).sum(axis=(1, 2), dtype=np.float64), nan=np.inf, posinf=np.inf)
        self._shown = sorted(np.argsort(-sizes, kind="stable")[:_MOST].tolist())
        self.title = tr_count("Kernels, {count} channel", "Kernels, {count} channels", count)
        if count > _MOST:
            self.title = tr("The {shown} largest of {count:,} kernels", shown=_MOST, count=count)
        self.setAccessibleName(self.title)
        self.refit()

    def lay_out(self, width: float) -> tuple[float, Sequence[Spot]]:
        """Set the matrices in rows."""
        if not self._shown:
            return 0.0, ()
        height, across = self._kernels.shape[1:]
        fitting = max(1, int((width + _GAP) // (_LARGEST + _GAP)))
        side = min(_LARGEST, (width - _LEFT) / min(len(self._shown), fitting) - _GAP)
        side = max(side, _SMALLEST)
        scale = side / max(height, across)
        columns = max(1, int((width - _LEFT + _GAP) // (side + _GAP)))
        pitch = scale * height + _LABEL + _GAP
        self._rects = []
        for number in range(len(self._shown)):
            row, column = divmod(number, columns)
            corner = _LEFT + column * (side + _GAP), _TOP + row * pitch
            self._rects.append(QRectF(*corner, scale * across, scale * height))
        spots = [
            Spot(
                cell_rect(rect, (height, across), y, x),
                tr(
                    "kernel of channel {channel}, (y {y}, x {x}) = {value}",
                    channel=channel,
                    y=y,
                    x=x,
                    value=number_text(float(self._kernels[channel, y, x]), 6),
                ),
                (channel,),
            )
            for channel, rect in zip(self._shown, self._rects, strict=True)
            for y in range(height)
            for x in range(across)
        ]
        return self._rects[-1].bottom() + _LABEL + 4, spots

    def paint(self, painter: QPainter) -> None:
        """Paint all matrices with the numbers of their channels."""
        scale = Scale.over(self._kernels, SIGNED)
        painter.setFont(theme.font(7))
        for channel, rect in zip(self._shown, self._rects, strict=True):
            paint_heat(painter, rect, self._kernels[channel], scale)
            painter.setPen(QColor(theme.current().muted))
            painter.drawText(rect.bottomLeft() + QPointF(0, 9), str(channel))
