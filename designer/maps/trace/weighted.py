"""Sums of products as blocks: convolutions, separable ones, and dense layers."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from designer.maps.trace.blocks import Card, Channels, Chip, Equation, Note, Term
from designer.maps.trace.parts import SHOWN, by_size, largest, result, terms, times
from engine import ConvExplanation, LinearExplanation, SeparableExplanation
from engine.language import tr

FEW = 4  # so many summands are written out in the equation; of more, their sum is


def conv(found: ConvExplanation, sources: Sequence[str]) -> Card:
    """Show patch × kernel for each channel, their sums, and the bias."""
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


def separable(found: SeparableExplanation, sources: Sequence[str]) -> Card:
    """Show each channel by its own kernel, then all of them weighted."""
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


def linear(found: LinearExplanation, sources: Sequence[str]) -> Card:
    """Show the largest inputs × weights, and the bias."""
    rows = [
        Term(tr("input {number}", number=one.index), times(one.input, one.weight), one.product, (one.index,))
        for one in found.largest(SHOWN)
    ]
    title = tr("Inputs × weights, the largest first")
    strongest = rows[0].cell if rows else None
    return Card((_sum(found.products, found), terms(title, rows, found.products)), strongest)
