"""Groups: a forest over the nodes that no edit can make inconsistent."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.strategies import DrawFn

from engine import EditError, Graph, Group, Groups, Input, Node, ReLU, groups
from engine.groups import Forest, carried, enter, exchanged, grouped, pruned, renamed, ungrouped, with_collapsed, within
from tests.engine.networks import chain, wired
from tests.strategies import drawings, edited

ROW = chain(image=Input(), a=ReLU(), b=ReLU(), c=ReLU(), d=ReLU())
NESTED = (
    Group("outer", "Outer", ("a",)),
    Group("inner", "Inner", ("b", "c"), "outer"),
    Group("other", "Other", ("d",), collapsed=True),
)


def assert_sound(found: Groups, graph: Graph) -> None:
    """Check that groups could have been added one by one, and that none is empty."""
    built: Groups = ()
    for group in found:
        built = groups.add(built, graph, group)
    assert built == found
    forest = Forest(found)
    assert all(forest.members(group.id) for group in found)


@st.composite
def forests(draw: DrawFn, graph: Graph) -> Groups:
    """Draw what comes of grouping, collapsing and dissolving a few times."""
    found: Groups = ()
    ids = sorted(graph.by_id)
    for _ in range(draw(st.integers(0, 5)) if ids else 0):
        chosen = draw(st.lists(st.sampled_from(ids), min_size=1, unique=True))
        try:
            found, new = grouped(found, graph, chosen, draw(st.text(max_size=4)))
        except EditError:
            continue
        found = with_collapsed(found, [new], draw(st.booleans()))
    return found


@st.composite
def grouped_drawings(draw: DrawFn) -> tuple[Graph, Groups]:
    graph = draw(drawings())
    return graph, draw(forests(graph))


def test_members_come_with_those_of_inner_groups():
    forest = Forest(NESTED)
    assert forest.members("outer") == ("a", "b", "c")
    assert forest.around("b") == ("inner", "outer")
    assert forest.around("image") == ()
    assert forest.children[None] == ["outer", "other"]


@pytest.mark.parametrize(
    ("nodes", "shared"),
    [(("a", "b"), "outer"), (("b", "c"), "inner"), (("b", "d"), None), (("image", "a"), None), (("d",), "other")],
)
def test_the_innermost_group_of_several_nodes(nodes: tuple[str, ...], shared: str | None):
    assert Forest(NESTED).shared(nodes) == shared


def test_the_outermost_collapsed_group_stands_for_a_node():
    folded = with_collapsed(NESTED, ["outer", "inner"], True)
    assert Forest(folded).fold_of("b") == "outer"
    assert Forest(with_collapsed(folded, ["outer"], False)).fold_of("b") == "inner"
    assert Forest(folded).fold_of("image") is None


@pytest.mark.parametrize(
    ("group", "message"),
    [
        (Group("", "x"), "A group needs an id"),
        (Group("a", "x"), "'a' is the id of a layer"),
        (Group("inner", "x"), "There is a group 'inner' already"),
        (Group("new", "x", parent="nowhere"), "There is no group 'nowhere' before this one"),
        (Group("new", "x", parent="new"), "There is no group 'new' before this one"),
        (Group("new", "x", ("z",)), "There is no layer 'z'"),
        (Group("new", "x", ("b",)), "'b' is in the group 'inner' already"),
        (Group("new", "x", ("image", "image")), "The group 'new' names a layer twice"),
    ],
)
def test_a_group_that_makes_no_sense_is_refused(group: Group, message: str):
    with pytest.raises(EditError, match=message):
        groups.add(NESTED, ROW, group)


def test_a_new_group_takes_loose_nodes():
    found, new = grouped((), ROW, ["b", "a"], "Two")
    assert found == (Group(new, "Two", ("a", "b")),)


def test_a_new_group_takes_whole_groups_as_they_are():
    found, new = grouped(NESTED, ROW, ["a", "b", "c", "d"], "All")
    forest = Forest(found)
    assert found[0] == Group(new, "All", ())
    assert forest.children[new] == ["outer", "other"]
    assert forest.by_id["inner"].parent == "outer"
    assert forest.by_id["other"].collapsed


def test_a_new_group_inside_one_stays_inside():
    found, new = grouped(NESTED, ROW, ["a", "b"], "Mixed")
    forest = Forest(found)
    assert forest.by_id[new].parent == "outer"
    assert forest.members("inner") == ("c",)
    assert set(forest.members("outer")) == {"a", "b", "c"}


def test_a_group_that_loses_all_to_a_new_one_is_gone():
    found, new = grouped(NESTED, ROW, ["image", "d"], "Ends")
    assert [group.id for group in found] == [new, "outer", "inner", "other"]
    found, new = grouped((Group("one", "One", ("a",)), Group("two", "Two", ("b", "c"), "one")), ROW, ["a", "d"], "New")
    assert [group.id for group in found] == [new, "one", "two"]
    assert Forest(found).members("one") == ("b", "c")


@pytest.mark.parametrize(
    ("nodes", "message"),
    [((), "There is nothing to group"), (("b", "c"), "a group already"), (("x",), "There is no layer 'x'")],
)
def test_what_can_not_be_grouped_is_said(nodes: tuple[str, ...], message: str):
    with pytest.raises(EditError, match=message):
        grouped(NESTED, ROW, nodes, "New")


def test_what_was_in_a_dissolved_group_comes_to_lie_around_it():
    assert ungrouped(NESTED, ["inner"])[0] == Group("outer", "Outer", ("a", "b", "c"))
    inner, other = ungrouped(NESTED, ["outer"])
    assert (inner.parent, inner.nodes) == (None, ("b", "c"))
    assert other is NESTED[2]
    assert ungrouped(NESTED, ["outer", "inner", "other"]) == ()


def test_names_and_states_change_where_they_are_told_to():
    assert renamed(NESTED, ["inner"], "New")[1].name == "New"
    assert with_collapsed(NESTED, ["other"], True) == NESTED
    assert with_collapsed(NESTED, ["inner"], True)[0] is NESTED[0]


def test_nodes_that_go_leave_their_groups_and_empty_groups_vanish():
    without = carried(NESTED, ROW, ROW.remove(["b", "d"]))
    assert [(group.id, group.nodes) for group in without] == [("outer", ("a",)), ("inner", ("c",))]
    assert carried(NESTED, ROW, ROW.remove(["a"]))[0] == Group("outer", "Outer", ())
    assert carried(NESTED, ROW, ROW.remove(["a", "b", "c", "d"])) == ()


def test_an_edit_of_no_node_leaves_the_groups_as_they_are():
    assert carried(NESTED, ROW, ROW.replace_layer("a", ReLU())) == NESTED
    assert carried(NESTED, ROW, ROW.disconnect(ROW.edges[0])) is NESTED


@pytest.mark.parametrize(("edge", "home"), [(2, "inner"), (1, "outer"), (0, None), (3, None)])
def test_a_layer_put_into_a_wire_joins_the_group_around_it(edge: int, home: str | None):
    after = ROW.insert(ROW.edges[edge], Node("new", ReLU()))
    assert Forest(carried(NESTED, ROW, after)).home.get("new") == home


def test_layers_put_into_a_wire_together_join_together():
    after = ROW.insert(ROW.edges[2], Node("new1", ReLU()))
    after = after.insert(after.incoming["c"][0], Node("new2", ReLU()))
    assert Forest(carried(NESTED, ROW, after)).members("inner") == ("b", "c", "new1", "new2")


def test_a_layer_behind_a_group_does_not_join_it():
    after = wired(ROW.add(Node("new", ReLU())), ("c", "new"))
    assert "new" not in Forest(carried(NESTED, ROW, after)).home


def test_nodes_join_a_group_unless_they_are_in_one():
    found = enter(NESTED, "other", ["image", "b"])
    assert Forest(found).members("other") == ("d", "image")
    assert Forest(found).members("inner") == ("b", "c")


def test_a_node_that_takes_anothers_place_takes_its_group():
    assert exchanged(NESTED, "b", "new")[1].nodes == ("new", "c")
    assert exchanged(NESTED, "image", "new") == NESTED


def test_the_groups_of_a_part_are_those_that_are_whole():
    assert [(group.id, group.parent) for group in within(NESTED, ["b", "c", "d"])] == [("inner", None), ("other", None)]
    assert within(NESTED, ["a", "b", "c"]) == NESTED[:2]
    assert within(NESTED, ["b", "image"]) == ()


def test_a_fresh_id_is_neither_a_group_nor_a_node():
    graph = ROW.add(Node("group1", ReLU()))
    assert groups.fresh_id((Group("group2", "x"),), graph) == "group3"


@given(grouped_drawings())
def test_grouping_keeps_every_node_in_one_group_at_most(drawn: tuple[Graph, Groups]):
    graph, found = drawn
    assert_sound(found, graph)


@given(grouped_drawings(), st.data())
def test_groups_stay_sound_through_every_edit_of_the_graph(drawn: tuple[Graph, Groups], data: st.DataObject):
    graph, found = drawn
    for _ in range(3):
        after = data.draw(edited(graph))
        found = carried(found, graph, after)
        graph = after
        assert_sound(found, graph)


@given(grouped_drawings(), st.data())
def test_dissolving_moves_no_node_out_of_what_is_around(drawn: tuple[Graph, Groups], data: st.DataObject):
    graph, found = drawn
    gone = data.draw(st.sets(st.sampled_from([group.id for group in found]))) if found else set()
    left = ungrouped(found, gone)
    assert_sound(left, graph)
    before, after = Forest(found), Forest(left)
    for group in left:
        assert set(after.members(group.id)) == set(before.members(group.id))


@given(grouped_drawings())
def test_pruning_by_the_own_graph_changes_nothing(drawn: tuple[Graph, Groups]):
    graph, found = drawn
    assert pruned(found, graph) is found
