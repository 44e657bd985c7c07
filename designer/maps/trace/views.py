"""From a layer's explanation to the blocks of a trace card: one view for each kind of arithmetic."""

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from designer.maps.trace.blocks import Block, Card, Channels, Chip, Equation, Note, Term, Terms
from designer.maps.trace.parts import (
    SHOWN,
    before,
    by_size,
    largest,
    plain_window,
    result,
    terms,
    times,
    vector_window,
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

FEW = 4  # so many summands are written out in the equation; of more, their sum is


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


def _conv(found: ConvExplanation, sources: Sequence[str]) -> Card:
    if not found.products.size:
        return Card((Note(tr("No pixel reaches this value: only the bias is left.")), _sum(found.partial_sums, found)))
    blocks = (
        _sum(found.partial_sums, found),
        Channels(
            tr("Patch × kernel, channel by channel"),
            found.patch.values,
            found.kernel,
            found.products,
            found.partial_sums,
            found.patch.padding,
            found.patch.channel,
        ),
    )
    return Card(blocks, largest(found.products, np.broadcast_to(found.patch.padding, found.products.shape)))


def _sum(sums: NDArray[np.float64], found: ConvExplanation | SeparableExplanation | LinearExplanation) -> Equation:
    items: list[Chip | str] = []
    if 1 < len(sums) <= FEW:
        first = found.patch.channel if isinstance(found, ConvExplanation) else 0
        for number, value in enumerate(sums.tolist()):
            items += ["+"] * bool(number)
            items.append(Chip(value, tr("channel {channel}", channel=first + number), "input"))
    else:
        items.append(
            Chip(float(sums.sum()), tr("sum of {count:,}", count=len(sums)) if len(sums) > 1 else tr("sum"), "input")
        )
    return Equation(tr("Sum and bias"), (*items, "+", Chip(found.bias, tr("bias"), "weight"), "=", result(found)))


def _separable(found: SeparableExplanation, sources: Sequence[str]) -> Card:
    repeated = len(found.depthwise) // len(found.patch.values)
    patch = np.repeat(found.patch.values, repeated, axis=0)
    products = np.multiply(patch, found.depthwise, dtype=np.float64)
    channels = Channels(
        tr("Each channel by itself: patch × its kernel"),
        patch,
        found.depthwise,
        products,
        found.middle,
        found.patch.padding,
        found.patch.channel,
        repeated,
    )
    rows = [
        Term(channels.name(i), times(found.middle[i], found.pointwise[i]), float(found.products[i]), None)
        for i in by_size(found.products)
    ]
    weighed = np.abs(products) * np.abs(found.pointwise)[:, None, None]
    strongest = largest(weighed, np.broadcast_to(found.patch.padding, weighed.shape))
    blocks = (
        _sum(found.products, found),
        terms(tr("The channels by themselves, weighted"), rows, found.products),
        channels,
    )
    return Card(blocks, None if strongest is None else (strongest[0] // repeated, *strongest[1:]))


def _linear(found: LinearExplanation, sources: Sequence[str]) -> Card:
    rows = [
        Term(tr("input {number}", number=one.index), times(one.input, one.weight), one.product, (one.index,))
        for one in found.largest(SHOWN)
    ]
    title = tr("Inputs × weights, the largest first")
    strongest = rows[0].cell if rows else None
    return Card((_sum(found.products, found), terms(title, rows, found.products)), strongest)


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


def _scale(found: ScaleExplanation, sources: Sequence[str]) -> Card:
    items = (
        before(found.before),
        "×",
        Chip(found.factor, tr("factor"), "weight"),
        "+",
        Chip(found.offset, tr("offset"), "weight"),
        "=",
        result(found),
    )
    return Card((Equation(tr("Scaled"), items),), ())


def _normalization(found: NormalizationExplanation, sources: Sequence[str]) -> Card:
    normalised = (
        "(",
        Chip(found.before, tr("value"), "input", found.cell),
        "−",
        Chip(found.mean, tr("mean")),
        ")",
        "÷",
        Chip(found.deviation, tr("√(variance + ε)")),
        "=",
        Chip(found.normalised, tr("normalised")),
    )
    rescaled = (
        Chip(found.normalised, tr("normalised")),
        "×",
        Chip(found.scale, tr("scale"), "weight"),
        "+",
        Chip(found.shift, tr("shift"), "weight"),
        "=",
        result(found),
    )
    blocks: list[Block] = [
        Equation(tr("To mean 0 and variance 1"), normalised),
        Equation(tr("Scaled and shifted"), rescaled),
    ]
    if found.values.size > 1:
        blocks[:0] = _population(found)
    else:
        blocks.append(Note(tr("Mean and variance are those that training found: one pair for each channel.")))
    return Card(tuple(blocks), found.cell)


def _population(found: NormalizationExplanation) -> tuple[Block, ...]:
    """Return the values that mean and variance are taken of; of several maps, the value's own."""
    values, cell = found.values, found.cell
    if values.ndim == 3 and values.shape[1:] != (1, 1):
        if len(values) > 1:
            text = tr_noop("Mean and variance are taken of {count:,} values, of {maps:,} maps; this one is shown.")
        else:
            text = tr_noop("Mean and variance are taken of {count:,} values, all of this map.")
        top, left = found.origin[1:]
        window = plain_window(
            tr("Its map"), values[cell[0]], (cell[1], cell[2]), lambda y, x: (cell[0], y, x), top=top, left=left
        )
        return window, Note(tr(text, count=values.size, maps=len(values)))
    flat = values.reshape(-1)
    note = Note(tr("Mean and variance are taken of {count:,} values.", count=values.size))
    return vector_window(tr("The values"), flat, lambda i: (i, *cell[1:]), cell[0]), note


def _local_response(found: LocalResponseExplanation, sources: Sequence[str]) -> Card:
    rows = tuple(
        Term(
            tr("channel {channel}", channel=found.first + i),
            f"{number_text(x)}²",
            x * x,
            (i,),
            chosen=i == found.chosen,
        )
        for i, x in enumerate(np.asarray(found.neighbours, np.float64).tolist())
    )
    items = (
        Chip(float(found.neighbours[found.chosen]), tr("value"), "input", (found.chosen,)),
        "÷",
        Chip(found.base, f"k + α/n · Σx², Σx² = {number_text(found.squares)}"),
        f"^ {number_text(found.beta)}",
        "=",
        result(found),
    )
    return Card((Terms(tr("Squares of the channels beside it"), rows), Equation(tr("Damped"), items)), (found.chosen,))


def _softmax(found: SoftmaxExplanation, sources: Sequence[str]) -> Card:
    power = Chip(float(found.powers[found.chosen]), tr("e^(score − largest)"), "input", (found.chosen,))
    items = (power, "÷", Chip(found.sum, tr("sum of all")), "=", result(found))
    return Card((_powers(found), Equation(tr("Its share"), items)), (found.chosen,))


def _log_softmax(found: LogSoftmaxExplanation, sources: Sequence[str]) -> Card:
    items = (
        Chip(float(found.scores[found.chosen]), tr("score"), "input", (found.chosen,)),
        "−",
        Chip(found.largest, tr("largest score")),
        "−",
        Chip(float(np.log(found.sum)), tr("log of the sum")),
        "=",
        result(found),
    )
    return Card((_powers(found), Equation(tr("The logarithm of its share"), items)), (found.chosen,))


def _powers(found: SoftmaxExplanation) -> Terms:
    listed = by_size(found.powers)
    if found.chosen not in listed:
        listed = [*listed[:-1], found.chosen]
    rows = [
        Term(
            tr("class {number}", number=i)
            if found.scores.ndim == 1 and not found.position
            else tr("channel {channel}", channel=i),
            f"e^({number_text(float(found.scores[i]), 3)} − {number_text(found.largest, 3)})",
            float(found.powers[i]),
            (i,),
            chosen=i == found.chosen,
        )
        for i in listed
    ]
    return terms(tr("e^(score − largest score) of every class"), rows, found.powers)


_TITLES = {
    "sum": tr_noop("The sum of the branches"),
    "difference": tr_noop("The difference of the branches"),
    "product": tr_noop("The product of the branches"),
    "maximum": tr_noop("The maximum of the branches"),
    "mean": tr_noop("The mean of the branches"),
}
_SIGNS = {"sum": "+", "difference": "−", "product": "×", "maximum": ",", "mean": "+"}


def _merge(found: MergeExplanation, sources: Sequence[str]) -> Card:
    values = found.values.tolist()
    sign = _SIGNS[found.operation]
    items: list[Chip | str] = []
    for port, value in enumerate(values):
        items += [sign] * bool(port)
        items.append(
            Chip(value, sources[port] if port < len(sources) else tr("input {number}", number=port), "input", (port,))
        )
    if found.operation == "maximum":
        items = ["max (", *items, ")"]
    elif found.operation == "mean":
        items = ["(", *items, ")", "÷", Chip(len(values), tr("inputs"))]
    strongest = int(np.argmax(found.values)) if found.operation == "maximum" else int(np.argmax(np.abs(found.values)))
    return Card(
        (Equation(tr(_TITLES[found.operation]), (*items, "=", result(found))),),
        (strongest,),
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
    ConvExplanation: _conv,
    SeparableExplanation: _separable,
    LinearExplanation: _linear,
    MaxExplanation: _max,
    SumExplanation: _pooled_sum,
    MeanExplanation: _mean,
    LpExplanation: _lp,
    PointExplanation: _point,
    ActivationExplanation: _activation,
    ReLUExplanation: _relu,
    ScaleExplanation: _scale,
    NormalizationExplanation: _normalization,
    LocalResponseExplanation: _local_response,
    SoftmaxExplanation: _softmax,
    LogSoftmaxExplanation: _log_softmax,
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
