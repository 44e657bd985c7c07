"""The table of a network: one row a layer, and the totals."""

from fractions import Fraction
from typing import Any

from engine.analysis import Analysis
from engine.language import tr, tr_noop, tr_number
from engine.text_table import ruled

_COLUMNS = (
    *(tr_noop("layer"), tr_noop("type"), tr_noop("output"), tr_noop("weights")),
    *(tr_noop("biases"), tr_noop("connections"), tr_noop("MACs"), tr_noop("field")),
)


def layer_rows(analysis: Analysis) -> list[dict[str, Any]]:
    """Return one plain mapping a layer, in the order of evaluation; unknown shapes and fields are None."""
    rows = []
    for node in (*analysis.order, *analysis.cyclic):
        entry = analysis.nodes[node]
        field = analysis.receptive_fields.get(node)
        rows.append(
            {
                "id": node,
                "type": entry.layer.type,
                "output": list(entry.output) if entry.output is not None else None,
                "parameters": entry.parameters,
                "weights": entry.weights,
                "biases": entry.biases,
                "non_trainable": entry.non_trainable,
                "connections": entry.connections,
                "macs": entry.macs,
                "receptive_field": None
                if field is None
                else {
                    "size": list(field.size),
                    "jump": [_number(jump) for jump in field.jump],
                    "offset": list(field.offset),
                },
            }
        )
    return rows


def table(name: str, analysis: Analysis) -> str:
    """Write the table as text, numbers flush right."""
    rows = [_cells(analysis, node) for node in (*analysis.order, *analysis.cyclic)]
    totals = analysis.totals
    sums = (tr_number(totals.weights), tr_number(totals.biases), tr_number(totals.connections), tr_number(totals.macs))
    lines = ruled(name, tuple(map(tr, _COLUMNS)), rows, (tr("total"), "", "", *sums, ""), left=2)
    if totals.non_trainable:
        text = tr_noop(
            "{parameters:,} parameters, {trainable:,} trainable and {statistics:,} running statistics; "
            "maps of one image take {memory}"
        )
    else:
        text = tr_noop("{parameters:,} parameters, {trainable:,} trainable; maps of one image take {memory}")
    tail = tr(
        text,
        parameters=totals.parameters,
        trainable=totals.trainable,
        statistics=totals.non_trainable,
        memory=size_text(totals.activation_bytes),
    )
    return "\n".join([*lines, tail])


def _number(value: int | Fraction) -> int | float:
    return value if isinstance(value, int) else float(value)


def _cells(analysis: Analysis, node: str) -> tuple[str, ...]:
    entry = analysis.nodes[node]
    field = analysis.receptive_fields.get(node)
    return (
        node,
        f"{entry.layer.type} {entry.layer.brief()}".rstrip(),
        entry.output.text() if entry.output is not None else "?",
        *(
            tr_number(number) if number else ""
            for number in (entry.weights, entry.biases, entry.connections, entry.macs)
        ),
        f"{field.x.size}×{field.y.size}" if field is not None else "?",
    )


def size_text(count: int) -> str:
    """Return a number of bytes in four digits: ``6.316 MiB``."""
    size, units = float(count), ["B", "KiB", "MiB", "GiB", "TiB"]
    while size >= 1024 and len(units) > 1:
        size /= 1024
        units.pop(0)
    return f"{tr_number(size, '.4g')} {units[0]}"
