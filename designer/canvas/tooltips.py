"""What a card or a wire tells when the pointer rests on it."""

from collections.abc import Iterable, Mapping, Sequence
from html import escape

from PySide6.QtCore import QPointF

from designer import theme
from designer.canvas.fold_card import flow_text, titled
from designer.canvas.hits import hit
from designer.canvas.scene import CanvasScene
from designer.canvas.visible import Visible
from designer.wording import memory, severity_title
from engine import Analysis, Diagnostic, NodeAnalysis, Shape
from engine.language import tr, tr_count, tr_number
from engine.receptive_field import ReceptiveField

_WIDTH = 340  # pixels, at which sentences break
_MOST_TOLD = 3  # findings inside a collapsed group


def tooltip_at(scene: CanvasScene, at: QPointF) -> str:
    """Return what the pointer is told at a point of the canvas; empty where there is nothing."""
    found = hit(scene, at)
    analysis = scene.document.analysis
    if found.node is not None and found.node in scene.seen.folds:
        told = scene.heat.told(found.node)
        return fold_tooltip(scene.seen, found.node, analysis.nodes, scene.findings(found.node), told)
    if found.node is not None:
        return node_tooltip(analysis, found.node, scene.findings(found.node), scene.heat.told(found.node))
    if found.edge is not None:
        way = f"{scene.seen.label(found.edge.source)} → {scene.seen.label(found.edge.target)}"
        hint = tr("Alt+click removes it; a double-click puts a dot on it")
        if found.dot is not None:
            hint = tr("Drag the dot to lead the wire; Alt+click removes it")
        return edge_tooltip(analysis.nodes[scene.seen.wires(found.edge)[0].source].output, way, hint)
    return ""


def node_tooltip(analysis: Analysis, node: str, findings: Sequence[Diagnostic], share: str = "") -> str:
    """Return all that is known of a node, as HTML: what it is, its numbers, its share, and what is wrong with it."""
    shown, muted = analysis.graph.by_id[node], theme.current().muted
    layer, label = shown.layer, shown.label
    kind = layer.title if layer.title != label else ""
    head = f"<b>{escape(label)}</b> <span style='color:{muted}'>{escape(kind)}</span>"
    summary = f"<div style='color:{muted}'>{escape(tr(layer.summary))}</div>"
    known = _rows(analysis.nodes[node], analysis.receptive_fields.get(node))
    rows = _table([*known, *([(tr("Share"), share)] if share else ())])
    told = "".join(_finding(found) for found in findings)
    return f"<div style='width:{_WIDTH}px'>{head}{summary}{rows}{told}</div>"


def fold_tooltip(
    seen: Visible, card: str, nodes: Mapping[str, NodeAnalysis], findings: Sequence[Diagnostic], share: str = ""
) -> str:
    """Return all that is known of a collapsed group, as HTML: what goes in and out, sums, and what is wrong inside."""
    fold, muted = seen.folds[card], theme.current().muted
    times = f" ×{fold.count}" if fold.count > 1 else ""
    head = f"<b>{escape(titled(fold.name, fold.parts) + times)}</b>"
    entries = [nodes[node] for node in fold.nodes]
    sums = ((tr("Parameters"), sum(e.parameters for e in entries)), (tr("MACs"), sum(e.macs for e in entries)))
    rows = [(tr("Layers"), tr_number(len(entries))), (tr("Shapes"), flow_text(seen, card, nodes))]
    rows += [(name, tr_number(number)) for name, number in sums if number]
    rows += [(tr("Share"), share)] if share else []
    told = "".join(_finding(found, seen.whole.by_id[found.node or ""].label) for found in findings[:_MOST_TOLD])
    hint = f"<div style='color:{muted}; margin-top:6px'>" + tr("Double-click to expand") + "</div>"
    return f"<div style='width:{_WIDTH}px'>{head}{_table(rows)}{told}{hint}</div>"


def edge_tooltip(shape: Shape | None, way: str, hint: str) -> str:
    """Return what flows through a wire, how much memory that takes, from where to where, and what can be done."""
    flow = tr("shape unknown") if shape is None else f"{_shape_text(shape)} · {memory(shape.nbytes)}"
    return f"<b>{flow}</b><div style='color:{theme.current().muted}'>{escape(way)}<br>{escape(hint)}</div>"


def _table(rows: Iterable[tuple[str, str]]) -> str:
    muted = theme.current().muted
    lines = (
        f"<tr><td style='color:{muted}; padding-right:12px'>{name}</td><td>{escape(value)}</td></tr>"
        for name, value in rows
    )
    return f"<table style='margin-top:6px'>{''.join(lines)}</table>"


def _rows(entry: NodeAnalysis, field: ReceptiveField | None) -> list[tuple[str, str]]:
    if entry.output is None:
        return [(tr("Output"), tr("unknown"))]
    rows = [(tr("Output"), _shape_text(entry.output))]
    if entry.parameters:
        weights = tr_count("{count:,} weight", "{count:,} weights", entry.weights)
        biases = tr_count("{count:,} bias", "{count:,} biases", entry.biases)
        rows.append((tr("Parameters"), f"{tr_number(entry.parameters)} ({weights} + {biases})"))
    if entry.connections:
        rows.append((tr("Connections"), tr_number(entry.connections)))
    if entry.macs:
        rows.append((tr("MACs"), tr_number(entry.macs)))
    if field is not None:
        height, width = field.size
        rows.append((tr("Receptive field"), tr("{width:,}×{height:,} px of the image", width=width, height=height)))
    return rows


def _finding(found: Diagnostic, place: str = "") -> str:
    colour = theme.current().severity(found.severity.value)
    text = f"<div style='margin-top:6px'><b style='color:{colour}'>{severity_title(found.severity)}:</b> "
    text += escape(f"{place}: {found.message}" if place else found.message) + "</div>"
    for fix in found.fixes:
        offered = escape(tr("Fix: {fix}", fix=fix.title))
        text += f"<div style='color:{theme.current().muted}'>{offered}</div>"
    return text


def _shape_text(shape: Shape) -> str:
    """Return a shape and how many values that is: ``28×28×6 · 4,704 values``."""
    return f"{shape.text()} · " + tr_count("{count:,} value", "{count:,} values", shape.size)
