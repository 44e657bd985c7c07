"""Networks that ran, to trace values of."""

from collections.abc import Mapping

import numpy as np
from hypothesis import strategies as st

from engine import (
    Analysis,
    Concat,
    Conv2D,
    Dense,
    FeatureMaps,
    Flatten,
    Graph,
    Input,
    Layer,
    Slice,
    Weights,
    analyse,
    run,
)
from engine.layers.base import Array, WeightSpec


def ran(graph: Graph, seed: int = 0) -> tuple[Analysis, Weights, FeatureMaps]:
    """Run a network on noise, with noise for weights; no weight is 0, and statistics are positive, as variances are."""
    random = np.random.default_rng(seed)
    known = analyse(graph)
    assert known.input is not None
    shape = known.nodes[known.input.id].output
    assert shape is not None
    weights = Weights(
        {
            node: {spec.name: noise(random, spec) for spec in entry.inferred.weights}
            for node, entry in known.nodes.items()
            if entry.inferred.weights
        }
    )
    return known, weights, run(graph, weights, random.standard_normal(shape, np.float32), analysis=known)


def around(kind: type[Layer]) -> tuple[type[Layer], ...]:
    """Return layers to draw from where one kind should be seen often, behind and before others; simple ones first."""
    others = (Conv2D, Flatten, Dense, Slice, Concat)
    return (*others, *((kind,) * len(others) if kind is not Input else ()))


def noise(random: np.random.Generator, spec: WeightSpec) -> Array:
    """Return random weights; a variance close to 0 would make rounding errors the result."""
    drawn = random.standard_normal(spec.shape, np.float32)
    return drawn if spec.trainable else np.abs(drawn) + np.float32(0.1)


def some_index(draw: st.DataObject, maps: Mapping[str, Array], node: str) -> tuple[int, ...]:
    return tuple(draw.draw(st.integers(0, size - 1)) for size in maps[node].shape)
