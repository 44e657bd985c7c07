"""Blocks dropped on the canvas, dropped on a wire, and added by the palette's command."""

import pytest
from PySide6.QtCore import QPointF

from designer.canvas.block_placing import with_block
from designer.canvas.geometry import CARD_WIDTH, PITCH, card_rect
from designer.canvas.visible import visible
from designer.mime import block_named, pack, unpack_block
from engine import BLOCKS, Conv2D, Edge, Graph, Identity, Input, Shape, analyse
from tests.designer.canvas.canvas_hands import ALT, assert_in_step, overlapping, show
from tests.engine.networks import chain, lenet5

every_block = pytest.mark.parametrize("block", BLOCKS, ids=lambda one: one.name)


def test_blocks_go_by_name():
    assert unpack_block(pack(["ResidualBlock"])).title == "Residual block"
    assert unpack_block(pack(["ReLU"])) is None
    assert block_named(["ResidualBlock", "ReLU"]) is None


@every_block
def test_by_double_click_a_block_comes_behind_the_selected_layer(view, block):
    document = show(view, chain(image=Input(channels=3, height=30, width=30), conv1=Conv2D(filters=64)))
    document.selection.select(["conv1"])
    ids = view.add_layers([block.name])
    assert document.selection.nodes == ids
    assert document.analysis.errors == ()
    assert {edge.target for edge in document.graph.outgoing["conv1"]} <= set(ids)
    assert document.undo_stack.count() == 1
    assert not overlapping(document.network.layout)
    assert min(document.network.layout[node][1] for node in ids) >= document.network.layout["conv1"][1] + PITCH
    assert_in_step(view)
    document.undo_stack.undo()
    assert set(document.graph.by_id) == {"image", "conv1"}


@every_block
def test_dropped_on_a_wire_a_block_is_inserted(view, hands, block):
    document = show(view, lenet5())
    edge = Edge("conv1", "relu1")
    before = document.network.layout | view.canvas.places
    hands.drop((block.name,), hands.wire(edge))
    ids = document.selection.nodes
    assert edge not in document.graph.edges
    assert document.graph.incoming["relu1"][0].source in ids
    assert document.undo_stack.undoText() == f"Insert {block.title[0].lower()}{block.title[1:]}"
    layout = document.network.layout
    assert not overlapping(layout)
    assert layout["conv1"] == before["conv1"]
    assert layout["relu1"][1] >= max(layout[node][1] for node in ids) + PITCH
    assert document.undo_stack.count() == 1
    assert_in_step(view)
    document.undo_stack.undo()
    assert view.canvas.places == before


def test_dropped_below_a_card_it_hangs_straight_down(view, hands):
    document = show(view, chain(image=Input(channels=64, height=28, width=28)), {"image": (0.0, 0.0)})
    hands.drop(("ResidualBlock",), hands.screen(QPointF(CARD_WIDTH / 2, 70)))
    layout = document.network.layout
    assert {x for x, _ in layout.values()} == {0.0}
    assert document.analysis.errors == ()
    assert document.analysis.nodes["residual1.relu2"].output == Shape(64, 28, 28)


def test_dropped_on_the_free_canvas_one_wire_is_enough_to_feed_it(view, hands):
    document = show(view, Graph())
    hands.drop(("ResidualBlock",), hands.screen(QPointF(0, 0)))
    missing = [found.node for found in document.analysis.errors if found.node]
    assert missing == ["residual1.input"]
    assert isinstance(document.graph.by_id["residual1.input"].layer, Identity)
    assert card_rect(document.network.layout["residual1.input"]).contains(QPointF(0, 0))


def test_with_alt_it_is_wired_to_nothing(view, hands):
    document = show(view, lenet5())
    edges = set(document.graph.edges)
    hands.drop(("FireModule",), hands.wire(Edge("conv1", "relu1")), ALT)
    assert edges <= set(document.graph.edges)
    assert "fire1.squeeze" in {found.node for found in document.analysis.errors}
    assert not overlapping(document.network.layout)


def test_ghosts_show_the_block_where_it_will_be(view, hands):
    document = show(view, chain(image=Input(channels=64, height=28, width=28)), {"image": (0.0, 0.0)})
    plain = view.viewport().grab().toImage()
    at = hands.screen(QPointF(CARD_WIDTH / 2, 70))
    hands.drag_in(("InceptionModule",), at)
    assert view.viewport().grab().toImage() != plain
    hands.drag_out()
    assert view.viewport().grab().toImage() == plain
    assert document.undo_stack.count() == 0


def test_the_second_of_a_kind_has_a_name_of_its_own(view):
    document = show(view, chain(image=Input(channels=64, height=28, width=28)))
    first, second = view.add_layers(["FireModule"]), view.add_layers(["FireModule"])
    assert first[0] == "fire1.squeeze"
    assert second[0] == "fire2.squeeze"
    assert document.graph.incoming["fire2.squeeze"][0].source == "fire1.concat"
    assert not overlapping(document.network.layout)


def test_what_is_in_the_way_keeps_its_place():
    graph = chain(image=Input(channels=64, height=28, width=28), one=Conv2D())
    places = {"image": (0.0, 0.0), "one": (0.0, 60.0)}
    found = with_block(visible(graph, ()), analyse(graph), places, block_named(["InceptionModule"]), after="image")
    assert places.items() <= found.places.items()
    assert not overlapping(found.places)


def test_cards_that_will_make_room_step_back_until_the_drag_leaves(view, hands):
    show(view, lenet5())
    hands.drag_in(("FireModule",), hands.wire(Edge("conv2", "relu2")))
    nodes = view.canvas.nodes
    assert next(node for node in nodes if nodes[node].dimmed) == "relu2"
    assert not nodes["conv2"].dimmed
    hands.drag_out()
    assert_in_step(view)
