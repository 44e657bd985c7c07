"""Parts of a network that repeat, as functions: what they differ in is a parameter, and so are their names."""

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from engine.formats.keras_code.calls import Json, Raw, plain_setting, sources
from engine.formats.source.names import identifier, literal, unlike
from engine.formats.source.regions import Leaf, Part

_LEAST = 3  # Keras layers that are worth a function
_TAKEN = ("x", "x2", "name", "keras", "layers", "build_model")


class Unit(NamedTuple):
    """One step of a function: a layer, or a part that another function makes."""

    layer: Json | None
    block: "Block | None"
    part: Part | None
    sources: tuple[str, ...]
    output: str


class _Shape(NamedTuple):
    """What parts have in common that one function can make."""

    rows: tuple[object, ...]
    suffixes: tuple[str, ...]


@dataclass
class Block:
    """A function.

    Attributes
    ----------
    title
        What it is called.
    layers
        Those of the first part that it makes, in their order.
    inputs, output
        The layers before it that feed it, and the one in it whose value it returns.
    suffixes
        What stands behind the name that is handed over, in the names of its layers.
    prefixes
        That name, by the output of each part that it makes.
    parameters
        By name, the layer's number and the setting that the value is read from.
    """

    title: str
    layers: list[Json]
    inputs: tuple[str, ...]
    output: str
    suffixes: tuple[str, ...]
    prefixes: dict[str, str] = field(default_factory=dict)
    parameters: dict[str, tuple[int, str]] = field(default_factory=dict)
    settings: dict[tuple[int, str], str] = field(default_factory=dict)

    def described(self) -> Iterator[tuple[Json, str]]:
        """Yield the layers, settings that differ replaced by parameters, and how each one's name is written."""
        for number, (layer, suffix) in enumerate(zip(self.layers, self.suffixes, strict=True)):
            config = {
                key: Raw(self.settings[number, key]) if (number, key) in self.settings else value
                for key, value in layer["config"].items()
            }
            yield {**layer, "config": config}, f'f"{{name}}{suffix}"'


class Blocks:
    """All functions of a network."""

    def __init__(self, root: Part, made: dict[str, list[Json]], title: Any) -> None:
        self._made = made
        self._root = root
        self._shapes = {id(part): self._shape(part) for part in _parts(root)}
        self._found: dict[_Shape, Block] = {}
        taken: set[str] = set()
        for shape, parts in self._repeated().items():
            name = unlike(title(parts[0]), taken, _TAKEN)
            taken.add(name)
            self._found[shape] = self._block(name, shape, parts)

    @property
    def all(self) -> list[Block]:
        """The functions, in the order in which they are first used."""
        return list(self._found.values())

    def units(self) -> list[Unit]:
        """Return the steps that make the network."""
        return list(self._units(self._root))

    def arguments(self, block: Block, part: Part) -> dict[str, Any]:
        """Return the values that a part is made with."""
        layers = self._layers(part)
        return {
            name: plain_setting(key, layers[number]["config"][key]) for name, (number, key) in block.parameters.items()
        }

    def _units(self, part: Part) -> Iterator[Unit]:
        for item in part.items:
            if isinstance(item, Leaf):
                for layer in self._made[item.node]:
                    yield Unit(layer, None, None, tuple(sources(layer)), layer["name"])
                continue
            shape = self._shapes[id(item)]
            block = self._found.get(shape) if shape is not None else None
            if block is None:
                yield from self._units(item)
            else:
                output = self._output(item)
                yield Unit(None, block, item, self._inputs(item), output)

    def _repeated(self) -> dict[_Shape, list[Part]]:
        """Return the outermost parts that repeat, those alike together; a row of parts is none of its own."""
        counts = Counter(shape for shape in self._shapes.values() if shape is not None)
        while True:
            members: dict[_Shape, list[Part]] = {}
            for part in self._outermost(self._root, counts):
                shape = self._shapes[id(part)]
                assert shape is not None
                members.setdefault(shape, []).append(part)
            alone = [shape for shape, parts in members.items() if len(parts) == 1]
            if not alone:
                return members
            for shape in alone:  # the others like it lie within parts that repeat: what is in it may, too
                del counts[shape]

    def _outermost(self, part: Part, counts: Counter[_Shape]) -> Iterator[Part]:
        for item in part.items:
            if isinstance(item, Part):
                shape = self._shapes[id(item)]
                is_row = item.is_chain and all(isinstance(one, Part) for one in item.items)
                if shape is not None and counts[shape] > 1 and not is_row:
                    yield item
                else:
                    yield from self._outermost(item, counts)

    def _layers(self, part: Part) -> list[Json]:
        return [layer for leaf in part.leaves() for layer in self._made[leaf.node]]

    def _inputs(self, part: Part) -> tuple[str, ...]:
        layers = self._layers(part)
        own = {layer["name"] for layer in layers}
        return tuple(dict.fromkeys(one for layer in layers for one in sources(layer) if one not in own))

    def _output(self, part: Part) -> str:
        name: str = self._made[part.end][-1]["name"]
        return name

    def _shape(self, part: Part) -> _Shape | None:
        """Return what a function for the part would be like; None where it is not worth one."""
        layers = self._layers(part)
        names = [layer["name"] for layer in layers]
        prefix = _prefix(names)
        if len(layers) < _LEAST or not prefix:
            return None
        places: dict[str, int] = {name: number for number, name in enumerate(names)}
        places |= {source: -1 - number for number, source in enumerate(self._inputs(part))}
        rows = tuple(
            (
                layer["module"],
                layer["class_name"],
                tuple(layer["config"]),
                tuple(places[source] for source in sources(layer)),
                _constants(layer),
            )
            for layer in layers
        )
        suffixes = tuple(name.removeprefix(prefix) for name in names)
        return _Shape((*rows, places[self._output(part)]), suffixes)

    def _block(self, name: str, shape: _Shape, parts: list[Part]) -> Block:
        first = parts[0]
        block = Block(name, self._layers(first), self._inputs(first), self._output(first), shape.suffixes)
        for part in parts:
            block.prefixes[self._output(part)] = _prefix([layer["name"] for layer in self._layers(part)])
        columns: dict[tuple[str, ...], list[tuple[int, str]]] = {}
        for number, layer in enumerate(block.layers):
            for key in layer["config"]:
                values = tuple(literal(str(self._layers(part)[number]["config"][key])) for part in parts)
                if key != "name" and len(set(values)) > 1:
                    columns.setdefault(values, []).append((number, key))
        keys = [places[0][1] for places in columns.values()]
        taken: set[str] = set()
        for places in columns.values():
            number, key = places[0]
            owner = identifier(shape.suffixes[number].strip("_"), "of")
            wish = key if keys.count(key) == 1 else f"{key}_{owner}"
            parameter = unlike(wish, taken, _TAKEN)
            taken.add(parameter)
            block.parameters[parameter] = (number, key)
            block.settings |= dict.fromkeys(places, parameter)
        return block


def _parts(part: Part) -> Iterator[Part]:
    for item in part.items:
        if isinstance(item, Part):
            yield item
            yield from _parts(item)


def _prefix(names: Iterable[str]) -> str:
    """Return what all names begin with, up to a mark that parts words."""
    rows = list(names)
    common = rows[0]
    for name in rows[1:]:
        while not name.startswith(common):
            common = common[:-1]
    if common in rows:  # a layer is called like all of the part
        return common
    return common[: max(common.rfind("_"), common.rfind("-"), -1) + 1].rstrip("_-") if common else ""


def _constants(layer: Json) -> str:
    """Return what an operation is called with besides values."""
    arguments = layer["inbound_nodes"][0]["args"] if layer["inbound_nodes"] else []
    return str(arguments[1:]) if layer["module"].startswith("keras.src.ops") else ""
