"""Remarks on the design: nothing here is wrong, but a reader would raise an eyebrow."""

from collections.abc import Iterator

from engine.analysis import Analysis, NodeAnalysis, analyse
from engine.diagnostics import Code, Diagnostic, Fix, Severity
from engine.edits import BypassLayer, InsertLayer, RemoveLayers, ReplaceLayer
from engine.graph import Edge, Graph
from engine.language import tr, tr_count, tr_list, tr_number
from engine.layers import (
    AdaptiveAvgPool2D,
    AvgPool2D,
    ChannelShuffle,
    Conv2D,
    ConvTranspose2D,
    Crop2D,
    Dense,
    DepthToSpace,
    Dropout,
    DropPath,
    Flatten,
    GlobalAvgPool2D,
    Identity,
    Input,
    LinearSVM,
    LogSoftmax,
    Permute,
    ReLU,
    Reshape,
    Resize2D,
    SeparableConv2D,
    Slice,
    Softmax,
    SpaceToDepth,
    SumPool2D,
    Upsample2D,
    ZeroPad2D,
)
from engine.layers.dense import Linear
from engine.layers.pool import Pool2D
from engine.layers.window import Windowed
from engine.shape import Shape

HEAVY_SHARE = 0.5  # of all parameters, in one layer
_HEADS = (Softmax, LogSoftmax, LinearSVM)
_MIXING = (Conv2D, SeparableConv2D, ConvTranspose2D, Linear)  # each output sees all channels
# Pass a linear map on as one. Batch normalisation would, too, but it is how designs mark a linear bottleneck.
_LINEAR = (
    *(Dropout, DropPath, Identity, AvgPool2D, SumPool2D, GlobalAvgPool2D, AdaptiveAvgPool2D),
    *(Flatten, Reshape, Permute, ZeroPad2D, Crop2D, Slice, DepthToSpace, SpaceToDepth, ChannelShuffle, Upsample2D),
    Resize2D,
)


def lint(graph: Graph, analysis: Analysis | None = None) -> tuple[Diagnostic, ...]:
    """Return warnings and remarks on a design.

    Parameters
    ----------
    graph
        The drawing.
    analysis
        Its analysis, where the caller has it already.
    """
    known = analysis if analysis is not None else analyse(graph)
    rules = (_stride_remainder, _no_nonlinearity, _softmax_not_last, _dead_end, _parameter_heavy, _unusual_pooling)
    return tuple(found for rule in rules for found in rule(graph, known))


def _stride_remainder(graph: Graph, analysis: Analysis) -> Iterator[Diagnostic]:
    for node, entry in analysis.nodes.items():
        layer = entry.layer
        if not isinstance(layer, Windowed) or entry.output is None or entry.inputs[0] is None:
            continue
        place = layer.place(entry.inputs[0])
        parts = []
        if place.x.lost:
            parts.append(tr_count("{count} column at the right", "{count} columns at the right", place.x.lost))
        if place.y.lost:
            parts.append(tr_count("{count} row at the bottom", "{count} rows at the bottom", place.y.lost))
        if parts:
            message = tr(
                "The stride leaves {parts} of the {width}×{height} input unused, "
                "because the division in the formula is rounded down.",
                parts=tr_list(parts),
                width=place.x.size,
                height=place.y.size,
            )
            fixes = tuple(_remainder_fixes(layer, node, entry.inputs[0]))
            yield Diagnostic(Code.STRIDE_REMAINDER, Severity.WARNING, message, node, parameter="stride", fixes=fixes)


def _remainder_fixes(layer: Windowed, node: str, shape: Shape) -> Iterator[Fix]:
    """Yield the padding that fills the last step, and the window that reaches the rest, where they do."""
    y, x = layer.place(shape)
    bottom, right = y.after + (-y.unused) % y.stride, x.after + (-x.unused) % x.stride
    taller, wider = y.kernel + y.lost, x.kernel + x.lost
    for title, changed in (
        (
            tr("Pad {bottom} at the bottom and {right} at the right", bottom=bottom, right=right),
            {"padding": (y.before, bottom, x.before, right)},
        ),
        (tr("Make the window {width}×{height}", width=wider, height=taller), {"kernel": (taller, wider)}),
    ):
        tried = layer.attempt(**changed)
        if tried is None:
            continue
        place = tried.place(shape)
        if place.fits and not place.y.lost and not place.x.lost and not tried.infer((shape,)).problems:
            yield Fix(title, ReplaceLayer(node, tried))


def _no_nonlinearity(graph: Graph, analysis: Analysis) -> Iterator[Diagnostic]:
    for node, entry in analysis.nodes.items():
        if not _mixes(entry):
            continue
        for first in graph.outgoing[node]:
            end = _through_linear(graph, first)
            if end is None or not _mixes(analysis.nodes[end]):
                continue
            message = tr(
                "There is no non-linearity between “{first}” and “{second}”: "
                "two linear layers in a row can do no more than one.",
                first=graph.by_id[node].label,
                second=graph.by_id[end].label,
            )
            fix = Fix(tr("Insert ReLU between them"), InsertLayer(first, ReLU()))
            yield Diagnostic(Code.NO_NONLINEARITY, Severity.WARNING, message, end, edge=first, fixes=(fix,))


def _mixes(entry: NodeAnalysis) -> bool:
    """Whether a layer is a full linear map; a grouped convolution before a 1×1 one is a factorised one by design."""
    layer = entry.layer
    grouped = isinstance(layer, Conv2D | ConvTranspose2D) and layer.groups > 1
    return isinstance(layer, _MIXING) and not grouped


def _through_linear(graph: Graph, edge: Edge) -> str | None:
    """Follow a wire through layers that keep a linear map linear; None where the way ends or forks."""
    node = edge.target
    for _ in graph.nodes:
        if not isinstance(graph.by_id[node].layer, _LINEAR):
            return node
        onward = graph.outgoing[node]
        if len(onward) != 1:
            return None
        node = onward[0].target
    return None


def _softmax_not_last(graph: Graph, analysis: Analysis) -> Iterator[Diagnostic]:
    for node in graph.nodes:
        followers = graph.outgoing[node.id]
        if isinstance(node.layer, Softmax) and followers:
            after = graph.by_id[followers[0].target].label
            message = tr("Softmax makes probabilities, the network's answer, but “{layer}” follows it.", layer=after)
            fixes = (
                (Fix(tr("Remove “{layer}” and reconnect", layer=node.label), BypassLayer(node.id)),)
                if graph.incoming[node.id]
                else ()
            )
            yield Diagnostic(Code.SOFTMAX_NOT_LAST, Severity.WARNING, message, node.id, fixes=fixes)


def _dead_end(graph: Graph, analysis: Analysis) -> Iterator[Diagnostic]:
    heads = [node.id for node in graph.nodes if isinstance(node.layer, _HEADS) and not graph.outgoing[node.id]]
    if not any(isinstance(graph.by_id[node].layer, Input) for node in _ancestors(graph, heads)):
        return  # no answer is reached yet, so nothing can be said to miss it
    ends = [node.id for node in graph.nodes if not graph.outgoing[node.id]]
    for node in graph.nodes:
        if node.id not in ends or node.id in heads:
            continue
        kept = _ancestors(graph, [end for end in ends if end != node.id])
        alone = _ancestors(graph, [node.id]) - kept
        branch = tuple(other.id for other in graph.nodes if other.id in alone)
        if len(branch) > 1:
            title = tr("Remove the {count} layers of this branch", count=len(branch))
        else:
            title = tr("Remove “{layer}”", layer=node.label)
        message = tr(
            "Nothing uses the output of “{layer}”: the branch ends before it reaches the network's answer.",
            layer=node.label,
        )
        fix = Fix(title, RemoveLayers(branch))
        yield Diagnostic(Code.DEAD_END, Severity.WARNING, message, node.id, fixes=(fix,))


def _ancestors(graph: Graph, nodes: list[str]) -> set[str]:
    """Return all nodes from which one of the given ones can be reached, these included."""
    seen, waiting = set(nodes), list(nodes)
    while waiting:
        for edge in graph.incoming[waiting.pop()].values():
            if edge.source not in seen:
                seen.add(edge.source)
                waiting.append(edge.source)
    return seen


def _parameter_heavy(graph: Graph, analysis: Analysis) -> Iterator[Diagnostic]:
    total = analysis.totals.parameters
    weighted = [node for node, entry in analysis.nodes.items() if entry.parameters]
    if len(weighted) < 3:  # of two layers, one always has half
        return
    for node in weighted:
        own = analysis.nodes[node].parameters
        if own > HEAVY_SHARE * total:
            message = tr(
                "“{layer}” holds {share} of all parameters ({own:,} of {total:,}).",
                layer=graph.by_id[node].label,
                share=tr_number(own / total, ".0%"),
                own=own,
                total=total,
            )
            if isinstance(analysis.nodes[node].layer, Dense):
                message += " " + tr("Pooling before it, or fewer units, would make it lighter.")
            yield Diagnostic(Code.PARAMETER_HEAVY, Severity.INFO, message, node)


def _unusual_pooling(graph: Graph, analysis: Analysis) -> Iterator[Diagnostic]:
    for node in graph.nodes:
        layer = node.layer
        if not isinstance(layer, Pool2D) or _keeps_size(analysis.nodes[node.id]):
            continue
        (height, width), (down, across) = layer.kernel, layer.stride
        if height > down or width > across:
            message = tr(
                "The windows overlap: {width}×{height} every {across} across and {down} down. "
                "Usually a pooling window moves by its own size.",
                width=width,
                height=height,
                across=across,
                down=down,
            )
            tried = layer.attempt(stride=layer.kernel)
            known = tuple(shape for shape in analysis.nodes[node.id].inputs if shape is not None)
            works = tried is not None and bool(known) and tried.infer(known).output is not None
            fixes = (
                (Fix(tr("Stride {width}×{height}", width=width, height=height), ReplaceLayer(node.id, tried)),)
                if tried and works
                else ()
            )
            yield Diagnostic(Code.POOL_OVERLAP, Severity.INFO, message, node.id, parameter="stride", fixes=fixes)
        if layer.padding != "valid" and layer.padding != (0, 0, 0, 0):
            message = tr("The input is padded before pooling, which is unusual: pooling is meant to make maps smaller.")
            yield Diagnostic(Code.POOL_PADDING, Severity.INFO, message, node.id, parameter="padding")


def _keeps_size(entry: NodeAnalysis) -> bool:
    """Whether pooling looks around every pixel, as in an Inception module: then it has to overlap and to pad."""
    layer = entry.layer
    return isinstance(layer, Pool2D) and layer.stride == (1, 1) and entry.output in entry.inputs
