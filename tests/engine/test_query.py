import pytest

from engine import (
    LAYERS,
    Add,
    AvgPool2D,
    Conv2D,
    Dense,
    Flatten,
    Graph,
    Input,
    LinearSVM,
    MaxPool2D,
    Node,
    QueryError,
    analyse,
    find,
    lint,
    parameters,
)
from engine.query import parse
from engine.query_fields import FIELDS, FLAGS
from tests.engine.networks import chain, lenet5

NETWORK = chain(
    image=Input(channels=3, height=32, width=32),
    conv1=Conv2D(filters=8, kernel=(3, 3), padding="same"),
    stem=Conv2D(filters=300, kernel=(1, 5), stride=(2, 2)),
    pool=MaxPool2D(),
    mean=AvgPool2D(),
    flatten=Flatten(),
    head=Dense(units=1000),
    svm=LinearSVM(classes=10),
).rename("stem", "My stem")


def found(text: str, graph: Graph = NETWORK) -> list[str]:
    return list(find(text, graph, analyse(graph)))


@pytest.mark.parametrize(
    ("text", "nodes"),
    [
        ("", []),
        ("   ", []),
        ("conv", ["conv1", "stem"]),
        ("CONV1", ["conv1"]),
        ("my stem", ["stem"]),
        ('"my stem"', ["stem"]),
        ("“my stem”", ["stem"]),
        ("pool", ["pool", "mean"]),
        ("linear", ["svm"]),
        ("zebra", []),
        ("type = Conv2D", ["conv1", "stem"]),
        ("type=conv2d", ["conv1", "stem"]),
        ("type = *Pool2D", ["pool", "mean"]),
        ('type = "linear svm"', ["svm"]),
        ("type : pool", ["pool", "mean"]),
        ("type != Conv2D and params > 0", ["head", "svm"]),
        ("name = conv1", ["conv1"]),
        ("name: stem", ["stem"]),
        ("family = pool", ["pool", "mean"]),
        ("params > 1e6", ["head"]),
        ("params > 1M", ["head"]),
        ("parameters>=1,000,000", ["head"]),
        ("params <= 224 params > 0", ["conv1"]),
        ("params = 224", ["conv1"]),
        ("macs >= 200K", ["conv1", "stem", "head"]),
        ("channels > 256", ["stem", "pool", "mean", "flatten", "head"]),
        ("depth = 8", ["conv1"]),
        ("width = 32 and height = 32", ["image", "conv1"]),
        ("field > 2", ["conv1", "stem", "pool", "mean", "flatten", "head", "svm"]),
        ("field = 3x3", ["conv1"]),
        ("kernel = 3", ["conv1"]),
        ("kernel = 1×5", ["stem"]),
        ("kernel : 5", ["stem"]),
        ("kernel > 4", ["stem"]),
        ("kernel != 3", ["stem", "pool", "mean"]),
        ("filters < 100", ["conv1"]),
        ("stride = 2", ["stem", "pool", "mean"]),
        ("padding = same", ["conv1"]),
        ("units = 1000", ["head"]),
        ("bias = yes and type = dense", ["head"]),
        ("memory >= 32KiB", ["conv1", "stem", "pool"]),
        ("memory > 75KiB", ["stem"]),
        ("inputs = 0", ["image"]),
        ("outputs = 0", ["svm"]),
        ("conv or pool", ["conv1", "stem", "pool", "mean"]),
        ("conv not stem", ["conv1"]),
        ("not (conv or pool)", ["image", "flatten", "head", "svm"]),
        ("conv and (kernel = 3 or stride = 2)", ["conv1", "stem"]),
        ("params ≥ 1e6", ["head"]),
        ("params == 224", ["conv1"]),
        ("params ≠ 224 params > 0", ["stem", "head", "svm"]),
    ],
)
def test_what_an_expression_finds(text, nodes):
    assert found(text) == nodes


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("params >", "After “params >” a value is missing"),
        ("params > > 3", "After “params >” a value is missing"),
        ("> 3", "Before “>” a field is missing"),
        ("parms > 3", "did you mean “params”?"),
        ("zzzzz = 3", "try name, type, family, params"),
        ("params > many", "needs a number"),
        ("kernel > 3x3", "needs a number"),
        ("name > 3", "is a text"),
        ("(conv", "A “)” is missing"),
        ("conv)", "without its “(”"),
        ("conv or", "Something is missing at the end"),
        ("conv and or pool", "Something is missing before “or”"),
        ("not", "Something is missing at the end"),
        ("()", "Something is missing before “)”"),
        ("!", "Before “!” a field is missing"),
    ],
)
def test_what_can_not_be_read_is_said(text, message):
    with pytest.raises(QueryError) as problem:
        find(text, NETWORK, analyse(NETWORK))
    assert message in str(problem.value)


def test_mistakes_are_found():
    graph = Graph((Node("image", Input()), Node("sum", Add()), Node("wide", Conv2D(kernel=(90, 90)))))
    graph = graph.connect("image", "wide")
    assert found("errors", graph) == ["wide", "sum"] or found("errors", graph) == ["sum", "wide"]
    assert found("not errors", graph) == ["image"]
    assert found("channels > 0", graph) == ["image"]  # what is not known is neither larger nor smaller
    assert "wide" not in found("channels != 3", graph)
    assert found("unconnected", graph) == ["sum"]


def test_remarks_are_those_that_are_handed_over():
    graph, analysis = lenet5(), analyse(lenet5())
    assert find("remarks", graph, analysis) == ()
    assert find("remarks", graph, analysis, lint(graph, analysis)) == ("dense1",)
    assert find("problem dense", graph, analysis, lint(graph, analysis)) == ("dense1",)


def test_a_flag_in_quotes_is_a_word():
    graph = chain(image=Input()).rename("image", "errors")
    assert found("errors", graph) == []
    assert found('"errors"', graph) == ["image"]


@pytest.mark.parametrize("name", [*FIELDS, *{one.name for layer in LAYERS for one in parameters(layer)}])
def test_every_field_and_hyper_parameter_can_be_asked(name):
    graph = Graph(tuple(Node(layer.__name__, layer()) for layer in LAYERS))
    for operator in "=:":
        assert set(found(f"{name} {operator} 1", graph)) <= set(graph.by_id)


def test_no_flag_is_a_field():
    assert not set(FLAGS) & set(FIELDS)
    assert parse("  ") is None


def test_nodes_on_a_cycle_are_found_too():
    graph = chain(a=Conv2D(), b=Conv2D()).connect("b", "a")
    assert sorted(found("conv", graph)) == ["a", "b"]
