"""Cards as finished pictures: each is rendered once per scale, as many in a frame as there is time for."""

import time
from collections import OrderedDict
from dataclasses import dataclass
from math import ceil
from typing import NamedTuple

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QPainter, QPixmap, QTransform

from designer import theme
from designer.canvas.card import Card
from designer.canvas.card_painter import Detail, paint_body, paint_face
from designer.canvas.geometry import CARD_HEIGHT, CARD_WIDTH, MARGIN, Place

COMPACT_BELOW = 0.6  # scale at which a card drops its second row
MOVING_SECONDS = 0.001  # for new pictures, in a frame of a movement: the next frame is near
RESTING_SECONDS = 0.030  # in any other frame, where nobody waits for the next one
CAPACITY = 96 << 20  # bytes of pictures kept
_BYTES_PER_PIXEL = 4
_IDENTITY = QTransform()
_BODY = QRectF(0, 0, CARD_WIDTH, CARD_HEIGHT)


@dataclass(frozen=True)
class _Sprite:
    """A card's picture at a scale in device pixels, ``margin`` of them around the card."""

    card: Card
    scale: float
    detail: Detail
    margin: int
    picture: QPixmap

    @property
    def cost(self) -> int:
        return self.picture.width() * self.picture.height() * _BYTES_PER_PIXEL


class Shown(NamedTuple):
    """Where a card has been painted on the view, and how."""

    left: float  # of the card's outline, in the view's pixels
    top: float
    scale: float  # of the picture, in device pixels
    stretch: float  # 1 where the picture has the right scale
    maps: bool  # there is room on it for feature maps


class Sprites:
    """The pictures of all cards, one per card; the least recently painted go first.

    Attributes
    ----------
    waiting
        Where cards are that were not painted as they should be, because time was up; who paints them again empties it.
    at_rest
        Whether the view keeps still; while it zooms, pictures of another scale are stretched.
    """

    def __init__(self) -> None:
        self.waiting: set[Place] = set()
        self.at_rest = True
        self._sprites: OrderedDict[str, _Sprite] = OrderedDict()
        self._bytes = 0
        self._bodies: dict[tuple[bool, bool], QPixmap] = {}
        self._bodies_scale = 0.0
        self._deadline = 0.0
        self._zoom = self._ratio = 1.0
        self._left = self._top = 0.0  # where the canvas' (0, 0) is on the view

    def begin_frame(self, transform: QTransform, ratio: float) -> None:
        """Start the clock for a frame in which the canvas is shown through a transform, at a device pixel ratio."""
        self._zoom, self._ratio = transform.m11(), ratio
        self._left, self._top = transform.dx(), transform.dy()
        self._deadline = time.perf_counter() + (RESTING_SECONDS if self.at_rest else MOVING_SECONDS)

    def clear(self) -> None:
        """Drop all pictures, as another theme needs."""
        self._sprites.clear()
        self._bodies.clear()
        self._bytes = 0

    def forget(self, node: str) -> None:
        """Drop the picture of a node that is gone."""
        old = self._sprites.pop(node, None)
        if old is not None:
            self._bytes -= old.cost

    @property
    def ratio(self) -> float:
        """How many device pixels a pixel of the view has."""
        return self._ratio

    def paint(self, painter: QPainter, node: str, card: Card, place: Place) -> Shown | None:
        """Paint a card of the view's current frame; return where, or None where something had to stand in for it."""
        scale = self._zoom * self._ratio
        sprite = self._sprites.get(node)
        if sprite is None or sprite.card is not card or (self.at_rest and sprite.scale != scale):
            if time.perf_counter() < self._deadline:
                detail = Detail.COMPACT if self._zoom < COMPACT_BELOW else Detail.FULL
                sprite = self._render(node, card, scale, detail)
            else:
                self.waiting.add(place)
        if sprite is None:
            _paint_placeholder(painter)
            return None
        self._sprites.move_to_end(node)
        return self._draw(painter, sprite, self._left + self._zoom * place[0], self._top + self._zoom * place[1])

    def _render(self, node: str, card: Card, scale: float, detail: Detail) -> _Sprite:
        margin, width, height = ceil(MARGIN * scale), round(CARD_WIDTH * scale), round(CARD_HEIGHT * scale)
        # The outline ends on whole pixels; so it is as sharp at 83 % as at 100 %.
        outline = QRectF(0, 0, width / scale, height / scale)
        picture = QPixmap(self._body(card, scale, QSize(width + 2 * margin, height + 2 * margin), outline))
        painter = _painter(picture, margin, scale)
        paint_face(painter, card, outline, detail)
        painter.end()
        picture.setDevicePixelRatio(self._ratio)
        self.forget(node)
        sprite = _Sprite(card, scale, detail, margin, picture)
        self._sprites[node] = sprite
        self._bytes += sprite.cost
        while self._bytes > CAPACITY and len(self._sprites) > 1:
            _, old = self._sprites.popitem(last=False)
            self._bytes -= old.cost
        return sprite

    def _body(self, card: Card, scale: float, size: QSize, outline: QRectF) -> QPixmap:
        """Return the ground that all cards of a kind have in common at a scale."""
        if self._bodies_scale != scale:
            self._bodies, self._bodies_scale = {}, scale
        kind = card.wrong, card.folded
        if kind not in self._bodies:
            picture = QPixmap(size)
            picture.fill(Qt.GlobalColor.transparent)
            painter = _painter(picture, ceil(MARGIN * scale), scale)
            paint_body(painter, outline, wrong=card.wrong, folded=card.folded)
            painter.end()
            self._bodies[kind] = picture
        return self._bodies[kind]

    def _draw(self, painter: QPainter, sprite: _Sprite, x: float, y: float) -> Shown:
        """Draw a picture pixel by pixel where it has the right scale, stretched where it has not."""
        ratio, margin, picture = self._ratio, sprite.margin, sprite.picture
        stretch = 1.0
        transform = painter.worldTransform()
        painter.setWorldTransform(_IDENTITY)
        if sprite.scale == self._zoom * ratio:
            x, y = round(x * ratio) / ratio, round(y * ratio) / ratio
            painter.drawPixmap(QPointF(x - margin / ratio, y - margin / ratio), picture)
        else:
            stretch = self._zoom * ratio / sprite.scale
            edge = stretch / ratio
            width, height = picture.width() * edge, picture.height() * edge
            target = QRectF(x - margin * edge, y - margin * edge, width, height)
            painter.drawPixmap(target, picture, QRectF(picture.rect()))
        painter.setWorldTransform(transform)
        return Shown(x, y, sprite.scale, stretch, sprite.card.maps and sprite.detail is Detail.FULL)


def _painter(picture: QPixmap, margin: int, scale: float) -> QPainter:
    """Return a painter on a picture, in the coordinates of its card."""
    painter = QPainter(picture)
    painter.setRenderHints(QPainter.RenderHint.Antialiasing | QPainter.RenderHint.SmoothPixmapTransform)
    painter.translate(margin, margin)
    painter.scale(scale, scale)
    return painter


def _paint_placeholder(painter: QPainter) -> None:
    """Stand in for a card until there is time to render it; hundreds of these must cost little."""
    colours = theme.current()
    painter.fillRect(_BODY, QColor(colours.raised if colours.dark else colours.surface))
