"""The scene follows the document, and touches only what has changed."""

import pytest

from designer.canvas.geometry import CARD_WIDTH, PITCH
from engine import Conv2D, Dense, Edge, Flatten, Graph, Input, Network, Node, ReLU
from tests.designer.canvas.canvas_hands import assert_in_step, overlapping, show
from tests.engine.networks import chain, lenet5


@pytest.fixture
def painted(view, monkeypatch) -> list[str]:
    """Collect the names of the cards that are asked to paint themselves anew."""
    found: list[str] = []
    from designer.canvas.node_item import NodeItem

    original = NodeItem.show_card

    def noted(item: NodeItem, card: object) -> None:
        if card != item.card:
            found.append(item.node)
        original(item, card)

    monkeypatch.setattr(NodeItem, "show_card", noted)
    return found


def test_it_shows_what_the_document_holds(view):
    show(view, lenet5())
    assert_in_step(view)
    assert len(view.canvas.items()) == 14 + 13


def test_a_document_that_is_full_already_is_shown(document, qtbot):
    from designer.canvas import CanvasView

    document.load(Network(graph=lenet5()))
    view = CanvasView(document)
    qtbot.addWidget(view)
    assert_in_step(view)


def test_items_outlive_edits(view):
    document = show(view, lenet5())
    before = dict(view.canvas.nodes)
    document.edit("Rename", document.graph.rename("conv1", "first"))
    document.edit("Remove", document.graph.remove(["softmax"]))
    assert all(view.canvas.nodes[node] is before[node] for node in document.graph.by_id)
    assert_in_step(view)


def test_only_cards_that_say_something_new_are_painted(view, painted):
    document = show(view, lenet5())
    document.edit("Filters", document.graph.replace_layer("conv2", Conv2D(filters=8, kernel=(5, 5))))
    assert set(painted) == {"conv2", "relu2", "pool2", "flatten", "dense1"}
    painted.clear()
    document.edit("Move", document.graph, {"conv1": (500.0, 0.0)})
    assert painted == []


def test_it_never_edits(view):
    document = show(view, lenet5())
    document.edit("Add", document.graph.add(Node("new", ReLU())))
    assert document.undo_stack.count() == 1
    assert document.network.layout == {}


def test_nodes_without_a_position_are_arranged_and_do_not_jump_at_the_next_edit(view):
    document = show(view, lenet5())
    assert not overlapping(view.canvas.places)
    places = dict(view.canvas.places)
    document.edit("Rename", document.graph.rename("conv1", "first"))
    document.edit("Remove", document.graph.remove(["softmax"]))
    assert view.canvas.places == {node: place for node, place in places.items() if node != "softmax"}


def test_positions_of_another_network_are_forgotten(view):
    show(view, chain(image=Input(), conv1=Conv2D()))
    show(view, chain(conv1=Conv2D(), image=ReLU()))
    assert view.canvas.places["conv1"] == (0, 0)
    assert view.canvas.places["image"] == (0, PITCH)


def test_a_fix_from_elsewhere_finds_room_and_undo_takes_it_back(view):
    document = show(view, chain(image=Input(), dense=Dense(), relu=ReLU()))
    before = dict(view.canvas.places)
    (found,) = [one for one in document.analysis.errors if one.node == "dense"]
    document.edit("Fix", found.fixes[0].edit(document.graph))
    after = view.canvas.places
    assert [after[node][1] for node in ("image", "flatten1", "dense", "relu")] == [0, PITCH, 2 * PITCH, 3 * PITCH]
    document.undo_stack.undo()
    assert view.canvas.places == before
    assert_in_step(view)


def test_selection_goes_both_ways(view):
    document = show(view, lenet5())
    document.selection.select(["conv1", "relu1"])
    assert [node for node, item in view.canvas.nodes.items() if item.selected] == ["conv1", "relu1"]
    view.select_all()
    assert len(document.selection.nodes) == 14


def test_a_selected_wire_and_selected_nodes_exclude_each_other(view):
    document = show(view, lenet5())
    edge = Edge("image", "conv1")
    document.selection.select(["conv2"])
    view.canvas.select_edge(edge)
    assert document.selection.nodes == ()
    assert view.canvas.edges[edge].selected
    document.selection.select(["conv2"])
    assert view.canvas.selected_edge is None
    assert not view.canvas.edges[edge].selected


def test_a_selected_wire_that_goes_is_selected_no_more(view):
    document = show(view, lenet5())
    view.canvas.select_edge(document.graph.edges[0])
    document.edit("Remove", document.graph.disconnect(document.graph.edges[0]))
    assert view.canvas.selected_edge is None


def test_a_wire_to_blame_is_marked(view):
    show(view, chain(image=Input(), dense=Dense()))
    assert view.canvas.edges[Edge("image", "dense")].wrong
    document = view.canvas.document
    document.edit("Fix", document.graph.insert(document.graph.edges[0], Node("flat", Flatten())))
    assert not any(item.wrong for item in view.canvas.edges.values())


def test_wires_follow_when_a_port_is_added(view):
    graph = show(view, lenet5()).graph
    document = view.canvas.document
    document.edit("Remove", graph.remove(["conv2"]))
    assert_in_step(view)
    document.undo_stack.undo()
    assert_in_step(view)


def test_the_content_includes_wires_that_go_round(view):
    show(view, chain(a=ReLU(), b=ReLU()).connect("b", "a"), {"a": (0.0, 0.0), "b": (0.0, PITCH)})
    assert view.canvas.content_rect().width() > CARD_WIDTH


def test_an_empty_document_is_shown_as_nothing(view):
    show(view, lenet5())
    show(view, Graph())
    assert view.canvas.items() == []
    assert view.canvas.content_rect().isNull()
