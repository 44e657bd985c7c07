"""The source of Keras models as text: how it reads, that formatters leave it, and that no name gets out of hand."""

import ast
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings

from engine import (
    Conv2D,
    FormatError,
    FormatWarning,
    Graph,
    Input,
    LocalResponseNorm,
    Network,
    Node,
    ReLU,
    Slice,
    Tanh,
    initialise,
    load,
)
from engine.formats import keras_code
from engine.formats.keras_json.tables import WRITERS
from engine.layers import Add
from tests.engine.formats.test_torch_code import assert_clean
from tests.engine.networks import chain, wired
from tests.source_strategies import dressed
from tests.strategies import INNER


def test_a_chain_is_a_sequential_model(resources: Path):
    source, lost = keras_code.written(load(resources / "examples" / "lenet5.json"))
    assert lost == ["the names of the classes"]
    assert (
        source
        == '''"""LeNet-5, as it was drawn in Convolab: 61,706 parameters.

Volumes are height, width, channels here: channels come last.
In come images (N, 32, 32, 1), values from 0 to 1, padded to that size.

So that Keras computes the same:
- values are laid out row by row, channels last, and dense layers behind them have
  their weights in that order (`engine.formats.keras_json.to_keras` gives them)
"""

import keras
from keras import layers


def build_model() -> keras.Model:
    """Make the model, without weights."""
    return keras.Sequential(
        [
            keras.Input((32, 32, 1), name="image"),
            layers.Conv2D(6, 5, name="conv1"),
            layers.ReLU(name="relu1"),
            layers.MaxPooling2D(2, name="pool1"),
            layers.Conv2D(16, 5, name="conv2"),
            layers.ReLU(name="relu2"),
            layers.MaxPooling2D(2, name="pool2"),
            layers.Flatten(name="flatten"),
            layers.Dense(120, name="dense1"),
            layers.ReLU(name="relu3"),
            layers.Dense(84, name="dense2"),
            layers.ReLU(name="relu4"),
            layers.Dense(10, name="dense3"),
            layers.Softmax(name="softmax"),
        ],
        name="LeNet-5",
    )
'''
    )


def test_branches_are_functional_and_names_that_are_free_again_are_used_again():
    graph = chain(
        image=Input(channels=4), conv=Conv2D(filters=4, kernel=(1, 1)), tanh=Tanh(), add=Add(), part=Slice(length=2)
    )
    source, _ = keras_code.written(Network("Net", wired(graph, ("image", "add", 1))))
    assert (
        source[source.index("    image") :]
        == """    image = keras.Input((32, 32, 4), name="image")
    x = layers.Conv2D(4, 1, name="conv")(image)
    x = layers.Activation("tanh", name="tanh")(x)
    x = layers.Add(name="add")([x, image])
    x = x[:, :, :, 0:2]
    return keras.Model(image, x, name="Net")
"""
    )


def test_blocks_that_repeat_are_a_function_with_what_they_differ_in(resources: Path):
    source, _ = keras_code.written(load(resources / "examples" / "resnet50.json"))
    start = source.index("def bottleneck(")
    assert (
        source[start : source.index("def", start + 1)]
        == '''def bottleneck(
    x: keras.KerasTensor, *, filters_conv1: int, filters_conv3: int, name: str
) -> keras.KerasTensor:
    """Make a block; there are 12."""
    y = layers.Conv2D(filters_conv1, 1, use_bias=False, name=f"{name}_conv1")(x)
    y = layers.BatchNormalization(momentum=0.9, epsilon=1e-05, name=f"{name}_bn1")(y)
    y = layers.ReLU(name=f"{name}_relu1")(y)
    y = layers.Conv2D(
        filters_conv1, 3, use_bias=False, padding="same", name=f"{name}_conv2"
    )(y)
    y = layers.BatchNormalization(momentum=0.9, epsilon=1e-05, name=f"{name}_bn2")(y)
    y = layers.ReLU(name=f"{name}_relu2")(y)
    y = layers.Conv2D(filters_conv3, 1, use_bias=False, name=f"{name}_conv3")(y)
    y = layers.BatchNormalization(momentum=0.9, epsilon=1e-05, name=f"{name}_bn3")(y)
    x = layers.Add(name=f"{name}_add")([y, x])
    return layers.ReLU(name=f"{name}_relu3")(x)


'''
    )
    assert '    x = bottleneck(x, filters_conv1=64, filters_conv3=256, name="layer1_1")\n' in source


def test_formatters_and_linters_leave_the_examples_as_they_are(resources: Path, tmp_path: Path):
    for path in (resources / "examples").glob("*.json"):
        source, _ = keras_code.written(load(path))
        (tmp_path / f"{path.stem}.py").write_text(source, encoding="utf-8")
    assert_clean(tmp_path)


@settings(deadline=None, max_examples=200, suppress_health_check=[HealthCheck.filter_too_much, HealthCheck.too_slow])
@given(dressed(tuple(kind for kind in INNER if kind in WRITERS)))
def test_no_name_gets_out_of_hand(network: Network):
    try:
        source, _ = keras_code.written(network)
    except FormatError as problem:
        refused = str(problem)
        assert "can't be written for Keras: " in refused
        return
    tree = ast.parse(source)
    kinds = [type(statement) for statement in tree.body]
    assert kinds[:3] == [ast.Expr, ast.Import, ast.ImportFrom]
    assert set(kinds[3:]) == {ast.FunctionDef}
    own = {statement.name for statement in tree.body[3:]}
    called = {ast.unparse(node.func).split(".")[0] for node in ast.walk(tree) if isinstance(node, ast.Call)}
    assert called <= {"keras", "layers"} | own
    for text in (node for node in ast.walk(tree) if isinstance(node, ast.FormattedValue)):
        assert ast.unparse(text.value) == "name"


def test_what_keras_has_no_place_for_is_said_or_refused():
    graph = chain(image=Input(), conv=Conv2D())
    with pytest.warns(FormatWarning, match="Keras has no place for the weights"):
        keras_code.encode(Network("Net", graph, initialise(graph)))
    with pytest.raises(FormatError, match="neighbouring channels"):
        keras_code.encode(Network("Net", chain(image=Input(), norm=LocalResponseNorm())))


@pytest.mark.parametrize("name", ["None", "class", "keras", "layers", "name"])
def test_an_input_that_is_called_as_something_else_gets_another_variable(name: str):
    graph = Graph((Node(name, Input()), Node("a", ReLU()), Node("b", ReLU()), Node("sum", Add())))
    graph = graph.connect(name, "a").connect(name, "b").connect("a", "sum").connect("b", "sum", 1)
    source, _ = keras_code.written(Network("n", graph))
    assert f'    {name}_ = keras.Input((32, 32, 1), name="{name}")\n' in source
    ast.parse(source)
