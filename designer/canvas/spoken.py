"""What is spoken of a card: all that it shows, in words."""

from collections.abc import Sequence

from designer.canvas.card import Card
from designer.canvas.visible import Fold
from designer.wording import counted
from engine import Diagnostic, Graph, NodeAnalysis, Severity

_SEVERITIES = {Severity.ERROR: "error", Severity.WARNING: "warning", Severity.INFO: "remark"}
_SIGNS = ((" @ ", " filters "), (" ↑", " up "), ("→ ", "to "), (" → ", " to "), (" /", " stride "))


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
    parts = [found.label, kind, f"output {entry.output.text()}" if entry.output is not None else "output unknown"]
    if entry.parameters:
        parts.append(f"{entry.parameters:,} parameter{'s' if entry.parameters > 1 else ''}")
    parts.extend(f"{_SEVERITIES[one.severity]}: {one.message}" for one in findings)
    return ", ".join(parts)


def group_name(card: Card, fold: Fold, findings: Sequence[Diagnostic]) -> str:
    """Return a collapsed group's card in a sentence: ``layer1 ×3, group of 9 layers, output 56×56×256``."""
    name = f"{fold.name} ×{fold.count}" if fold.count > 1 else fold.name
    parts = [name, f"group of {counted(len(fold.nodes), 'layer')}", f"output {card.shape}" if card.shape else ""]
    problems = [f"{_SEVERITIES[one.severity]}: {one.message}" for one in findings]
    return ", ".join(part for part in (*parts, *card.counts[:1], *problems) if part)


def card_wires(graph: Graph, node: str) -> str:
    """Return what feeds a card and what it feeds."""
    wires = graph.incoming[node]
    sources = [graph.by_id[wires[port].source].label for port in sorted(wires)]
    targets = [graph.by_id[edge.target].label for edge in graph.outgoing[node]]
    fed = f"Fed by {_listed(sources)}." if sources else "Fed by nothing."
    return f"{fed} Feeds {_listed(targets)}." if targets else f"{fed} Feeds nothing."


def in_words(brief: str) -> str:
    """Return hyper-parameters with words for the signs of a card: ``6 @ 5×5`` becomes ``6 filters 5×5``."""
    for sign, word in _SIGNS:
        brief = brief.replace(sign, word)
    return brief


def _listed(names: Sequence[str]) -> str:
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} and {names[-1]}"
