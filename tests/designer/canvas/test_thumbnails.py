"""The first feature maps on the cards."""

import numpy as np
import pytest
from PySide6.QtCore import QRectF
from PySide6.QtGui import QImage, QPainter

from designer import theme
from designer.canvas.geometry import STRIP
from designer.canvas.heat import Measure
from designer.canvas.sprites import COMPACT_BELOW
from designer.tiles import colormaps
from designer.tiles.look import Look, Normalisation
from engine import Conv2D, Flatten, Input, Node, ReLU, Softmax
from tests.designer.canvas.canvas_hands import show
from tests.engine.networks import chain

SHAPES = {"image": (1, 32, 32), "conv": (6, 28, 28), "relu": (6, 28, 28)}


@pytest.fixture
def values() -> dict[str, np.ndarray]:
    random = np.random.default_rng(1)
    return {node: random.normal(size=shape).astype(np.float32) for node, shape in SHAPES.items()}


@pytest.fixture
def network(view):
    graph = chain(image=Input(), conv=Conv2D(filters=6, kernel=(5, 5)), relu=ReLU())
    document = show(view, graph)
    view.zoom_reset()
    return document


def strip(view, node: str) -> QImage:
    """Return what is on a card where maps would be."""
    rect = view.mapFromScene(STRIP.translated(view.canvas.nodes[node].pos())).boundingRect()
    return view.viewport().grab(rect).toImage()


def colours(picture: QImage) -> set[str]:
    return {picture.pixelColor(x, y).name() for x in range(picture.width()) for y in range(picture.height())}


def of_map(name: str) -> set[str]:
    return {f"#{red:02x}{green:02x}{blue:02x}" for red, green, blue in colormaps.colours(name)}


def test_maps_come_with_a_run_and_go_with_it(view, network, values):
    icon = strip(view, "conv")
    view.sights.set_maps(values)
    shown = strip(view, "conv")
    assert len(colours(shown) & of_map("viridis")) > 50
    view.sights.set_maps({})
    assert strip(view, "conv") == icon


def test_they_follow_every_run(view, network, values):
    view.sights.set_maps(values)
    before = {node: strip(view, node) for node in values}
    view.sights.set_maps(values | {"relu": values["relu"][::-1].copy()})
    assert strip(view, "conv") == before["conv"]
    assert strip(view, "relu") != before["relu"]


def test_a_layer_that_did_not_run_keeps_its_icon(view, network, values):
    del values["relu"]
    icon = strip(view, "relu")
    view.sights.set_maps(values)
    assert strip(view, "relu") == icon
    network.edit("Add", network.graph.add(Node("new", ReLU())).connect("relu", "new"))
    assert not view.canvas.nodes["new"].card.maps


def test_a_layer_with_a_mistake_has_room_for_its_message(view, network, values):
    view.sights.set_maps(values)
    network.edit("Widen", network.graph.replace_layer("conv", Conv2D(filters=6, kernel=(99, 99))))
    assert not view.canvas.nodes["conv"].card.maps
    network.undo_stack.undo()
    assert view.canvas.nodes["conv"].card.maps


def test_the_look_is_that_of_the_maps_panel(view, network, values):
    view.sights.set_maps(values)
    view.sights.set_look(Look("magma"))
    assert len(colours(strip(view, "conv")) & of_map("magma")) > 50
    per_map = strip(view, "conv")
    values["conv"][0] *= 100
    view.sights.set_maps(values)
    view.sights.set_look(Look("magma", Normalisation.PER_LAYER))
    assert strip(view, "conv") != per_map


def test_limits_of_a_whole_layer_are_found_over_several_frames(view, network, values, qtbot):
    view.sights.set_look(Look(normalisation=Normalisation.PER_LAYER))
    large = np.zeros((60, 300, 300), dtype=np.float32)
    large[-1, 0, 0] = 1
    view.sights.set_maps({"conv": large})
    qtbot.waitUntil(lambda: "#440154" in colours(strip(view, "conv")))  # viridis' first: 0 is the least
    assert len(colours(strip(view, "conv"))) < 9


def test_they_can_be_switched_off(view, network, values):
    icon = strip(view, "conv")
    view.sights.set_maps(values)
    view.sights.show_maps(False)
    assert strip(view, "conv") == icon
    view.sights.show_maps(True)
    assert strip(view, "conv") != icon


def test_shares_take_their_place(view, network, values):
    view.sights.set_maps(values)
    view.sights.compare(Measure.PARAMETERS)
    assert not view.canvas.nodes["conv"].card.maps
    view.sights.compare(None)
    assert view.canvas.nodes["conv"].card.maps


def test_from_afar_there_are_none(view, network, values):
    view.zoom_by((COMPACT_BELOW - 0.05) / view.zoom)
    view.fit_all()
    view.zoom_by((COMPACT_BELOW - 0.05) / view.zoom)
    view.motion_changed(at_rest=True)
    icon = strip(view, "conv")
    view.sights.set_maps(values)
    assert strip(view, "conv") == icon


@pytest.mark.parametrize("look", theme.THEMES.values(), ids=theme.THEMES)
def test_a_vector_is_bars_in_the_colour_of_its_family(view, qapp, look: theme.Theme):
    show(view, chain(image=Input(), flatten=Flatten(), softmax=Softmax()))
    theme.apply(qapp, look)
    view.zoom_reset()
    view.sights.set_maps({"softmax": np.linspace(0, 1, 10, dtype=np.float32)})
    shown = colours(strip(view, "softmax"))
    theme.apply(qapp, theme.LIGHT)
    assert look.family("output") in shown
    assert len(shown) < 25  # bars, their ground and the edge of a port


def test_while_the_view_zooms_the_picture_is_stretched_with_its_card(view, network, values):
    view.sights.set_maps(values)
    strip(view, "conv")
    view.zoom_by(1.2)
    assert not view.canvas.sprites.at_rest
    assert len(colours(strip(view, "conv")) & of_map("viridis")) > 30


def test_on_paper_the_maps_are_there_too(view, network, values):
    def painted() -> QImage:
        picture = QImage(270, 200, QImage.Format.Format_RGB32)
        picture.fill("white")
        painter = QPainter(picture)
        view.canvas.render(painter, QRectF(0, 0, 270, 200), QRectF(0, 0, 270, 200))
        painter.end()
        return picture

    view.canvas.preview(dict.fromkeys(["image"], (0.0, 0.0)))
    before = painted()
    view.sights.set_maps(values)
    assert before != painted()
    assert len(colours(painted()) & of_map("viridis")) > 50
