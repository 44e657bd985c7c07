"""What there is to tell of a file that was written: what it has no place for, and how it computes the same.

Every writer tells it by `tell`, so that all of them go through everything that a document holds.
"""

import warnings
from collections import Counter
from collections.abc import Collection, Iterable, Sequence
from typing import NamedTuple

from engine.formats.errors import DrawingNote, FormatNote, FormatWarning
from engine.language import tr, tr_count, tr_noop
from engine.layers import Input
from engine.network import Network

_TO_KERAS = tr_noop("the weights, which `engine.formats.keras_json.to_keras` gives for each layer's `set_weights`")


class Format(NamedTuple):
    """What a format has a place for, of all that a document holds besides its layers and wires.

    None has one for where cards lie, for dots on wires and for what is collapsed.

    Attributes
    ----------
    lacks
        The sentence that says what it has no place for.
    computes
        What it computes in, where its file alone does not say how it computes the same.
    image
        Whether it says how images become values.
    weights
        The weights, and where they are to be had instead; empty where it has them.
    """

    lacks: str
    computes: str = ""
    image: bool = False
    weights: str = ""


ONNX = Format(tr_noop("ONNX has no place for {lost}"), "ONNX")
KERAS_JSON = Format(tr_noop("Keras has no place for {lost}"), "Keras", weights=_TO_KERAS)
KERAS_SOURCE = Format(KERAS_JSON.lacks, image=True, weights=_TO_KERAS)
TORCH_PROJECT = Format(tr_noop("The source has no place for {lost}"), image=True)
TORCH_SOURCE = TORCH_PROJECT._replace(
    weights=tr_noop("the weights, which a project's folder holds, and Save weights… under the names of PyTorch")
)


def tell(
    network: Network,
    into: Format,
    lost: Iterable[str],
    notes: Sequence[str] = (),
    *,
    aside: Iterable[str] = (),
    said: Collection[str] = (),
) -> None:
    """Tell what a file that was written of a network has no place for, and how it computes the same.

    What is lost is a `FormatWarning`, how it computes the same a `FormatNote`, and what is lost of the drawing alone,
    which nobody looks for elsewhere, a `DrawingNote`.

    Parameters
    ----------
    network, into
        What was written, and as what.
    lost
        What the format has no place for of the layers themselves: once for each layer.
    notes
        What was done so that it computes the same, in the words of the code: once for each layer.
    aside
        What else is not in the file, and of no more weight than the drawing.
    said
        The ids of the layers and groups whose names are in the file.
    """
    every = [*lost, *([] if into.image else _of_image(network)), *_of_names(network, said)]
    if network.weights and into.weights:
        every.append(tr(into.weights))
    if every:
        warnings.warn(tr(into.lacks, lost=listed(every)), FormatWarning, stacklevel=4)
    if notes and into.computes:
        done = listed(map(tr, notes))
        text = tr("So that {framework} computes the same: {done}", framework=into.computes, done=done)
        warnings.warn(FormatNote(text), stacklevel=4)
    if drawn := [*aside, *_of_drawing(network, said)]:
        text = tr("Not in the file: {drawn}", drawn=listed(drawn))
        warnings.warn(DrawingNote(text), stacklevel=4)


def listed(told: Iterable[str]) -> str:
    """Write several things in one line, each once with the number of layers that it concerns."""
    counts = Counter(told)
    return "; ".join(
        what if count == 1 else tr("{lost} ({count} layers)", lost=what, count=count) for what, count in counts.items()
    )


def _of_image(network: Network) -> list[str]:
    """Return what a network says of the way in which images become values, where that is not the usual one."""
    found = []
    usual = Input()
    for node in network.graph.nodes:
        layer = node.layer
        if not isinstance(layer, Input):
            continue
        if layer.scaling != usual.scaling:
            found.append(tr("that pixels become values from {range}", range=tr(layer.scaling)))
        if layer.fit != usual.fit:
            found.append(tr("how images of another size are fitted (“{fit}”)", fit=tr(layer.fit)))
        if layer.invert:
            found.append(tr("that light and dark are swapped"))
    return found


def _of_names(network: Network, said: Collection[str]) -> list[str]:
    """Return that layers were given names, where a file has their ids alone."""
    nodes = network.graph.nodes
    count = sum(bool(node.name) and node.name != node.id and node.id not in said for node in nodes)
    if not count:
        return []
    return [tr_count("the name of {count:,} layer", "the names of {count:,} layers", count)]


def _of_drawing(network: Network, said: Collection[str]) -> list[str]:
    """Return what of the drawing a file does not have: the layers and wires are all there."""
    found = [tr("where the cards lie")] if network.layout else []
    if dots := sum(map(len, network.dots.values())):
        found.append(tr_count("{count:,} dot on a wire", "{count:,} dots on wires", dots))
    if frames := sum(group.id not in said for group in network.groups):
        found.append(tr_count("{count:,} group of layers", "{count:,} groups of layers", frames))
    if any(group.collapsed and group.id in said for group in network.groups):
        found.append(tr("which groups are collapsed"))
    return found
