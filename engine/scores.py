"""The network's answer: which classes score best."""

from math import isfinite, isnan
from typing import NamedTuple

import numpy as np

from engine.analysis import Analysis
from engine.language import tr_number
from engine.layers import Layer, LinearSVM, LogSoftmax, Softmax
from engine.layers.base import Array

_HEADS = (Softmax, LogSoftmax, LinearSVM)


class Score(NamedTuple):
    """One class: its number, its name (the number where it has none), its value, and the value as text."""

    number: int
    label: str
    value: float
    text: str


def top(layer: Layer, values: Array, count: int) -> list[Score]:
    """Return the best classes of a vector ``(N,)``, best first; values that are no numbers come last."""
    named = class_names(layer, len(values))
    order = np.argsort(-np.nan_to_num(values, nan=-np.inf), kind="stable")[: max(0, count)]
    percent = isinstance(layer, Softmax)
    return [Score(int(i), named[i], float(values[i]), _text(float(values[i]), percent=percent)) for i in order]


def _text(value: float, *, percent: bool) -> str:
    if not isfinite(value):
        return "NaN" if isnan(value) else "+∞" if value > 0 else "−∞"
    return tr_number(value, ".2%" if percent else "+.4g")


def class_names(layer: Layer, count: int) -> tuple[str, ...]:
    """Return the names of a layer's classes; their numbers where it has no names, or another number of them."""
    labels = layer.labels if isinstance(layer, _HEADS) else ()
    return labels if len(labels) == count else tuple(str(number) for number in range(count))


def answering(analysis: Analysis) -> str | None:
    """Return the layer whose vector is the network's answer: the last that is made for it, else the last end."""
    vectors = [
        node for node in analysis.order if (output := analysis.nodes[node].output) is not None and output.is_vector
    ]
    heads = [node for node in vectors if isinstance(analysis.nodes[node].layer, _HEADS)]
    ends = [node for node in vectors if not analysis.graph.outgoing[node]]
    found = heads or ends
    return found[-1] if found else None
