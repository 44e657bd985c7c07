"""What is seen of a network with groups, and where it is."""

import pytest
from hypothesis import given, settings

from designer.canvas.folding import is_arranged, regrouped
from designer.canvas.framing import arranged, frame_rects, layout_with, stored_places
from designer.canvas.geometry import CARD_HEIGHT, CARD_WIDTH, PITCH, card_rect
from designer.canvas.visible import card_id, visible
from engine import Add, Edge, Graph, Group, Groups, Input, Node, ReLU
from engine.groups import Forest, with_collapsed
from tests.designer.canvas.canvas_hands import overlapping
from tests.engine.networks import chain, wired
from tests.engine.test_groups import grouped_drawings
from tests.engine.test_repeats import blocks

ROW = chain(image=Input(), a=ReLU(), b=ReLU(), c=ReLU(), d=ReLU())
MIDDLE = (Group("g", "Middle", ("a", "b"), collapsed=True),)


def test_without_groups_all_is_seen_as_it_is():
    seen = visible(ROW, ())
    assert seen.graph is ROW
    assert seen.nodes("a") == ("a",)
    assert seen.wires(ROW.edges[0]) == (ROW.edges[0],)
    assert seen.output("a") == "a"


def test_a_collapsed_group_is_one_card_with_its_wires():
    seen = visible(ROW, MIDDLE)
    card = card_id("g")
    assert list(seen.graph.by_id) == ["image", card, "c", "d"]
    assert seen.graph.edges == (Edge("image", card), Edge(card, "c"), Edge("c", "d"))
    assert seen.nodes(card) == ("a", "b")
    assert seen.cards(["b", "a", "c"]) == (card, "c")
    assert seen.wires(Edge("image", card)) == (Edge("image", "a"),)
    assert seen.output(card) == "b"


def test_what_one_source_sends_into_a_group_is_one_wire():
    graph, groups = blocks(1)
    seen = visible(graph, groups)
    (edge,) = seen.graph.edges
    assert set(seen.wires(edge)) == {Edge("image", "conv0"), Edge("image", "add0", 1)}


def test_a_group_with_several_outputs_has_none_that_is_its_own():
    graph = wired(ROW.add(Node("add", Add())), ("a", "add", 0), ("d", "add", 1))
    seen = visible(graph, MIDDLE)
    assert seen.output(card_id("g")) is None
    assert {edge for edge in seen.graph.edges if edge.source == card_id("g")} == {
        Edge(card_id("g"), "c"),
        Edge(card_id("g"), "add", 0),
    }


def test_repeats_are_one_card():
    graph, groups = blocks(4)
    seen = visible(graph, groups)
    assert list(seen.graph.by_id) == ["image", card_id("block0")]
    assert seen.folds[card_id("block0")].count == 4
    parted = visible(graph, with_collapsed(groups, ["block1"], False))
    assert list(parted.graph.by_id) == ["image", card_id("block0"), "conv1", "add1", card_id("block2")]
    assert [fold.count for fold in parted.folds.values()] == [1, 2]
    assert list(parted.frames) == ["block1"]


def test_a_collapsed_group_hides_the_groups_inside():
    graph, groups = blocks(3)
    inner = tuple(Group(one.id, one.name, one.nodes, "stage") for one in groups)
    seen = visible(graph, (Group("stage", "Stage", collapsed=True), *inner))
    assert list(seen.graph.by_id) == ["image", card_id("stage")]
    assert seen.folds[card_id("stage")].parts == "Block ×3"
    assert not seen.frames
    opened = visible(graph, (Group("stage", "Stage"), *inner))
    assert list(opened.frames) == ["stage", "block0", "block1", "block2"]
    assert opened.frames["stage"].inner == ("block0", "block1", "block2")


@given(grouped_drawings())
def test_every_node_is_on_one_card_and_every_wire_in_one_of_the_canvas(drawn: tuple[Graph, Groups]):
    graph, groups = drawn
    seen = visible(graph, groups)
    assert sorted(node for card in seen.graph.by_id for node in seen.nodes(card)) == sorted(graph.by_id)
    shown = [wire for edge in seen.graph.edges for wire in seen.wires(edge)]
    hidden = [edge for edge in graph.edges if edge not in shown]
    assert len(shown) == len(set(shown)) == len(graph.edges) - len(hidden)
    assert all(seen.card(edge.source) == seen.card(edge.target) for edge in hidden)
    forest = Forest(groups)
    for edge in seen.graph.edges:
        assert {wire.source for wire in seen.wires(edge)} == {seen.wires(edge)[0].source}
        assert all(seen.card(wire.target) == edge.target for wire in seen.wires(edge))
    assert all((seen.card(node) != node) == (forest.fold_of(node) is not None) for node in graph.by_id)


@given(grouped_drawings())
@settings(deadline=None)
def test_the_automatic_layout_keeps_frames_together_and_apart(drawn: tuple[Graph, Groups]):
    seen = visible(*drawn)
    places = arranged(seen)
    assert set(places) == set(seen.graph.by_id)
    assert overlapping(places) == []
    rects = frame_rects(seen, places)
    for group, rect in rects.items():
        frame = seen.frames[group]
        for card, place in places.items():
            assert rect.contains(card_rect(place)) if card in frame.cards else not rect.intersects(card_rect(place))
        for other, area in rects.items():
            nested = set(frame.cards) <= set(seen.frames[other].cards) or set(frame.cards) >= set(
                seen.frames[other].cards
            )
            assert nested or not rect.intersects(area)
    assert is_arranged(seen, {card: (x + 70, y - 30) for card, (x, y) in places.items()})


@given(grouped_drawings())
def test_a_layout_gives_back_the_places_that_it_was_told(drawn: tuple[Graph, Groups]):
    graph, groups = drawn
    seen = visible(graph, groups)
    flat = arranged(visible(graph, ()))
    places = {card: (10.0 * number, 20.0 * number) for number, card in enumerate(seen.graph.by_id)}
    assert stored_places(seen, layout_with(seen, places, flat)) == places
    assert stored_places(seen, layout_with(seen, places, {})) == places


@given(grouped_drawings())
@settings(deadline=None)
def test_expanding_again_returns_all_cards_of_an_arranged_network(drawn: tuple[Graph, Groups]):
    graph, groups = drawn
    for group in groups:
        before, after = visible(graph, groups), visible(graph, with_collapsed(groups, [group.id], not group.collapsed))
        nodes = Forest(groups).members(group.id)
        if after == before:
            continue
        places = arranged(before)
        layout = regrouped(before, after, nodes, places, {})
        back = regrouped(after, before, nodes, stored_places(after, layout), layout)
        assert stored_places(before, back) == places


@pytest.mark.parametrize("gap", [16.0, 40.0, 130.0])
def test_neighbours_close_up_and_make_room_on_a_canvas_laid_out_by_hand(gap: float):
    """The cards stand askew and apart, so that no automatic layout would put them there."""
    groups = with_collapsed(MIDDLE, ["g"], False)
    frame_bottom = 200 + PITCH + CARD_HEIGHT + 30
    places = {"image": (0.0, 0.0), "a": (30.0, 200.0), "b": (50.0, 200 + PITCH)}
    places |= {"c": (40.0, frame_bottom + gap), "d": (0.0, frame_bottom + gap + 300)}
    opened, folded = visible(ROW, groups), visible(ROW, MIDDLE)
    layout = regrouped(opened, folded, ["a", "b"], places, places)
    shown = stored_places(folded, layout)
    assert shown[card_id("g")] == (30, 160)  # where the frame was
    assert shown["c"] == (40, 160 + CARD_HEIGHT + gap)
    assert shown["d"][1] - shown["c"][1] == 300
    assert shown["image"] == (0, 0)
    assert regrouped(folded, opened, ["a", "b"], shown, layout) == places


def test_cards_beside_a_group_that_grows_step_aside():
    graph = wired(ROW.add(Node("side", ReLU())), ("image", "side"))
    places = {"image": (0.0, 0.0), card_id("g"): (10.0, 100.0), "side": (290.0, 130.0), "c": (0.0, 170.0)}
    places["d"] = (0.0, 400.0)
    folded, opened = visible(graph, MIDDLE), visible(graph, with_collapsed(MIDDLE, ["g"], False))
    layout = regrouped(folded, opened, ["a", "b"], places, layout_with(folded, places, {}))
    frame = frame_rects(opened, layout)["g"]
    assert overlapping(layout) == []
    assert not any(frame.intersects(card_rect(layout[card])) for card in ("image", "side", "c", "d"))
    assert layout["side"][1] == 130


def test_what_follows_does_not_run_into_a_branch_when_a_group_closes_up():
    graph = chain(image=Input(), a=ReLU(), b=ReLU(), c=ReLU(), add=Add())
    graph = wired(graph.add(Node("side", ReLU())), ("image", "side"), ("side", "add", 1))
    groups = (Group("g", "Long", ("a", "b", "c")),)
    places = {"image": (0.0, 0.0), "a": (0.0, 140.0), "b": (0.0, 200.0), "c": (0.0, 260.0)}
    places |= {"side": (400.0, 290.0), "add": (150.0, 350.0)}
    folded = visible(graph, with_collapsed(groups, ["g"], True))
    layout = regrouped(visible(graph, groups), folded, ["a", "b", "c"], places, places)
    shown = stored_places(folded, layout)
    assert shown["add"][1] == 350
    assert abs(shown["add"][0] - shown["side"][0]) < CARD_WIDTH
