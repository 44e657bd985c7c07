"""What makes a run that is too large fit: a smaller image, or fewer maps that are kept."""

from collections.abc import Collection, Iterator
from typing import NamedTuple

from engine.analysis import Analysis, analyse
from engine.fast.plan import make_plan
from engine.fast.rules import tuning
from engine.layers import Input
from engine.need import Need, need

_PARTS = tuple(part / 16 for part in (14, 12, 10, 8, 7, 6, 5, 4, 3, 2, 1))  # of an image's sides


class SmallerImage(NamedTuple):
    """The network's Input layer with a size that fits, and what a run then takes."""

    node: str
    layer: Input
    need: Need


class FewerMaps(NamedTuple):
    """The layers whose maps would be kept, and what a run then takes."""

    keep: tuple[str, ...]
    need: Need


class Economies(NamedTuple):
    """What would make a run fit; None where that would not."""

    image: SmallerImage | None
    maps: FewerMaps | None


def economies(analysis: Analysis, limit: int, wanted: Collection[str] = ()) -> Economies:
    """Return what would bring a run below a limit.

    Parameters
    ----------
    analysis
        Of the network that is too large.
    limit
        Bytes that a run may take.
    wanted
        The layers whose maps somebody wants to see beside the network's answers.
    """
    few = next((found for found in _fewer(analysis, wanted) if found.need.total <= limit), None)
    return Economies(_smaller(analysis, limit), few)


def answers(analysis: Analysis) -> tuple[str, ...]:
    """Return the layers that nothing follows: what a network says in the end."""
    return tuple(node for node in analysis.order if not analysis.graph.outgoing[node])


def _fewer(analysis: Analysis, wanted: Collection[str]) -> Iterator[FewerMaps]:
    """Yield the maps that could be kept: those wanted with the answers, and the answers alone."""
    ends = answers(analysis)
    for keep in dict.fromkeys(((*(node for node in analysis.order if node in wanted), *ends), ends)):
        yield FewerMaps(tuple(dict.fromkeys(keep)), need(analysis, keep))


def _smaller(analysis: Analysis, limit: int) -> SmallerImage | None:
    """Return the largest image of the same shape that fits and brings no new mistake."""
    entrance = analysis.input
    if entrance is None or not isinstance(entrance.layer, Input):
        return None
    layer = entrance.layer
    for part in _PARTS:
        height, width = max(1, round(layer.height * part)), max(1, round(layer.width * part))
        smaller = layer.replace(height=height, width=width)
        found = analyse(analysis.graph.replace_layer(entrance.id, smaller), analysis)
        if len(found.errors) > len(analysis.errors) or smaller == layer:
            continue
        taken = need(found, plan=make_plan(found, tuning(strict=False)))  # nobody has asked for that run yet
        if taken.total <= limit:
            return SmallerImage(entrance.id, smaller, taken)
    return None
