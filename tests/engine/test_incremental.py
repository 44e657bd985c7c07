"""An analysis that starts from an earlier one equals a fresh one, and touches only what an edit reaches."""

from hypothesis import given
from hypothesis import strategies as st

from engine import Add, Analysis, Conv2D, Graph, Input, MaxPool2D, Node, ReLU, analyse
from tests.engine.networks import chain, lenet5, wired
from tests.strategies import any_layers, drawings, edited, networks


def assert_same(given: Analysis, fresh: Analysis) -> None:
    assert given.graph is fresh.graph
    assert (given.order, given.cyclic, given.totals) == (fresh.order, fresh.cyclic, fresh.totals)
    assert given.diagnostics == fresh.diagnostics
    assert list(given.nodes) == list(fresh.nodes)
    for node, entry in fresh.nodes.items():
        assert given.nodes[node] == entry


@given(st.data())
def test_after_any_edits_the_incremental_analysis_equals_a_fresh_one(data: st.DataObject):
    graph = data.draw(drawings())
    analysis = analyse(graph)
    for _ in range(data.draw(st.integers(1, 8))):
        graph = data.draw(edited(graph))
        analysis = analyse(graph, analysis)
        assert_same(analysis, analyse(graph))


@given(drawings(), drawings())
def test_any_earlier_analysis_will_do(one: Graph, other: Graph):
    assert_same(analyse(one, analyse(other)), analyse(one))


@given(networks(), st.data())
def test_nodes_that_an_edit_does_not_reach_keep_their_entries(graph: Graph, data: st.DataObject):
    before = analyse(graph)
    node = data.draw(st.sampled_from(list(graph.by_id)))
    changed = graph.replace_layer(node, data.draw(any_layers))
    after = analyse(changed, before)
    for other in graph.by_id.keys() - graph.descendants(node):
        if not before.nodes[other].diagnostics:
            assert after.nodes[other] is before.nodes[other]


def test_moving_or_renaming_recomputes_nothing():
    graph = lenet5()
    before = analyse(graph)
    after = analyse(graph.rename("conv1", "first"), before)
    assert all(after.nodes[node] is before.nodes[node] for node in graph.by_id)


def test_an_edit_that_keeps_the_shape_reaches_no_further():
    graph = lenet5()
    before = analyse(graph)
    after = analyse(graph.replace_layer("conv2", Conv2D(filters=16, kernel=(5, 5), bias=False)), before)
    assert [node for node in graph.by_id if after.nodes[node] is not before.nodes[node]] == ["conv2"]
    assert after.totals.parameters == 61_706 - 16


def test_an_equal_layer_of_another_field_of_view_updates_the_fields_behind_it():
    graph = chain(image=Input(height=9, width=9), one=MaxPool2D(kernel=(1, 1), stride=(3, 3)), two=ReLU())
    before = analyse(graph)
    changed = graph.replace_layer("one", MaxPool2D(kernel=(3, 3), stride=(3, 3)))
    after = analyse(changed, before)
    assert after.nodes["two"].output == before.nodes["two"].output
    assert (before.receptive_fields["two"].size, after.receptive_fields["two"].size) == ((1, 1), (3, 3))


def test_a_new_wire_and_a_new_node_are_seen():
    graph = chain(image=Input(), relu=ReLU())
    before = analyse(graph)
    grown = wired(graph.add(Node("add", Add())), ("image", "add"), ("relu", "add", 1))
    after = analyse(grown, before)
    assert after.order == ("image", "relu", "add")
    assert after.nodes["relu"] is before.nodes["relu"]
    assert after.nodes["add"].output == (1, 32, 32)


def test_the_order_is_not_taken_over_from_other_nodes():
    before = analyse(Graph((Node("a", Input()), Node("b", ReLU()))))
    for ids in (("c", "d"), ("a", "c"), ("b", "a"), ("a",), ("a", "b", "c")):
        assert analyse(Graph(tuple(Node(name, ReLU()) for name in ids)), before).order == ids
