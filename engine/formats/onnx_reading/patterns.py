"""Several operators that together make one layer, found by what they look like.

A pattern is a tree: an operator with what goes in, down to names for values (``"x"``) and for constants (``"=k"``). The
same name twice is the same value. Sums and products are found in either order. All but the last operator must serve
nothing else.
"""

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from itertools import permutations
from typing import Any, NamedTuple

from engine.formats.onnx_reading.source import Operation, Source


class Op(NamedTuple):
    """An operator of a pattern and its inputs; where it is ``named``, its attributes are asked for."""

    type: str
    inputs: tuple["Op | str", ...]
    named: str = ""


def op(type: str, *inputs: "Op | str", named: str = "") -> Op:
    """Make a part of a pattern."""
    return Op(type, inputs, named)


class Pattern(NamedTuple):
    """A tree and what reads it: that returns whether the values fit, too, and has added the layer then."""

    tree: Op
    read: Callable[[Any, Operation, "Found"], bool]


class Found(NamedTuple):
    """A place where a file looks like a pattern: the names of its values, and its operations that have a name."""

    pattern: Pattern
    names: Mapping[str, str]
    named: Mapping[str, Operation]
    inner: frozenset[str]


_EITHER_ORDER = {"Add", "Mul", "Sum", "Max", "Min"}


def matches(
    source: Source, patterns: Sequence[Pattern], fixed: Collection[str]
) -> tuple[dict[str, list[Found]], set[str]]:
    """Return the places of all patterns by the output that they end in, and the outputs that lie within them."""
    by_type: dict[str, list[Pattern]] = {}
    for pattern in patterns:
        by_type.setdefault(pattern.tree.type, []).append(pattern)
    found: dict[str, list[Found]] = {}
    ends = set(source.outputs)
    for operation in source.operations:
        if operation.output in fixed:
            continue
        for pattern in by_type.get(operation.type, ()):
            one = _found(source, pattern, operation, fixed, ends)
            if one is not None:
                found.setdefault(operation.output, []).append(one)
    return found, {name for places in found.values() for place in places for name in place.inner}


def _found(
    source: Source, pattern: Pattern, operation: Operation, fixed: Collection[str], ends: set[str]
) -> Found | None:
    for place in _places(source, pattern.tree, operation, fixed, Found(pattern, {}, {}, frozenset())):
        inner = place.inner - {operation.output}
        within = place.inner
        if source.own and not all(name.startswith(f"{operation.output}/") for name in inner):
            continue  # our writer names what a layer is made of by the layer: no two layers become one
        users = [user.output for name in inner for user in source.users.get(name, ())]
        if not inner & ends and all(user in within or user in fixed for user in users):  # a shape takes no values
            return place._replace(inner=inner)
    return None


def _places(source: Source, tree: Op, operation: Operation, fixed: Collection[str], so_far: Found) -> Iterator[Found]:
    """Find the ways in which an operation and what is before it look like a tree."""
    given = operation.inputs
    while given and not given[-1]:
        given = given[:-1]
    if operation.type != tree.type or len(given) != len(tree.inputs):
        return
    named = {**so_far.named, tree.named: operation} if tree.named else so_far.named
    so_far = so_far._replace(named=named, inner=so_far.inner | {operation.output})
    orders = permutations(given) if tree.type in _EITHER_ORDER and len(given) <= 3 else (given,)
    for order in orders:
        yield from _inputs(source, list(zip(tree.inputs, order, strict=True)), fixed, so_far)


def _inputs(
    source: Source, pairs: list[tuple[Op | str, str]], fixed: Collection[str], so_far: Found
) -> Iterator[Found]:
    if not pairs:
        yield so_far
        return
    (tree, name), *rest = pairs
    if isinstance(tree, str):
        if so_far.names.get(tree, name) == name and (name in fixed) == tree.startswith("="):
            yield from _inputs(source, rest, fixed, so_far._replace(names={**so_far.names, tree: name}))
        return
    operation = source.producers.get(name)
    if operation is not None and name not in fixed and operation.output == name:
        for place in _places(source, tree, operation, fixed, so_far):
            yield from _inputs(source, rest, fixed, place)
