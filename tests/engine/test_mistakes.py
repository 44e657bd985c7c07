"""Every mistake that a drawing can hold: its words, its place, and its fixes."""

import pytest
from hypothesis import given, settings

from engine import (
    Add,
    Code,
    Conv2D,
    Dense,
    Diagnostic,
    Dropout,
    Edge,
    Flatten,
    Graph,
    Input,
    Node,
    Normalization,
    ReLU,
    Softmax,
    analyse,
)
from tests.engine.drawn_mistakes import CASES, Case
from tests.engine.networks import chain, wired
from tests.strategies import drawings, extreme_layers


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


def test_a_fix_for_one_list_of_a_normalisation_mends_the_other_too():
    graph = chain(image=Input(channels=2), scaled=Normalization(mean=(0.1, 0.2, 0.3), deviation=(0.4, 0.5, 0.6)))
    both = found(graph, Code.CHANNEL_COUNT)
    assert [(one.parameter, one.message) for one in both] == [
        ("mean", "There are 3 means for 2 input channels."),
        ("deviation", "There are 3 deviations for 2 input channels."),
    ]
    fitted, first = Normalization(mean=(0.1, 0.2), deviation=(0.4, 0.5)), Normalization(mean=(0.1,), deviation=(0.4,))
    for one in both:
        assert [fix.title for fix in one.fixes] == ["Fit both lists to 2 numbers", "Use the first for all"]
        assert [fix.edit(graph).by_id["scaled"].layer for fix in one.fixes] == [fitted, first]
