"""The mosaic in a window: what is painted, and how little of it anew."""

import gc

import numpy as np
import pytest
from PySide6.QtGui import QColor
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot
from windows import colour_at, finish, layout, tile_point

from designer import theme
from designer.maps import mosaic, painter
from designer.maps.layers import MapLayer
from designer.maps.mosaic import MosaicView
from designer.tiles import colormaps
from designer.tiles.look import Look, Normalisation
from designer.tiles.strip_cache import Budget


class Clock:
    """A clock on which every look takes a millisecond."""

    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        self.now += 0.001
        return self.now


# Painting


def test_a_map_is_painted_in_the_colours_of_its_values(view: MosaicView, lenet: list[MapLayer]):
    table = colormaps.table("viridis", theme.LIGHT.surface)
    values = lenet[4].values[2]
    view.reveal("pool2")
    y, x = np.unravel_index(values.argmax(), values.shape)
    assert colour_at(view, tile_point(view, 4, 2, int(x) * 12 + 6, int(y) * 12 + 6)) == table[colormaps.TOP]
    y, x = np.unravel_index(values.argmin(), values.shape)
    assert colour_at(view, tile_point(view, 4, 2, int(x) * 12 + 6, int(y) * 12 + 6)) == table[0]


def test_another_colour_map_renders_nothing_anew(view: MosaicView, qtbot: QtBot):
    view.set_look(Look("magma"))
    view.viewport().repaint()
    assert view.rendered == 0
    view.set_look(Look("magma", Normalisation.PER_LAYER))
    view.viewport().repaint()
    assert view.rendered > 0


def test_per_layer_a_faint_map_stays_faint(qtbot: QtBot, view: MosaicView):
    values = np.stack([np.eye(8), np.eye(8) / 1000]).astype(np.float32)
    view.set_layers([MapLayer("a", "a", "", "conv", values)])
    table = colormaps.table("gray", theme.LIGHT.surface)
    view.set_look(Look("gray"))
    assert colour_at(view, tile_point(view, 0, 1)) == table[colormaps.TOP]
    view.set_look(Look("gray", Normalisation.PER_LAYER))
    assert colour_at(view, tile_point(view, 0, 1)) == table[0]


def test_values_that_are_not_finite_show_the_background_of_the_theme(
    qtbot: QtBot, qapp: QApplication, view: MosaicView
):
    values = np.full((1, 4, 4), np.nan, np.float32)
    view.set_layers([MapLayer("a", "a", "", "conv", values)])
    for colours in (theme.DARK, theme.LIGHT):
        theme.apply(qapp, colours)
        assert QColor(colour_at(view, tile_point(view, 0, 0, 30, 30))).name() == colours.surface


def test_an_unknown_colour_map_is_refused():
    with pytest.raises(ValueError, match=r"'jet'"):
        Look("jet")


@pytest.mark.parametrize("ratio", [1.0, 1.25, 2.0])
def test_strips_are_rendered_at_the_pixels_of_the_screen(
    view: MosaicView, monkeypatch: pytest.MonkeyPatch, ratio: float
):
    monkeypatch.setattr(view.viewport(), "devicePixelRatioF", lambda: ratio)
    view.cache.clear()
    view.viewport().repaint()
    first = next(iter(view.cache._strips.values())).image
    assert first.width() == round(64 * ratio)
    assert first.devicePixelRatio() == ratio


@pytest.mark.parametrize(
    "values",
    [
        np.zeros((3, 5, 5)),
        np.full((2, 3, 3), np.inf),
        np.zeros((0,)),
        np.zeros((0, 4, 4)),
        np.zeros((2, 0, 4)),
        np.full((10,), np.nan),
        np.arange(30000.0),
        np.ones((700, 1, 1)),
        np.random.default_rng(0).standard_normal((2, 1, 10000)),
        np.random.default_rng(0).standard_normal((2, 300, 7)),
    ],
    ids=lambda values: f"{values.shape}",
)
@pytest.mark.parametrize("colour_map", ["viridis", "diverging"])
def test_any_layer_can_be_painted_at_any_size(qtbot: QtBot, view: MosaicView, values: np.ndarray, colour_map: str):
    view.set_look(Look(colour_map))
    view.set_layers([MapLayer("a", "a name that is too long " * 9, "1×1", "conv", values.astype(np.float32))])
    for tile in (12, 64, 256):
        view.set_tile_size(tile)
        view.resize(90, 300)
        finish(qtbot, view)
        view.resize(520, 600)
        finish(qtbot, view)


# Doing no more than needed


def many(count: int) -> list[MapLayer]:
    values = np.random.default_rng(1).standard_normal((256, 14, 14)).astype(np.float32)
    return [MapLayer(f"n{k}", f"n{k}", "14×14×256", "conv", values.copy()) for k in range(count)]


def test_ten_thousand_maps_render_only_what_comes_into_view(
    qtbot: QtBot, view: MosaicView, monkeypatch: pytest.MonkeyPatch
):
    # Strips are counted, not timed: on a slow machine, too, each frame renders all that it has to.
    monkeypatch.setattr(mosaic, "FRAME_SECONDS", 1000.0)
    layers = many(42)
    assert sum(len(layer.values) for layer in layers) > 10_000
    view.set_layers(layers)
    finish(qtbot, view)
    pitch = layout(view).grids[0].row_pitch
    on_screen = view.viewport().height() // pitch + 2
    assert len(view.cache) <= on_screen + 40  # what the fixture showed before is still kept
    bar = view.verticalScrollBar()
    for _ in range(300):
        bar.setValue(bar.value() + 2 * pitch)
        view.viewport().repaint()
        assert view.rendered <= 3


def test_a_frame_stops_when_its_time_is_up_and_the_next_ones_finish(
    qtbot: QtBot, view: MosaicView, monkeypatch: pytest.MonkeyPatch
):
    view.set_layers(many(4))
    monkeypatch.setattr(mosaic, "Budget", lambda seconds: Budget(seconds, Clock()))
    view.cache.clear()
    frames = []
    paint = painter.MosaicPainter.paint

    def counting(frame: painter.MosaicPainter) -> None:
        paint(frame)
        frames.append(frame.rendered)

    monkeypatch.setattr(painter.MosaicPainter, "paint", counting)
    view.viewport().update()
    in_view = len(list(layout(view).strips_between(0, 0, view.viewport().height())))
    qtbot.waitUntil(lambda: sum(frames) == in_view)
    assert max(frames) <= 10
    qtbot.wait(30)
    assert sum(frames) == in_view
    assert len(frames) <= 4


def test_a_cache_smaller_than_the_view_still_comes_to_rest(qtbot: QtBot, view: MosaicView):
    view.cache.clear()
    view.cache.max_bytes = 40_000
    view.viewport().update()
    qtbot.wait(50)
    assert not view._later.isActive()
    assert view._late.isEmpty()
    assert view.cache.bytes <= 40_000


def test_the_cache_keeps_its_bound_while_scrolling(qtbot: QtBot, view: MosaicView):
    view.cache.max_bytes = 500_000
    view.set_layers(many(20))
    bar = view.verticalScrollBar()
    while bar.value() < bar.maximum():
        bar.setValue(bar.value() + 300)
        view.viewport().repaint()
        assert view.cache.bytes <= 500_000
    assert view.cache.bytes == sum(strip.image.sizeInBytes() for strip in view.cache._strips.values())


def test_forgotten_layers_are_not_kept_alive(qtbot: QtBot, view: MosaicView):
    big = many(1)
    view.set_layers(big)
    finish(qtbot, view)
    view.set_layers([])
    assert len(view.cache) == 0
    gc.collect()
    assert not [o for o in gc.get_referrers(big[0]) if o is not big]


# Nothing to show


def test_without_layers_the_placeholder_is_shown(qtbot: QtBot, view: MosaicView):
    view.set_placeholder("Open an image to see every feature map here")
    view.set_layers([])
    image = view.viewport().grab().toImage()
    assert {QColor(image.pixel(x, image.height() // 2)).name() for x in range(image.width())} != {theme.LIGHT.surface}
    assert view.verticalScrollBar().maximum() == 0
    assert view.layers() == []


def test_the_view_has_a_name_for_screen_readers(view: MosaicView):
    assert view.accessibleName() == "Feature maps"
