"""Where each number of an analysis comes from: its derivation for one layer, its largest parts for several."""

from collections.abc import Iterable
from enum import StrEnum
from fractions import Fraction
from typing import NamedTuple

from engine.analysis import Analysis, NodeAnalysis
from engine.derivation import Derivation
from engine.language import tr, tr_number
from engine.layers.base import POINT, Window, kept
from engine.receptive_field import ReceptiveField, Span, of_image, union
from engine.shape import BYTES_PER_VALUE, Shape


class Figure(StrEnum):
    """A number that is shown of a layer or of several."""

    OUTPUT = "output"
    VALUES = "values"
    WEIGHTS = "weights"
    BIASES = "biases"
    PARAMETERS = "parameters"
    TRAINABLE = "trainable"
    STATISTICS = "statistics"
    CONNECTIONS = "connections"
    MACS = "macs"
    MEMORY = "memory"
    FIELD = "field"
    JUMP = "jump"
    OFFSET = "offset"


_EXTENTS = ("width", "height", "depth", "outputs", "values")


def figure_derivations(analysis: Analysis, node: str, figure: Figure) -> tuple[Derivation, ...]:
    """Return how a number of one layer comes about, with the numbers at hand; empty where it is not known."""
    entry = analysis.nodes[node]
    if entry.output is None:
        return ()
    if figure is Figure.OUTPUT:
        return _output(entry, entry.output)
    if figure is Figure.VALUES:
        return (_values(entry.output),)
    if figure in (Figure.PARAMETERS, Figure.TRAINABLE):
        parts = f"{tr_number(entry.weights)} + {tr_number(entry.biases)}"
        return (Derivation(figure.value, tr("weights + biases"), parts, entry.parameters),)
    if figure is Figure.MEMORY:
        size = f"{tr_number(entry.output.size)}·{BYTES_PER_VALUE}"
        return (Derivation("bytes", tr("values·{size}", size=BYTES_PER_VALUE), size, entry.activation_bytes),)
    if figure in (Figure.FIELD, Figure.JUMP, Figure.OFFSET):
        return _field(analysis, node, figure)
    given = tuple(one for one in entry.derivations() if one.quantity == figure.value)
    value = amount(entry, figure)
    return given or (
        Derivation(figure.value, tr("none in this layer") if value == 0 else tr("counted"), f"{value}", value),
    )


class Share(NamedTuple):
    """One layer's part of a sum."""

    node: str
    value: int


def shares(analysis: Analysis, figure: Figure, nodes: Iterable[str] | None = None) -> tuple[Share, ...]:
    """Return what each layer adds to a sum, the largest first, without those that add nothing.

    Parameters
    ----------
    analysis, figure
        Of which network, and which number.
    nodes
        The layers that are summed; all unless told.
    """
    among = analysis.order if nodes is None else nodes
    parts = [Share(node, amount(analysis.nodes[node], figure)) for node in among]
    return tuple(sorted((part for part in parts if part.value), key=lambda part: -part.value))


def amount(entry: NodeAnalysis, figure: Figure) -> int:
    """Return a number of one layer that can be summed over several; 0 for those that can't."""
    return {
        Figure.VALUES: entry.output.size if entry.output is not None else 0,
        Figure.WEIGHTS: entry.weights,
        Figure.BIASES: entry.biases,
        Figure.PARAMETERS: entry.parameters,
        Figure.TRAINABLE: entry.trainable,
        Figure.STATISTICS: entry.non_trainable,
        Figure.CONNECTIONS: entry.connections,
        Figure.MACS: entry.macs,
        Figure.MEMORY: entry.activation_bytes,
    }.get(figure, 0)


def _output(entry: NodeAnalysis, output: Shape) -> tuple[Derivation, ...]:
    """Return the layer's own derivations of its extents, completed by those that it only passes on."""
    given = {one.quantity: one for one in entry.derivations() if one.quantity in _EXTENTS}
    if not entry.inputs:
        return (_values(output),)
    if not given:
        return kept(output)
    before = entry.inputs[0]
    if "depth" in given and before is not None and before.is_volume and output.is_volume:
        for name, letter, axis in (("width", "W", 2), ("height", "H", 1)):
            if name not in given and before[axis] == output[axis]:
                given[name] = Derivation(name, f"{letter}₂ = {letter}₁", f"{output[axis]}", output[axis])
    return tuple(given[name] for name in _EXTENTS if name in given)


def _values(output: Shape) -> Derivation:
    if not output.is_volume:
        return Derivation("values", "N₂", output.text().replace("×", "·"), output.size)
    channels, height, width = output
    return Derivation("values", "W₂·H₂·D₂", f"{width}·{height}·{channels}", output.size)


# Receptive fields


def _field(analysis: Analysis, node: str, figure: Figure) -> tuple[Derivation, ...]:
    entry = analysis.nodes[node]
    fields, sources = analysis.receptive_fields, analysis.graph.incoming[node].values()
    known = [fields[edge.source] for edge in sources if edge.source in fields]
    image = analysis.graph.image
    start = union(known) if known else of_image(image.shape if image is not None else Shape(1, 1, 1))
    apart = any(field != known[0] for field in known)
    found = [
        _span(figure, name, axis, start, entry.inferred.window, fields[node], apart)
        for name, axis in (("width", 1), ("height", 0))
    ]
    return tuple(one for one in found if one is not None)


def _span(
    figure: Figure, name: str, axis: int, start: ReceptiveField, window: Window | None, end: ReceptiveField, apart: bool
) -> Derivation | None:
    """Return one axis of a field, jump or offset; None for a jump that is a fraction of a pixel."""
    before, after = start[axis], end[axis]
    value = {Figure.FIELD: after.size, Figure.JUMP: after.jump, Figure.OFFSET: after.offset}[figure]
    if isinstance(value, Fraction):
        return None
    if window is None:
        return Derivation(name, tr("all that the inputs see"), f"{value}", value)
    if window == POINT:
        words = tr("all inputs’ fields together") if apart else tr("as the input’s: {symbol}₁", symbol=_SYMBOLS[figure])
        return Derivation(name, words, f"{value}", value)
    formula, substituted = _rule(figure, before, window, axis)
    return Derivation(name, formula, substituted, value)


_SYMBOLS = {Figure.FIELD: "r", Figure.JUMP: "j", Figure.OFFSET: "o"}


def _rule(figure: Figure, before: Span, window: Window, axis: int) -> tuple[str, str]:
    """Return a formula of Araujo, Norris and Sim (2019), and the same with numbers; parts of pixels are rounded."""
    jump = f"{before.jump}"
    if figure is Figure.FIELD:
        formula, numbers = "r₁ + (F − 1)·j₁", f"{before.size} + ({window.extent[axis]} − 1)·{jump}"
        return (formula, numbers) if isinstance(before.jump, int) else (f"⌈{formula}⌉", f"⌈{numbers}⌉")
    if figure is Figure.JUMP:
        return "j₁·S", f"{jump}·{window.stride[axis]}"
    formula, numbers = "o₁ − P·j₁", f"{before.offset} − {window.before[axis]}·{jump}".replace("-", "−")
    return (formula, numbers) if isinstance(before.jump, int) else (f"⌊{formula}⌋", f"⌊{numbers}⌋")
