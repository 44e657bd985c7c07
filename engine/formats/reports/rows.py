"""What the tables of all formats have in them: a row for each layer, totals, and what is wrong."""

from typing import Any, NamedTuple

from engine.analysis import Analysis, NodeAnalysis, analyse
from engine.derivation import Derivation
from engine.language import tr, tr_count, tr_inside, tr_noop, tr_number, tr_numbers
from engine.layers import Layer, Unsupported
from engine.layers.parameters import Parameter, parameters
from engine.network import Network
from engine.summary import size_text

UNKNOWN = "?"


class Row(NamedTuple):
    """One layer; numbers of a layer whose output is not known are None."""

    id: str
    name: str
    type: str
    parameters: str
    output: str
    trainable: int | None
    non_trainable: int | None
    connections: int | None
    macs: int | None
    memory: int | None
    field: str


class Report(NamedTuple):
    """A network as a table: its rows, what they sum up to, remarks, and how numbers come about where that is wanted."""

    name: str
    rows: tuple[Row, ...]
    totals: Row
    remarks: tuple[str, ...]
    derivations: tuple[tuple[str, tuple[Derivation, ...]], ...]


# The titles of a row's cells, but for the id, which people see only where it is all the name there is.
TITLES = (
    tr_noop("Layer"),
    tr_noop("Type"),
    tr_noop("Hyper-parameters"),
    tr_noop("Output (W×H×D)"),
    tr_noop("Parameters"),
    tr_noop("Non-trainable"),
    tr_noop("Connections"),
    tr_noop("MACs"),
    tr_noop("Memory"),
    tr_noop("Receptive field"),
)
NUMBERS_FROM = 4  # the first of the cells that hold numbers


def report(network: Network, *, derivations: bool = False, analysis: Analysis | None = None) -> Report:
    """Return a network as a table.

    Parameters
    ----------
    network
        The network.
    derivations
        Whether to say how each layer's numbers come about.
    analysis
        Its analysis, where the caller has it already.
    """
    known = analysis if analysis is not None else analyse(network.graph)
    nodes = known.listed
    sums = known.totals
    totals = Row(
        "",
        tr("Total"),
        tr_count("{count:,} layer", "{count:,} layers", len(nodes)),
        "",
        "",
        sums.parameters,
        sums.non_trainable,
        sums.connections,
        sums.macs,
        sums.activation_bytes,
        "",
    )
    explained = [(known.graph.by_id[node].label, known.nodes[node].derivations()) for node in nodes]
    return Report(
        network.name,
        tuple(_row(known, node) for node in nodes),
        totals,
        tuple(found.message for found in known.diagnostics),
        tuple((label, found) for label, found in explained if found) if derivations else (),
    )


def shown(row: Row) -> tuple[str, ...]:
    """Return a row's cells as people read them, in the order of `TITLES`."""
    numbers = (row.trainable, row.non_trainable, row.connections, row.macs)
    return (
        row.name,
        row.type,
        row.parameters,
        row.output,
        *(UNKNOWN if number is None else tr_number(number) if number else "" for number in numbers),
        UNKNOWN if row.memory is None else size_text(row.memory),
        row.field,
    )


def hyper_parameters(layer: Layer) -> str:
    """Return a layer's hyper-parameters with their values: ``filters 6, kernel 5×5, …``."""
    if isinstance(layer, Unsupported):
        return ", ".join([layer.node.full_name, *(f"{one.name} {one.text}" for one in layer.node.attributes)])
    parts = [_said(parameter, getattr(layer, parameter.name)) for parameter in parameters(type(layer))]
    return ", ".join(part for part in parts if part)


def _said(parameter: Parameter, value: Any) -> str:
    title = tr_inside(tr(parameter.title))
    if parameter.kind == "boolean":
        return title if value else tr("no {thing}", thing=title) if parameter.default else ""
    if parameter.kind == "labels":
        return tr_count("{count:,} label", "{count:,} labels", len(value)) if value else ""
    if parameter.kind == "pair":
        return f"{title} {'×'.join(map(str, value))}"
    if isinstance(value, tuple):
        return f"{title} ({tr_numbers([tr_number(one, '.6g') for one in value])})"
    return f"{title} {tr_number(value, '.6g')}" if isinstance(value, float) else f"{title} {value}"


def _row(analysis: Analysis, node: str) -> Row:
    entry = analysis.nodes[node]
    field = analysis.receptive_fields.get(node)
    output = UNKNOWN if entry.output is None else entry.output.text()
    seen = UNKNOWN if field is None else f"{field.x.size}×{field.y.size}"
    label, layer = analysis.graph.by_id[node].label, entry.layer
    return Row(node, label, tr(layer.title), hyper_parameters(layer), output, *_numbers(entry), seen)


def _numbers(entry: NodeAnalysis) -> tuple[int | None, int | None, int | None, int | None, int | None]:
    if entry.output is None:
        return None, None, None, None, None
    return entry.trainable, entry.non_trainable, entry.connections, entry.macs, entry.activation_bytes
