"""What can be asked of a layer in an expression: its names, its numbers, its hyper-parameters, and its findings."""

from collections.abc import Callable
from difflib import get_close_matches
from typing import NamedTuple

from engine.analysis import Analysis, NodeAnalysis
from engine.diagnostics import Diagnostic, Severity
from engine.graph import Node
from engine.language import tr
from engine.layers import LAYERS
from engine.layers.parameters import parameters

Value = float | tuple[float, ...] | str


class QueryError(ValueError):
    """An expression that can't be read; the message says what is wrong and what would be right."""


class Candidate(NamedTuple):
    """A layer that may match, and all that can be asked of it."""

    node: Node
    analysis: Analysis
    entry: NodeAnalysis
    findings: tuple[Diagnostic, ...]
    feeds: int


Test = Callable[[Candidate], bool]
Reading = Callable[[Candidate], Value | None]


def _severity(severity: Severity) -> Test:
    return lambda one: any(found.severity is severity for found in one.findings)


FLAGS: dict[str, Test] = {
    "errors": _severity(Severity.ERROR),
    "warnings": _severity(Severity.WARNING),
    "remarks": _severity(Severity.INFO),
    "problems": lambda one: bool(one.findings),
    "unconnected": lambda one: None in one.entry.inputs and not one.entry.inferred.problems,
}

FIELDS: dict[str, Reading] = {
    "name": lambda one: one.node.label,
    "type": lambda one: one.node.layer.type,
    "family": lambda one: one.node.layer.family,
    "params": lambda one: one.entry.parameters,
    "weights": lambda one: one.entry.weights,
    "biases": lambda one: one.entry.biases,
    "connections": lambda one: one.entry.connections,
    "macs": lambda one: one.entry.macs,
    "channels": lambda one: one.entry.output.channels if one.entry.output is not None else None,
    "height": lambda one: _extent(one, 1),
    "width": lambda one: _extent(one, 2),
    "values": lambda one: one.entry.output.size if one.entry.output is not None else None,
    "bytes": lambda one: one.entry.activation_bytes,
    "field": lambda one: _field(one),
    "inputs": lambda one: sum(1 for shape in one.entry.inputs if shape is not None),
    "outputs": lambda one: one.feeds,
}

ALIASES = {
    "depth": "channels",
    "parameters": "params",
    "param": "params",
    "mac": "macs",
    "size": "values",
    "memory": "bytes",
    "receptive": "field",
    "error": "errors",
    "warning": "warnings",
    "remark": "remarks",
    "problem": "problems",
}


def _field(one: Candidate) -> tuple[float, ...] | None:
    field = one.analysis.receptive_fields.get(one.node.id)
    return field.size if field is not None else None


def _extent(one: Candidate, axis: int) -> int | None:
    shape = one.entry.output
    return shape[axis] if shape is not None and shape.is_volume else None


def _hyper_parameters() -> frozenset[str]:
    return frozenset(one.name for layer in LAYERS for one in parameters(layer))


def reading(name: str) -> Reading:
    """Return how a field is read.

    Raises
    ------
    QueryError
        Where no layer has it.
    """
    known = _hyper_parameters()
    if name in known and name not in FIELDS:
        return lambda one: _plain(getattr(one.node.layer, name, None))
    plain = ALIASES.get(name, name)
    if plain in FIELDS:
        return FIELDS[plain]
    close = get_close_matches(name, [*FIELDS, *ALIASES, *known], n=1)
    hint = (
        tr("did you mean “{name}”?", name=close[0])
        if close
        else tr("try {fields} or a hyper-parameter", fields=", ".join(list(FIELDS)[:9]))
    )
    raise QueryError(tr("No layer has “{name}”: {hint}", name=name, hint=hint))


def _plain(value: object) -> Value | None:
    """Return a hyper-parameter as something that can be compared."""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, int | float):
        return value
    if isinstance(value, tuple) and value and all(isinstance(one, int | float) for one in value):
        return value
    if isinstance(value, tuple):
        return " ".join(map(str, value))
    return value if isinstance(value, str) else None
