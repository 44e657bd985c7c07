"""What the command line says of memory: how much a run may take, which maps it keeps, and what would make it fit."""

from collections.abc import Collection

import msgspec

from engine import room
from engine.analysis import Analysis
from engine.economy import Economies, answers, economies
from engine.forward import RunError, TooLarge
from engine.language import tr
from engine.layers import Input
from engine.need import need
from engine.network import Network

_ANSWERS = "answers"


class UsageError(ValueError):
    """An option whose value makes no sense here."""


def limit_of(said: str | None) -> int:
    """Return how many bytes a run may take.

    Raises
    ------
    UsageError
        Where what was said is no size.
    """
    if said is None:
        return room.usual_limit()
    try:
        return room.parse(said)
    except ValueError:
        raise UsageError(tr("--memory takes a size such as 800M or 2G, not {said!r}", said=said)) from None


def kept_of(said: str | None, analysis: Analysis) -> tuple[str, ...] | None:
    """Return the layers whose maps are kept; None for all.

    Raises
    ------
    UsageError
        Where there is no such layer.
    """
    if said is None:
        return None
    named = [one.strip() for one in said.split(",") if one.strip() and one.strip() != _ANSWERS]
    for one in named:
        if one not in analysis.nodes:
            raise UsageError(tr("--keep: there is no layer {name!r}", name=one))
    return tuple(dict.fromkeys((*named, *answers(analysis))))


def resized(network: Network, said: str) -> Network:
    """Return the network for an image of another size.

    Raises
    ------
    UsageError
        Where what was said is no size, or there is no image.
    """
    node = next((one for one in network.graph.nodes if isinstance(one.layer, Input)), None)
    if node is None:
        raise UsageError(tr("--resize: the network has no Input layer"))
    try:
        width, height = (int(part) for part in said.lower().replace("×", "x").split("x"))
        layer = node.layer.replace(width=width, height=height)
    except ValueError:
        raise UsageError(tr("--resize takes a width and a height such as 112x112, not {said!r}", said=said)) from None
    return msgspec.structs.replace(network, graph=network.graph.replace_layer(node.id, layer))


def check(analysis: Analysis, keep: Collection[str] | None, limit: int) -> None:
    """Refuse a run that is too large, before its weights are drawn, and say what would fit.

    Raises
    ------
    RunError
        Where the run would take more than the limit.
    """
    wanted = need(analysis, keep)
    if wanted.total > limit:
        offered = _offers(economies(analysis, limit))
        raise RunError(f"{TooLarge(wanted, limit)}. {offered}")


def _offers(found: Economies) -> str:
    parts = []
    if found.image is not None:
        layer, taken = found.image.layer, room.text(found.image.need.total)
        parts.append(tr("--resize {size} (then {bytes})", size=f"{layer.width}x{layer.height}", bytes=taken))
    if found.maps is not None:
        parts.append(tr("--keep answers (then {bytes})", bytes=room.text(found.maps.need.total)))
    if not parts:
        return tr("No smaller image and no fewer maps would fit; --memory sets another limit")
    return tr("It would fit with {options}; --memory sets another limit", options=tr(" or ").join(parts))
