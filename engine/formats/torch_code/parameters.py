"""The parameters of a class: what its instances differ in, each difference said once."""

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from engine.formats.source.names import unlike
from engine.formats.source.regions import Leaf, Part
from engine.formats.torch_code.naming import Naming
from engine.formats.torch_code.steps import Arg, Value
from engine.formats.torch_code.structure import Class, Parameter, Structure, columns, same

_TAKEN = ("self", "x", "nn", "torch", "functional")
_Column = tuple[Value, ...]  # the values of a slot, one for each part that the class makes


class _Slot(NamedTuple):
    arg: Arg
    owner: str  # the module within the class, as in a ``state_dict``


class _Difference(NamedTuple):
    """Slots that always have the same values, which are not always the same."""

    column: _Column
    places: list[int]
    slots: list[_Slot]

    @property
    def kind(self) -> str:
        """What is counted or set."""
        names = {slot.arg.name for slot in self.slots}
        if names != {"groups"} and self.slots[0].arg.counts_depth:
            return "channels"
        return self.slots[0].arg.name

    @property
    def owner(self) -> str:
        """The module that the first slot belongs to, without the layer's own name where it lies deeper."""
        path = self.slots[0].owner.split(".")
        return "_".join(path[:-1] if len(path) > 1 else path)


def parametrise(naming: Naming, one: Class) -> None:
    """Find the parameters of a class, and how each slot that differs is written inside it."""
    differences = _differences(naming, one)
    halves = _halves(differences)
    ends = _ends(naming.structure, one)
    said = [found for found in differences if found.column not in halves]
    kinds = [found.kind for found in said if found.kind != "channels" or found.column not in ends]
    taken: set[str] = set()
    parameters = []
    for found in said:
        name = unlike(_name(found, ends, kinds), taken, _TAKEN)
        taken.add(name)
        is_depth = found.kind == "channels"
        default = None if is_depth else found.slots[0].arg.default
        parameters.append(Parameter(name, found.places[0], default, positional=is_depth))
        one.expressions |= dict.fromkeys(found.places, name)
    for found in differences:
        if found.column in halves:
            whole = one.expressions[halves[found.column]]
            one.expressions |= dict.fromkeys(found.places, f"{whole} // 2")
    one.parameters = tuple(sorted(parameters, key=lambda made: (not made.positional, made.default is not None)))


def _differences(naming: Naming, one: Class) -> list[_Difference]:
    slots = [*_slots(naming, one.part)]
    found: dict[_Column, list[int]] = {}
    for place, column in enumerate(columns(naming.structure, one.parts)):
        if not all(same(column[0], value) for value in column):
            found.setdefault(column, []).append(place)
    return [_Difference(column, places, [slots[place] for place in places]) for column, places in found.items()]


def _name(found: _Difference, ends: dict[_Column, str], kinds: Sequence[str]) -> str:
    """Return what a parameter is called: by its part in the class, by what it counts, or by where it counts."""
    kind = found.kind
    if kind == "channels" and found.column in ends:
        return ends[found.column]
    if kinds.count(kind) == 1:
        return "hidden_channels" if kind == "channels" else kind
    return kind if found.owner[:1].isdigit() else f"{found.owner}_{kind}"


def _slots(naming: Naming, part: Part, path: str = "") -> Iterator[_Slot]:
    for item, names in zip(part.items, naming.attributes(part), strict=True):
        if isinstance(item, Leaf):
            for module, name in zip(naming.structure.modules(item), names, strict=True):
                yield from (_Slot(arg, f"{path}{name}") for arg in module.args)
        else:
            yield from _slots(naming, item, f"{path}{names[0]}.")


def _ends(structure: Structure, one: Class) -> dict[_Column, str]:
    """Return what the depths are called that come in and go out; ``channels`` where both are the same."""
    nodes = structure.analysis.nodes

    def depths(ends: list[str]) -> _Column:
        shapes = (nodes[end].output for end in ends)
        return tuple(shape.channels if shape is not None else 0 for shape in shapes)

    inward, outward = depths([part.inputs[0] for part in one.parts]), depths([part.end for part in one.parts])
    return {inward: "channels"} if inward == outward else {inward: "in_channels", outward: "out_channels"}


def _halves(differences: Sequence[_Difference]) -> dict[_Column, int]:
    """Return the paddings that are always half of a kernel's size, with a slot of that size."""
    sizes = [found for found in differences if found.kind == "kernel_size"]
    halves = {}
    for found in differences:
        for whole in sizes if found.kind == "padding" else ():
            pairs = zip(whole.column, found.column, strict=True)
            if all(isinstance(size, int) and size // 2 == half for size, half in pairs):
                halves[found.column] = whole.places[0]
    return halves
