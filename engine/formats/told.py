"""What there is to tell of a file that was written: what it has no place for, and how it computes the same."""

import warnings
from collections import Counter
from collections.abc import Iterable, Sequence

from engine.formats.errors import FormatNote
from engine.language import tr, tr_count
from engine.layers import Input
from engine.network import Network


def listed(told: Iterable[str]) -> str:
    """Write several things in one line, each once with the number of layers that it concerns."""
    counts = Counter(told)
    return "; ".join(
        what if count == 1 else tr("{lost} ({count} layers)", lost=what, count=count) for what, count in counts.items()
    )


def of_image(network: Network) -> list[str]:
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


def of_names(network: Network) -> list[str]:
    """Return that layers were given names, where a file has their ids alone."""
    count = sum(bool(node.name) and node.name != node.id for node in network.graph.nodes)
    if not count:
        return []
    return [tr_count("the name of {count:,} layer (it has its id)", "the names of {count:,} layers (ids)", count)]


def of_groups(network: Network) -> list[str]:
    """Return that there are groups, where a file has none."""
    count = len(network.groups)
    return [tr_count("{count:,} group of layers", "{count:,} groups of layers", count)] if count else []


def note(framework: str, notes: Sequence[str]) -> None:
    """Tell by a `FormatNote` how a file computes the same, if anything had to be done for that.

    Parameters
    ----------
    framework
        What it computes the same in.
    notes
        What was done, in the words of the code: once for each layer.
    """
    if notes:
        done = listed(map(tr, notes))
        text = tr("So that {framework} computes the same: {done}", framework=framework, done=done)
        warnings.warn(FormatNote(text), stacklevel=4)
