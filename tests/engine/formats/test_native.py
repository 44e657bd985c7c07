import json
import re
from functools import cache
from pathlib import Path
from typing import Any

import jsonschema
import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.strategies import DrawFn

from engine import LAYERS, Concat, Conv2D, Edge, FormatError, Graph, Group, Input, MaxPool2D, Network, Node, ReLU
from engine.formats import native
from engine.groups import renamed
from tests.engine.networks import chain, wired
from tests.engine.test_groups import forests
from tests.strategies import drawings, extreme_layers

EXAMPLES = ("lenet5", "lecture_outline", "lecture_conv", "kernels")
SMALL = Network("Small", chain(image=Input(), conv=Conv2D(), relu=ReLU()), layout={"image": (0, 0), "conv": (0.5, -70)})

names = st.text(st.characters(exclude_categories=["Cs"]), max_size=8)
places = st.tuples(*[st.integers(-10_000, 10_000) | st.integers(-99_999, 99_999).map(lambda cents: cents / 100)] * 2)


@st.composite
def documents(draw: DrawFn) -> Network:
    """Draw what a file may hold: any drawing, any names, some places, some groups, some dots on wires."""
    graph = draw(drawings() | drawings(extreme_layers))
    for node in graph.by_id:
        graph = graph.rename(node, draw(names))
    layout = {node: draw(places) for node in graph.by_id if draw(st.booleans())}
    groups = draw(forests(graph))
    for group in groups:
        groups = renamed(groups, [group.id], draw(names))
    points = st.lists(places, min_size=1, max_size=3).map(tuple)
    dots = {edge: draw(points) for edge in graph.edges if draw(st.booleans())}
    return Network(draw(names), graph, None, layout, groups, dots)


@cache
def validator() -> jsonschema.Draft202012Validator:
    return jsonschema.Draft202012Validator(native.schema())


def text_of(**changes: Any) -> str:
    """Return a small valid document with some of its outer fields changed, or left out where the value is None."""
    plain: dict[str, Any] = {"format": "convolab", "version": 1, "name": "n", "layers": [{"id": "a", "type": "Input"}]}
    return json.dumps({key: value for key, value in (plain | changes).items() if value is not None})


def layer(**fields: Any) -> str:
    return text_of(layers=[{"id": "a", "type": "Conv2D", **fields}])


def dotted(*dots: Any) -> str:
    layers = [{"id": name, "type": "ReLU"} for name in "ab"]
    return text_of(layers=layers, connections=[["a", "b"]], dots=list(dots))


def grouped(*groups: Any) -> str:
    layers = [{"id": name, "type": "ReLU"} for name in "abc"]
    return text_of(layers=layers, groups=list(groups))


def wires(*connections: Any) -> str:
    layers = [{"id": "a", "type": "Input"}, {"id": "b", "type": "ReLU"}, {"id": "c", "type": "Concat"}]
    return text_of(layers=layers, connections=list(connections))


@given(documents())
def test_whatever_can_be_drawn_survives_a_file(network: Network):
    assert native.decode(native.encode(network)) == (network, None)


@given(documents())
def test_whatever_is_written_is_valid_by_the_schema(network: Network):
    validator().validate(json.loads(native.encode(network)))


@given(documents())
def test_writing_what_was_read_changes_nothing(network: Network):
    text = native.encode(network, "weights.safetensors")
    assert native.encode(*native.decode(text)) == text


def changed_lines(before: Network, after: Network) -> int:
    old, new = (native.encode(network).splitlines() for network in (before, after))
    assert len(old) == len(new)
    return sum(a != b for a, b in zip(old, new, strict=True))


@pytest.mark.parametrize(
    "graph",
    [
        SMALL.graph.replace_layer("conv", Conv2D(filters=9)),
        SMALL.graph.replace_layer("conv", Conv2D(padding=(1, 2, 3, 4))),
        SMALL.graph.replace_layer("image", Input(invert=True)),
        SMALL.graph.rename("relu", "rectifier"),
    ],
)
def test_an_edit_of_one_parameter_is_a_diff_of_one_line(graph: Graph):
    assert changed_lines(SMALL, Network("Small", graph, layout=SMALL.layout)) == 1


def test_moving_a_node_is_a_diff_of_one_line_apart_from_the_architecture():
    moved = Network("Small", SMALL.graph, layout={**SMALL.layout, "conv": (5, 6)})
    assert changed_lines(SMALL, moved) == 1
    assert native.encode(moved).split('"layout"')[0] == native.encode(SMALL).split('"layout"')[0]


def test_a_position_that_rounds_to_a_whole_number_is_written_as_one():
    graph = chain(image=Input())
    text = native.encode(Network("n", graph, layout={"image": (4.999, -0.001)}))
    assert '"image": [5, 0]' in text
    assert native.encode(native.decode(text)[0]) == text


def test_a_moved_dot_is_a_diff_of_one_line():
    dotted = Network("Small", SMALL.graph, dots={Edge("image", "conv"): ((1.0, 2.0), (3.0, 4.0))})
    moved = Network("Small", SMALL.graph, dots={Edge("image", "conv"): ((1.0, 2.0), (3.0, 5.0))})
    assert changed_lines(dotted, moved) == 1
    assert '  "dots": [\n    {"wire": ["image", "conv"], "at": [[1, 2], [3, 4]]}\n  ]\n}\n' in native.encode(dotted)


def test_dots_of_wires_that_are_not_there_are_not_written():
    text = native.encode(Network("Small", SMALL.graph, dots={Edge("relu", "conv"): ((1.0, 2.0),)}))
    assert "dots" not in text


def test_a_document_is_read_by_people():
    graph = wired(chain(image=Input(), concat=Concat()).add(Node("pool", MaxPool2D(), "Größe")), ("image", "concat", 1))
    assert native.encode(Network("Two", graph, layout={"pool": (0.0, 12.345)}), "two.safetensors") == (
        "{\n"
        '  "format": "convolab",\n'
        '  "version": 1,\n'
        '  "name": "Two",\n'
        '  "weights": "two.safetensors",\n'
        '  "layers": [\n'
        '    {"id": "image", "type": "Input", "channels": 1, "height": 32, "width": 32, "scaling": "0 to 1", '
        '"fit": "stretch", "invert": false},\n'
        '    {"id": "concat", "type": "Concat"},\n'
        '    {"id": "pool", "name": "Größe", "type": "MaxPool2D", "kernel": [2, 2], "stride": [2, 2], '
        '"padding": "valid", "ceil_mode": false, "dilation": [1, 1]}\n'
        "  ],\n"
        '  "connections": [\n'
        '    ["image", "concat"],\n'
        '    ["image", "concat", 1]\n'
        "  ],\n"
        '  "layout": {\n'
        '    "pool": [0, 12.35]\n'
        "  }\n"
        "}\n"
    )


def test_an_empty_network_is_a_document():
    assert native.encode(Network()) == (
        '{\n  "format": "convolab",\n  "version": 1,\n  "name": "Untitled",\n'
        '  "layers": [],\n  "connections": [],\n  "layout": {}\n}\n'
    )


def test_what_a_document_leaves_out_takes_its_default():
    network, weights = native.decode(text_of())
    assert network == Network("n", chain(a=Input()))
    assert weights is None
    assert native.decode(text_of(weights="w.safetensors"))[1] == "w.safetensors"


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "Not readable as JSON"),
        ("{", "Not readable as JSON"),
        ("[" * 100_000, "Not readable as JSON"),
        ("[]", "Not a Convolab document: Expected `object`, got `array`"),
        ("{}", "Not a Convolab document: Object missing required field `format`"),
        (text_of(name=None), "missing required field `name`"),
        (text_of(format="onnx"), "at `$.format`"),
        (text_of(version=0), "Expected `int` >= 1 - at `$.version`"),
        (text_of(version="1"), "at `$.version`"),
        (text_of(version=2), "saved by a newer Convolab (format version 2; this one reads up to 1)"),
        (text_of(version=2, news=True), "saved by a newer Convolab"),
        (text_of(news=True), "unknown field `news`"),
        (text_of(name=3), "at `$.name`"),
        (text_of(layers={}), "at `$.layers`"),
        (text_of(layers=[3]), "at `$.layers[0]`"),
        (text_of(layers=[{}]), "A layer needs an id, and its id and name are texts - at `$.layers[0]`"),
        (layer(id=""), "A layer needs an id - at `$.layers[0].id`"),
        (layer(id=1), "at `$.layers[0]`"),
        (layer(name=1), "at `$.layers[0]`"),
        (layer(type="Conv9D"), "There is no layer type 'Conv9D' (known are Input, Rescaling, Normalization, Conv2D, "),
        (layer(type="Conv9D"), f"(known are {', '.join(kind.__name__ for kind in LAYERS)}) - at"),
        (layer(type="Conv9D"), "at `$.layers[0].type`"),
        (layer(type=["Conv2D"]), "at `$.layers[0].type`"),
        (text_of(layers=[{"id": "a"}]), "There is no layer type None"),
        (layer(size=3), "Object contains unknown field `size` - at `$.layers[0]`"),
        (layer(filters=0), "Expected `int` >= 1 - at `$.layers[0].filters`"),
        (layer(filters=65537), "Expected `int` <= 65536 - at `$.layers[0].filters`"),
        (layer(filters=2.5), "at `$.layers[0].filters`"),
        (layer(filters=True), "at `$.layers[0].filters`"),
        (layer(kernel=[3, 0]), "Expected `int` >= 1 - at `$.layers[0].kernel[1]`"),
        (layer(kernel=[3]), "at `$.layers[0].kernel`"),
        (layer(padding="full"), "at `$.layers[0].padding`"),
        (layer(padding=[1, 1]), "at `$.layers[0].padding`"),
        (layer(bias=1), "at `$.layers[0].bias`"),
        (text_of(layers=[{"id": "a", "type": "Input"}] * 2), "There is a layer 'a' already - at `$.layers[1].id`"),
        (wires(["a"]), "at `$.connections[0]`"),
        (wires(["a", "b", 0, 0]), "at `$.connections[0]`"),
        (wires(["a", 1]), "A wire is [source id, target id] or [source id, target id, port] - at `$.connections[0]`"),
        (wires(["a", "b", "0"]), "at `$.connections[0]`"),
        (wires(["a", "b"], ["a", "x"]), "There is no layer 'x' - at `$.connections[1]`"),
        (wires(["x", "b"]), "There is no layer 'x' - at `$.connections[0]`"),
        (wires(["b", "b"]), "'b' can't feed itself - at `$.connections[0]`"),
        (wires(["b", "a"]), "'a' has no input 1 - at `$.connections[0]`"),
        (wires(["a", "b", 1]), "'b' has no input 2 - at `$.connections[0]`"),
        (wires(["a", "c", -1]), "'c' has no input 0 - at `$.connections[0]`"),
        (wires(["a", "c", 10**9]), "'c' has no input 1000000001 - at `$.connections[0]`"),
        (wires(["a", "c"], ["b", "c"]), "Input 1 of 'c' has a wire already - at `$.connections[1]`"),
        (wires(["a", "b"], ["a", "b"]), "Input 1 of 'b' has a wire already - at `$.connections[1]`"),
        (text_of(layout={"x": [0, 0]}), "There is no layer 'x' - at `$.layout`"),
        (text_of(layout={"a": [0]}), "at `$.layout[...]`"),
        (text_of(layout={"a": ["left", 0]}), "at `$.layout[...][0]`"),
        (text_of(weights=3), "at `$.weights`"),
        (text_of(dots={}), "at `$.dots`"),
        (dotted(3), "at `$.dots[0]`"),
        (dotted({"wire": ["a", "b"]}), "Object missing required field `at` - at `$.dots[0]`"),
        (dotted({"wire": ["a", "b"], "at": []}), "Expected `array` of length >= 1 - at `$.dots[0].at`"),
        (dotted({"wire": ["a", "b"], "at": [[0]]}), "at `$.dots[0].at[0]`"),
        (dotted({"wire": ["a", "b"], "at": [[0, "x"]]}), "at `$.dots[0].at[0][1]`"),
        (dotted({"wire": ["a", "b"], "at": [[0, None]]}), "at `$.dots[0].at[0][1]`"),
        (dotted({"wire": ["a", "b"], "at": [[0, 2e6]]}), "Expected `float` <= 1000000.0 - at `$.dots[0].at[0][1]`"),
        (dotted({"wire": ["a", "b"], "at": [[-2e6, 0]]}), "Expected `float` >= -1000000.0 - at `$.dots[0].at[0][0]`"),
        (dotted({"wire": ["a", "b"], "at": [[0, 0]], "size": 1}), "unknown field `size` - at `$.dots[0]`"),
        (dotted({"wire": ["a"], "at": [[0, 0]]}), "at `$.dots[0].wire`"),
        (dotted({"wire": ["a", 1], "at": [[0, 0]]}), "A wire is [source id, target id] or"),
        (dotted({"wire": ["b", "a"], "at": [[0, 0]]}), "There is no wire from 'b' to input 1 of 'a' - at `$.dots[0].w"),
        (dotted({"wire": ["a", "x"], "at": [[0, 0]]}), "There is no wire from 'a' to input 1 of 'x' - at `$.dots[0].w"),
        (dotted({"wire": ["a", "b", 1], "at": [[0, 0]]}), "There is no wire from 'a' to input 2 of 'b'"),
        (
            dotted({"wire": ["a", "b"], "at": [[0, 0]]}, {"wire": ["a", "b", 0], "at": [[0, 0]]}),
            "The wire from 'a' to input 1 of 'b' has dots already - at `$.dots[1].wire`",
        ),
        (dotted({"wire": ["a", "b"], "at": [[0, 0]]}).replace("[0, 0]", "[0, 1e999]"), "Number out of range"),
        (dotted({"wire": ["a", "b"], "at": [[0, 0]]}).replace("[0, 0]", "[0, NaN]"), "Not readable as JSON"),
        (text_of(groups={}), "at `$.groups`"),
        (grouped(3), "at `$.groups[0]`"),
        (grouped({"id": "g"}), "Object missing required field `name` - at `$.groups[0]`"),
        (grouped({"id": "g", "name": "G", "size": 1}), "Object contains unknown field `size` - at `$.groups[0]`"),
        (
            grouped({"id": "g", "name": "G", "layers": ["a", 1]}),
            "Expected `str`, got `int` - at `$.groups[0].layers[1]`",
        ),
        (grouped({"id": "g", "name": "G", "collapsed": 1}), "at `$.groups[0].collapsed`"),
        (grouped({"id": "g", "name": "G", "layers": ["x"]}), "There is no layer 'x' - at `$.groups[0]`"),
        (grouped({"id": "", "name": "G", "layers": ["a"]}), "A group needs an id - at `$.groups[0]`"),
        (grouped({"id": "a", "name": "G", "layers": ["a"]}), "'a' is the id of a layer - at `$.groups[0]`"),
        (
            grouped({"id": "g", "name": "G", "layers": ["a"]}, {"id": "g", "name": "H", "layers": ["b"]}),
            "There is a group 'g' already - at `$.groups[1]`",
        ),
        (
            grouped({"id": "g", "name": "G", "layers": ["a"]}, {"id": "h", "name": "H", "layers": ["b", "a"]}),
            "'a' is in the group 'g' already - at `$.groups[1]`",
        ),
        (
            grouped({"id": "g", "name": "G", "parent": "h"}, {"id": "h", "name": "H", "layers": ["a"]}),
            "There is no group 'h' before this one - at `$.groups[0]`",
        ),
    ],
)
def test_an_error_names_what_is_wrong_and_its_place(text: str, message: str):
    with pytest.raises(FormatError, match=re.escape(message)):
        native.decode(text)


def test_groups_are_lines_of_their_own_apart_from_the_architecture():
    groups = (Group("g", "Outer", ("image",), collapsed=True), Group("h", "Inner", ("conv", "relu"), "g"))
    text = native.encode(msgspec.structs.replace(SMALL, groups=groups))
    assert text.startswith(native.encode(SMALL).removesuffix("\n}\n") + ",\n")
    assert text.endswith(
        '  "groups": [\n'
        '    {"id": "g", "name": "Outer", "layers": ["image"], "collapsed": true},\n'
        '    {"id": "h", "name": "Inner", "parent": "g", "layers": ["conv", "relu"]}\n'
        "  ]\n"
        "}\n"
    )
    assert native.decode(text)[0].groups == groups


def test_a_group_without_layers_is_left_out():
    assert native.decode(grouped({"id": "g", "name": "G"}))[0].groups == ()


def test_bytes_that_are_no_text_are_refused():
    with pytest.raises(FormatError, match="Not readable as JSON"):
        native.decode(b"\xff\xfe{}")


@given(st.recursive(st.none() | st.booleans() | st.integers() | st.text(max_size=3), st.lists, max_leaves=5))
def test_no_value_of_a_field_gets_past_the_errors(value: Any):
    for text in (layer(kernel=value), layer(type=value), layer(id=value), wires(value), text_of(layout={"a": value})):
        problem = problem_of(text)
        assert problem is None or "at `$" in problem


def problem_of(text: str) -> str | None:
    try:
        native.decode(text)
    except FormatError as problem:
        return str(problem)
    return None


def test_the_schema_that_ships_is_the_current_one(resources: Path):
    shipped = (resources / "schema" / "convolab-1.schema.json").read_text(encoding="utf-8")
    assert shipped == json.dumps(native.schema(), indent=2, ensure_ascii=False) + "\n"


@pytest.mark.parametrize("name", EXAMPLES)
def test_the_examples_are_valid_by_the_schema(name: str, resources: Path):
    shipped = (resources / "schema" / "convolab-1.schema.json").read_text(encoding="utf-8")
    document = (resources / "examples" / f"{name}.json").read_text(encoding="utf-8")
    jsonschema.Draft202012Validator(json.loads(shipped)).validate(json.loads(document))


@pytest.mark.parametrize(
    "text",
    [
        text_of(news=1),
        text_of(version=2),
        layer(filters=0),
        layer(kernel=[1]),
        layer(size=3),
        wires(["a"]),
        layer(id=""),
        grouped({"id": "g"}),
        grouped({"id": "", "name": "G"}),
        grouped({"id": "g", "name": "G", "layers": "a"}),
        grouped({"id": "g", "name": "G", "collapsed": "yes"}),
        grouped({"id": "g", "name": "G", "layers": ["a", "a"]}),
    ],
)
def test_the_schema_refuses_what_the_reader_refuses(text: str):
    assert not validator().is_valid(json.loads(text))
