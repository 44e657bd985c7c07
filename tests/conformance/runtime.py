"""The same network in ONNX Runtime, and how close is close enough."""

from functools import cache

import numpy as np
import onnxruntime

from engine import Graph, Network, Weights, analyse, run
from engine.formats import onnx_writer

TOLERANCE = 1e-4  # of the largest value on the way


@cache
def options() -> onnxruntime.SessionOptions:
    made = onnxruntime.SessionOptions()
    made.intra_op_num_threads = 1
    made.log_severity_level = 3
    return made


def session(model: bytes) -> onnxruntime.InferenceSession:
    """Return what runs a model."""
    return onnxruntime.InferenceSession(model, options(), providers=["CPUExecutionProvider"])


def weights_for(graph: Graph, seed: int) -> Weights:
    """Return weights that keep values in their range, none of them zero: initial biases are, and would hide bugs.

    Statistics are positive, for some are variances.
    """
    draw = np.random.default_rng(seed)
    arrays: dict[str, dict[str, np.ndarray]] = {}
    for node, entry in analyse(graph).nodes.items():
        for spec in entry.inferred.weights:
            values = draw.normal(size=spec.shape) / spec.fan_in**0.5
            arrays.setdefault(node, {})[spec.name] = values if spec.trainable else draw.uniform(0.5, 2, spec.shape)
    return Weights(arrays)


def compare(graph: Graph, seed: int) -> None:
    """Assert that all maps of a network agree with ONNX Runtime's, for random weights and a random image.

    A sum of large values of both signs may come out small, but not more exact than what it was added up from: what
    counts is the largest value on the way to a map.
    """
    weights, analysis = weights_for(graph, seed), analyse(graph)
    image = np.random.default_rng(seed).normal(size=analysis.nodes["image"].output).astype(np.float32)
    maps = run(graph, weights, image, analysis=analysis)
    model = onnx_writer.encode(Network("n", graph, weights), every_map=True)
    opened = session(model)
    names = [one.name for one in opened.get_outputs()]
    theirs = dict(zip(names, opened.run(names, {"image": image[None]}), strict=True))
    assert theirs.keys() == maps.keys() - {"image"}
    largest: dict[str, float] = {}
    for node, values in maps.items():
        before = [largest[edge.source] for edge in graph.incoming[node].values()]
        largest[node] = max(float(np.abs(values).max()), *before, 1e-3)
        if before:
            assert values.shape == theirs[node].shape[1:], node
            np.testing.assert_allclose(values, theirs[node][0], rtol=0, atol=TOLERANCE * largest[node], err_msg=node)
