"""One row of a layer's table: what goes in, and the numbers that must come out."""

from typing import Any, NamedTuple

import pytest

from engine import Code, Layer, Severity, Shape


class Row(NamedTuple):
    """A layer on input shapes, and what somebody worked out by hand for it."""

    layer: Layer
    inputs: tuple[Shape, ...]
    output: Shape | None
    weights: int = 0
    biases: int = 0
    connections: int = 0
    macs: int = 0
    codes: tuple[Code, ...] = ()


def row(name: str, *cells: Any, **named: Any) -> Any:
    """Return a row as a parameter of a test, under the name that reports show."""
    return pytest.param(Row(*cells, **named), id=name)


def check(expected: Row) -> None:
    """Assert that a layer infers what its row says."""
    inferred = expected.layer.infer(expected.inputs)
    assert inferred.output == expected.output
    assert sum(spec.size for spec in inferred.weights if spec.kind == "weight") == expected.weights
    assert sum(spec.size for spec in inferred.weights if spec.kind == "bias") == expected.biases
    assert (inferred.connections, inferred.macs) == (expected.connections, expected.macs)
    assert tuple(problem.code for problem in inferred.problems) == expected.codes
    assert (inferred.output is None) == any(problem.severity is Severity.ERROR for problem in inferred.problems)


def derived(layer: Layer, *inputs: Shape) -> dict[str, str]:
    """Return each derivation's line by its quantity."""
    return {one.quantity: one.text() for one in layer.derive(inputs)}
