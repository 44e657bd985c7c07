"""Where a network's parameters, work, memory or time are: every layer's share of the whole."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import Enum
from functools import lru_cache
from math import floor, log10

import msgspec

from designer.canvas.visible import Visible
from designer.tiles import colormaps
from designer.wording import duration, memory, rounded
from engine import Analysis
from engine.language import tr, tr_number

_COLOURS = "inferno"  # perceptually uniform, and its lightness alone tells the order
# Of its 255 colours: from one that is near to a card to one that is far from it, on light paper and on dark.
_ON_LIGHT, _ON_DARK = (234, 48), (66, 246)
_STEP = 0.001  # between two positions, so that a card is painted anew only where one sees it; and the least
_LEAST = 0.02  # position of the least on a logarithmic scale, where it still has a bar
_LEGIBLE = 100.0  # what is less than the largest by this factor has no bar on a linear scale
_ENOUGH = 0.1  # the least part of all layers that a linear scale must leave legible


class Measure(Enum):
    """What is compared between layers."""

    PARAMETERS = "parameters"
    MACS = "MACs"
    MEMORY = "memory"
    TIME = "time"

    @property
    def title(self) -> str:
        """What a menu and a legend call it."""
        return {
            Measure.PARAMETERS: tr("Parameters"),
            Measure.MACS: tr("MACs"),
            Measure.MEMORY: tr("Memory of maps"),
            Measure.TIME: tr("Time of the last run"),
        }[self]

    @property
    def whole(self) -> str:
        """What a share is a part of: ``all parameters``."""
        return {
            Measure.PARAMETERS: tr("all parameters"),
            Measure.MACS: tr("all MACs"),
            Measure.MEMORY: tr("the memory of all maps"),
            Measure.TIME: tr("the last run’s time"),
        }[self]

    @property
    def absent(self) -> str:
        """What is said where no layer has any of it."""
        return {
            Measure.PARAMETERS: tr("No layer has any yet"),
            Measure.MACS: tr("No layer has any yet"),
            Measure.MEMORY: tr("No shape is known yet"),
            Measure.TIME: tr("Run an image to measure it"),
        }[self]

    def text(self, value: float) -> str:
        """Return a value of this measure for a reader, rounded."""
        if self is Measure.TIME:
            return duration(value)
        return memory(round(value)) if self is Measure.MEMORY else rounded(round(value))


class HeatMark(msgspec.Struct, frozen=True):
    """What a card shows of its layer's share."""

    position: float  # on the colours and of the bar's length, from 0 to 1; 0 where the layer has nothing
    text: str  # ``38%``


@dataclass(frozen=True)
class Scale:
    """From values to positions between 0 and 1."""

    low: float
    high: float
    logarithmic: bool

    def position(self, value: float) -> float:
        """Return where a value is; 0 for nothing, and on a linear scale for next to nothing."""
        if value <= 0 or self.high <= 0:
            return 0.0
        if self.logarithmic:
            return max(_LEAST, log10(value / self.low) / log10(self.high / self.low))
        return value / self.high


@dataclass(frozen=True)
class Heat:
    """One measure of all layers; without a measure nothing is shown."""

    measure: Measure | None = None
    values: Mapping[str, float] = field(default_factory=dict)
    marks: Mapping[str, HeatMark] = field(default_factory=dict)
    scale: Scale = field(default=Scale(0.0, 0.0, False))
    total: float = 0.0

    def told(self, node: str) -> str:
        """Return a layer's share as a sentence's end: ``78% of all parameters``; empty where none is known."""
        if self.measure is None or node not in self.values or not self.total:
            return ""
        return tr("{share} of {whole}", share=share_text(self.values[node] / self.total), whole=self.measure.whole)


def heat_of(
    measure: Measure | None, analysis: Analysis, seconds: Mapping[str, float], seen: Visible | None = None
) -> Heat:
    """Return a measure of all layers.

    Parameters
    ----------
    measure
        Which; None for none.
    analysis
        Counts and sizes of the network.
    seconds
        How long layers took in the last run; those that it does not name did not run.
    seen
        Which cards show the layers; a collapsed group has the sum of what is in it. Without, each layer has its own.
    """
    if measure is None:
        return Heat()
    values = _values(measure, analysis, seconds)
    if seen is not None and seen.folds:
        values = _summed(values, seen)
    total, scale = sum(values.values()), scale_of(values)
    marks = {
        node: HeatMark(max(_STEP, round(scale.position(value), 3)), _brief(value / total))
        if value
        else HeatMark(0.0, "0")
        for node, value in values.items()
    }
    return Heat(measure, values, marks, scale, total)


def scale_of(values: Mapping[str, float]) -> Scale:
    """Return a linear scale from 0; a logarithmic one where that would show hardly any layer but the largest."""
    some = [value for value in values.values() if value > 0]
    if not some:
        return Scale(0.0, 0.0, logarithmic=False)
    high = max(some)
    legible = sum(value >= high / _LEGIBLE for value in some)
    if legible >= _ENOUGH * len(some):
        return Scale(0.0, high, logarithmic=False)
    return Scale(10.0 ** floor(log10(min(some))), high, logarithmic=True)


def share_text(share: float) -> str:
    """Return a share for a reader: ``38%``, ``4.2%``, ``<0.1%``."""
    if 0 < share < 0.001:
        return "<" + tr_number(0.001, ".1%")
    return tr_number(share, ".1%" if 0 < share < 0.0995 else ".0%")


def _brief(share: float) -> str:
    return "<" + tr_number(0.01, ".0%") if share < 0.005 else tr_number(share, ".0%")


@lru_cache(maxsize=1024)
def heat_colour(position: float, dark: bool) -> str:
    """Return the colour of a position between 0 and 1, ``#rrggbb``: the more, the further from the theme's paper."""
    first, last = _ON_DARK if dark else _ON_LIGHT
    red, green, blue = colormaps.colours(_COLOURS)[round(first + (last - first) * position)]
    return f"#{red:02x}{green:02x}{blue:02x}"


@lru_cache(maxsize=1024)
def ink_on(colour: str) -> str:
    """Return black or white, whichever is read better on a colour (relative luminance as WCAG 2 defines it)."""
    channels = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    red, green, blue = (c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels)
    luminance = 0.2126 * red + 0.7152 * green + 0.0722 * blue
    return "#000000" if (luminance + 0.05) ** 2 > 0.05 * 1.05 else "#ffffff"


def _summed(values: Mapping[str, float], seen: Visible) -> dict[str, float]:
    sums: dict[str, float] = {}
    for node, value in values.items():
        card = seen.card(node)
        sums[card] = sums.get(card, 0.0) + value
    return sums


def _values(measure: Measure, analysis: Analysis, seconds: Mapping[str, float]) -> dict[str, float]:
    if measure is Measure.TIME:
        return {node: seconds[node] for node in analysis.nodes if node in seconds}
    known = {node: entry for node, entry in analysis.nodes.items() if entry.output is not None}
    if measure is Measure.PARAMETERS:
        return {node: float(entry.parameters) for node, entry in known.items()}
    if measure is Measure.MACS:
        return {node: float(entry.macs) for node, entry in known.items()}
    return {node: float(entry.activation_bytes) for node, entry in known.items()}
