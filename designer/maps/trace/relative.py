"""Values that are set against others as blocks: scaled, normalised, damped by their neighbours, shared out."""

from collections.abc import Sequence

import numpy as np

from designer.maps.trace.blocks import Block, Card, Chip, Equation, Note, Term, Terms
from designer.maps.trace.parts import before, by_size, plain_window, result, terms, vector_window
from designer.tiles.numbers import number_text
from engine import (
    LocalResponseExplanation,
    LogSoftmaxExplanation,
    NormalizationExplanation,
    ScaleExplanation,
    SoftmaxExplanation,
)
from engine.language import tr, tr_noop


def scale(found: ScaleExplanation, sources: Sequence[str]) -> Card:
    """Show a value times a factor, and an offset."""
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


def normalization(found: NormalizationExplanation, sources: Sequence[str]) -> Card:
    """Show mean and variance, what they are taken of, and what becomes of the value."""
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


def local_response(found: LocalResponseExplanation, sources: Sequence[str]) -> Card:
    """Show the squares of the channels beside a value, which damp it."""
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


def softmax(found: SoftmaxExplanation, sources: Sequence[str]) -> Card:
    """Show every class, and the share of one."""
    power = Chip(float(found.powers[found.chosen]), tr("e^(score − largest)"), "input", (found.chosen,))
    items = (power, "÷", Chip(found.sum, tr("sum of all")), "=", result(found))
    return Card((_powers(found), Equation(tr("Its share"), items)), (found.chosen,))


def log_softmax(found: LogSoftmaxExplanation, sources: Sequence[str]) -> Card:
    """Show every class, and the logarithm of the share of one."""
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
