"""Networks that ran, to trace values of."""

from collections.abc import Mapping

import numpy as np
from hypothesis import strategies as st

from engine import (
    Analysis,
    FeatureMaps,
    Graph,
    Weights,
    analyse,
    initialise,
    run,
)
from engine.layers.base import Array


def ran(graph: Graph, seed: int = 0) -> tuple[Analysis, Weights, FeatureMaps]:
    """Run a network on noise, with noise for weights; no weight is 0."""
    random = np.random.default_rng(seed)
    known = analyse(graph)
    assert known.input is not None
    shape = known.nodes[known.input.id].output
    assert shape is not None
    noise = {name: random.standard_normal(one.shape, np.float32) for name, one in initialise(graph).flat().items()}
    weights = Weights.from_flat(noise)
    return known, weights, run(graph, weights, random.standard_normal(shape, np.float32), analysis=known)


def some_index(draw: st.DataObject, maps: Mapping[str, Array], node: str) -> tuple[int, ...]:
    return tuple(draw.draw(st.integers(0, size - 1)) for size in maps[node].shape)
