"""The classes of a network's source: parts that are built alike are one class, what they differ in is a parameter.

Two parts are alike where the same modules are wired in the same way, whatever the numbers that these are made with.
Each such number is a slot; a slot that has another value in some of the parts becomes a parameter of the class, and
slots that always go together become the same one.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from engine.analysis import Analysis
from engine.formats.source.regions import Item, Leaf, Part
from engine.formats.torch_code.steps import Arg, Merge, Module, Steps, Value

Signature = tuple[object, ...]


class Parameter(NamedTuple):
    """A parameter of a class: the slot that its value is read from, and what it is where it goes unsaid."""

    name: str
    slot: int
    default: Value | None
    positional: bool


@dataclass
class Class:
    """A class of the source.

    Attributes
    ----------
    part
        The first of the parts that it makes; it lends the others its names.
    parts
        All of them.
    name
        The class's name.
    attributes
        For each item, what its modules are called; digits in a `nn.Sequential` that counts them.
    parameters
        What its instances differ in.
    expressions
        For each slot that differs, how it is written inside the class.
    """

    part: Part
    parts: list[Part] = field(default_factory=list)
    name: str = ""
    parameters: tuple[Parameter, ...] = ()
    expressions: dict[int, str] = field(default_factory=dict)


class Structure:
    """What is known of a network's parts before their source is written."""

    def __init__(self, analysis: Analysis, root: Part, steps: dict[str, Steps]) -> None:
        self.analysis = analysis
        self.root = root
        self.steps = steps
        self._signatures: dict[int, Signature] = {}
        self._classes: dict[Signature, Class] = {}
        self._parts: dict[Signature, list[Part]] = {}
        for part in _parts(root):
            self._parts.setdefault(self.signature(part), []).append(part)
        self._find_classes()

    @property
    def classes(self) -> list[Class]:
        """All classes, each behind those that it uses; the network's own is the last."""
        return list(self._classes.values())

    def class_of(self, part: Part) -> Class | None:
        """Return the class that makes a part; None where it is a plain `nn.Sequential`."""
        return self._classes.get(self.signature(part))

    def alike(self, part: Part) -> list[Part]:
        """Return all parts that are built like one, itself among them, in their order."""
        return self._parts[self.signature(part)]

    def modules(self, leaf: Leaf) -> tuple[Module, ...]:
        """Return a layer's modules; none where it is an operation."""
        steps = self.steps[leaf.node]
        return () if isinstance(steps, Merge) else steps

    def signature(self, part: Part) -> Signature:
        """Return what parts have in common that are built alike."""
        known = self._signatures.get(id(part))
        if known is None:
            places = {source: -1 - number for number, source in enumerate(part.inputs)}
            rows: list[object] = []
            for number, item in enumerate(part.items):
                rows.append((self._built(item), tuple(places[source] for source in item.inputs)))
                places[item.end] = number
            known = (*rows, tuple(places[end] for end in part.ends))
            self._signatures[id(part)] = known
        return known

    def slots(self, item: Item) -> list[Arg]:
        """Return all arguments of the modules in a part, in their order."""
        if isinstance(item, Leaf):
            return [arg for module in self.modules(item) for arg in module.args]
        return [arg for inner in item.items for arg in self.slots(inner)]

    def _built(self, item: Item) -> Signature:
        if isinstance(item, Part):
            return ("part", self.signature(item))
        steps = self.steps[item.node]
        if isinstance(steps, Merge):
            return steps
        return tuple((one.call, one.suffix, one.arrays, tuple(arg.name for arg in one.args)) for one in steps)

    def _find_classes(self) -> None:
        """Make a class of every part that is no chain, and of chains of layers that stand in several places."""
        places: dict[Signature, int] = {}
        for part in self._written(self.root, set()):
            places[self.signature(part)] = places.get(self.signature(part), 0) + 1
        for part in reversed([*_parts(self.root)]):
            signature = self.signature(part)
            plain = all(isinstance(item, Leaf) for item in part.items) and len(part.items) > 1
            if part is self.root or not part.is_chain or (plain and places.get(signature, 0) > 1):
                self._classes.setdefault(signature, Class(self._parts[signature][0], self._parts[signature]))
        self._classes[self.signature(self.root)] = self._classes.pop(self.signature(self.root))

    def _written(self, part: Part, seen: set[Signature]) -> Iterator[Part]:
        """Yield the parts as often as they are written: those in a class once for all that it makes."""
        yield part
        signature = self.signature(part)
        if part.is_chain or signature not in seen:
            seen.add(signature)
            for item in part.items:
                if isinstance(item, Part):
                    yield from self._written(item, seen)


def _parts(part: Part) -> Iterator[Part]:
    """Yield a part and all parts in it, outer ones first."""
    yield part
    for item in part.items:
        if isinstance(item, Part):
            yield from _parts(item)


def same(first: Value | None, second: Value | None) -> bool:
    """Whether two values are written alike: 1, 1.0 and True are not."""
    return type(first) is type(second) and first == second


def columns(structure: Structure, parts: Sequence[Part]) -> list[tuple[Value, ...]]:
    """Return for each slot the values that it has in some parts that are built alike."""
    rows = [[arg.value for arg in structure.slots(part)] for part in parts]
    return list(zip(*rows, strict=True))
