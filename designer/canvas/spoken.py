"""What is spoken of a card: all that it shows, in words."""

from collections.abc import Sequence

from designer.canvas.card import Card
from designer.canvas.visible import Fold
from engine import Diagnostic, Graph, NodeAnalysis, Severity
from engine.language import tr, tr_count, tr_list, tr_noop

_SEVERITIES = {
    Severity.ERROR: tr_noop("error"),
    Severity.WARNING: tr_noop("warning"),
    Severity.INFO: tr_noop("remark"),
}
_SIGNS = (
    (" @ ", tr_noop("filters")),
    (" ↑", tr_noop("up")),
    (" → ", tr_noop("to")),
    ("→ ", tr_noop("to")),
    (" /", tr_noop("stride")),
)


def card_name(graph: Graph, node: str, entry: NodeAnalysis, findings: Sequence[Diagnostic]) -> str:
    """Return a card in a sentence: ``conv1, Conv2D 6 filters 5×5, output 28×28×6, 156 parameters``.

    Parameters
    ----------
    graph, node
        The drawing and one of its nodes.
    entry
        What the analysis says of it.
    findings
        The diagnostics whose place is this node.
    """
    found = graph.by_id[node]
    kind = f"{found.layer.title} {in_words(found.layer.brief())}".strip()
    parts = [
        found.label,
        kind,
        tr("output {shape}", shape=entry.output.text()) if entry.output is not None else tr("output unknown"),
    ]
    if entry.parameters:
        parts.append(tr_count("{count:,} parameter", "{count:,} parameters", entry.parameters))
    parts.extend(f"{tr(_SEVERITIES[one.severity])}: {one.message}" for one in findings)
    return ", ".join(parts)


def group_name(card: Card, fold: Fold, findings: Sequence[Diagnostic]) -> str:
    """Return a collapsed group's card in a sentence: ``layer1 ×3, group of 9 layers, output 56×56×256``."""
    name = f"{fold.name} ×{fold.count}" if fold.count > 1 else fold.name
    parts = [
        name,
        tr_count("group of {count} layer", "group of {count} layers", len(fold.nodes)),
        tr("output {shape}", shape=card.shape) if card.shape else "",
    ]
    problems = [f"{tr(_SEVERITIES[one.severity])}: {one.message}" for one in findings]
    return ", ".join(part for part in (*parts, *card.counts[:1], *problems) if part)


def card_wires(graph: Graph, node: str) -> str:
    """Return what feeds a card and what it feeds."""
    wires = graph.incoming[node]
    sources = [graph.by_id[wires[port].source].label for port in sorted(wires)]
    targets = [graph.by_id[edge.target].label for edge in graph.outgoing[node]]
    fed = tr("Fed by {layers}.", layers=tr_list(sources)) if sources else tr("Fed by nothing.")
    feeds = tr("Feeds {layers}.", layers=tr_list(targets)) if targets else tr("Feeds nothing.")
    return f"{fed} {feeds}"


def in_words(brief: str) -> str:
    """Return hyper-parameters with words for the signs of a card: ``6 @ 5×5`` becomes ``6 filters 5×5``."""
    for sign, word in _SIGNS:
        brief = brief.replace(sign, f" {tr(word)} ")
    return brief.strip()
