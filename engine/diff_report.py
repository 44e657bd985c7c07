"""A difference between two networks as text for people and as plain values for programs."""

from collections.abc import Iterator, Sequence
from typing import Any

import msgspec

from engine.diff import Difference, MapDifference, Pair, WireChange
from engine.graph import Graph
from engine.language import tr, tr_count, tr_number
from engine.shape import Shape

UNKNOWN = "?"
_TOTALS = ("parameters", "non_trainable", "connections", "macs", "activation_bytes")


def text(names: tuple[str, str], difference: Difference, maps: Sequence[MapDifference] = ()) -> str:
    """Return a difference as text: a line for each layer that differs, then the counts side by side.

    Parameters
    ----------
    names
        What the two networks are called.
    difference
        What differs.
    maps
        How much their maps do, where an image was run.
    """
    lines = [tr("{old} → {new}", old=names[0], new=names[1])]
    if difference.same:
        lines.append(tr("The same layers, hyper-parameters and wires."))
    lines += [f"  − {_label(difference.before.graph, node)}" for node in difference.removed]
    lines += [f"  + {_added(difference, node)}" for node in difference.added]
    lines += [f"  ~ {_changed(difference, pair)}" for pair in difference.changed]
    lines += [f"  ⇄ {wire_text(difference, wire)}" for wire in difference.wires]
    differing = [pair for pair in difference.pairs if pair.weights]
    if differing:
        lines.append(
            tr_count("{count:,} layer has other weights", "{count:,} layers have other weights", len(differing))
        )
    lines += ["", *_table(_count_rows(difference))]
    if maps:
        lines += ["", *_table(_map_rows(difference, maps))]
    return "\n".join(lines)


def plain(names: tuple[str, str], difference: Difference, maps: Sequence[MapDifference] = ()) -> dict[str, Any]:
    """Return a difference as plain values, ready for JSON."""
    by_pair = {(one.before, one.after): one for one in maps}
    before, after = difference.before.graph, difference.after.graph
    return {
        "before": names[0],
        "after": names[1],
        "same": difference.same,
        "totals": {name: [getattr(totals, name) for totals in difference.totals] for name in _TOTALS},
        "removed": [{"id": node, "type": before.by_id[node].layer.type} for node in difference.removed],
        "added": [{"id": node, "type": after.by_id[node].layer.type} for node in difference.added],
        "layers": [_plain_pair(pair, by_pair.get((pair.before, pair.after))) for pair in difference.pairs],
        "wires": [wire._asdict() for wire in difference.wires],
    }


def wire_text(difference: Difference, wire: WireChange) -> str:
    """Return a change of a wire in words: ``input 1 of “fc”: “pool2” → “relu5”``."""
    before, after = difference.before.graph, difference.after.graph
    return tr(
        "input {number} of “{layer}”: {old} → {new}",
        number=wire.port + 1,
        layer=after.by_id[wire.target].label,
        old=_quoted(before, wire.old),
        new=_quoted(after, wire.new),
    )


def change_texts(pair: Pair) -> list[str]:
    """Return what is another at a layer in both, a text for each: ``filters 6 → 8``."""
    parts = [f"{pair.renamed[0]} → {pair.renamed[1]}"] if pair.renamed else []
    if pair.retyped:
        parts.append(f"{pair.retyped[0]} → {pair.retyped[1]}")
    return parts + [change.text() for change in pair.parameters]


def shape_text(shape: Shape | None) -> str:
    """Return a shape, or a question mark."""
    return UNKNOWN if shape is None else shape.text()


def _label(graph: Graph, node: str) -> str:
    found = graph.by_id[node]
    return f"{found.label}  {tr(found.layer.title)} {found.layer.brief()}".rstrip()


def _added(difference: Difference, node: str) -> str:
    graph = difference.after.graph
    sources = [graph.by_id[wire.source].label for wire in graph.incoming[node].values()]
    behind = tr(", behind {layers}", layers=", ".join(f"“{one}”" for one in sources)) if sources else ""
    return _label(graph, node) + behind


def _changed(difference: Difference, pair: Pair) -> str:
    label = difference.after.graph.by_id[pair.after].label
    parts = change_texts(pair)
    if pair.shapes[0] != pair.shapes[1]:
        old, new = map(shape_text, pair.shapes)
        parts.append(tr("output {old} → {new}", old=old, new=new))
    return f"{label}  {tr(difference.after.nodes[pair.after].layer.title)}: {', '.join(parts)}"


def _count_rows(difference: Difference) -> list[tuple[str, ...]]:
    """Return a table: the totals, and before them each layer whose counts or output differ."""
    old, new = difference.totals
    rows: list[tuple[str, ...]] = [("", tr("before"), tr("after"), tr("change"))]
    for pair in difference.pairs:
        if not pair.affected:
            continue
        label = difference.after.graph.by_id[pair.after].label
        if pair.shapes[0] != pair.shapes[1]:
            rows.append((tr("{layer}: output", layer=label), *map(shape_text, pair.shapes), ""))
        for name, counts in zip((tr("parameters"), "MACs"), pair.counts, strict=True):
            if counts[0] != counts[1]:
                rows.append((f"{label}: {name}", *_compared(*counts)))
    sizes = len(difference.before.graph.nodes), len(difference.after.graph.nodes)
    rows.append((tr("layers"), *_compared(*sizes)))
    rows.append((tr("parameters"), *_compared(old.parameters, new.parameters)))
    rows.append(("MACs", *_compared(old.macs, new.macs)))
    rows.append((tr("bytes of maps"), *_compared(old.activation_bytes, new.activation_bytes)))
    return rows


def _compared(old: int, new: int) -> tuple[str, str, str]:
    return tr_number(old), tr_number(new), tr_number(new - old, "+,") if new != old else "="


def _map_rows(difference: Difference, maps: Sequence[MapDifference]) -> list[tuple[str, ...]]:
    rows: list[tuple[str, ...]] = [(tr("maps"), tr("relative"), tr("greatest"), tr("correlation"))]
    for one in maps:
        label = difference.after.graph.by_id[one.after].label
        if one.relative is None or one.greatest is None:
            rows.append((label, tr("of another shape"), "", ""))
        else:
            rows.append(
                (
                    label,
                    tr_number(one.relative, ".3g"),
                    tr_number(one.greatest, ".3g"),
                    correlation_text(one.correlation),
                )
            )
    return rows


def correlation_text(correlation: float | None) -> str:
    """Return a correlation with the digits that it is worth, or a dash."""
    return "–" if correlation is None else tr_number(correlation, ".4f")


def _table(rows: Sequence[tuple[str, ...]]) -> Iterator[str]:
    widths = [max(len(row[column]) for row in rows) for column in range(len(rows[0]))]
    for row in rows:
        cells = [row[0].ljust(widths[0]), *(c.rjust(w) for c, w in zip(row[1:], widths[1:], strict=True))]
        yield "  ".join(cells).rstrip()


def _quoted(graph: Graph, node: str | None) -> str:
    return tr("nothing") if node is None else f"“{graph.by_id[node].label}”"


def _plain_pair(pair: Pair, maps: MapDifference | None) -> dict[str, Any]:
    made: dict[str, Any] = {
        "before": pair.before,
        "after": pair.after,
        "type": list(pair.retyped) if pair.retyped else None,
        "name": list(pair.renamed) if pair.renamed else None,
        "changes": {one.name: [_value(one.old), _value(one.new)] for one in pair.parameters},
        "output": [None if shape is None else list(shape) for shape in pair.shapes],
        "parameters": list(pair.counts[0]),
        "macs": list(pair.counts[1]),
        "other_weights": pair.weights,
    }
    if maps is not None:
        made["maps"] = {name: _finite(getattr(maps, name)) for name in ("relative", "greatest", "correlation")}
    return made


def _finite(number: float | None) -> float | None:
    """Return a number that JSON has, too."""
    return number if number is not None and number - number == 0 else None


def _value(value: Any) -> Any:
    return msgspec.to_builtins(value)
