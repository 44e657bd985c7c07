"""A network beside its fully connected twin: a sentence, a table, and plain values."""

from typing import Any

from engine.analysis import Analysis
from engine.language import tr, tr_noop, tr_number
from engine.text_table import ruled
from engine.twin import Counts, Kind, LayerTwin, Ratio, twin

_COLUMNS = (
    tr_noop("layer"),
    tr_noop("type"),
    tr_noop("inputs"),
    tr_noop("outputs"),
    tr_noop("MLP weights"),
    tr_noop("connections"),
    tr_noop("weights"),
    tr_noop("locality"),
    tr_noop("sharing"),
    tr_noop("MLP / CNN"),
)


def twin_rows(analysis: Analysis) -> list[dict[str, Any]]:
    """Return one plain mapping a layer; ratios are None where nothing is compared."""
    return [
        {
            "id": one.node,
            "type": analysis.nodes[one.node].layer.type,
            "twin": one.kind.value,
            "inputs": one.inputs,
            "outputs": one.outputs,
            "weights": one.counts.shared,
            "biases": one.biases,
            "connections": one.connections,
            "dense_weights": one.possible,
            "dense_connections": one.possible,
            "dense_biases": one.outputs,
            **_ratios(one.counts, known=one.compared),
            "reason": one.reason,
        }
        for one in twin(analysis).layers
    ]


def twin_totals(analysis: Analysis) -> dict[str, Any]:
    """Return the sums: the network's own weights and connections, and its twin's."""
    found = twin(analysis)
    return {
        "weights": found.counts.shared,
        "connections": found.connections,
        "local_weights": found.counts.local,
        "dense_weights": found.counts.dense,
        "dense_connections": found.dense_connections,
        **_ratios(found.counts, known=True),
    }


def _ratios(counts: Counts, *, known: bool) -> dict[str, float | None]:
    def plain(ratio: Ratio) -> float | None:
        return None if not known or ratio.value is None else float(ratio.value)

    return {"locality": plain(counts.locality), "sharing": plain(counts.sharing), "ratio": plain(counts.both)}


def twin_table(name: str, analysis: Analysis) -> str:
    """Write the comparison as text, numbers flush right."""
    found = twin(analysis)
    rows = [_cells(analysis, one) for one in found.layers]
    counts = found.counts
    last = (tr("total"), "", "", "", tr_number(counts.dense), tr_number(found.connections), tr_number(counts.shared))
    lines = ruled(name, tuple(map(tr, _COLUMNS)), rows, (*last, *_ratio_cells(counts)), left=2)
    return "\n".join((*lines, verdict(counts)))


def verdict(counts: Counts) -> str:
    """Say what locality and sharing save together, in a sentence."""
    if not counts.shared or counts.dense == counts.shared:
        return tr("Nothing is saved: no layer has local connections or shared weights.")
    if counts.dense < counts.shared:
        return tr(
            "A fully connected network of the same neurons would need {dense:,} weights, fewer than the "
            "{weights:,} here: most cells of the kernels see nothing but padding.",
            dense=counts.dense,
            weights=counts.shared,
        )
    return tr(
        "A fully connected network of the same neurons would need {dense:,} weights instead of {weights:,}: {ratio} "
        "times as many. Local connections save a factor of {locality}, shared weights one of {sharing}.",
        dense=counts.dense,
        weights=counts.shared,
        ratio=counts.both.text(),
        locality=counts.locality.text(),
        sharing=counts.sharing.text(),
    )


def _cells(analysis: Analysis, one: LayerTwin) -> tuple[str, ...]:
    layer = analysis.nodes[one.node].layer
    numbers = (one.inputs, one.outputs, one.possible if one.compared else 0, one.connections, one.counts.shared)
    ratios = _ratio_cells(one.counts) if one.compared else ("", "", "")
    shown = (
        tuple(tr_number(number) if number else "" for number in numbers) if one.kind is not Kind.UNKNOWN else ("?",) * 5
    )
    return (one.node, f"{layer.type} {layer.brief()}".rstrip(), *shown, *ratios)


def _ratio_cells(counts: Counts) -> tuple[str, str, str]:
    return f"×{counts.locality.text()}", f"×{counts.sharing.text()}", f"×{counts.both.text()}"
