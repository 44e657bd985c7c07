"""The fully connected twin: what an MLP would need between the same volumes, and what locality and sharing save.

A dense layer between a layer's inputs and its outputs has a weight for every pair of them: N₁·N₂. A convolution leaves
out the pairs that lie apart (local connections), and gives the pairs that are left the same few weights at every place
(shared weights). Biases are counted apart, as everywhere.
"""

from enum import StrEnum
from fractions import Fraction
from typing import NamedTuple

import msgspec

from engine.analysis import Analysis, NodeAnalysis
from engine.derivation import Derivation
from engine.language import tr, tr_noop, tr_number
from engine.layers import Conv2D, ConvTranspose2D, DepthwiseConv2D, Input, Layer, SeparableConv2D
from engine.layers.dense import Linear
from engine.shape import Shape


class Kind(StrEnum):
    """What becomes of a layer in the twin."""

    SHARED = "shared"  # a convolution: becomes a dense layer
    DENSE = "dense"  # is a dense layer already
    KEPT = "kept"  # sums up no neighbours with weights of their own: stays as it is
    UNKNOWN = "unknown"  # has no shape


class Ratio(NamedTuple):
    """How many times more one number is than another."""

    more: int
    fewer: int

    @property
    def value(self) -> Fraction | None:
        """The exact ratio; None where there is nothing to divide by."""
        return Fraction(self.more, self.fewer) if self.fewer else None

    def text(self) -> str:
        """Write the ratio in about four digits: ``784``, ``40.96``, ``0.111``; a dash where there is none."""
        value = self.value
        if value is None:
            return "–"
        if value.denominator == 1 or value >= 1000:
            return tr_number(round(value))
        number = float(value)
        digits = 1 if number >= 100 else 2 if number >= 1 else 3
        return tr_number(number, f".{digits}f" if round(number, digits) else ".1e")


class Counts(NamedTuple):
    """Weights, biases left out, of a layer in three forms; layers without a twin count the same in all of them.

    Attributes
    ----------
    shared
        As it is: a few weights, used at every place.
    local
        With the same connections and a weight for each: a locally connected layer.
    dense
        As a dense layer between the same volumes.
    """

    shared: int
    local: int
    dense: int

    @property
    def locality(self) -> Ratio:
        """What local connections save."""
        return Ratio(self.dense, self.local)

    @property
    def sharing(self) -> Ratio:
        """What shared weights save: how many connections use each weight, in the mean."""
        return Ratio(self.local, self.shared)

    @property
    def both(self) -> Ratio:
        """What the two save together."""
        return Ratio(self.dense, self.shared)


class LayerTwin(msgspec.Struct, frozen=True):
    """One layer beside its twin.

    ``inputs`` and ``outputs`` are numbers of values (N₁ of all inputs together, N₂); ``connections`` are the layer's
    own; ``possible`` are those, and the weights, of a dense layer between the same volumes; ``biases`` are the layer's,
    a dense one would have one for each output. ``reason`` says why nothing is compared; empty where something is.
    """

    node: str
    kind: Kind
    counts: Counts
    inputs: int = 0
    outputs: int = 0
    connections: int = 0
    biases: int = 0
    possible: int = 0
    reason: str = ""

    @property
    def compared(self) -> bool:
        """Whether the twin has a dense layer in its place."""
        return self.kind in (Kind.SHARED, Kind.DENSE)


class NetworkTwin(msgspec.Struct, frozen=True):
    """All layers beside their twins, in the order of evaluation, and the sums."""

    layers: tuple[LayerTwin, ...]
    counts: Counts
    connections: int
    dense_connections: int

    def __getitem__(self, node: str) -> LayerTwin:
        """Return the twin of one layer."""
        return next(layer for layer in self.layers if layer.node == node)


class RatioDerivation(NamedTuple):
    """How a ratio comes about; `Derivation` is the same for whole numbers."""

    quantity: str
    formula: str
    substituted: str
    ratio: Ratio

    @property
    def value(self) -> Fraction | None:
        """The exact ratio."""
        return self.ratio.value

    @property
    def result(self) -> str:
        """The ratio as it is written."""
        return self.ratio.text()

    def text(self) -> str:
        """Write the derivation on one line."""
        return f"{self.formula} = {self.substituted} = {self.result}"


def twin(analysis: Analysis) -> NetworkTwin:
    """Compare every layer, and the whole network, with what an MLP of the same neurons would need."""
    layers = tuple(_layer_twin(analysis, node) for node in (*analysis.order, *analysis.cyclic))
    sums = Counts(*(sum(layer.counts[at] for layer in layers) for at in range(3)))
    dense = sum(layer.possible for layer in layers if layer.compared)
    return NetworkTwin(layers, sums, analysis.totals.connections, dense)


_KEPT = {
    "pool": tr_noop(
        "Pooling is a fixed rule without weights: the twin keeps it. A dense layer in its place would learn "
        "{possible:,} weights."
    ),
    "activation": tr_noop("Works on each value by itself: the twin has it, too."),
    "normalization": tr_noop("Scales whole maps and mixes no neighbours: the twin keeps it."),
    "merge": tr_noop("Joins branches value by value, without weights: the twin keeps it."),
    "output": tr_noop("Turns scores into an answer, without weights: the twin has it, too."),
    "reshape": tr_noop("Only moves values: the twin keeps it."),
    "regularization": tr_noop("Does nothing to an image that is run: the twin has it, too."),
}
_ELSE = tr_noop("Sums up no neighbours with weights of its own: the twin keeps it.")


def _layer_twin(analysis: Analysis, node: str) -> LayerTwin:
    entry = analysis.nodes[node]
    known = [shape for shape in entry.inputs if shape is not None]
    if entry.output is None:
        return LayerTwin(node, Kind.UNKNOWN, Counts(0, 0, 0), reason=_no_shape(analysis, node, entry))
    weights, inputs, outputs = entry.weights, sum(shape.size for shape in known), entry.output.size
    possible = inputs * outputs
    if not entry.connections:
        return LayerTwin(
            node,
            Kind.KEPT,
            Counts(weights, weights, weights),
            inputs,
            outputs,
            biases=entry.biases,
            possible=possible,
            reason=_reason(entry.layer, possible),
        )
    kind = Kind.DENSE if isinstance(entry.layer, Linear) else Kind.SHARED
    counts = Counts(weights, entry.connections, possible)
    return LayerTwin(node, kind, counts, inputs, outputs, entry.connections, entry.biases, possible)


def _no_shape(analysis: Analysis, node: str, entry: NodeAnalysis) -> str:
    """Say why a layer has no shape."""
    error = next((found for found in entry.diagnostics if found.severity == "error"), None)
    if error is not None:
        return tr("It has no shape yet: {message}", message=error.message)
    if node in analysis.cyclic:
        return tr("It has no shape, because it lies on a cycle or behind one.")
    if len(analysis.graph.incoming[node]) < entry.layer.ports.least:
        return tr("It has no shape yet: nothing is connected to its input.")
    return tr("It has no shape yet, because a layer before it has none.")


def _reason(layer: Layer, possible: int) -> str:
    if isinstance(layer, Input):
        return tr("The image: there is nothing before it to be connected to.")
    return tr(_KEPT.get(layer.family, _ELSE), possible=possible)


# Derivations


AnyDerivation = Derivation | RatioDerivation


def twin_derivations(analysis: Analysis, node: str) -> tuple[AnyDerivation, ...]:
    """Return how the numbers of a layer's twin come about, with the numbers at hand; empty without a shape."""
    entry, found = analysis.nodes[node], _layer_twin(analysis, node)
    shapes = [shape for shape in entry.inputs if shape is not None]
    if entry.output is None or not shapes:
        return ()
    counts = found.counts
    dense = (
        Derivation("inputs", _extents(shapes[0], 1), " + ".join(map(_product, shapes)), found.inputs),
        Derivation("outputs", _extents(entry.output, 2), _product(entry.output), found.outputs),
        Derivation("dense", "N₁·N₂", f"{found.inputs}·{found.outputs}", found.possible),
    )
    if not found.compared:
        return dense
    own = {one.quantity: one for one in entry.derivations()}
    locality = f"{counts.dense}/{counts.local}"
    sharing = f"{counts.local}/{counts.shared}"
    return (
        *dense,
        own["connections"],
        own["weights"],
        RatioDerivation("locality", _locality(entry.layer), locality, counts.locality),
        RatioDerivation("sharing", _sharing(entry.layer), sharing, counts.sharing),
        RatioDerivation("both", "N₁·N₂/" + tr("weights"), f"{counts.dense}/{counts.shared}", counts.both),
    )


def _extents(shape: Shape, at: int) -> str:
    sub = "₀₁₂"[at]
    return f"N{sub} = W{sub}·H{sub}·D{sub}" if shape.is_volume else f"N{sub}"


def _product(shape: Shape) -> str:
    return shape.text().replace("×", "·")


def _locality(layer: Layer) -> str:
    """Return the formula of what locality saves; the short one where it is exact."""
    short = " = W₁·H₁/(F·F)" if isinstance(layer, Conv2D) and layer.groups == 1 else ""
    return "N₁·N₂/" + tr("connections") + short


def _sharing(layer: Layer) -> str:
    """Return the formula of what sharing saves: each weight is used once at every place of a map."""
    short = ""
    if isinstance(layer, Conv2D | DepthwiseConv2D | SeparableConv2D):
        short = " = W₂·H₂"
    elif isinstance(layer, ConvTranspose2D):
        short = " = W₁·H₁"
    return tr("connections") + "/" + tr("weights") + short
