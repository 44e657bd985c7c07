"""Random layers, networks and drawings, sound and broken, for properties that hold of all of them."""

from typing import Any

import msgspec
from hypothesis import strategies as st
from hypothesis.strategies import DrawFn, SearchStrategy

from engine import LAYERS, EditError, Graph, Input, Layer, Node, Parameter, Severity, Shape, Unsupported, parameters
from engine.layers.unsupported import ForeignArray, ForeignAttribute, ForeignNode

SMALL = 5  # most of what a layer counts, so that a network runs in a blink
INNER = tuple(layer for layer in LAYERS if layer is not Input)

extents = st.integers(1, 12)
volumes = st.builds(Shape, st.integers(1, SMALL), extents, extents)
vectors = st.builds(Shape, st.integers(1, 40))
images = st.builds(Input, channels=st.integers(1, 4), height=extents, width=extents)


def values(parameter: Parameter, most: int | None = SMALL) -> SearchStrategy[Any]:
    """Return valid values of a hyper-parameter; ``most`` None draws from all that its bounds allow."""
    least, greatest = parameter.minimum or 0, parameter.maximum or 0
    whole = st.integers(int(least), int(greatest if most is None else min(greatest, least + most - 1)))
    if most is not None:
        # Moderate numbers, and no tiny divisors: what is compared elsewhere should not be rounding errors.
        least, greatest = max(least, 0.01) if 0 < least < 0.01 else max(least, -2), min(greatest, 2)
    if parameter.kind == "number":
        return st.floats(least, greatest)
    if parameter.kind == "boolean":
        return st.booleans()
    if parameter.kind == "choice":
        return st.sampled_from(parameter.choices)
    if parameter.kind == "pair":
        return st.tuples(whole, whole)
    if parameter.kind == "padding":
        return st.sampled_from(parameter.choices) | st.tuples(whole, whole, whole, whole)
    if parameter.kind == "sides":
        return st.tuples(whole, whole, whole, whole)
    if parameter.kind == "integers":
        return st.lists(whole, min_size=1, max_size=SMALL).map(tuple)
    if parameter.kind == "numbers":
        return st.lists(st.floats(least, greatest), min_size=1, max_size=SMALL).map(tuple)
    if parameter.kind == "node":
        return foreign_nodes
    if parameter.kind == "labels":
        return st.lists(st.text(max_size=5), max_size=SMALL).map(tuple)
    return whole


_names = st.text("abcxyz_", min_size=1, max_size=4)
_shapes = st.lists(st.integers(0, SMALL), max_size=3).map(tuple)
_attributes = st.builds(ForeignAttribute, _names, st.text(max_size=9), st.just("CgFhGAGgAQI="))
_arrays = st.builds(ForeignArray, _names, _shapes, st.just("float32"), st.none() | st.just("AACAPw=="))
foreign_nodes = st.builds(
    ForeignNode,
    operator=_names,
    domain=st.sampled_from(["", "com.example"]),
    opset=st.integers(1, 25),
    attributes=st.lists(_attributes, max_size=3).map(tuple),
    inputs=st.lists(st.sampled_from(["wire", "", "a"]), max_size=3).map(lambda rest: ("wire", *rest)),
    arrays=st.lists(_arrays, max_size=2).map(tuple),
    outputs=st.lists(st.sampled_from(["float32", "int64", ""]), min_size=1, max_size=3).map(tuple),
    assumed=st.booleans(),
    reason=st.text(max_size=9),
)


def layers(kind: type[Layer], most: int | None = SMALL) -> SearchStrategy[Layer]:
    """Return layers of one class with valid hyper-parameters."""
    return st.builds(kind, **{parameter.name: values(parameter, most) for parameter in parameters(kind)})


any_layers = st.sampled_from(LAYERS).flatmap(layers)
extreme_layers = st.sampled_from(LAYERS).flatmap(lambda kind: layers(kind, most=None))


def mended(layer: Layer, inputs: tuple[Shape, ...], steps: int = 4) -> Layer | None:
    """Return the layer, changed as it proposes until it makes an output of the inputs; None where it never does."""
    inferred = layer.infer(inputs)
    if inferred.output is not None:
        return layer
    errors = [problem for problem in inferred.problems if problem.severity is Severity.ERROR]
    for remedy in (one for problem in errors for one in problem.remedies if one.action == "replace" and steps):
        found = mended(remedy.layer, inputs, steps - 1) if remedy.layer is not None else None
        if found is not None:
            return found
    return None


@st.composite
def fitting(draw: DrawFn, kind: type[Layer]) -> tuple[Layer, tuple[Shape, ...]]:
    """Draw a layer of one class and input shapes of which it makes an output."""
    layer, volume = draw(layers(kind)), draw(volumes)
    count = draw(st.integers(layer.ports.least, layer.ports.most if layer.ports.most is not None else 3))
    vector = Shape(volume.size)
    if isinstance(layer, Unsupported):  # of which nothing follows: it takes what its file had
        node = msgspec.structs.replace(layer.node, inputs=("wire",) * count, part=0)
        layer = layer.replace(node=node, output=tuple(max(1, extent) for extent in layer.output))
    for shape in (volume, vector) if draw(st.booleans()) else (vector, volume):
        found = mended(layer, (shape,) * count)
        if found is not None:
            return found, (shape,) * count
    raise AssertionError(f"{layer} takes neither {volume} nor {vector}")


@st.composite
def networks(draw: DrawFn, kinds: tuple[type[Layer], ...] = INNER, most: int = 8) -> Graph:
    """Draw a network without errors: one image, then layers fed by whatever fits, branches and merges among them."""
    image = draw(images)
    graph, shapes = Graph().add(Node("image", image)), {"image": image.shape}
    for number in range(draw(st.integers(1, most))):
        layer = draw(layers(draw(st.sampled_from(kinds))))
        sources = [draw(st.sampled_from(list(shapes)[::-1]))]
        first = shapes[sources[0]]
        while len(sources) < layer.ports.least or (layer.ports.most is None and draw(st.integers(0, 3)) == 0):
            sources.append(draw(st.sampled_from([n for n in shapes if layer.infer((first, shapes[n])).output])))
        inputs = tuple(shapes[source] for source in sources)
        fitted = mended(layer, inputs)
        if fitted is None:
            continue
        node = f"{layer.prefix}{number}"
        graph = graph.add(Node(node, fitted))
        for port, source in enumerate(sources):
            graph = graph.connect(source, node, port)
        shapes[node] = fitted.infer(inputs).output or Shape(0)
    return graph


@st.composite
def sketches(draw: DrawFn, kinds: SearchStrategy[Layer] = any_layers) -> Graph:
    """Draw layers and wires with little sense: ports left open, shapes that do not fit, cycles, images none or two."""
    layers = draw(st.lists(kinds, max_size=7))
    if draw(st.integers(0, 7)):
        layers = [draw(images), *layers]
    graph = Graph(tuple(Node(f"n{number}", layer) for number, layer in enumerate(layers)))
    for number, layer in enumerate(layers):
        for port in range(draw(st.integers(layer.ports.least, 3 if layer.ports.most is None else layer.ports.most))):
            luck = draw(st.integers(0, 9))
            source = draw(st.integers(0, max(0, number - 1) if luck > 1 else len(layers) - 1))
            if luck and source != number:
                graph = graph.connect(f"n{source}", f"n{number}", port)
    return graph


@st.composite
def edited(draw: DrawFn, graph: Graph, kinds: SearchStrategy[Layer] = any_layers) -> Graph:
    """Draw the graph after one edit; an edit that makes no sense leaves it as it is."""
    layer = draw(kinds)
    fresh = Node(graph.fresh_id(layer.prefix), layer)
    if not graph.nodes:
        return graph.add(fresh)
    ids = st.sampled_from([node.id for node in graph.nodes])
    node, other, port = draw(ids), draw(ids), draw(st.integers(0, 2))
    wire = draw(st.sampled_from(graph.edges)) if graph.edges else None
    edits = {
        "add": lambda: graph.add(fresh),
        "remove": lambda: graph.remove([node]),
        "connect": lambda: graph.connect(node, other, port),
        "disconnect": lambda: graph.disconnect(wire) if wire else graph,
        "replace": lambda: graph.replace_layer(node, layer),
        "rename": lambda: graph.rename(node, draw(st.text(max_size=5))),
        "insert": lambda: graph.insert(wire, fresh) if wire else graph,
        "bypass": lambda: graph.bypass(node),
    }
    edit = edits[draw(st.sampled_from(sorted(edits)))]
    try:
        return edit()
    except EditError:
        return graph


@st.composite
def drawings(draw: DrawFn, kinds: SearchStrategy[Layer] = any_layers) -> Graph:
    """Draw what a user may have on the canvas: a sketch, or a network after some edits."""
    if draw(st.booleans()):
        return draw(sketches(kinds))
    graph = draw(networks())
    for _ in range(draw(st.integers(0, 4))):
        graph = draw(edited(graph, kinds))
    return graph
