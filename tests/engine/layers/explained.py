"""Examples of values explained: small maps, and what holds of each example."""

from typing import Any

import numpy as np
import pytest

from engine import Layer, Source
from engine.layers.base import Array

# Layer, inputs, weights, index; total, numbers shown, and the sources of some of their cells.
Example = tuple[Layer, tuple[Array, ...], dict[str, Array], tuple[int, ...], float, Any, dict[Any, Any]]


def array(values: Any) -> Array:
    made = np.array(values, np.float32)
    made.flags.writeable = False
    return made


NINE = array([[[1, 2, 3], [4, 5, 6], [7, 8, 9]]])  # one channel
TENS = array([[[10, 20, 30], [40, 50, 60], [70, 80, 90]]])
BOTH = array([NINE[0], TENS[0]])


def name(example: Example) -> str:
    return example[0].type


def check(
    layer: Layer,
    inputs: tuple[Array, ...],
    weights: dict[str, Array],
    index: tuple[int, ...],
    total: float,
    numbers: Any,
    sources: dict[tuple[int, ...], Source | None],
) -> None:
    """Assert that an explanation shows what somebody worked out by hand, which is what the layer computes."""
    found = layer.explain(inputs, weights, index)
    assert found.total == pytest.approx(total, abs=1e-7)
    assert found.numbers == pytest.approx(np.array(numbers))
    assert {cell: found.source(cell) for cell in sources} == sources
    assert found.total == pytest.approx(layer.forward(tuple(x[None] for x in inputs), weights)[0][index], abs=1e-6)
    assert not found.numbers.flags.writeable
    with pytest.raises(IndexError, match="no cell"):
        found.source((9, 9, 9))
