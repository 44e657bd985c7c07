"""Groups through all that is done to cards: selecting, moving, deleting, adding, copying, replacing."""

from PySide6.QtCore import QPoint, Qt

from designer.canvas.visible import card_id
from engine import Conv2D, Dense, Edge, Group, Input, Node, ReLU
from engine.groups import Forest
from tests.designer.canvas.canvas_hands import (
    ALT,
    CONTROL,
    SHIFT,
    assert_in_step,
    members,
    overlapping,
    show,
)
from tests.designer.canvas.group_hands import CARD, FOLDED, UNIT, select
from tests.engine.networks import chain, lenet5, wired
from tests.engine.test_repeats import blocks

# Selecting, moving, deleting


def test_a_card_is_selected_with_all_that_it_hides(view, hands, document):
    show(view, lenet5(), groups=FOLDED)
    hands.click(hands.card(CARD))
    assert document.selection.nodes == ("conv1", "relu1", "pool1")
    hands.click(hands.card("conv2"), CONTROL)
    hands.click(hands.card(CARD), CONTROL)
    assert document.selection.nodes == ("conv2",)
    assert_in_step(view)


def test_a_part_of_a_hidden_group_shows_as_such(view, document):
    show(view, lenet5(), groups=FOLDED)
    document.selection.select(["relu1"])
    assert view.canvas.nodes[CARD].selected
    assert not view.canvas.nodes[CARD].whole
    assert_in_step(view)


def test_a_band_selects_what_cards_hide(view, hands, document):
    show(view, lenet5(), groups=FOLDED)
    corner = view.mapFromScene(view.canvas.nodes[CARD].pos())
    hands.drag(corner - QPoint(30, 4), corner + QPoint(20, 10))
    assert document.selection.nodes == ("conv1", "relu1", "pool1")


def test_deleting_a_card_deletes_what_it_hides(view, hands, document):
    show(view, lenet5(), groups=FOLDED)
    hands.click(hands.card(CARD))
    hands.key(Qt.Key.Key_Delete)
    assert not {"conv1", "relu1", "pool1"} & set(document.graph.by_id)
    assert document.network.groups == ()
    assert_in_step(view)
    document.undo_stack.undo()
    assert document.network.groups == FOLDED
    assert_in_step(view)


def test_bypassing_a_card_reconnects_around_it(view, hands, document):
    show(view, lenet5(), groups=FOLDED)
    hands.click(hands.card(CARD))
    hands.key(Qt.Key.Key_Delete, CONTROL)
    assert Edge("image", "conv2") in document.graph.edges
    assert_in_step(view)


def test_a_moved_card_takes_what_it_hides_along(view, hands, document):
    show(view, lenet5(), groups=UNIT)
    hands.click(hands.chevron("g"))
    before = dict(document.network.layout)
    start = hands.card(CARD)
    hands.drag(start, start + QPoint(0, 0) + QPoint(180, 60))
    assert_in_step(view)
    moved = {
        (document.network.layout[node][0] - before[node][0], document.network.layout[node][1] - before[node][1])
        for node in ("conv1", "relu1", "pool1")
    }
    assert len(moved) == 1
    assert moved != {(0, 0)}
    assert document.undo_stack.undoText() == "Move First"


def test_a_frame_is_moved_by_its_title_with_all_its_cards(view, hands, document):
    show(view, lenet5(), groups=UNIT)
    before = dict(view.canvas.places)
    start = hands.title("g")
    hands.drag(start, start + QPoint(150, 0))
    assert document.selection.nodes == ("conv1", "relu1", "pool1")
    ways = {node: (x - before[node][0], y - before[node][1]) for node, (x, y) in view.canvas.places.items()}
    assert len({ways[node] for node in ("conv1", "relu1", "pool1")}) == 1
    assert ways["conv1"][0] > 100
    assert all(way == (0, 0) for node, way in ways.items() if node not in document.selection.nodes)
    assert document.undo_stack.count() == 1
    assert_in_step(view)


def test_a_cancelled_move_of_a_frame_leaves_it(view, hands, document):
    show(view, lenet5(), groups=UNIT)
    before, rect = dict(view.canvas.places), view.canvas.frames["g"].rect()
    hands.press(hands.title("g"))
    hands.move(hands.title("g") + QPoint(40, 40), hands.title("g") + QPoint(150, 40))
    assert view.canvas.frames["g"].rect() != rect
    hands.key(Qt.Key.Key_Escape)
    assert (dict(view.canvas.places), view.canvas.frames["g"].rect()) == (before, rect)


def test_arrow_keys_with_control_move_a_card(view, hands, document):
    show(view, lenet5(), groups=FOLDED)
    x, y = view.canvas.places[CARD]
    hands.click(hands.card(CARD))
    hands.key(Qt.Key.Key_Right, CONTROL)
    assert view.canvas.places[CARD] == (x + 10, y)
    assert_in_step(view)


def test_arranging_keeps_a_frame_together(view, hands, document):
    graph = wired(lenet5().add(Node("side", ReLU())), ("conv1", "side"))
    show(view, graph, {node: (0.0, 0.0) for node in graph.by_id}, UNIT)
    hands.key(Qt.Key.Key_L, CONTROL)
    frame = view.canvas.frames["g"].rect()
    inside = {node for node, item in view.canvas.nodes.items() if frame.contains(item.pos())}
    assert inside == {"conv1", "relu1", "pool1"}
    assert_in_step(view)


# Adding


def test_a_layer_dropped_on_a_wire_inside_a_frame_joins_the_group(view, hands, document):
    show(view, lenet5(), groups=UNIT)
    hands.drop(("ReLU",), hands.wire(Edge("conv1", "relu1")))
    assert len(members(document.network.groups, "g")) == 4
    assert_in_step(view)


def test_a_layer_dropped_into_a_frame_joins_the_group(view, hands, document):
    graph = wired(lenet5().add(Node("far", ReLU())), ("conv1", "far"))
    groups = (Group("g", "Wide", ("conv1", "relu1", "far")),)
    layout = {node: (0.0, 200.0 + 60 * number) for number, node in enumerate(graph.by_id)}
    layout |= {"image": (0.0, 0.0), "conv1": (0.0, 80.0), "relu1": (0.0, 140.0), "far": (800.0, 140.0)}
    show(view, graph, layout, groups)
    frame = view.canvas.frames["g"].rect()
    hands.drop(("ReLU",), hands.screen(frame.center()))
    assert "relu5" in members(document.network.groups, "g")
    assert_in_step(view)


def test_a_layer_added_behind_a_group_stands_below_its_frame(view, hands, document):
    graph = chain(image=Input(), a=ReLU(), b=ReLU())
    show(view, graph, groups=(Group("g", "Pair", ("a", "b")),))
    select(hands, "b")
    (new,) = view.add_layers(["ReLU"])
    assert new not in Forest(document.network.groups).home
    assert view.canvas.frames["g"].rect().bottom() < view.canvas.places[new][1]
    assert_in_step(view)


def test_a_layer_added_to_a_selected_card_goes_behind_it(view, hands, document):
    graph, groups = blocks(2)
    show(view, graph, groups=groups)
    hands.click(hands.card(card_id("block0")))
    (new,) = view.add_layers(["ReLU"])
    assert Edge("add1", new) in document.graph.edges
    assert_in_step(view)


def test_a_layer_put_into_the_wire_before_a_block_feeds_all_of_it(view, hands, document):
    graph, groups = blocks(1)
    show(view, graph, groups=groups)
    hands.drop(("ReLU",), hands.wire(Edge("image", card_id("block0"))))
    assert {Edge("relu1", "conv0"), Edge("relu1", "add0", 1), Edge("image", "relu1")} <= set(document.graph.edges)
    assert_in_step(view)


def test_a_fix_inside_a_collapsed_group_is_applied_there(view, document):
    graph = chain(image=Input(), conv=Conv2D(), dense=Dense(units=3), relu=ReLU())
    show(view, graph, groups=(Group("g", "Group", ("conv", "dense"), collapsed=True),))
    fix = next(fix for found in document.findings for fix in found.fixes if "Flatten" in fix.title)
    view.apply_fix(fix)
    assert len(members(document.network.groups, "g")) == 3
    assert set(view.canvas.nodes) == {"image", CARD, "relu"}
    assert_in_step(view)


# With the clipboard, other layers, and the popup


def test_a_copied_card_is_pasted_as_a_collapsed_group(view, hands, document):
    show(view, lenet5(), groups=FOLDED)
    hands.click(hands.card(CARD))
    hands.key(Qt.Key.Key_C, CONTROL)
    hands.key(Qt.Key.Key_V, CONTROL)
    first, second = document.network.groups
    assert (second.name, second.collapsed, len(second.nodes)) == (first.name, True, 3)
    assert document.selection.nodes == second.nodes
    assert overlapping(view.canvas.places) == []
    assert_in_step(view)


def test_a_frame_is_duplicated_with_its_group(view, hands, document):
    show(view, lenet5(), groups=UNIT)
    hands.click(hands.title("g"))
    hands.key(Qt.Key.Key_D, CONTROL)
    assert [group.name for group in document.network.groups] == ["First", "First"]
    assert len(view.canvas.frames) == 2
    assert_in_step(view)


def test_a_card_is_copied_by_a_drag_with_alt(view, hands, document):
    show(view, lenet5(), groups=FOLDED)
    start = hands.card(CARD)
    hands.drag(start, start + QPoint(250, 40), ALT)
    assert len(document.network.groups) == 2
    assert len(view.canvas.seen.folds) == 2
    assert_in_step(view)


def test_a_layer_that_takes_anothers_place_takes_its_group(view, hands, document):
    show(view, lenet5(), groups=UNIT)
    hands.drop(("AvgPool2D",), hands.card("conv1"), SHIFT)
    assert len(members(document.network.groups, "g")) == 3
    assert "conv1" not in document.graph
    assert_in_step(view)


def test_a_card_can_not_be_replaced_by_a_layer(view, hands, document):
    show(view, lenet5(), groups=FOLDED)
    hands.drop(("ReLU",), hands.card(CARD), SHIFT)
    assert document.network.groups == FOLDED
    assert len(document.graph.nodes) == len(lenet5().nodes) + 1
    assert_in_step(view)


def test_a_wire_from_a_card_into_nothing_asks_what_follows_its_output(view, hands, document):
    graph = chain(image=Input(), a=ReLU(), b=ReLU())
    show(view, graph, groups=(Group("g", "Pair", ("a", "b"), collapsed=True),))
    start = hands.output(CARD)
    hands.drag(start, start + QPoint(120, 90))
    hands.type_into_popup("relu", Qt.Key.Key_Return)
    assert Edge("b", document.selection.nodes[0]) in document.graph.edges
    assert_in_step(view)


def test_selected_cards_are_arranged_alone(view, hands, document):
    graph, groups = blocks(2)
    groups = (groups[0], Group("block1", "Other", groups[1].nodes, collapsed=True))
    show(view, graph, groups=groups)
    document.selection.select(["conv0", "add0", "conv1", "add1"])
    hands.key(Qt.Key.Key_L, CONTROL)
    assert_in_step(view)
    assert overlapping(view.canvas.places) == []


def test_replacing_a_layer_of_one_repeat_leaves_all_cards_where_the_document_has_them(view, hands, document):
    """What was one card, `Block ×4`, becomes three, and what follows makes room."""
    graph, groups = blocks(4)
    show(view, wired(graph.add(Node("last", ReLU())), ("add3", "last")), groups=groups)
    before = view.canvas.places["last"]
    document.selection.select(["conv1"])
    view.quick_add.ask_instead()
    hands.type_into_popup("relu", Qt.Key.Key_Return)
    assert len(view.canvas.nodes) == 5
    assert view.canvas.places["last"][1] > before[1]
    assert_in_step(view)
