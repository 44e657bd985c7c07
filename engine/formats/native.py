"""The native JSON document: read by people, diffed line by line, checked strictly.

One layer a line with all its hyper-parameters, so that an edit of one is a diff of one line; positions, groups and the
dots on wires are apart from the architecture.
"""

import functools
import json
import operator
from typing import Annotated, Any, Literal

import msgspec
from msgspec import Meta

from engine import groups as grouping
from engine.dots import Point
from engine.formats.bounds import MOST_LAYERS, too_many
from engine.formats.errors import FormatError
from engine.formats.versions import FORMAT, VERSION, migrated
from engine.graph import Draft, Edge, EditError, Graph, Node
from engine.groups import Group
from engine.language import tr
from engine.layers import ALL_LAYERS, LAYERS, Layer
from engine.network import Layout, Network

FAR = 1e6  # how far out a dot may be, to each side: a wire that leads further is a slip, and takes long to draw
FARTHEST = 1e7  # the same for a card: three times what the longest network takes that is opened

_Wire = Annotated[list[str | int], Meta(min_length=2, max_length=3)]
_AnyLayer: Any = functools.reduce(operator.or_, ALL_LAYERS)
_TYPES = {layer.__name__: layer for layer in ALL_LAYERS}


class _Document(msgspec.Struct, forbid_unknown_fields=True):
    """The outer form of a document; its layers are read one by one, so that an error can name its place."""

    format: Literal["convolab"]
    version: Annotated[int, Meta(ge=1)]
    name: str
    layers: list[dict[str, Any]]
    connections: list[_Wire] = []
    layout: dict[str, tuple[float, float]] = {}
    groups: list[dict[str, Any]] = []
    dots: list[dict[str, Any]] = []
    weights: str | None = None


class _Group(msgspec.Struct, forbid_unknown_fields=True):
    id: str
    name: str
    layers: tuple[str, ...] = ()
    parent: str | None = None
    collapsed: bool = False


_Coordinate = Annotated[float, Meta(ge=-FAR, le=FAR)]


class _Dots(msgspec.Struct, forbid_unknown_fields=True):
    wire: _Wire
    at: Annotated[tuple[tuple[_Coordinate, _Coordinate], ...], Meta(min_length=1)]


def encode(network: Network, weights_file: str | None = None) -> str:
    """Write a network as the text of a document; ``weights_file`` is the name of the file beside it."""
    head = {"format": FORMAT, "version": VERSION, "name": network.name}
    parts = [f'  "{key}": {_line(value)}' for key, value in head.items()]
    if weights_file is not None:
        parts.append(f'  "weights": {_line(weights_file)}')
    parts.append('  "layers": ' + _block([_line(_entry(node)) for node in network.graph.nodes], "[]"))
    parts.append('  "connections": ' + _block([_line(_wire_entry(edge)) for edge in network.graph.edges], "[]"))
    places = {node.id: network.layout[node.id] for node in network.graph.nodes if node.id in network.layout}
    placed = [f"{_line(node)}: {_line([_number(x), _number(y)])}" for node, (x, y) in places.items()]
    parts.append('  "layout": ' + _block(placed, "{}"))
    if network.groups:
        parts.append('  "groups": ' + _block([_line(_group_entry(group)) for group in network.groups], "[]"))
    dotted = [edge for edge in network.graph.edges if network.dots.get(edge)] if network.dots else []
    if dotted:
        parts.append('  "dots": ' + _block([_line(_dots_entry(edge, network.dots[edge])) for edge in dotted], "[]"))
    return "{\n" + ",\n".join(parts) + "\n}\n"


def decode(data: bytes | str) -> tuple[Network, str | None]:
    """Read the text of a document; returns the network, without weights, and the name of its weights' file.

    Raises
    ------
    FormatError
        With the JSON path of what is wrong.
    """
    try:
        document = msgspec.json.decode(migrated(data), type=_Document)
    except msgspec.ValidationError as problem:
        raise FormatError(tr("Not a Convolab document: {problem}", problem=problem)) from problem
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as problem:
        raise FormatError(tr("Not readable as JSON: {problem}", problem=problem)) from problem
    if len(document.layers) > MOST_LAYERS:
        raise FormatError(tr("{problem} - at `{place}`", problem=too_many(len(document.layers)), place="$.layers"))
    draft = Draft()
    for index, entry in enumerate(document.layers):
        _add(draft, entry, f"$.layers[{index}]")
    for index, wire in enumerate(document.connections):
        _connect(draft, wire, f"$.connections[{index}]")
    graph = draft.graph()
    _check_places(document.layout, graph)
    groups: tuple[Group, ...] = ()
    for index, entry in enumerate(document.groups):
        groups = _add_group(groups, graph, entry, f"$.groups[{index}]")
    groups = grouping.pruned(groups, graph)  # a group without layers is no mistake, but nothing to show
    dots: dict[Edge, tuple[Point, ...]] = {}
    for index, entry in enumerate(document.dots):
        _add_dots(dots, graph, entry, f"$.dots[{index}]")
    return Network(document.name, graph, None, document.layout, groups, dots), document.weights


def schema() -> dict[str, Any]:
    """Return the JSON Schema (2020-12) of a document, made from the layer classes."""
    (reference,), components = msgspec.json.schema_components([_AnyLayer], ref_template="#/$defs/{name}")
    for layer in ALL_LAYERS:
        described = components[layer.__name__]
        own = {"id": {"type": "string", "minLength": 1}, "name": {"type": "string"}}
        described["properties"] = own | described["properties"]
        described["required"] = ["id", "type", *(name for name in described["required"] if name != "type")]
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "Convolab network",
        "type": "object",
        "required": ["format", "version", "name", "layers"],
        "additionalProperties": False,
        "properties": {
            "format": {"const": FORMAT},
            "version": {"const": VERSION},
            "name": {"type": "string"},
            "weights": {"type": "string", "description": "Name of a safetensors file in the same folder"},
            "layers": {"type": "array", "items": reference},
            "connections": {
                "type": "array",
                "description": "Wires: source id, target id and, where it is not the first, the target's input port",
                "items": _wire_schema(),
            },
            "layout": {
                "type": "object",
                "description": "Where a layer's card is drawn: x and y of its top left corner",
                "additionalProperties": _place_schema(minimum=-FARTHEST, maximum=FARTHEST),
            },
            "groups": {
                "type": "array",
                "description": "Layers shown together; a group inside another comes behind it",
                "items": _group_schema(),
            },
            "dots": {
                "type": "array",
                "description": "The dots that a wire goes through, in their order; a wire comes once",
                "items": {
                    "type": "object",
                    "required": ["wire", "at"],
                    "additionalProperties": False,
                    "properties": {
                        "wire": _wire_schema(),
                        "at": {"type": "array", "minItems": 1, "items": _place_schema(minimum=-FAR, maximum=FAR)},
                    },
                },
            },
        },
        "$defs": components,
    }


def _wire_schema() -> dict[str, Any]:
    return {
        "type": "array",
        "prefixItems": [{"type": "string"}, {"type": "string"}, {"type": "integer", "minimum": 0}],
        "minItems": 2,
        "items": False,
    }


def _place_schema(**bounds: float) -> dict[str, Any]:
    pair = {"type": "array", "minItems": 2, "maxItems": 2, "items": False}
    return pair | {"prefixItems": [{"type": "number"} | bounds] * 2}


def _group_schema() -> dict[str, Any]:
    return {
        "type": "object",
        "required": ["id", "name"],
        "additionalProperties": False,
        "properties": {
            "id": {"type": "string", "minLength": 1},
            "name": {"type": "string"},
            "layers": {
                "type": "array",
                "description": "Ids of the layers right inside; a layer is in one group at most",
                "items": {"type": "string"},
                "uniqueItems": True,
            },
            "parent": {"type": "string", "description": "Id of the group that this one is inside"},
            "collapsed": {"type": "boolean", "description": "Whether it is shown as one card", "default": False},
        },
    }


def _entry(node: Node) -> dict[str, Any]:
    named = {"name": node.name} if node.name else {}
    return {"id": node.id, **named, **msgspec.to_builtins(node.layer)}


def _add(draft: Draft, entry: dict[str, Any], place: str) -> None:
    fields = dict(entry)
    node, name, kind = fields.pop("id", None), fields.pop("name", ""), fields.get("type")
    if not isinstance(node, str) or not isinstance(name, str):
        raise FormatError(tr("A layer needs an id, and its id and name are texts - at `{place}`", place=place))
    if not isinstance(kind, str) or kind not in _TYPES:
        raise FormatError(
            tr(
                "There is no layer type {kind!r} (known are {types}) - at `{place}.type`",
                kind=kind,
                types=", ".join(layer.__name__ for layer in LAYERS),
                place=place,
            )
        )
    try:
        layer: Layer = msgspec.convert(fields, _AnyLayer)
        draft.add(Node(node, layer, name))
    except msgspec.ValidationError as problem:
        raise _invalid(problem, place) from problem
    except EditError as problem:
        raise FormatError(tr("{problem} - at `{place}`", problem=problem, place=f"{place}.id")) from problem


def _check_places(layout: Layout, graph: Graph) -> None:
    for node, (x, y) in layout.items():
        if node not in graph:
            raise FormatError(tr("There is no layer {node!r} - at `$.layout`", node=node))
        if max(abs(x), abs(y)) > FARTHEST:
            raise FormatError(
                tr(
                    "The card of layer {node!r} lies too far out, at {x:g} and {y:g}; up to {most:,.0f} can be drawn - "
                    "at `{place}`",
                    node=node,
                    x=x,
                    y=y,
                    most=FARTHEST,
                    place=f"$.layout.{node}",
                )
            )


def _connect(draft: Draft, wire: list[str | int], place: str) -> None:
    edge = _edge(wire, place)
    try:
        draft.connect(edge.source, edge.target, edge.port)
    except EditError as problem:
        raise FormatError(tr("{problem} - at `{place}`", problem=problem, place=place)) from problem


def _edge(wire: list[str | int], place: str) -> Edge:
    source, target, port = (*wire, 0)[:3]
    if not isinstance(source, str) or not isinstance(target, str) or not isinstance(port, int):
        raise FormatError(
            tr("A wire is [source id, target id] or [source id, target id, port] - at `{place}`", place=place)
        )
    return Edge(source, target, port)


def _wire_entry(edge: Edge) -> list[str | int]:
    return [edge.source, edge.target, *([edge.port] if edge.port else [])]


def _dots_entry(edge: Edge, points: tuple[Point, ...]) -> dict[str, Any]:
    return {"wire": _wire_entry(edge), "at": [[_number(x), _number(y)] for x, y in points]}


def _group_entry(group: Group) -> dict[str, Any]:
    entry: dict[str, Any] = {"id": group.id, "name": group.name}
    if group.parent is not None:
        entry["parent"] = group.parent
    if group.nodes:
        entry["layers"] = group.nodes
    if group.collapsed:
        entry["collapsed"] = True
    return entry


def _add_group(groups: tuple[Group, ...], graph: Graph, entry: dict[str, Any], place: str) -> tuple[Group, ...]:
    try:
        read = msgspec.convert(entry, _Group)
        return grouping.add(groups, graph, Group(read.id, read.name, read.layers, read.parent, read.collapsed))
    except msgspec.ValidationError as problem:
        raise _invalid(problem, place) from problem
    except EditError as problem:
        raise FormatError(tr("{problem} - at `{place}`", problem=problem, place=place)) from problem


def _add_dots(dots: dict[Edge, tuple[Point, ...]], graph: Graph, entry: dict[str, Any], place: str) -> None:
    try:
        read = msgspec.convert(entry, _Dots)
    except msgspec.ValidationError as problem:
        raise _invalid(problem, place) from problem
    edge = _edge(read.wire, f"{place}.wire")
    named = {"source": edge.source, "target": edge.target, "port": edge.port + 1, "place": f"{place}.wire"}
    if edge.target not in graph or graph.incoming[edge.target].get(edge.port) != edge:
        raise FormatError(tr("There is no wire from {source!r} to input {port} of {target!r} - at `{place}`", **named))
    if edge in dots:
        told = tr("The wire from {source!r} to input {port} of {target!r} has dots already - at `{place}`", **named)
        raise FormatError(told)
    dots[edge] = read.at


def _invalid(problem: msgspec.ValidationError, place: str) -> FormatError:
    """Return what is wrong in an entry, with its place in the document."""
    text = str(problem)
    if "`$" in text:
        return FormatError(text.replace("`$", f"`{place}"))
    return FormatError(tr("{problem} - at `{place}`", problem=text, place=place))


def _line(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False)


def _block(lines: list[str], brackets: str) -> str:
    if not lines:
        return brackets
    return brackets[0] + "\n    " + ",\n    ".join(lines) + "\n  " + brackets[1]


def _number(value: float) -> float | int:
    rounded = round(float(value), 2)  # first: what is written must be what is written when it was read again
    return int(rounded) if rounded.is_integer() else rounded
