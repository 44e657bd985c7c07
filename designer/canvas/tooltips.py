"""What a card or a wire tells when the pointer rests on it."""

from collections.abc import Sequence
from html import escape

from PySide6.QtCore import QPointF

from designer import theme
from designer.canvas.hits import hit
from designer.canvas.scene import CanvasScene
from designer.wording import memory
from engine import Analysis, Diagnostic, Edge, Graph, NodeAnalysis, Shape
from engine.receptive_field import ReceptiveField

_WIDTH = 340  # pixels, at which sentences break


def tooltip_at(scene: CanvasScene, at: QPointF) -> str:
    """Return what the pointer is told at a point of the canvas; empty where there is nothing."""
    found = hit(scene, at)
    analysis = scene.document.analysis
    if found.node is not None:
        return node_tooltip(analysis, found.node, scene.findings(found.node), scene.heat.told(found.node))
    if found.edge is not None:
        return edge_tooltip(scene.graph, found.edge, analysis)
    return ""


def node_tooltip(analysis: Analysis, node: str, findings: Sequence[Diagnostic], share: str = "") -> str:
    """Return all that is known of a node, as HTML: what it is, its numbers, its share, and what is wrong with it."""
    shown, muted = analysis.graph.by_id[node], theme.current().muted
    layer, label = shown.layer, shown.label
    kind = layer.title if layer.title != label else ""
    head = f"<b>{escape(label)}</b> <span style='color:{muted}'>{escape(kind)}</span>"
    summary = f"<div style='color:{muted}'>{escape(layer.summary)}</div>"
    known = _rows(analysis.nodes[node], analysis.receptive_fields.get(node))
    rows = "".join(
        f"<tr><td style='color:{muted}; padding-right:12px'>{name}</td><td>{escape(value)}</td></tr>"
        for name, value in (*known, *([("Share", share)] if share else ()))
    )
    told = "".join(_finding(found) for found in findings)
    return f"<div style='width:{_WIDTH}px'>{head}{summary}<table style='margin-top:6px'>{rows}</table>{told}</div>"


def edge_tooltip(graph: Graph, edge: Edge, analysis: Analysis) -> str:
    """Return what flows through a wire, how much memory that takes, and from where to where."""
    shape = analysis.nodes[edge.source].output
    way = f"{escape(graph.by_id[edge.source].label)} → {escape(graph.by_id[edge.target].label)}"
    flow = "shape unknown" if shape is None else f"{_shape_text(shape)} · {memory(shape.nbytes)}"
    hint = "Alt+click removes it; a double-click puts a layer in"
    return f"<b>{flow}</b><div style='color:{theme.current().muted}'>{way}<br>{hint}</div>"


def _rows(entry: NodeAnalysis, field: ReceptiveField | None) -> list[tuple[str, str]]:
    if entry.output is None:
        return [("Output", "unknown")]
    rows = [("Output", _shape_text(entry.output))]
    if entry.parameters:
        rows.append(
            ("Parameters", f"{entry.parameters:,} ({entry.weights:,} weights + {_counted(entry.biases, 'bias', 'es')})")
        )
    if entry.connections:
        rows.append(("Connections", f"{entry.connections:,}"))
    if entry.macs:
        rows.append(("MACs", f"{entry.macs:,}"))
    if field is not None:
        height, width = field.size
        rows.append(("Receptive field", f"{width:,}×{height:,} px of the image"))
    return rows


def _finding(found: Diagnostic) -> str:
    colour = theme.current().severity(found.severity.value)
    text = f"<div style='margin-top:6px'><b style='color:{colour}'>{found.severity.value.capitalize()}:</b> "
    text += escape(found.message) + "</div>"
    for fix in found.fixes:
        text += f"<div style='color:{theme.current().muted}'>Fix: {escape(fix.title)}</div>"
    return text


def _shape_text(shape: Shape) -> str:
    """Return a shape and how many values that is: ``28×28×6 · 4,704 values``."""
    return f"{shape.text()} · {_counted(shape.size, 'value', 's')}"


def _counted(number: int, noun: str, plural: str) -> str:
    return f"{number:,} {noun}" + ("" if number == 1 else plural)
