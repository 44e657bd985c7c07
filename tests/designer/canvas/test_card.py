"""What a card says."""

import pytest

from designer.canvas.card import UNKNOWN, Card, card_of, count_texts
from engine import Add, Code, Conv2D, Dense, Graph, Input, Node, ReLU, Severity, analyse, lint
from tests.engine.networks import chain, lenet5, wired


def card(graph: Graph, node: str) -> Card:
    analysis = analyse(graph)
    findings = [found for found in (*analysis.diagnostics, *lint(graph, analysis)) if found.node == node]
    return card_of(graph, graph.by_id[node], analysis.nodes[node], findings)


def test_a_card_tells_type_shape_and_parameters():
    shown = card(lenet5(), "conv1")
    assert (shown.label, shown.kind, shown.shape, shown.family) == ("conv1", "Conv2D · 6 @ 5×5", "28×28×6", "conv")
    assert shown.counts == ("156 params",)
    assert not shown.wrong
    assert [port.connected for port in shown.inputs] == [True]
    assert shown.feeds


def test_no_parameters_are_not_mentioned():
    assert card(lenet5(), "relu1").counts == ()


def test_a_name_stands_for_the_id():
    assert card(lenet5().rename("conv1", "edges"), "conv1").label == "edges"


def test_an_error_is_told_in_few_words_and_marks_its_port():
    shown = card(chain(image=Input(), dense=Dense()), "dense")
    assert shown.message == "Needs a vector: flatten first"
    assert shown.badge is Severity.ERROR
    assert shown.shape == UNKNOWN
    assert shown.inputs[0].error


def test_the_port_that_lacks_a_wire_is_marked():
    shown = card(wired(Graph().add(Node("image", Input())).add(Node("add", Add())), ("image", "add")), "add")
    assert shown.message == "Input 2 is not connected"
    assert [port.error for port in shown.inputs] == [False, True]


def test_a_layer_with_one_input_needs_no_number():
    assert card(Graph().add(Node("relu", ReLU())), "relu").message == "Nothing is connected"


def test_a_merge_shows_a_free_port_beside_those_that_are_connected():
    graph = wired(chain(image=Input(), one=ReLU(), add=Add()), ("image", "add", 1))
    assert [port.connected for port in card(graph, "add").inputs] == [True, True, False]


def test_behind_a_mistake_the_shape_is_unknown_but_nothing_is_wrong():
    graph = chain(image=Input(height=4, width=4), conv=Conv2D(kernel=(9, 9)), relu=ReLU(), conv2=Conv2D())
    for node in ("relu", "conv2"):
        shown = card(graph, node)
        assert shown.shape == UNKNOWN
        assert not shown.wrong
        assert shown.badge is None


def test_a_warning_is_a_badge():
    shown = card(chain(image=Input(), one=Conv2D(), two=Conv2D()), "two")
    assert shown.badge is Severity.WARNING
    assert not shown.wrong


@pytest.mark.parametrize(
    ("number", "texts"),
    [
        (0, ()),
        (1, ("1 param",)),
        (48_120, ("48,120 params", "48.1 K params", "48.1 K")),
        (2_359_808, ("2,359,808 params", "2.4 M params", "2.4 M")),
        (123_633_664, ("123,633,664 params", "124 M params", "124 M")),
    ],
)
def test_a_count_is_rounded_for_want_of_room_only(number: int, texts: tuple[str, ...]):
    assert count_texts(number) == texts


def test_every_error_of_a_layer_has_a_short_message():
    from designer.canvas.card import short_message
    from engine import Diagnostic

    of_a_layer = [
        Code.SEVERAL_INPUTS,
        Code.UNCONNECTED_PORT,
        Code.CYCLE,
        Code.KERNEL_TOO_LARGE,
        Code.PADDING_TOO_LARGE,
        Code.GROUPS,
        Code.VECTOR_EXPECTED,
        Code.VOLUME_EXPECTED,
        Code.ADD_SHAPES,
        Code.CONCAT_SHAPES,
        Code.TOO_LARGE,
    ]
    for code in of_a_layer:
        found = Diagnostic(code, Severity.ERROR, "A whole sentence.", "node", port=0)
        assert short_message(ReLU(), found) not in ("", found.message)
