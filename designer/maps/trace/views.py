"""From a layer's explanation to the blocks of a trace card: one view for each kind of arithmetic."""

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from designer.maps.trace import relative, weighted
from designer.maps.trace.blocks import Block, Card, Chip, Equation, Note
from designer.maps.trace.parts import (
    before,
    largest,
    result,
    window_of,
)
from designer.tiles.numbers import number_text
from engine import (
    ActivationExplanation,
    AddExplanation,
    ConvExplanation,
    CopyExplanation,
    Explanation,
    LinearExplanation,
    LocalResponseExplanation,
    LogSoftmaxExplanation,
    LpExplanation,
    MaxExplanation,
    MeanExplanation,
    MergeExplanation,
    NormalizationExplanation,
    PointExplanation,
    ReLUExplanation,
    ScaleExplanation,
    SeparableExplanation,
    SoftmaxExplanation,
    SumExplanation,
)
from engine.language import tr, tr_noop


def card(explanation: Explanation, sources: Sequence[str]) -> Card:
    """Return the card of an explanation.

    Parameters
    ----------
    explanation
        What a layer says of one value.
    sources
        The names of the layers at its inputs; none for the layer where the image enters.
    """
    with np.errstate(all="ignore"):  # inf and nan are shown, where they can be seen
        made: Card = VIEWS[type(explanation)](explanation, sources)
    return made


def _max(found: MaxExplanation, sources: Sequence[str]) -> Card:
    seen = int((~found.patch.padding).sum())
    blocks = (
        window_of(found, tr("The window"), found.winner, tr("won")),
        Equation(
            tr("The largest"),
            (tr("max of {count:,} values", count=seen), "=", result(found, found.winner, tr("the winner"))),
        ),
    )
    return Card(blocks, found.winner)


def _pooled_sum(found: SumExplanation, sources: Sequence[str]) -> Card:
    blocks = (window_of(found, tr("The window")), Equation(tr("The sum"), (tr("Σ of the window"), "=", result(found))))
    return Card(blocks, largest(found.patch.values, found.patch.padding))


def _mean(found: MeanExplanation, sources: Sequence[str]) -> Card:
    divided = (Chip(found.sum, tr("sum"), "input"), "÷", Chip(found.count, tr("values")), "=", result(found))
    blocks = (window_of(found, tr("The window")), Equation(tr("The mean"), divided))
    return Card(blocks, largest(found.patch.values, found.patch.padding))


def _lp(found: LpExplanation, sources: Sequence[str]) -> Card:
    norm = (
        Chip(found.largest, tr("largest |x|"), "input"),
        "×",
        Chip(found.sum, tr("Σ (|x| ÷ largest)^{p}", p=found.p)),
        f"^ 1/{found.p}",
        "=",
        result(found),
    )
    blocks = (window_of(found, tr("The window")), Equation(tr("The L{p} norm", p=found.p), norm))
    return Card(blocks, largest(found.patch.values, found.patch.padding))


def _point(found: PointExplanation, sources: Sequence[str]) -> Card:
    return Card((Equation(tr("The value"), (before(found.before), "→", result(found))),), ())


def _activation(found: ActivationExplanation, sources: Sequence[str]) -> Card:
    settings = ", ".join(f"{name} = {number_text(value)}" for name, value in found.settings)
    blocks: list[Block] = [Equation(found.function, (before(found.before), "→", result(found)))]
    if settings:
        blocks.append(Note(tr("with {settings}", settings=settings)))
    return Card(tuple(blocks), ())


def _relu(found: ReLUExplanation, sources: Sequence[str]) -> Card:
    said = tr("Negative: clipped to 0.") if found.clipped else tr("Not negative: it goes through as it is.")
    items = ("max ( 0 ,", before(found.before), ")", "=", result(found))
    return Card((Equation(found.function, items), Note(said)), ())


_TITLES = {
    "sum": tr_noop("The sum of the branches"),
    "difference": tr_noop("The difference of the branches"),
    "product": tr_noop("The product of the branches"),
    "maximum": tr_noop("The maximum of the branches"),
    "minimum": tr_noop("The minimum of the branches"),
    "mean": tr_noop("The mean of the branches"),
}
_SIGNS = {"sum": "+", "difference": "−", "product": "×", "maximum": ",", "minimum": ",", "mean": "+"}
# What is written before the values, and what finds the one that counts.
_EXTREMES: dict[str, tuple[str, Callable[[NDArray[Any]], Any]]] = {
    "maximum": ("max", np.argmax),
    "minimum": ("min", np.argmin),
}


def _strongest(values: NDArray[Any]) -> Any:
    return np.argmax(np.abs(values))


def _merge(found: MergeExplanation, sources: Sequence[str]) -> Card:
    values = found.values.tolist()
    winner: Callable[[NDArray[Any]], Any] = _strongest
    sign = _SIGNS[found.operation]
    items: list[Chip | str] = []
    for port, value in enumerate(values):
        items += [sign] * bool(port)
        items.append(
            Chip(value, sources[port] if port < len(sources) else tr("input {number}", number=port), "input", (port,))
        )
    if found.operation in _EXTREMES:
        name, winner = _EXTREMES[found.operation]
        items = [f"{name} (", *items, ")"]
    elif found.operation == "mean":
        items = ["(", *items, ")", "÷", Chip(len(values), tr("inputs"))]
    return Card(
        (Equation(tr(_TITLES[found.operation]), (*items, "=", result(found))),),
        (int(winner(found.values)),),
    )


def _copy(found: CopyExplanation, sources: Sequence[str]) -> Card:
    if found.origin is None:
        said = (
            tr("The layer adds this value at the border.")
            if sources
            else tr("A value of the image: the way ends here.")
        )
        return Card((Equation(tr("The value"), (result(found),)), Note(said)), None)
    port, index = found.origin.port, found.origin.index
    came = f"{sources[port]} {place_text(index)}" if port < len(sources) else place_text(index)
    items = (Chip(found.total, came, "input", ()), "→", result(found))
    return Card((Equation(tr("Moved, not changed"), items),), ())


# The registry: a layer that explains itself in a new way gets its view here, and a test asks for it.
VIEWS: dict[type[Explanation], Callable[[Any, Sequence[str]], Card]] = {
    ConvExplanation: weighted.conv,
    SeparableExplanation: weighted.separable,
    LinearExplanation: weighted.linear,
    MaxExplanation: _max,
    SumExplanation: _pooled_sum,
    MeanExplanation: _mean,
    LpExplanation: _lp,
    PointExplanation: _point,
    ActivationExplanation: _activation,
    ReLUExplanation: _relu,
    ScaleExplanation: relative.scale,
    NormalizationExplanation: relative.normalization,
    LocalResponseExplanation: relative.local_response,
    SoftmaxExplanation: relative.softmax,
    LogSoftmaxExplanation: relative.log_softmax,
    MergeExplanation: _merge,
    AddExplanation: _merge,
    CopyExplanation: _copy,
}


def place_text(index: tuple[int, ...]) -> str:
    """Return where a value is: ``"map 2 (y 4, x 5)"`` or ``"element 7"``."""
    if len(index) == 1:
        return tr("element {number}", number=index[0])
    channel, y, x = index
    return tr("map {channel} (y {y}, x {x})", channel=channel, y=y, x=x)
