"""What the card of a collapsed group shows: its name, how often it is repeated, what goes in and out, and sums."""

from collections.abc import Iterable, Mapping, Sequence

from designer.canvas.card import UNKNOWN, Card, PortFace, badge_of, count_texts, short_message
from designer.canvas.heat import HeatMark
from designer.canvas.visible import Fold, Visible
from engine import Diagnostic, NodeAnalysis, Severity, Shape
from engine.language import tr_count


def fold_card(
    seen: Visible,
    card: str,
    nodes: Mapping[str, NodeAnalysis],
    findings: Sequence[Diagnostic],
    heat: HeatMark | None = None,
) -> Card:
    """Return the card of a collapsed group.

    Parameters
    ----------
    seen, card
        What is seen, and which card of it.
    nodes
        What the analysis says of all nodes.
    findings
        The diagnostics whose place is one of the nodes inside.
    heat
        The group's share of what the canvas compares.
    """
    fold = seen.folds[card]
    errors = [found for found in findings if found.severity is Severity.ERROR]
    wires = seen.graph.incoming[card]
    return Card(
        label=fold.name,
        kind=flow_text(seen, card, nodes),
        family=_family(fold, nodes),
        shape=f"×{fold.count}" if fold.count > 1 else fold.parts or flow(nodes, (), fold.outputs),
        counts=count_texts(sum(nodes[node].parameters for node in fold.nodes)),
        message=_message(seen, errors) if errors else "",
        badge=badge_of(findings),
        inputs=(PortFace(connected=True),) * len(wires),
        feeds=bool(seen.graph.outgoing[card]),
        folded=True,
        heat=heat,
    )


def titled(name: str, parts: str) -> str:
    """Return a group's name and what it is made of: ``Stage 1 · Bottleneck ×3``."""
    return f"{name} · {parts}" if parts else name


def flow_text(seen: Visible, card: str, nodes: Mapping[str, NodeAnalysis]) -> str:
    """Return what goes into a collapsed group and what comes out: ``56×56×64 → 28×28×128``."""
    fold = seen.folds[card]
    sources = dict.fromkeys(wire.source for edge in seen.graph.incoming[card].values() for wire in seen.wires(edge))
    return flow(nodes, sources, fold.outputs)


def flow(nodes: Mapping[str, NodeAnalysis], sources: Iterable[str], outputs: Iterable[str]) -> str:
    """Return the shapes that some nodes bring in and others send out."""
    inwards, outwards = (_shapes(nodes[node].output for node in ends) for ends in (sources, outputs))
    return f"{inwards} → {outwards}" if inwards else outwards


def _shapes(shapes: Iterable[Shape | None]) -> str:
    return ", ".join(dict.fromkeys(UNKNOWN if shape is None else shape.text() for shape in shapes))


def _family(fold: Fold, nodes: Mapping[str, NodeAnalysis]) -> str:
    """Return the family of the layer that works most."""
    return max((nodes[node] for node in fold.nodes), key=lambda entry: (entry.macs, entry.parameters)).layer.family


def _message(seen: Visible, errors: Sequence[Diagnostic]) -> str:
    if len({found.node for found in errors}) > 1:
        return tr_count("{count} error inside", "{count} errors inside", len(errors))
    node = seen.whole.by_id[errors[0].node or ""]
    return f"{node.label}: {short_message(node.layer, errors[0])}"
