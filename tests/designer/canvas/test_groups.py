"""Groups on the canvas, by mouse and keyboard."""

import time

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from designer.canvas import CanvasView
from designer.canvas.menus import menu_at
from designer.canvas.name_editor import NameEditor
from designer.canvas.tooltips import tooltip_at
from designer.canvas.visible import card_id
from designer.canvas.wiring import CYCLE, FULL, SEVERAL_ENDS, SEVERAL_OUTPUTS
from engine import Add, Concat, Conv2D, Dense, Edge, Graph, Group, Input, Network, Node, ReLU, Severity, load
from engine.groups import Forest, with_collapsed
from tests.designer.canvas.canvas_hands import (
    ALT,
    CONTROL,
    NONE,
    SHIFT,
    Hands,
    assert_in_step,
    members,
    overlapping,
    show,
)
from tests.engine.networks import chain, lenet5, wired
from tests.engine.test_repeats import blocks

UNIT = (Group("g", "First", ("conv1", "relu1", "pool1")),)
FOLDED = with_collapsed(UNIT, ["g"], True)
CARD = card_id("g")


def editor(view: CanvasView) -> NameEditor | None:
    """Return the open editor of a name."""
    found = [one for one in view.viewport().findChildren(NameEditor) if one.isVisible()]
    assert len(found) <= 1
    return found[0] if found else None


def select(hands: Hands, *nodes: str) -> None:
    for number, node in enumerate(nodes):
        hands.click(hands.card(node), CONTROL if number else NONE)


# Grouping


def test_ctrl_g_groups_the_selection_and_asks_for_a_name(view, hands, document):
    show(view, lenet5())
    select(hands, "conv1", "relu1")
    hands.key(Qt.Key.Key_G, CONTROL)
    (group,) = document.network.groups
    assert (group.name, group.nodes, group.collapsed) == ("Conv2D + ReLU", ("conv1", "relu1"), False)
    assert document.undo_stack.count() == 1
    assert_in_step(view)
    line = editor(view)
    assert line is not None
    assert line.hasFocus()
    assert line.selectedText() == "Conv2D + ReLU"
    QTest.keyClicks(line, "Edges")
    QTest.keyClick(line, Qt.Key.Key_Return)
    assert document.network.groups[0].name == "Edges"
    assert editor(view) is None
    assert view.hasFocus()
    document.undo_stack.undo()
    document.undo_stack.undo()
    assert document.network.groups == ()
    assert_in_step(view)


def test_escape_keeps_the_proposed_name(view, hands, document):
    show(view, lenet5())
    select(hands, "conv1", "relu1")
    hands.key(Qt.Key.Key_G, CONTROL)
    line = editor(view)
    QTest.keyClicks(line, "Wrong")
    QTest.keyClick(line, Qt.Key.Key_Escape)
    assert document.network.groups[0].name == "Conv2D + ReLU"
    assert editor(view) is None
    assert view.hasFocus()


def test_a_click_elsewhere_keeps_the_typed_name(view, hands, document):
    show(view, lenet5())
    select(hands, "conv1", "relu1")
    hands.key(Qt.Key.Key_G, CONTROL)
    QTest.keyClicks(editor(view), "Edges")
    view.setFocus()
    assert document.network.groups[0].name == "Edges"


def test_the_editor_goes_when_what_it_names_goes(view, hands, document):
    show(view, lenet5())
    select(hands, "conv1", "relu1")
    hands.key(Qt.Key.Key_G, CONTROL)
    document.undo_stack.undo()
    assert editor(view) is None
    assert document.network.groups == ()
    assert not document.undo_stack.canUndo()


def test_a_new_frame_touches_no_other_card(view, hands, document):
    show(view, lenet5())
    select(hands, "conv2", "relu2")
    hands.key(Qt.Key.Key_G, CONTROL)
    frame = next(iter(view.canvas.frames.values())).rect()
    inside = {node for node, item in view.canvas.nodes.items() if frame.intersects(item.sceneBoundingRect())}
    assert {"conv2", "relu2"} <= inside
    assert all(frame.contains(item.pos()) == (node in ("conv2", "relu2")) for node, item in view.canvas.nodes.items())


@pytest.mark.parametrize(
    ("selected", "told"),
    [((), "Select the layers to group first."), (("conv1", "relu1", "pool1"), "These layers are a group already.")],
)
def test_what_can_not_be_grouped_is_said(view, hands, document, qtbot, selected: tuple[str, ...], told: str):
    show(view, lenet5(), groups=UNIT)
    document.selection.select(selected)
    with qtbot.waitSignal(view.groups.told) as heard:
        hands.key(Qt.Key.Key_G, CONTROL)
    assert heard.args == [told]
    assert document.network.groups == UNIT


def test_ctrl_shift_g_dissolves_the_selected_group(view, hands, document):
    show(view, lenet5(), groups=UNIT)
    hands.click(hands.title("g"))
    hands.key(Qt.Key.Key_G, CONTROL | SHIFT)
    assert document.network.groups == ()
    assert_in_step(view)
    document.undo_stack.undo()
    assert document.network.groups == UNIT
    assert_in_step(view)


def test_with_one_layer_selected_the_group_around_it_is_dissolved(view, hands, document):
    show(view, lenet5(), groups=UNIT)
    select(hands, "relu1")
    hands.key(Qt.Key.Key_G, CONTROL | SHIFT)
    assert document.network.groups == ()
    hands.key(Qt.Key.Key_G, CONTROL | SHIFT)
    assert document.undo_stack.count() == 1


# Collapsing and expanding


def test_the_chevron_collapses_and_expands(view, hands, document):
    show(view, lenet5(), groups=UNIT)
    places = dict(view.canvas.places)
    hands.click(hands.chevron("g"))
    assert document.network.groups == FOLDED
    assert document.undo_stack.undoText() == "Collapse First"
    assert_in_step(view)
    assert set(view.canvas.nodes) == {*lenet5().by_id, CARD} - {"conv1", "relu1", "pool1"}
    assert overlapping(view.canvas.places) == []
    hands.click(hands.chevron("g"))
    assert document.network.groups == UNIT
    assert view.canvas.places == places
    assert_in_step(view)


def test_a_double_click_expands_a_card_and_collapses_by_the_title(view, hands, document):
    show(view, lenet5(), groups=FOLDED)
    told = []
    view.activated.connect(told.append)
    hands.double_click(hands.card(CARD))
    assert document.network.groups == UNIT
    hands.double_click(hands.title("g"))
    assert document.network.groups == FOLDED
    assert told == []
    assert view.gesture is None


def test_a_double_click_on_a_chevron_is_one_click(view, hands, document):
    show(view, lenet5(), groups=FOLDED)
    hands.double_click(hands.chevron("g"))
    assert document.network.groups == UNIT
    assert_in_step(view)


def test_collapsing_analyses_nothing_and_selects_nothing_else(view, hands, document):
    show(view, lenet5(), groups=UNIT)
    select(hands, "relu1", "conv2")
    analysis, graph, selected = document.analysis, document.graph, document.selection.nodes
    hands.click(hands.chevron("g"))
    assert document.analysis is analysis
    assert document.graph is graph
    assert document.selection.nodes == selected


def test_neighbours_make_room_and_come_back_on_a_canvas_laid_out_by_hand(view, hands, document):
    layout = {node: (30.0 * (number % 3), 100.0 * number) for number, node in enumerate(lenet5().by_id)}
    layout |= {node: (x, y + 200) for node, (x, y) in layout.items() if node not in ("image", "conv1", "relu1")}
    layout["pool1"] = (90.0, 300.0)
    show(view, lenet5(), layout, UNIT)
    hands.click(hands.chevron("g"))
    assert view.canvas.places["conv2"][1] < layout["conv2"][1]
    assert overlapping(view.canvas.places) == []
    view.fit_all()
    hands.click(hands.chevron("g"))
    assert document.network.layout == layout
    assert_in_step(view)


def test_repeats_open_one_by_one(view, hands, document):
    graph, groups = blocks(3)
    show(view, graph, groups=groups)
    assert view.canvas.nodes[card_id("block0")].card.shape == "×3"
    hands.click(hands.chevron("block0"))
    assert view.canvas.nodes[card_id("block1")].card.shape == "×2"
    assert list(view.canvas.frames) == ["block0"]
    assert_in_step(view)
    hands.click(hands.chevron("block0"))
    assert set(view.canvas.nodes) == {"image", card_id("block0")}
    assert_in_step(view)


def test_all_groups_collapse_and_expand_at_once(view, document):
    graph, groups = blocks(3)
    show(view, graph, groups=groups)
    view.groups.collapse_all(False)
    assert set(view.canvas.nodes) == set(graph.by_id)
    assert document.undo_stack.count() == 1
    assert_in_step(view)
    view.groups.collapse_all(True)
    assert document.network.groups == groups
    assert_in_step(view)


def test_to_reveal_a_hidden_layer_expands_what_hides_it_and_nothing_else(view, document):
    graph, blocks_ = blocks(3)
    inner = tuple(Group(one.id, one.name, one.nodes, "stage", True) for one in blocks_)
    show(view, graph, groups=(Group("stage", "Stage", collapsed=True), *inner))
    document.selection.select(["conv1"])
    view.reveal_node("conv1")
    assert [group.collapsed for group in document.network.groups] == [False, True, False, True]
    assert view.canvas.nodes["conv1"].selected
    assert view.viewport().rect().contains(view.mapFromScene(view.canvas.nodes["conv1"].pos()))
    assert document.undo_stack.count() == 1
    view.reveal_node("conv1")
    assert document.undo_stack.count() == 1


# What the card says


def test_a_card_tells_what_goes_in_and_out_and_how_much_it_holds(view):
    show(view, lenet5(), groups=FOLDED)
    card = view.canvas.nodes[CARD].card
    assert (card.label, card.kind, card.counts) == ("First", "32×32×1 → 14×14×6", ("156 params",))
    assert card.folded
    assert not card.wrong
    assert card.feeds
    text = tooltip_at(view.canvas, view.canvas.nodes[CARD].pos() + QPoint(60, 20))
    assert "First" in text
    assert "117,600" in text  # MACs
    assert "Double-click to expand" in text


def test_a_mistake_inside_shows_on_the_card_and_on_the_frame(view, hands, document):
    show(view, lenet5().replace_layer("conv1", Conv2D(kernel=(40, 40))), groups=FOLDED)
    item = view.canvas.nodes[CARD]
    assert item.card.wrong
    assert item.card.badge is Severity.ERROR
    assert item.card.message.startswith("conv1: ")
    hands.click(hands.chevron("g"))
    assert view.canvas.frames["g"].face.wrong


def test_several_mistakes_inside_are_counted(view):
    graph = chain(image=Input(), a=Dense(units=3), b=ReLU()).add(Node("c", Add())).add(Node("d", Add()))
    show(view, graph, groups=(Group("g", "Wrong", ("c", "d"), collapsed=True),))
    assert view.canvas.nodes[CARD].card.message == "4 errors inside"


def test_a_frame_tells_its_flow(view):
    show(view, lenet5(), groups=UNIT)
    longest, shorter, shortest = view.canvas.frames["g"].face.facts[0:2] + view.canvas.frames["g"].face.facts[-1:]
    assert longest == "32×32×1 → 14×14×6 · 156 params · 117,600 MACs"
    assert shorter == "32×32×1 → 14×14×6 · 156 params"
    assert shortest == "14×14×6"


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


# Wires


def test_a_wire_dropped_on_a_card_goes_to_its_only_free_input(view, hands, document):
    graph = lenet5().disconnect(Edge("image", "conv1"))
    show(view, graph, groups=FOLDED)
    hands.drag(hands.output("image"), hands.card(CARD))
    assert Edge("image", "conv1") in document.graph.edges
    assert_in_step(view)


def test_a_wire_from_a_card_comes_from_its_only_output(view, hands, document):
    graph = lenet5().disconnect(Edge("pool1", "conv2"))
    show(view, graph, groups=FOLDED)
    hands.drag(hands.output(CARD), hands.card("conv2"))
    assert Edge("pool1", "conv2") in document.graph.edges
    assert_in_step(view)


def test_a_wire_drawn_from_an_input_finds_a_cards_output(view, hands, document):
    graph = lenet5().disconnect(Edge("pool1", "conv2"))
    show(view, graph, groups=FOLDED)
    hands.drag(hands.input("conv2"), hands.card(CARD))
    assert Edge("pool1", "conv2") in document.graph.edges


def test_a_wire_replaces_the_one_that_a_whole_block_is_fed_by(view, hands, document):
    graph, groups = blocks(1)
    graph = graph.add(Node("other", Input(channels=8)))
    show(view, graph, groups=groups)
    hands.press(hands.output("other"))
    hands.move(hands.output("other") + QPoint(20, 20), hands.card(card_id("block0")))
    assert view.gesture.label == "Replaces the wire from image"
    hands.release(hands.card(card_id("block0")))
    assert {Edge("other", "conv0"), Edge("other", "add0", 1)} <= set(document.graph.edges)
    assert document.undo_stack.count() == 1
    assert_in_step(view)


def test_a_wire_into_a_block_is_taken_off_as_one(view, hands, document):
    graph, groups = blocks(1)
    show(view, graph, groups=groups)
    start = hands.input(card_id("block0"))
    hands.drag(start, start - QPoint(250, 0))
    assert document.graph.edges == (Edge("conv0", "add0"),)
    assert document.undo_stack.count() == 1
    assert_in_step(view)


def drawn_label(view: CanvasView, hands: Hands, source: QPoint, target: QPoint) -> str:
    """Draw a wire over a card, and take it back; return what was said."""
    hands.press(source)
    hands.move(source + QPoint(15, 15), target)
    label = view.gesture.label
    hands.key(Qt.Key.Key_Escape)
    hands.release(target)
    return label


@pytest.mark.parametrize(
    ("inside", "reason"),
    [
        (("two", "three"), SEVERAL_ENDS),  # two free inputs
        (("start",), FULL),  # an Input
        (("image", "relu"), FULL),
        (("join",), SEVERAL_ENDS),  # fed by two
    ],
)
def test_a_wire_that_a_card_can_not_take_says_why(view, hands, document, inside: tuple[str, ...], reason: str):
    graph = chain(image=Input(), relu=ReLU(), join=Concat())
    for name, layer in (("two", ReLU()), ("three", ReLU()), ("start", Input()), ("source", Input())):
        graph = graph.add(Node(name, layer))
    graph = wired(graph, ("start", "join", 1))
    show(view, graph, groups=(Group("g", "Group", inside, collapsed=True),))
    assert drawn_label(view, hands, hands.output("source"), hands.card(CARD)) == reason
    assert document.graph == graph
    assert_in_step(view)


def test_a_wire_into_a_card_that_closes_a_cycle_is_refused(view, hands, document):
    show(view, lenet5(), groups=FOLDED)
    assert drawn_label(view, hands, hands.output("conv2"), hands.card(CARD)) == CYCLE


def test_a_card_with_several_outputs_gives_no_wire(view, hands, document):
    graph = wired(lenet5().add(Node("add", Add())), ("conv1", "add"))
    show(view, graph, groups=FOLDED)
    assert drawn_label(view, hands, hands.output(CARD), hands.card("softmax")) == SEVERAL_OUTPUTS
    assert drawn_label(view, hands, hands.input("add", 1), hands.card(CARD)) == SEVERAL_OUTPUTS


def test_a_wire_of_a_card_is_selected_and_deleted(view, hands, document):
    show(view, lenet5(), groups=FOLDED)
    hands.click(hands.wire(Edge(CARD, "conv2")))
    hands.key(Qt.Key.Key_Delete)
    assert Edge("pool1", "conv2") not in document.graph.edges
    assert document.undo_stack.undoText() == "Disconnect First from conv2"
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


# Menus


def test_the_menus_of_a_card_and_of_a_frame_offer_what_can_be_done(view, hands, document):
    show(view, lenet5(), groups=FOLDED)
    menu = menu_at(view, hands.card(CARD).toPointF())
    texts = [action.text() for action in menu.actions()]
    assert {"Expand", "Rename group", "Group", "Ungroup"} <= set(texts)
    menu.actions()[texts.index("Expand")].trigger()
    assert document.network.groups == UNIT
    menu = menu_at(view, hands.title("g").toPointF())
    texts = [action.text() for action in menu.actions()]
    assert {"Collapse", "Rename group", "Ungroup"} <= set(texts)
    menu.actions()[texts.index("Rename group")].trigger()
    QTest.keyClicks(editor(view), "New")
    QTest.keyClick(editor(view), Qt.Key.Key_Return)
    assert document.network.groups[0].name == "New"


def test_repeats_are_renamed_together(view, hands, document):
    graph, groups = blocks(3)
    show(view, graph, groups=groups)
    view.groups.rename("block0")
    QTest.keyClicks(editor(view), "Unit")
    QTest.keyClick(editor(view), Qt.Key.Key_Return)
    assert {group.name for group in document.network.groups} == {"Unit"}
    assert view.canvas.nodes[card_id("block0")].card.label == "Unit"


# Automatic groups


def test_groups_are_found_in_one_step(view, document, qtbot, resources):
    network = load(resources / "examples" / "resnet50.json")
    show(view, network.graph)
    view.groups.group_automatically()
    assert document.network.groups == network.groups
    assert len(view.canvas.nodes) == 10
    assert_in_step(view)
    with qtbot.waitSignal(view.groups.told):
        view.groups.group_automatically()
    document.undo_stack.undo()
    assert_in_step(view)
    assert len(view.canvas.nodes) == len(network.graph.nodes)
    assert not document.undo_stack.canUndo()


def test_where_nothing_is_found_that_is_said(view, document, qtbot):
    show(view, chain(image=Input(), relu=ReLU()))
    with qtbot.waitSignal(view.groups.told) as heard:
        view.groups.group_automatically()
    assert "nothing to group" in heard.args[0]


def test_the_deepest_example_opens_readably_within_a_second(view, document, resources):
    start = time.process_time()
    document.load(load(resources / "examples" / "resnet152.json"))
    view.viewport().repaint()
    assert time.process_time() - start < 1.0
    assert len(view.canvas.nodes) == 10
    assert view.zoom == 1.0
    assert_in_step(view)


def test_all_layers_of_the_deepest_example_are_shown_within_a_second(view, document, resources):
    network = load(resources / "examples" / "resnet152.json")
    document.load(network)
    start = time.process_time()
    view.groups.collapse_all(False)
    view.viewport().repaint()
    assert time.process_time() - start < 1.0
    assert len(view.canvas.nodes) == 517
    assert overlapping_fast(view) == 0
    flat = Network(graph=network.graph)
    document.load(flat)
    QApplication.processEvents()
    assert set(view.canvas.nodes) == set(network.graph.by_id)


def overlapping_fast(view: CanvasView) -> int:
    """Count the cards that touch another, by what the scene finds near each."""
    return sum(len(list(view.canvas.taken.touching(place))) - 1 for place in view.canvas.places.values())


def test_an_empty_group_list_is_no_burden(view):
    graph = Graph().add(Node("a", Input()))
    show(view, graph)
    assert view.canvas.graph is graph


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
