"""What a picture shows, and the picture itself: a size and what paints it, for whatever it is painted on."""

from collections.abc import Callable, Collection
from dataclasses import dataclass
from typing import Literal

from PySide6.QtCore import QRectF
from PySide6.QtGui import QColor

from designer import theme
from designer.pictures.canvas import CanvasPicture
from designer.pictures.painter import measure, paint_figure
from designer.pictures.pieces import LOOK, Look
from designer.pictures.volumes import VolumeOptions, volumes
from designer.theme import Theme
from designer.vector import VectorPainter
from engine import Analysis, Network, analyse
from engine.language import tr

Style = Literal["canvas", "volumes"]


class PictureError(Exception):
    """A picture that can't be made or written; the message is one sentence."""


@dataclass(frozen=True)
class Options:
    """What a picture shows, and how.

    Attributes
    ----------
    style
        The canvas as it looks, or volumes to scale.
    colours
        The theme.
    look
        Shapes, names and numbers of parameters.
    nodes
        The layers to show; None for all.
    fold, note
        Of volumes: whether repeats are drawn once, and whether a line says what is to scale.
    transparent
        Whether what lies behind the picture shines through.
    """

    style: Style = "canvas"
    colours: Theme = theme.LIGHT
    look: Look = LOOK
    nodes: tuple[str, ...] | None = None
    fold: bool = True
    note: bool = True
    transparent: bool = False


@dataclass(frozen=True)
class Picture:
    """A picture in its natural size, in pixels of 1/96 inch, and what is told to those who can't see it.

    Attributes
    ----------
    colours
        The theme that it is drawn in; where it is transparent, it wants paper of that theme's surface behind it.
    """

    width: float
    height: float
    title: str
    description: str
    colours: Theme
    paint: Callable[[VectorPainter], None]


def picture_of(network: Network, options: Options, analysis: Analysis | None = None) -> Picture:
    """Return the picture of a network.

    Raises
    ------
    PictureError
        Where there is nothing to show.
    """
    shown = [node for node in network.graph.nodes if options.nodes is None or node.id in options.nodes]
    if not shown:
        if options.nodes is None:
            raise PictureError(tr("There is nothing to draw: no layer is there"))
        raise PictureError(tr("There is nothing to draw: no layer is selected"))
    analysis = analysis or analyse(network.graph)
    if options.style == "volumes":
        width, height, paint = _volumes(network, analysis, options)
    else:
        canvas = CanvasPicture(network, options.colours, options.look, options.nodes)
        width, height, paint = canvas.width, canvas.height, canvas.paint

    def whole(painter: VectorPainter) -> None:
        if not options.transparent:
            painter.fillRect(QRectF(0, 0, width, height), QColor(options.colours.surface))
        paint(painter)

    shown_ids = {node.id for node in shown}
    return Picture(width, height, network.name, _description(analysis, shown_ids), options.colours, whole)


def _volumes(
    network: Network, analysis: Analysis, options: Options
) -> tuple[float, float, Callable[[VectorPainter], None]]:
    chosen = VolumeOptions(options.look, options.fold, options.note)
    figure = volumes(network.name, analysis, measure, chosen, options.nodes)
    if not figure.marks:
        raise PictureError(tr("There is nothing to draw: every layer is on a cycle"))
    return figure.width, figure.height, lambda painter: paint_figure(painter, figure, options.colours)


def _description(analysis: Analysis, nodes: Collection[str]) -> str:
    """Return the layers in words, each with what comes out of it."""
    parts = []
    for node in (*analysis.order, *analysis.cyclic):
        if node not in nodes:
            continue
        entry = analysis.nodes[node]
        kind = f"{entry.layer.title} {entry.layer.brief()}".rstrip()
        part = f"{analysis.graph.by_id[node].label} ({kind})"
        if entry.output is not None:
            part = tr("{layer} gives {shape}", layer=part, shape=entry.output.text())
        parts.append(part)
    return "; ".join(parts) + "."
