"""Repeats: groups with the same layers in the same wiring, one behind the other."""

import pytest
from hypothesis import given

from engine import Add, Conv2D, Graph, Group, Groups, Input, Node, ReLU
from engine.groups import with_collapsed
from engine.repeats import fingerprint, runs
from tests.engine.networks import chain, wired
from tests.strategies import drawings


def blocks(count: int, filters: tuple[int, ...] = ()) -> tuple[Graph, Groups]:
    """Return residual blocks one behind the other, each a collapsed group."""
    graph, source, groups = chain(image=Input(channels=8)), "image", []
    for number in range(count):
        conv, add = f"conv{number}", f"add{number}"
        width = filters[number] if filters else 8
        graph = graph.add(Node(conv, Conv2D(filters=width, padding="same"))).add(Node(add, Add()))
        graph = wired(graph, (source, conv), (conv, add, 0), (source, add, 1))
        groups.append(Group(f"block{number}", "Block", (conv, add), collapsed=True))
        source = add
    return graph, tuple(groups)


def test_blocks_that_do_the_same_are_one_run():
    graph, groups = blocks(4)
    assert runs(groups, graph) == (("block0", "block1", "block2", "block3"),)


def test_an_expanded_block_parts_a_run():
    graph, groups = blocks(4)
    assert runs(with_collapsed(groups, ["block1"], False), graph) == (("block0",), ("block2", "block3"))


def test_other_hyper_parameters_part_a_run():
    graph, groups = blocks(4, (8, 8, 9, 9))
    assert runs(groups, graph) == (("block0", "block1"), ("block2", "block3"))


def test_another_name_parts_a_run():
    graph, groups = blocks(3)
    groups = (groups[0], groups[1], Group("block2", "Last", groups[2].nodes, collapsed=True))
    assert runs(groups, graph) == (("block0", "block1"), ("block2",))


def test_another_wiring_parts_a_run():
    graph, groups = blocks(3)
    graph = graph.connect("add1", "add2", 0).connect("conv2", "add2", 1)
    assert runs(groups, graph) == (("block0", "block1"), ("block2",))


@pytest.mark.parametrize(
    ("extra", "expected"),
    [("add0", (("block0",), ("block1", "block2"))), ("conv1", (("block0",), ("block1",), ("block2",)))],
)
def test_a_wire_that_leaves_on_the_way_parts_a_run(extra: str, expected: tuple[tuple[str, ...], ...]):
    graph, groups = blocks(3)
    graph = wired(graph.add(Node("aside", ReLU())), (extra, "aside"))
    assert runs(groups, graph) == expected


def test_blocks_side_by_side_are_no_run():
    graph, groups = blocks(2)
    graph = graph.connect("image", "conv1").connect("image", "add1", 1)
    assert runs(groups, graph) == (("block0",), ("block1",))


def test_what_an_outer_group_hides_is_not_listed():
    graph, groups = blocks(2)
    inner = tuple(Group(one.id, one.name, one.nodes, "outer", True) for one in groups)
    assert runs((Group("outer", "Outer", collapsed=True), *inner), graph) == (("outer",),)
    assert runs((Group("outer", "Outer"), *inner), graph) == (("block0", "block1"),)


def test_blocks_of_different_groups_are_no_run():
    graph, groups = blocks(2)
    outer = (Group("one", "One"), Group("two", "Two"))
    inner = tuple(Group(one.id, one.name, one.nodes, two.id, True) for one, two in zip(groups, outer, strict=True))
    assert runs((*outer, *inner), graph) == (("block0",), ("block1",))


def test_a_fingerprint_tells_shared_sources_from_several():
    graph = wired(chain(image=Input(), relu=ReLU()).add(Node("add", Add())), ("image", "add", 0), ("image", "add", 1))
    other = graph.connect("relu", "add", 1)
    assert fingerprint(graph, ["add"]) != fingerprint(other, ["add"])


@given(drawings())
def test_a_fingerprint_does_not_depend_on_ids(graph: Graph):
    renamed = Graph()
    for node in graph.nodes:
        renamed = renamed.add(Node(f"x{node.id}", node.layer, "other"))
    for edge in graph.edges:
        renamed = renamed.connect(f"x{edge.source}", f"x{edge.target}", edge.port)
    half = [node.id for node in graph.nodes][::2]
    assert fingerprint(graph, half) == fingerprint(renamed, [f"x{node}" for node in half])
