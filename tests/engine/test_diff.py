"""What differs between two networks: nothing between a network and itself, and after edits just those."""

import json
from pathlib import Path

import msgspec
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine import Conv2D, Dense, Graph, Input, Network, Node, ReLU, Weights, analyse, completed, load, run, save
from engine.cli import main
from engine.counterparts import matched
from engine.diff import differ, map_differences, value_text
from engine.diff_report import plain, text
from tests.engine.networks import chain
from tests.strategies import drawings, edited, layers, networks


def network(graph: Graph, weights: Weights | None = None) -> Network:
    return Network("n", graph, weights)


def renumbered(graph: Graph) -> Graph:
    """Return a network with other ids: what another program would call the layers."""
    names = {node.id: f"z{number}" for number, node in enumerate(graph.nodes)}
    nodes = tuple(Node(names[node.id], node.layer) for node in graph.nodes)
    edges = tuple(
        msgspec.structs.replace(edge, source=names[edge.source], target=names[edge.target]) for edge in graph.edges
    )
    return Graph(nodes, edges)


@settings(max_examples=100)
@given(graph=drawings())
def test_a_network_does_not_differ_from_itself(graph: Graph):
    found = differ(network(graph), network(graph))
    assert found.same
    assert (found.added, found.removed, found.wires, found.changed) == ((), (), (), ())
    assert not any(pair.affected or pair.weights for pair in found.pairs)
    assert len(found.pairs) == len(graph.nodes)


@settings(max_examples=60)
@given(graph=networks(most=10))
def test_nor_from_itself_under_other_ids(graph: Graph):
    found = differ(network(graph), network(renumbered(graph)))
    assert found.added == found.removed == ()
    assert len(found.pairs) == len(graph.nodes)
    assert not any(pair.retyped for pair in found.pairs)


@settings(max_examples=100)
@given(data=st.data())
def test_edits_are_listed_and_nothing_else(data: st.DataObject):
    """Some edits of another kind each, at layers apart: one changed, one renamed, one added, one removed, a wire."""
    graph = data.draw(networks(most=10))
    inner = [node.id for node in graph.nodes if node.id != "image"]
    picked = data.draw(st.permutations(inner))
    after, wanted_changed = graph, set()
    for node in picked[: data.draw(st.integers(0, 2))]:
        layer = data.draw(layers(type(graph.by_id[node].layer)))
        after = after.replace_layer(node, layer)
        if layer != graph.by_id[node].layer:
            wanted_changed.add(node)
    renamed = set()
    for node in picked[2:4]:
        after = after.rename(node, "another name")
        renamed.add(node)
    added = set()
    for number in range(data.draw(st.integers(0, 2))):
        after = after.add(Node(f"new{number}", ReLU()))
        added.add(f"new{number}")
    removed = set(picked[4 : 4 + data.draw(st.integers(0, 1))]) if 2 * len(inner) > 8 else set()
    after = after.remove(removed)
    cut = None
    if after.edges and data.draw(st.booleans()):
        cut = data.draw(st.sampled_from(after.edges))
        after = after.disconnect(cut)
    found = differ(network(graph), network(after))
    assert set(found.added) == added
    assert set(found.removed) == removed
    assert {pair.before for pair in found.pairs if pair.parameters} == wanted_changed
    assert {pair.before for pair in found.pairs if pair.renamed} == renamed
    assert not any(pair.retyped for pair in found.pairs)
    orphaned = {(edge.target, edge.port) for edge in graph.edges if edge.source in removed and edge.target in after}
    wires = orphaned | ({(cut.target, cut.port)} if cut is not None else set())
    assert {(wire.target, wire.port) for wire in found.wires} == wires
    assert found.same == (not (added or removed or wanted_changed or renamed or wires))


@settings(max_examples=60)
@given(data=st.data())
def test_a_difference_is_seen_from_both_sides(data: st.DataObject):
    one = data.draw(networks(most=8))
    two = data.draw(edited(data.draw(edited(one))))
    there, back = differ(network(one), network(two)), differ(network(two), network(one))
    assert set(there.added) == set(back.removed)
    assert set(there.removed) == set(back.added)
    assert {(pair.before, pair.after) for pair in there.pairs} == {(pair.after, pair.before) for pair in back.pairs}
    assert there.same == back.same == (not there.added and not there.removed and not there.wires and not there.changed)
    assert json.loads(json.dumps(plain(("a", "b"), there)))["same"] == there.same
    assert text(("a", "b"), there)


def test_a_hyper_parameter_is_named_with_both_values_and_what_it_does_to_those_behind():
    before = chain(image=Input(height=8, width=8), conv=Conv2D(filters=4, kernel=(3, 3)), relu=ReLU())
    after = before.replace_layer("conv", Conv2D(filters=6, kernel=(5, 5)))
    found = differ(network(before), network(after))
    (pair,) = found.changed
    assert [change.text() for change in pair.parameters] == ["filters 4 → 6", "kernel size 3×3 → 5×5"]
    assert pair.shapes == ((4, 6, 6), (6, 4, 4))
    assert pair.counts == ((40, 156), (1296, 2400))
    assert [one.after for one in found.pairs if one.affected] == ["conv", "relu"]
    lines = text(("a", "b"), found).splitlines()
    assert lines[:2] == ["a → b", "  ~ conv  Conv2D: filters 4 → 6, kernel size 3×3 → 5×5, output 6×6×4 → 4×4×6"]
    assert ["conv:", "parameters", "40", "156", "+116"] in [line.split() for line in lines]


def test_layers_in_between_and_wires_that_moved():
    before = chain(image=Input(height=8, width=8), conv=Conv2D(), dense=Dense())
    after = before.insert(before.edges[1], Node("relu", ReLU()))
    found = differ(network(before), network(after))
    assert found.added == ("relu",)
    assert [tuple(wire) for wire in found.wires] == [("dense", 0, "conv", "relu")]
    lines = text(("a", "b"), found).splitlines()
    assert lines[1:3] == ["  + relu  ReLU, behind “conv”", "  ⇄ input 1 of “dense”: “conv” → “relu”"]
    taken = differ(network(before), network(before.disconnect(before.edges[0])))
    assert "input 1 of “conv”: “image” → nothing" in text(("a", "b"), taken)


def test_a_layer_of_another_type_at_the_same_place():
    before = chain(image=Input(height=8, width=8), conv=Conv2D(), act=ReLU(), last=Conv2D())
    after = before.replace_layer("act", Dense())
    (pair,) = differ(network(before), network(after)).changed
    assert pair.retyped == ("ReLU", "Dense")


def test_other_files_are_matched_by_what_layers_do(resources: Path):
    before, after = (load(resources / "examples" / f"vgg{depth}.json") for depth in (16, 19))
    found = differ(before, after)
    assert found.removed == ()
    assert sorted(found.after.nodes[node].layer.type for node in found.added) == ["Conv2D"] * 3 + ["ReLU"] * 3
    assert not any(pair.retyped or pair.parameters for pair in found.pairs)
    assert all(pair.shapes[0] == pair.shapes[1] for pair in found.pairs)


def test_names_that_people_gave_are_kept_together():
    common = {"image": Input(), "conv1": Conv2D(), "relu1": ReLU(), "conv2": Conv2D()}
    before = chain(**common, old=Conv2D(filters=9)).rename("old", "head")
    after = chain(**common, new=Conv2D(filters=9)).rename("new", "head")
    assert matched(analyse(before), analyse(after))["old"] == "new"
    assert differ(network(before), network(after)).same


def test_large_networks_are_aligned_in_a_moment(resources: Path):
    before, after = (load(resources / "examples" / f"{name}.json") for name in ("resnet152", "densenet121"))
    found = differ(before, after)
    places = [list(found.after.order).index(pair.after) for pair in found.pairs]
    assert places == sorted(places)
    assert len(found.pairs) > 200


def test_weights_and_maps_on_one_image(resources: Path):
    lenet = load(resources / "examples" / "lenet5.json")
    image = np.random.default_rng(1).random((1, 32, 32), np.float32)
    analysis = analyse(lenet.graph)
    kernel = lenet.weights["conv2"]["weight"]
    other = msgspec.structs.replace(lenet, weights=lenet.weights.replaced("conv2", "weight", kernel * np.float32(2)))
    found = differ(lenet, other, analysis_before=analysis, analysis_after=analysis)
    assert found.same
    assert [pair.after for pair in found.pairs if pair.weights] == ["conv2"]
    ours, theirs = (run(one.graph, completed(analysis, one.weights), image) for one in (lenet, other))
    maps = {one.after: one for one in map_differences(found, ours, theirs)}
    assert maps["pool1"][2:] == (0.0, 0.0, pytest.approx(1.0))
    one, two = ours["conv2"].astype(float).ravel(), theirs["conv2"].astype(float).ravel()
    assert maps["conv2"].relative == pytest.approx(np.linalg.norm(two - one) / np.linalg.norm(one))
    assert maps["conv2"].greatest == pytest.approx(np.abs(two - one).max())
    assert maps["conv2"].correlation == pytest.approx(np.corrcoef(one, two)[0, 1])
    smaller = network(lenet.graph.replace_layer("conv1", lenet.graph.by_id["conv1"].layer.replace(filters=3)))
    shapes = map_differences(differ(lenet, smaller), ours, run(smaller.graph, completed(analyse(smaller.graph)), image))
    assert {one.after for one in shapes if one.relative is None} == {"conv1", "relu1", "pool1"}


def test_a_map_that_was_nothing_differs_without_end_and_json_has_no_such_number():
    graph = chain(image=Input(height=2, width=2), relu=ReLU())
    found = differ(network(graph), network(graph))
    zeros, ones = np.zeros((1, 2, 2), np.float32), np.ones((1, 2, 2), np.float32)
    (maps,) = map_differences(found, {"image": zeros}, {"image": ones})
    assert (maps.relative, maps.greatest, maps.correlation) == (float("inf"), 1.0, None)
    assert plain(("a", "b"), found, (maps,))["layers"][0]["maps"] == {
        "relative": None,
        "greatest": 1.0,
        "correlation": None,
    }
    assert "–" in text(("a", "b"), found, (maps,))


@pytest.mark.parametrize(
    ("value", "shown"), [(True, "on"), (None, "–"), ((3, 5), "3×5"), ((1, 2, 3, 4), "(1, 2, 3, 4)"), (0.25, "0.25")]
)
def test_values_are_shown_as_people_write_them(value: object, shown: str):
    assert value_text(value) == shown


def test_the_command_line(tmp_path: Path, resources: Path, capsys: pytest.CaptureFixture[str]):
    lenet = str(resources / "examples" / "lenet5.json")
    digit = str(min((resources / "images" / "digits").glob("7_*.png")))
    assert main(["diff", lenet, lenet, "--image", digit]) == 0
    said = capsys.readouterr().out
    assert "The same layers, hyper-parameters and wires." in said
    assert "conv1" in said.split("maps")[-1]
    network_ = load(lenet)
    graph = network_.graph.replace_layer("conv1", network_.graph.by_id["conv1"].layer.replace(filters=8))
    save(Network("other", graph), tmp_path / "other.json")
    assert main(["diff", lenet, str(tmp_path / "other.json"), "--json", "--image", digit]) == 1
    found = json.loads(capsys.readouterr().out)
    assert not found["same"]
    assert found["totals"]["parameters"] == [61706, 62558]
    by_id = {one["before"]: one for one in found["layers"]}
    assert by_id["conv1"]["changes"] == {"filters": [6, 8]}
    assert by_id["image"]["maps"]["relative"] == 0
    assert main(["diff", lenet, str(tmp_path / "gone.json")]) == 2
