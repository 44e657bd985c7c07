"""Shapes beside long wires."""

from itertools import combinations

import pytest

from designer import resources, theme
from designer.canvas.geometry import PITCH, card_rect
from designer.canvas.tooltips import tooltip_at
from designer.canvas.wire_labels import LEGIBLE
from engine import Add, Conv2D, Edge, Graph, Input, ReLU, load
from tests.designer.canvas.canvas_hands import show
from tests.engine.networks import chain, lenet5, wired

SHORTCUT = Edge("image", "add", 1)


def residual() -> Graph:
    conv = Conv2D(filters=3, kernel=(3, 3), padding="same")
    return wired(
        chain(image=Input(channels=3, width=40, height=30), one=conv, relu=ReLU(), two=conv, add=Add()),
        ("image", "add", 1),
    )


def labels(view) -> list[tuple[Edge, str]]:
    return [(label.edge, label.text) for label in view.canvas.wire_labels.labels(view.canvas)]


def coloured(view, rect) -> int:
    """Return how many pixels of a part of the canvas are not the empty canvas' colour, or a dot of its grid."""
    area = view.mapFromScene(rect).boundingRect()
    picture = view.viewport().grab(area).toImage()
    paper = {theme.current().canvas, theme.current().grid}
    return sum(
        picture.pixelColor(x, y).name() not in paper for x in range(picture.width()) for y in range(picture.height())
    )


def test_a_shortcut_tells_the_shape_that_it_brings(view):
    show(view, residual())
    assert labels(view) == [(SHORTCUT, "40×30×3")]


def test_a_wire_to_the_next_card_does_not_repeat_what_that_above_it_says(view):
    show(view, lenet5())
    assert labels(view) == []


def test_a_column_pulled_apart_tells_its_shape_on_the_way(view):
    far = {"image": (0.0, 0.0), "relu": (0.0, 5 * PITCH)}
    show(view, chain(image=Input(channels=3, width=40, height=30), relu=ReLU()), far)
    assert labels(view) == [(Edge("image", "relu", 0), "40×30×3")]


def test_a_very_long_wire_tells_its_shape_at_both_ends(view):
    conv = Conv2D(filters=3, kernel=(3, 3), padding="same")
    graph = chain(image=Input(channels=3), **{f"conv{i}": conv for i in range(15)}, add=Add())
    show(view, graph.connect("image", "add", 1))
    assert [edge for edge, _ in labels(view)] == [SHORTCUT, SHORTCUT]


def test_an_edit_upstream_changes_what_is_written(view):
    document = show(view, residual())
    document.edit("Widen", document.graph.replace_layer("image", Input(channels=3, width=64, height=64)))
    assert labels(view) == [(SHORTCUT, "64×64×3")]
    document.undo_stack.undo()
    assert labels(view) == [(SHORTCUT, "40×30×3")]


def test_a_wire_without_a_known_shape_has_no_label(view):
    show(view, residual().replace_layer("one", Conv2D(filters=3, kernel=(99, 99))).connect("one", "add", 1))
    assert all(edge.source != "one" for edge, _ in labels(view))


@pytest.mark.parametrize("name", ["resnet50", "densenet121", "inception_v3", "unet"])
def test_no_label_touches_a_card_or_another_label(view, name: str):
    show(view, load(resources.path("examples", f"{name}.json")).graph)
    view.canvas.wires.settle()
    placed = view.canvas.wire_labels.labels(view.canvas)
    assert len(placed) > 3
    cards = [card_rect(place) for place in view.canvas.places.values()]
    for label in placed:
        assert not any(card.intersects(label.rect) for card in cards), label
    assert not [pair for pair in combinations(placed, 2) if pair[0].rect.intersects(pair[1].rect)]


def test_labels_are_painted_where_they_can_be_read_and_only_when_asked_for(view):
    show(view, residual())
    view.zoom_reset()
    rect = view.canvas.wire_labels.labels(view.canvas)[0].rect.adjusted(3, 0, 0, 0)
    written = coloured(view, rect)
    assert written > 40
    view.sights.show_wire_labels(False)
    assert coloured(view, rect) == 0
    view.sights.show_wire_labels(True)
    assert coloured(view, rect) == written
    view.zoom_by((LEGIBLE + 0.02) / view.zoom)
    assert coloured(view, rect) > 20
    view.zoom_by(0.38 / view.zoom)  # the grid's dots are gone, too
    assert coloured(view, rect) == 0


def test_a_wire_tells_its_memory_when_the_pointer_rests_on_it(view, hands):
    show(view, residual())
    text = tooltip_at(view.canvas, view.mapToScene(hands.wire(SHORTCUT)))
    assert "40×30×3 · 3,600 values · 14 KiB" in text
    assert "image → add" in text
