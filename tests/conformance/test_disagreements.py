"""Where frameworks disagree: what each file computes there is what we compute, and the file or its writer says how.

Each case is a layer that frameworks see differently. For each framework it has the words in which the result is made
equal, or, where it is not to be had, the reason for which it is refused.
"""

import os
import re
import warnings
from collections.abc import Callable
from typing import Any, NamedTuple

import msgspec
import numpy as np
import pytest

os.environ.setdefault("KERAS_BACKEND", "torch")
keras = pytest.importorskip("keras", reason="Keras is not installed")
torch = pytest.importorskip("torch", reason="torch is not installed")

from engine import (  # noqa: E402
    AvgPool2D,
    BatchNorm2D,
    Conv2D,
    Dense,
    Flatten,
    FormatError,
    FormatNote,
    FormatWarning,
    Graph,
    Input,
    Layer,
    LpPool2D,
    MaxPool2D,
    Network,
    ReLU,
    Resize2D,
    SumPool2D,
    Tanh,
)
from engine.formats import keras_code, keras_json, onnx_writer, torch_code  # noqa: E402
from tests.conformance import keras_side, runtime, torch_side  # noqa: E402
from tests.engine.networks import chain  # noqa: E402

pytestmark = pytest.mark.filterwarnings("ignore::DeprecationWarning")
torch.backends.mkldnn.enabled = False  # see `test_keras`

SIZE = 8  # even, so that a stride of 2 finds one pixel more on one side than on the other
REFUSED = "can't be written for Keras: "


class Case(NamedTuple):
    """Layers, and what is said of them for Keras, for ONNX and in PyTorch's source; empty where nothing need be."""

    name: str
    layers: dict[str, Layer]
    keras: str = ""
    onnx: str = ""
    torch: str = ""


CASES = [
    Case("same, stride 2", {"conv": Conv2D(stride=(2, 2), padding="same")}, "", "“same”", "“same”: PyTorch pads both"),
    Case(
        "same below, stride 2",
        {"conv": Conv2D(stride=(2, 2), padding="same-lower")},
        "a ZeroPadding2D layer before",
        "“same”",
        "“same-lower”: PyTorch pads both",
    ),
    Case(
        "one pixel around, stride 2",
        {"conv": Conv2D(stride=(2, 2), padding=(1, 1, 1, 1))},
        "a ZeroPadding2D layer before",
    ),
    Case("maxima, same", {"pool": MaxPool2D(kernel=(3, 3), padding="same")}, "", "“same”", "PyTorch pads both"),
    Case(
        "maxima of what is positive, padded",
        {"relu": ReLU(), "pool": MaxPool2D(kernel=(3, 3), padding=(1, 1, 1, 1))},
        "a ZeroPadding2D layer before",
    ),
    Case(
        "maxima of anything, padded",
        {"tanh": Tanh(), "pool": MaxPool2D(kernel=(3, 3), padding=(1, 1, 1, 1))},
        "those around every pixel, cut and jumped over",
    ),
    Case(
        "maxima, ceil mode",
        {"relu": ReLU(), "pool": MaxPool2D(kernel=(3, 3), padding=(1, 1, 1, 1), ceil_mode=True)},
        "hang over (ceil mode), a ZeroPadding2D",
        "hang over (ceil mode), the padding is larger",
        "ceil_mode=True",
    ),
    Case(
        "means, ceil mode",
        {"pool": AvgPool2D(kernel=(4, 4), stride=(3, 3), ceil_mode=True)},
        f"{REFUSED}Keras leaves padding out of means only where it is “same”",
        "hang over (ceil mode), the padding is larger",
        "ceil_mode=True",
    ),
    Case(
        "means, ceil mode, padding counts",
        {"pool": AvgPool2D(kernel=(3, 3), padding=(1, 0, 1, 0), ceil_mode=True, count_padding=True)},
        "zeros that count in a mean",
        "",
        "the zeros count",
    ),
    Case(
        "means, ceil mode, padding counts, what hangs over does not",
        {"pool": AvgPool2D(kernel=(4, 4), stride=(3, 3), ceil_mode=True, count_padding=True)},
        f"{REFUSED}Keras leaves padding out",
        "put right by a Mul",
        "ceil_mode=True",
    ),
    Case(
        "means, padding counts",
        {"pool": AvgPool2D(kernel=(2, 2), padding=(1, 1, 1, 1), count_padding=True)},
        "zeros that count in a mean are a ZeroPadding2D",
    ),
    Case(
        "means, padding does not count",
        {"pool": AvgPool2D(kernel=(3, 3), stride=(1, 1), padding="same")},
        "in which Keras does not count them",
        "“same”",
        "count_include_pad=False",
    ),
    Case(
        "means, padding does not count and is no “same”",
        {"pool": AvgPool2D(kernel=(4, 4), padding=(2, 2, 2, 2))},
        f"{REFUSED}Keras leaves padding out of means only where it is “same”",
        "",
        "count_include_pad=False",
    ),
    Case(
        "means, uneven same",
        {"pool": AvgPool2D(kernel=(3, 3), stride=(2, 2), padding="same")},
        f"{REFUSED}Keras's backends disagree",
        "“same”",
        "padding does not count",
    ),
    Case("sums", {"pool": SumPool2D()}, "a sum is a mean", "a sum is a mean", "the mean divided by 1 is the sum"),
    Case(
        "means of cells apart",
        {"pool": AvgPool2D(stride=(1, 1), dilation=(2, 2))},
        f"{REFUSED}Keras has no dilated pooling",
        "in the words of opset 19",
        "PyTorch's own has no dilation",
    ),
    Case(
        "means of cells apart, padded by more than the window has cells",
        {"pool": AvgPool2D(stride=(1, 1), padding="same", dilation=(3, 3))},
        f"{REFUSED}Keras has no dilated pooling",
        "a Pad of zeros before, and a Mul where they do not count",
        "class DilatedAvgPool2d(DilatedSumPool2d)",
    ),
    Case(
        "sums of cells apart",
        {"pool": SumPool2D(kernel=(3, 2), dilation=(2, 1), ceil_mode=True)},
        f"{REFUSED}Keras has no dilated pooling",
        "a sum is a mean",
        "DilatedSumPool2d(",
    ),
    Case(
        "norms of cells apart",
        {"pool": LpPool2D(kernel=(3, 2), dilation=(2, 3), p=3)},
        f"{REFUSED}Keras has no pooling by a norm",
        "of norms in those of 18",
        "DilatedLpPool2d(",
    ),
    Case("to a size", {"resize": Resize2D(output=(5, 13))}),
    Case(
        "nearest pixels, rounded",
        {"resize": Resize2D(output=(3, 13), mode="nearest")},
        f"{REFUSED}Keras's backends disagree on the nearest pixels",
    ),
    Case(
        "corners in place",
        {"resize": Resize2D(output=(5, 13), align_corners=True)},
        f"{REFUSED}Keras does not keep corners in place",
    ),
    Case(
        "epsilon and momentum",
        {"norm": BatchNorm2D(epsilon=1e-2, momentum=0.25)},
        "say their epsilon, and as momentum the share of the old",
        "say their epsilon, and as momentum the share of the old",
        "eps=0.01, momentum=0.25",
    ),
    Case(
        "flatten before dense",
        {"flatten": Flatten(), "dense": Dense(units=5)},
        "dense layers behind them have their weights in that order",
    ),
    Case(
        "flatten before anything else",
        {"flatten": Flatten(), "norm": BatchNorm2D(), "dense": Dense(units=5)},
        "a Permute puts channels first",
        "momentum",
    ),
]
every_case = pytest.mark.parametrize("case", CASES, ids=[case.name for case in CASES])


def graph_of(case: Case) -> Graph:
    return chain(image=Input(channels=3, height=SIZE, width=SIZE), **case.layers)


def said(encode: Callable[[Network], Any], graph: Graph) -> str:
    """Return how a writer says that the result is made equal, in one line."""
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always", FormatWarning)
        encode(Network("n", graph))
    return " ".join(str(one.message) for one in caught if isinstance(one.message, FormatNote))


def one_line(text: str) -> str:
    return re.sub(r"\s+", " ", text)


@every_case
@pytest.mark.parametrize("made", [keras_side.loaded, keras_side.built])
@pytest.mark.filterwarnings("ignore:Keras has no place for the weights")
def test_keras_gives_our_result_and_the_writer_says_how(case: Case, made: Callable[[Network], Any]):
    graph = graph_of(case)
    if case.keras.startswith(REFUSED):
        with pytest.raises(FormatError, match=re.escape(case.keras)):
            keras_side.compare(graph, 1, made)
        return
    keras_side.compare(graph, 1, made)
    texts = said(keras_json.encode, graph), one_line(keras_code.written(Network("n", graph))[0])
    assert all(case.keras in text for text in texts), texts
    assert case.keras or not texts[0]


@every_case
def test_onnx_runtime_gives_our_result_and_the_writer_says_how(case: Case):
    graph = graph_of(case)
    runtime.compare(graph, 1)
    text = said(onnx_writer.encode, graph)
    assert case.onnx in text
    assert case.onnx or not text
    import onnx

    described = onnx.load_model_from_string(onnx_writer.encode(Network("n", graph))).doc_string
    assert case.onnx in described


@every_case
def test_pytorch_gives_our_result_and_the_source_says_how(case: Case):
    graph = graph_of(case)
    torch_side.compare(graph, 1)
    assert case.torch in one_line(torch_code.encode(Network("n", graph)))


def test_a_step_of_training_moves_the_statistics_alike_in_both_frameworks():
    graph = graph_of(Case("", {"norm": BatchNorm2D(momentum=0.25)}))
    images = np.random.default_rng(2).normal(3, 2, (6, 3, SIZE, SIZE)).astype(np.float32)
    network = Network("n", graph, runtime.weights_for(graph, 1))
    theirs = torch_side.model_of(network)
    torch_side.load(theirs, network, network.weights)
    theirs.train()(torch.from_numpy(images))
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", FormatWarning)
        others = keras_side.loaded(network)
    others(images.transpose(0, 2, 3, 1), training=True)
    before = network.weights["norm"]["running_mean"]
    wanted = 0.75 * before + 0.25 * images.mean((0, 2, 3))
    np.testing.assert_allclose(theirs.norm.running_mean.numpy(), wanted, rtol=1e-5)
    np.testing.assert_allclose(others.get_layer("norm").moving_mean.numpy(), wanted, rtol=1e-5)
    # An unbiased variance is PyTorch's, a biased one Keras's: they differ by 1/384 of the batch's.
    spread = [theirs.norm.running_var.numpy(), others.get_layer("norm").moving_variance.numpy()]
    np.testing.assert_allclose(*spread, rtol=0.01)


def test_a_network_of_a_framework_keeps_its_momentum_through_all_files():
    network = Network("n", graph_of(Case("", {"norm": BatchNorm2D(momentum=0.001)})))
    from engine.formats import onnx_reader

    with warnings.catch_warnings():
        warnings.simplefilter("ignore", FormatWarning)
        for back in (keras_json.decode(keras_json.encode(network)), onnx_reader.decode(onnx_writer.encode(network))):
            assert back.graph.by_id["norm"].layer == network.graph.by_id["norm"].layer
    assert msgspec.structs.asdict(network.graph.by_id["norm"].layer)["momentum"] == 0.001
