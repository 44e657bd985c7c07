"""The rows of a comparison: one for each layer of either network, in an order that keeps both readable."""

from collections.abc import Iterable, Mapping
from enum import StrEnum
from typing import NamedTuple

from engine import NodeAnalysis
from engine.diff import Difference, MapDifference, Pair
from engine.diff_report import change_texts, shape_text
from engine.language import tr, tr_noop


class Status(StrEnum):
    """What became of a layer; the value is what people read."""

    ADDED = tr_noop("added")
    REMOVED = tr_noop("removed")
    CHANGED = tr_noop("changed")
    FOLLOWS = tr_noop("affected")  # another shape or another count, for what is before it
    SAME = tr_noop("unchanged")


# A sign beside each word: what says it must not be the colour alone.
SIGNS = {Status.ADDED: "+", Status.REMOVED: "−", Status.CHANGED: "≠", Status.FOLLOWS: "↳", Status.SAME: "="}


class Row(NamedTuple):
    """One layer: ids in both networks, what is shown of it, and numbers before and after; None where it is not."""

    status: Status
    before: str | None
    after: str | None
    name: str
    family: str
    what: str
    outputs: tuple[str, str]
    parameters: tuple[int | None, int | None]
    macs: tuple[int | None, int | None]
    maps: MapDifference | None = None

    @property
    def differs(self) -> bool:
        """Whether anything of the layer is not the same in both, be it the maps alone."""
        return self.status is not Status.SAME or (self.maps is not None and self.maps.relative != 0)


def rows_of(difference: Difference, maps: Iterable[MapDifference] = ()) -> list[Row]:
    """Return the rows: the layers of the later network in its order, and those that are gone where they were."""
    by_pair = {(one.before, one.after): one for one in maps}
    wires: dict[str, list[str]] = {}
    before, after = difference.before.graph, difference.after.graph
    for wire in difference.wires:
        old, new = (
            tr("nothing") if one is None else f"“{graph.by_id[one].label}”"
            for graph, one in ((before, wire.old), (after, wire.new))
        )
        text = tr("input {number}: {old} → {new}", number=wire.port + 1, old=old, new=new)
        wires.setdefault(wire.target, []).append(text)
    pairs = {pair.after: pair for pair in difference.pairs}
    shown = []
    for node in (*difference.after.order, *difference.after.cyclic):
        pair = pairs.get(node)
        if pair is None:
            shown.append(_single(Status.ADDED, difference.after.nodes[node], node, after.by_id[node].label))
        else:
            shown.append(_both(difference, pair, wires.get(node, []), by_pair.get((pair.before, node))))
    return _with_removed(difference, shown)


def _with_removed(difference: Difference, shown: list[Row]) -> list[Row]:
    """Put each layer that is gone behind the one that it followed."""
    order = (*difference.before.order, *difference.before.cyclic)
    gone = set(difference.removed)
    follow: dict[str | None, list[Row]] = {}
    last = None
    for node in order:
        if node in gone:
            label = difference.before.graph.by_id[node].label
            follow.setdefault(last, []).append(_single(Status.REMOVED, difference.before.nodes[node], node, label))
        else:
            last = node
    found = list(follow.get(None, []))
    for row in shown:
        found.append(row)
        if row.before is not None:
            found += follow.get(row.before, [])
    return found


def _single(status: Status, entry: NodeAnalysis, node: str, label: str) -> Row:
    added = status is Status.ADDED
    output, layer = shape_text(entry.output), entry.layer
    what = f"{tr(layer.title)} {layer.brief()}".rstrip()
    parameters, macs = ((None, one) if added else (one, None) for one in (entry.parameters, entry.macs))
    return Row(
        status,
        None if added else node,
        node if added else None,
        label,
        layer.family,
        what,
        ("", output) if added else (output, ""),
        parameters,
        macs,
    )


def _both(difference: Difference, pair: Pair, wires: list[str], maps: MapDifference | None) -> Row:
    node = difference.after.graph.by_id[pair.after]
    texts = [*change_texts(pair), *wires]
    status = Status.CHANGED if texts else Status.FOLLOWS if pair.affected else Status.SAME
    if pair.weights:
        texts.append(tr("other weights"))
        status = Status.CHANGED
    outputs = shape_text(pair.shapes[0]), shape_text(pair.shapes[1])
    what = ", ".join(texts)
    return Row(
        status,
        pair.before,
        pair.after,
        node.label,
        node.layer.family,
        what,
        outputs,
        pair.counts[0],
        pair.counts[1],
        maps,
    )


def totals_of(difference: Difference) -> Mapping[str, tuple[int, int]]:
    """Return the sums of both networks by what they are called."""
    old, new = difference.totals
    return {
        tr("Layers"): (len(difference.before.graph.nodes), len(difference.after.graph.nodes)),
        tr("Parameters"): (old.parameters, new.parameters),
        tr("MACs"): (old.macs, new.macs),
        tr("Bytes of maps"): (old.activation_bytes, new.activation_bytes),
    }
