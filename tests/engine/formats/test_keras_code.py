"""The source of Keras models as text: how it reads, that formatters leave it, and that no name gets out of hand."""

import ast
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings

from engine import Conv2D, FormatError, FormatWarning, Input, LocalResponseNorm, Network, Slice, Tanh, initialise, load
from engine.formats import keras_code
from engine.formats.keras_json.tables import WRITERS
from engine.formats.source.layout import width
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
    assert kinds == [ast.Expr, ast.Import, ast.ImportFrom, ast.FunctionDef]
    called = {ast.unparse(node.func).split(".")[0] for node in ast.walk(tree) if isinstance(node, ast.Call)}
    assert all(one.startswith(("keras", "layers")) for one in called)
    assert all(width(line) <= 120 for line in source.splitlines())


def test_what_keras_has_no_place_for_is_said_or_refused():
    graph = chain(image=Input(), conv=Conv2D())
    with pytest.warns(FormatWarning, match="Keras has no place for the weights"):
        keras_code.encode(Network("Net", graph, initialise(graph)))
    with pytest.raises(FormatError, match="neighbouring channels"):
        keras_code.encode(Network("Net", chain(image=Input(), norm=LocalResponseNorm())))
