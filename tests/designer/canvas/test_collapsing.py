"""Collapsing and expanding groups, and what their cards say."""

from PySide6.QtCore import QPoint

from designer.canvas.tooltips import tooltip_at
from designer.canvas.visible import card_id
from engine import Add, Conv2D, Dense, Group, Input, Node, ReLU, Severity
from tests.designer.canvas.canvas_hands import (
    assert_in_step,
    overlapping,
    show,
)
from tests.designer.canvas.group_hands import CARD, FOLDED, UNIT, select
from tests.engine.networks import chain, lenet5
from tests.engine.test_repeats import blocks

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


def test_a_frame_is_not_outlined_while_a_collapsed_group_in_it_is_selected_in_part(view):
    graph = chain(a=ReLU(), b=ReLU(), c=ReLU())
    groups = (Group("outer", "Outer", ("a",)), Group("inner", "Inner", ("b", "c"), "outer", collapsed=True))
    document = show(view, graph, groups=groups)
    document.selection.select(["a", "b"])
    assert not view.canvas.frames["outer"].selected
    assert_in_step(view)
    document.selection.select(["a", "b", "c"])
    assert view.canvas.frames["outer"].selected
