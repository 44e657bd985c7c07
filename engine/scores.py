"""The network's answer: which classes score best."""

from typing import NamedTuple

import numpy as np

from engine.layers import Layer, LinearSVM, LogSoftmax, Softmax
from engine.layers.base import Array


class Score(NamedTuple):
    """One class: its number, its name (the number where it has none), its value, and the value as text."""

    number: int
    label: str
    value: float
    text: str


def top(layer: Layer, values: Array, count: int) -> list[Score]:
    """Return the best classes of a vector ``(N,)``, best first; values that are no numbers come last."""
    labels = layer.labels if isinstance(layer, Softmax | LogSoftmax | LinearSVM) else ()
    named = labels if len(labels) == len(values) else tuple(str(number) for number in range(len(values)))
    order = np.argsort(-np.nan_to_num(values, nan=-np.inf), kind="stable")[: max(0, count)]
    percent = isinstance(layer, Softmax)
    return [
        Score(int(i), named[i], float(values[i]), f"{values[i]:.2%}" if percent else f"{values[i]:+.4g}") for i in order
    ]
