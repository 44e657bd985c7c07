"""From problems to diagnostics: each gets its place, and only the fixes that were tried and work."""

from collections.abc import Callable, Collection, Iterator

from engine.diagnostics import Code, Diagnostic, Fix, Severity
from engine.edits import AddLayer, Connect, Disconnect, InsertLayer, RemoveLayers, ReplaceLayer
from engine.graph import Edge, Graph, ordered
from engine.language import tr, tr_noop
from engine.layers import Input, Layer
from engine.layers.base import Inferred, Problem, Remedy
from engine.shape import BYTES_PER_VALUE, Shape

# One array of more than this is taken for a slip of the hand: no machine of this program's users holds several.
LARGEST_ARRAY_BYTES = 4 << 30
_OFFERED_SOURCES = 3

OutputOf = Callable[[str], Shape | None]  # a node's output shape, where it is known


def size_problems(layer: Layer, inferred: Inferred) -> Inferred:
    """Refuse maps or weights too large for memory, naming both sizes."""
    sizes = {"output": inferred.output.nbytes if inferred.output is not None else 0}
    sizes |= {spec.name: spec.size * BYTES_PER_VALUE for spec in inferred.weights}
    name, largest = max(sizes.items(), key=lambda item: item[1])
    if largest <= LARGEST_ARRAY_BYTES:
        return inferred
    if name == "output":
        text = tr_noop(
            "The output of {layer} would take {size:,.1f} GiB, more than the {most:.0f} GiB that one array may take."
        )
    else:
        text = tr_noop(
            "The array “{array}” of {layer} would take {size:,.1f} GiB, "
            "more than the {most:.0f} GiB that one array may take."
        )
    message = tr(text, layer=layer.title, array=name, size=largest / 2**30, most=LARGEST_ARRAY_BYTES / 2**30)
    problem = Problem(Code.TOO_LARGE, message)
    return Inferred(None, problems=(*inferred.problems, problem))


def node_diagnostics(
    graph: Graph,
    node: str,
    inputs: tuple[Shape, ...],
    problems: tuple[Problem, ...],
    output_of: OutputOf,
) -> tuple[Diagnostic, ...]:
    """Place a layer's problems at its node, with the remedies that remove them."""
    return tuple(
        Diagnostic(
            code=problem.code,
            severity=problem.severity,
            message=problem.message,
            node=node,
            parameter=problem.parameter,
            port=problem.port,
            edge=graph.incoming[node].get(problem.port) if problem.port is not None else None,
            fixes=tuple(
                fix
                for remedy in problem.remedies
                if (fix := _tried(graph, node, inputs, output_of, problem.code, remedy)) is not None
            ),
        )
        for problem in problems
    )


def _tried(
    graph: Graph,
    node: str,
    inputs: tuple[Shape, ...],
    output_of: OutputOf,
    code: Code,
    remedy: Remedy,
) -> Fix | None:
    """Return the fix for a remedy, or None where the problem would still be there."""
    layer, wires = graph.by_id[node].layer, graph.incoming[node]
    if remedy.action == "replace" and remedy.layer is not None:
        fixed = not _has(remedy.layer, inputs, code)
        return Fix(remedy.title, ReplaceLayer(node, remedy.layer)) if fixed else None
    wire = wires[remedy.port]
    if remedy.action == "insert" and remedy.layer is not None:
        between = remedy.layer.infer((inputs[remedy.port],)).output
        fixed = between is not None and not _has(layer, _swapped(inputs, remedy.port, between), code)
        return Fix(remedy.title, InsertLayer(wire, remedy.layer)) if fixed else None
    before = graph.incoming[wire.source].get(0)
    if before is None:
        return None
    shape = output_of(before.source)
    fixed = shape is not None and not _has(layer, _swapped(inputs, remedy.port, shape), code)
    return Fix(remedy.title, Connect(Edge(before.source, node, remedy.port))) if fixed else None


def _has(layer: Layer, inputs: tuple[Shape, ...], code: Code) -> bool:
    return any(problem.code is code for problem in layer.infer(inputs).problems)


def _swapped(inputs: tuple[Shape, ...], port: int, shape: Shape) -> tuple[Shape, ...]:
    return (*inputs[:port], shape, *inputs[port + 1 :])


def drawing_diagnostics(graph: Graph, cyclic: tuple[str, ...], output_of: OutputOf) -> Iterator[Diagnostic]:
    """Yield what is wrong with the drawing as a whole: inputs, ports without a wire, cycles."""
    yield from _input_diagnostics(graph)
    yield from _cycle_diagnostics(graph, cyclic)
    gaps = graph.gaps
    for node in _as_drawn(graph, gaps):
        for port in gaps[node]:
            yield _unconnected(graph, node, port, output_of)


def _input_diagnostics(graph: Graph) -> Iterator[Diagnostic]:
    inputs = graph.inputs
    if not inputs:
        message = tr("The network has no Input layer, so no image can enter it.")
        yield Diagnostic(Code.NO_INPUT, Severity.ERROR, message, fixes=tuple(_input_fixes(graph)))
    if len(inputs) > 1:
        names = ", ".join(f"“{node.label}”" for node in inputs)
        for node in inputs[1:]:
            fixes = tuple(
                Fix(
                    tr("Keep “{layer}” alone", layer=kept.label),
                    RemoveLayers(tuple(n.id for n in inputs if n is not kept)),
                )
                for kept in inputs
            )
            message = tr(
                "The network has {count} Input layers ({names}), but one image enters it.",
                count=len(inputs),
                names=names,
            )
            yield Diagnostic(Code.SEVERAL_INPUTS, Severity.ERROR, message, node.id, fixes=fixes)


def _input_fixes(graph: Graph) -> Iterator[Fix]:
    layer = Input(channels=3)
    waiting = next(
        (
            node
            for node in graph.nodes
            if not graph.incoming[node.id] and node.layer.infer((layer.shape,) * node.layer.ports.least).output
        ),
        None,
    )
    if waiting is not None:
        yield Fix(tr("Add an Input before “{layer}”", layer=waiting.label), AddLayer(layer, waiting.id))
    else:
        yield Fix(tr("Add an Input"), AddLayer(layer))


def _as_drawn(graph: Graph, some: Collection[str]) -> list[str]:
    """Return some nodes in the order in which they were drawn."""
    return list(some) if len(some) < 2 else [node.id for node in graph.nodes if node.id in some]


def _unconnected(graph: Graph, node: str, port: int, output_of: OutputOf) -> Diagnostic:
    """Say which port has no wire, and offer the open ends that would fit it."""
    layer, wires = graph.by_id[node].layer, graph.incoming[node]
    if layer.ports.least == 1:
        message = tr("{layer} has no input: connect the output of another layer to it.", layer=layer.title)
    else:
        message = tr(
            "{layer} needs at least {least} inputs; its input {port} is not connected.",
            layer=layer.title,
            least=layer.ports.least,
            port=port + 1,
        )
    known = [output_of(wires[p].source) if p in wires else None for p in range(graph.port_count(node))]
    # Nothing behind this node has a shape, as it has none: what has one can be connected without a cycle.
    ends = {end for end, leaving in graph.outgoing.items() if not leaving and output_of(end) is not None}
    fixes: list[Fix] = []
    for source in reversed(_as_drawn(graph, ends)):
        if len(fixes) == _OFFERED_SOURCES:
            break
        shape = output_of(source)
        trial = tuple(shape if p == port else other for p, other in enumerate(known))
        filled = tuple(one for one in trial if one is not None)
        if len(filled) < len(trial) or layer.infer(filled).output is not None:
            fixes.append(
                Fix(tr("Connect “{layer}”", layer=graph.by_id[source].label), Connect(Edge(source, node, port)))
            )
    return Diagnostic(Code.UNCONNECTED_PORT, Severity.ERROR, message, node, port=port, fixes=tuple(fixes))


def _cycle_diagnostics(graph: Graph, cyclic: tuple[str, ...]) -> Iterator[Diagnostic]:
    """Yield one diagnostic per knot of cycles, at the wire that closes it."""
    left = set(cyclic)
    for start in cyclic:
        if start not in left:
            continue
        cycle = _cycle_from(graph, start, left)
        if not cycle:
            left.discard(start)
            continue
        knot = _knot(graph, cycle[0].source, left)
        left -= knot
        fixes = tuple(
            Fix(
                tr(
                    "Remove the wire from “{source}” to “{target}”",
                    source=graph.by_id[edge.source].label,
                    target=graph.by_id[edge.target].label,
                ),
                Disconnect(edge),
            )
            for edge in reversed(cycle)
            if _acyclic(graph.disconnect(edge), knot)
        )
        path = " → ".join(graph.by_id[edge.source].label for edge in (*cycle, cycle[0]))
        message = tr("{layers} is a cycle: a layer would need its own output before it could compute it.", layers=path)
        closing = cycle[-1]
        yield Diagnostic(
            Code.CYCLE, Severity.ERROR, message, closing.target, port=closing.port, edge=closing, fixes=fixes
        )


def _cycle_from(graph: Graph, start: str, among: set[str]) -> list[Edge]:
    """Return the shortest cycle through a node as its wires, the closing one last; empty where there is none."""
    came: dict[str, Edge] = {}
    waiting = [start]
    for node in waiting:  # grows while it is walked
        for edge in graph.outgoing[node]:
            if edge.target == start:
                cycle = [edge]
                while cycle[0].source != start:
                    cycle.insert(0, came[cycle[0].source])
                return cycle
            if edge.target in among and edge.target not in came:
                came[edge.target] = edge
                waiting.append(edge.target)
    return []


def _knot(graph: Graph, node: str, among: set[str]) -> set[str]:
    """Return the nodes that can be reached from a node and can reach it: its strongly connected component."""
    forward = graph.descendants(node)
    return {other for other in forward & among if node in graph.descendants(other)}


def _acyclic(graph: Graph, knot: set[str]) -> bool:
    part = Graph(
        tuple(node for node in graph.nodes if node.id in knot),
        tuple(edge for edge in graph.edges if edge.source in knot and edge.target in knot),
    )
    return not ordered(part)[1]
