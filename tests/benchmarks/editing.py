"""How fast a drawing is understood: every shape and count, from nothing and after an edit, beside other programs."""

import random
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import onnx
from networks import graph_of
from report import Row

from engine import Conv2D, Edge, Graph, Network, Node, analyse, initialise
from engine.formats.onnx_writer import encode

HERE = Path(__file__).parent
LAYERS = 1000
ROUNDS = 25


def measure() -> Iterator[Row]:
    """Yield the rows: ResNet-152 beside peers, then edits of a network of a thousand layers."""
    graph = graph_of("resnet152")
    model = onnx.load_from_string(encode(Network("ResNet-152", graph, initialise(graph))))
    model = _without_values(model)

    def fresh() -> None:
        analyse(Graph(graph.nodes, graph.edges))

    ours, theirs = _alternating(fresh, lambda: onnx.shape_inference.infer_shapes(model))
    what = "ResNet-152: every shape and count"
    yield Row(what, ours, f"onnx {onnx.__version__} shape inference", theirs, "≤ 5 ms, aim 100 ×")
    for script, title in (("torchinfo_peer.py", "torchinfo"), ("keras_peer.py", "Keras")):
        done = subprocess.run([sys.executable, str(HERE / script)], capture_output=True, text=True, check=False)
        if done.returncode == 0:
            version, seconds = done.stdout.split()[-2:]
            ours = statistics.median(_timed(fresh) for _ in range(ROUNDS))
            yield Row(what, ours, f"{title} {version}", float(seconds), "aim 100 ×")
    yield from _edits(graph)


def _edits(graph: Graph) -> Iterator[Row]:
    large = _repeated(graph, LAYERS)
    known = analyse(large)
    choose = random.Random(0)
    convs = [node.id for node in large.nodes if isinstance(node.layer, Conv2D)]

    def another_kernel() -> Graph:
        node = choose.choice(convs)
        layer = large.by_id[node].layer
        assert isinstance(layer, Conv2D)
        return large.replace_layer(node, layer.replace(bias=not layer.bias, filters=layer.filters))

    def fewer_filters() -> Graph:
        node = choose.choice(convs)
        layer = large.by_id[node].layer
        assert isinstance(layer, Conv2D)
        return large.replace_layer(node, layer.replace(filters=layer.filters // 2))

    edits: dict[str, Callable[[], Graph]] = {
        "a hyper-parameter": another_kernel,
        "the number of filters": fewer_filters,
        "a wire, all behind it losing their shapes": lambda: large.disconnect(choose.choice(large.edges)),
        "a layer removed and its neighbours joined": lambda: large.bypass(choose.choice(convs)),
    }
    for title, edit in edits.items():
        graphs = [edit() for _ in range(4 * ROUNDS)]
        seconds = statistics.median(_timed(lambda graph=graph: analyse(graph, known)) for graph in graphs)
        yield Row(f"{len(large.nodes):,} layers, an edit anywhere: {title}", seconds, goal="≤ 1 ms")


def _repeated(graph: Graph, least: int) -> Graph:
    """Return ResNet with its last stage's blocks again and again behind it, until there are that many layers."""
    block = [node for node in graph.nodes if node.id.startswith("layer4.2.")]
    names = {node.id for node in block}
    wires = [edge for edge in graph.edges if edge.target in names]
    nodes, edges, before = list(graph.nodes), list(graph.edges), block[-1].id
    while len(nodes) < least:
        copy = f"{len(nodes)}."
        nodes += [Node(copy + node.id, node.layer) for node in block]
        for edge in wires:
            source = copy + edge.source if edge.source in names else before
            edges.append(Edge(source, copy + edge.target, edge.port))
        before = copy + block[-1].id
    return Graph(tuple(nodes), tuple(edges))


def _without_values(model: onnx.ModelProto) -> onnx.ModelProto:
    """Make the weights inputs of the model: shape inference needs their shapes, and would copy their values."""
    for tensor in model.graph.initializer:
        if len(tensor.dims) > 1 or tensor.data_type == onnx.TensorProto.FLOAT:
            info = onnx.helper.make_tensor_value_info(tensor.name, tensor.data_type, list(tensor.dims))
            model.graph.input.append(info)
    small = [tensor for tensor in model.graph.initializer if tensor.data_type != onnx.TensorProto.FLOAT]
    del model.graph.initializer[:]
    model.graph.initializer.extend(small)
    return model


def _alternating(one: Callable[[], object], other: Callable[[], object]) -> tuple[float, float]:
    pairs = [(_timed(one), _timed(other)) for _ in range(ROUNDS)]
    return statistics.median(pair[0] for pair in pairs), statistics.median(pair[1] for pair in pairs)


def _timed(call: Callable[[], object]) -> float:
    start = time.perf_counter()
    call()
    return time.perf_counter() - start
