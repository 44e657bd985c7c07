"""Every mistake that a drawing can hold: its words, its place, and its fixes."""

import pytest
from hypothesis import given, settings

from engine import (
    Add,
    Code,
    Concat,
    Conv2D,
    Dense,
    Diagnostic,
    Dropout,
    Edge,
    Flatten,
    Graph,
    Input,
    LinearSVM,
    MaxPool2D,
    Node,
    ReLU,
    Severity,
    Softmax,
    analyse,
)
from tests.engine.mistakes_of_layers import LAYER_CASES, SMALL, Case
from tests.engine.networks import chain, wired
from tests.strategies import drawings, extreme_layers

_, WARNING, INFO = Severity

CASES = [
    Case(
        chain(conv=Conv2D()),
        Code.NO_INPUT,
        None,
        "The network has no Input layer, so no image can enter it.",
        ("Add an Input before “conv”",),
    ),
    Case(Graph(), Code.NO_INPUT, None, "The network has no Input layer, so no image can enter it.", ("Add an Input",)),
    Case(
        Graph((Node("a", Input()), Node("b", Input(), "second"))),
        Code.SEVERAL_INPUTS,
        "b",
        "The network has 2 Input layers (“a”, “second”), but one image enters it.",
        ("Keep “a” alone", "Keep “second” alone"),
    ),
    Case(
        Graph((Node("image", Input()), Node("relu", ReLU()))),
        Code.UNCONNECTED_PORT,
        "relu",
        "ReLU has no input: connect the output of another layer to it.",
        ("Connect “image”",),
        port=0,
    ),
    Case(
        wired(chain(image=Input(), add=Add()).add(Node("drop", Dropout())), ("image", "drop")),
        Code.UNCONNECTED_PORT,
        "add",
        "Add needs at least 2 inputs; its input 2 is not connected.",
        ("Connect “drop”",),
        port=1,
    ),
    Case(
        wired(chain(image=Input(), add=Add(), relu=ReLU(), drop=Dropout()), ("drop", "add", 1)),
        Code.CYCLE,
        "add",
        "add → relu → drop → add is a cycle: a layer would need its own output before it could compute it.",
        (
            "Remove the wire from “drop” to “add”",
            "Remove the wire from “relu” to “drop”",
            "Remove the wire from “add” to “relu”",
        ),
        port=1,
        edge=Edge("drop", "add", 1),
    ),
    Case(
        chain(image=SMALL, pool=MaxPool2D(kernel=(9, 7))),
        Code.KERNEL_TOO_LARGE,
        "pool",
        "The window is 7×9, larger than the input of 6×6 with its padding (6×6), so it fits nowhere.",
        ("Make the window 6×6", "Padding 2 top, 1 bottom, 1 left, 0 right fits", "Padding “same” fits"),
        parameter="kernel",
    ),
    Case(
        chain(image=SMALL, conv=Conv2D(kernel=(4, 4), dilation=(3, 3))),
        Code.KERNEL_TOO_LARGE,
        "conv",
        "The kernel is 10×10 (with its dilation), larger than the input of 6×6 with its padding (6×6), "
        "so it fits nowhere.",
        ("Make the kernel 2×2", "Padding 2 fits", "Padding “same” fits"),
        parameter="kernel",
    ),
    Case(
        chain(image=SMALL, pool=MaxPool2D(padding=(2, 0, 0, 0))),
        Code.PADDING_TOO_LARGE,
        "pool",
        "The padding (2 top, 0 bottom, 0 left, 0 right) must be smaller than the 2×2 window, "
        "or some windows hold nothing but padding.",
        ("Make the padding smaller than the window", "Use no padding"),
        parameter="padding",
    ),
    Case(
        chain(image=SMALL, conv=Conv2D(filters=5, groups=2)),
        Code.GROUPS,
        "conv",
        "The 5 filters can't be split into 2 equal groups.",
        ("Use 6 filters", "Use groups 1"),
        parameter="groups",
    ),
    Case(
        chain(image=SMALL, dense=Dense()),
        Code.VECTOR_EXPECTED,
        "dense",
        "Dense connects every value of a vector, but it receives a volume of 6×6×4; "
        "flattened, that is a vector of 144 values.",
        ("Insert Flatten",),
        port=0,
        edge=Edge("image", "dense"),
    ),
    Case(
        chain(image=SMALL, flat=Flatten(), conv=Conv2D()),
        Code.VOLUME_EXPECTED,
        "conv",
        "Conv2D slides over the height and width of a volume, but it receives a vector of 144 values, "
        "which has neither.",
        ("Connect to the layer before the flattening one",),
        port=0,
        edge=Edge("flat", "conv"),
    ),
    Case(
        wired(chain(image=SMALL, conv=Conv2D(filters=2), add=Add()), ("image", "add", 1)),
        Code.ADD_SHAPES,
        "add",
        "Add needs inputs of one shape, but it receives 4×4×2 and 6×6×4.",
        (),
        port=1,
        edge=Edge("image", "add", 1),
    ),
    Case(
        wired(chain(image=SMALL, conv=Conv2D(filters=2, padding="same"), add=Add()), ("image", "add", 1)),
        Code.ADD_SHAPES,
        "add",
        "Add needs inputs of one shape, but it receives 6×6×2 and 6×6×4.",
        (
            "Insert a 1×1 Conv2D that makes input 2 6×6×2",
            "Insert a 1×1 Conv2D that makes input 1 6×6×4",
        ),
        port=1,
        edge=Edge("image", "add", 1),
    ),
    Case(
        wired(chain(image=SMALL, pool=MaxPool2D(), concat=Concat()), ("image", "concat", 1)),
        Code.CONCAT_SHAPES,
        "concat",
        "Concat stacks volumes of one width and height, but it receives 3×3×4 and 6×6×4.",
        ("Insert a 1×1 Conv2D that makes input 2 3×3×4",),
        port=1,
        edge=Edge("image", "concat", 1),
    ),
    Case(
        chain(image=SMALL, flat=Flatten(), svm=LinearSVM(classes=2, labels=("a", "b", "c"))),
        Code.LABEL_COUNT,
        "svm",
        "There are 3 class names for 2 classes.",
        ("Fit the list to 2 names", "Remove the class names"),
        WARNING,
        "labels",
    ),
    Case(
        chain(image=SMALL, pool=MaxPool2D(kernel=(9, 9)), drop=Dropout(), conv=Conv2D()),
        Code.UNKNOWN_CHANNELS,
        "conv",
        "The number of channels that reach Conv2D is unknown, because “drop” before it has no output shape yet; "
        "its weights can't be counted.",
        (),
        INFO,
        port=0,
    ),
    Case(
        chain(image=Input(channels=65536, height=256, width=256), relu=ReLU()),
        Code.TOO_LARGE,
        "image",
        "The output of Input would take 16.0 GiB, more than the 4 GiB that one array may take.",
    ),
    Case(
        chain(image=Input(height=1024, width=1024), flat=Flatten(), dense=Dense(units=1_000_000)),
        Code.TOO_LARGE,
        "dense",
        "The array “weight” of Dense would take 3,906.2 GiB, more than the 4 GiB that one array may take.",
    ),
    *LAYER_CASES,
]


def found(graph: Graph, code: Code) -> list[Diagnostic]:
    return [one for one in analyse(graph).diagnostics if one.code is code]


@pytest.mark.parametrize("case", CASES, ids=lambda case: f"{case.code.value}-{case.node}")
def test_a_mistake_is_named_with_its_numbers_and_its_place(case: Case):
    (one,) = found(case.graph, case.code)
    assert one.message == case.message
    assert (one.severity, one.node, one.parameter) == (case.severity, case.node, case.parameter)
    assert (one.port, one.edge) == (case.port, case.edge)
    assert tuple(fix.title for fix in one.fixes) == case.fixes


@pytest.mark.parametrize("case", CASES, ids=lambda case: f"{case.code.value}-{case.node}")
def test_every_fix_of_a_mistake_removes_it(case: Case):
    for one in found(case.graph, case.code):
        for fix in one.fixes:
            assert found(fix.edit(case.graph), case.code) == [], fix.title


def test_every_code_that_is_no_lint_has_a_case():
    lint = {
        Code.STRIDE_REMAINDER,
        Code.NO_NONLINEARITY,
        Code.SOFTMAX_NOT_LAST,
        Code.DEAD_END,
        Code.PARAMETER_HEAVY,
        Code.POOL_OVERLAP,
        Code.POOL_PADDING,
    }
    assert {case.code for case in CASES} == set(Code) - lint


@settings(max_examples=100)
@given(drawings() | drawings(extreme_layers))
def test_analysis_never_raises_and_every_fix_removes_its_finding(graph: Graph):
    for one in analyse(graph).diagnostics:
        for fix in one.fixes:
            left = analyse(fix.edit(graph)).diagnostics
            assert (one.code, one.node, one.port) not in [(other.code, other.node, other.port) for other in left]


@given(drawings())
def test_every_place_exists_and_whatever_has_no_output_is_explained(graph: Graph):
    analysis = analyse(graph)
    for one in analysis.diagnostics:
        assert one.node is None or one.node in graph
        assert one.edge is None or one.edge in graph.edges
        assert one.node is None or one.port is None or one.port < graph.port_count(one.node)
    missing = {node for node, entry in analysis.nodes.items() if entry.output is None}
    blamed = {one.node for one in analysis.errors}
    for node in missing:
        sources = {edge.source for edge in graph.incoming[node].values()}
        assert node in blamed or sources & missing


def test_an_input_is_put_before_the_first_layer_that_can_take_an_image():
    graph = Graph((Node("dense", Dense()), Node("conv", Conv2D())))
    (one,) = found(graph, Code.NO_INPUT)
    assert one.fixes[0].edit(graph).incoming["conv"][0].source == "image"


def test_several_knots_of_cycles_are_told_apart():
    graph = Graph(tuple(Node(name, ReLU()) for name in "abcd"))
    graph = wired(graph, ("a", "b"), ("b", "a"), ("c", "d"), ("d", "c"))
    assert [one.edge for one in found(graph, Code.CYCLE)] == [Edge("b", "a"), Edge("d", "c")]


def test_a_knot_that_no_single_wire_holds_together_offers_no_fix():
    graph = Graph((Node("a", Add()), Node("b", Add()), Node("c", Add())))
    graph = wired(graph, ("b", "a"), ("c", "a", 1), ("a", "b"), ("a", "c"))
    (one,) = found(graph, Code.CYCLE)
    assert one.fixes == ()


def test_a_wire_that_would_close_a_cycle_is_not_proposed_and_at_most_three_are():
    graph = chain(image=Input(), add=Add(), relu=ReLU())
    for number in range(5):
        graph = wired(graph.add(Node(f"d{number}", Dropout())), ("image", f"d{number}"))
    (one,) = found(graph, Code.UNCONNECTED_PORT)
    assert [fix.title for fix in one.fixes] == ["Connect “d4”", "Connect “d3”", "Connect “d2”"]


def test_a_source_of_the_wrong_shape_is_not_proposed():
    graph = wired(chain(image=Input(), add=Add()).add(Node("soft", Flatten())), ("image", "soft"))
    assert [one.fixes for one in found(graph, Code.UNCONNECTED_PORT)] == [()]


def test_softmax_warns_of_its_names_and_still_has_an_output():
    analysis = analyse(chain(image=Input(), flat=Flatten(), soft=Softmax(labels=("a",))))
    assert analysis.errors == ()
    assert analysis.nodes["soft"].output == (1024,)
