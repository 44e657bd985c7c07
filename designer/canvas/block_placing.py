"""Blocks in the drawing: fitted to what feeds them, and laid out as one piece that touches no other card."""

from collections.abc import Mapping
from functools import lru_cache
from typing import NamedTuple

from designer.canvas.auto_layout import arrange
from designer.canvas.geometry import CARD_HEIGHT, GRID, PITCH, Place, Places
from designer.canvas.occupancy import Occupancy
from designer.canvas.placement import make_room
from designer.canvas.visible import Visible
from engine import Analysis, Block, Edge, Fragment, Graph, Identity, Node, Shape

_ANCHOR = " source"  # stands for the card that feeds the block while that is laid out; no id begins with a space


class Placed(NamedTuple):
    """A graph with a block in it, the places of all cards, and the new ids."""

    graph: Graph
    places: dict[str, Place]
    ids: tuple[str, ...]


def with_block(
    seen: Visible,
    analysis: Analysis,
    places: Places,
    block: Block,
    *,
    after: str | None = None,
    into: Edge | None = None,
    at: Place = (0.0, 0.0),
) -> Placed:
    """Return the drawing with a block.

    Parameters
    ----------
    seen, analysis, places
        The drawing as cards, what is known of it, and where the cards are.
    block
        What to put into it.
    after, into
        A card that feeds it, or a wire that it goes into; alone, an Identity gathers its entries.
    at
        Where its first card should be if nothing feeds it.
    """
    graph, above = seen.whole, into.source if into is not None else after
    wires = () if into is None else seen.wires(into)
    source = wires[0].source if wires else seen.output(after) if after is not None else None
    shape = analysis.nodes[source].output if source is not None else None
    prefix, alone = block.fresh_prefix(graph), source is None
    fragment, layout = _fragment(block, shape, prefix, alone), _layout(block, shape, prefix, alone)
    left, top = at if above is None or alone else places[above]
    wanted = {node: (left + x, top + y) for node, (x, y) in layout.items()}
    kept = dict(places)
    if into is not None and places[into.target][1] >= top + CARD_HEIGHT:
        lowest = max(y for _, y in wanted.values())
        kept = make_room(seen.graph, kept, into.target, lowest + PITCH)
    return Placed(fragment.joined(graph, after=source, into=wires), {**kept, **_aside(wanted, kept)}, fragment.ids)


@lru_cache(maxsize=32)
def _fragment(block: Block, shape: Shape | None, prefix: str, alone: bool) -> Fragment:
    built = block.build(shape, prefix)
    return built.with_one_entry(f"{prefix}.input") if alone else built


@lru_cache(maxsize=32)
def _layout(block: Block, shape: Shape | None, prefix: str, alone: bool) -> Mapping[str, Place]:
    """Return the places of a block's cards, counted from the card that feeds it or from its own first one."""
    fragment = _fragment(block, shape, prefix, alone)
    if alone:
        found = dict(arrange(fragment.graph))
        left, top = found[fragment.entries[0][0]]
    else:
        # Laid out with what feeds it, so that it hangs below that card as it would in a network.
        found = dict(arrange(fragment.joined(Graph((Node(_ANCHOR, Identity()),)), after=_ANCHOR)))
        left, top = found.pop(_ANCHOR)
    return {node: (x - left, y - top) for node, (x, y) in found.items()}


def _aside(wanted: Mapping[str, Place], others: Places) -> dict[str, Place]:
    """Return the places moved to the right, all by the same, until no card touches one of the others."""
    taken, across = Occupancy(others), 0.0
    while any(next(iter(taken.touching((x + across, y))), None) is not None for x, y in wanted.values()):
        across += GRID
    return {node: (x + across, y) for node, (x, y) in wanted.items()}
