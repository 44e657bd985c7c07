"""Hyper-parameters as data: what a layer class says of its fields, read once per class.

The inspector's form, the JSON Schema and the checks of a constructor all follow from these.
"""

from functools import cache
from math import isnan
from types import UnionType
from typing import Annotated, Any, Literal, Union, get_args, get_origin, get_type_hints

import msgspec
from msgspec import Meta

from engine.language import tr

Size = Annotated[int, Meta(ge=1, le=4096)]  # a window's extent, in pixels
Step = Annotated[int, Meta(ge=1, le=1024)]  # a stride or a dilation, in pixels
Ring = Annotated[int, Meta(ge=0, le=4096)]  # a border's width, in pixels
Extent = Annotated[int, Meta(ge=-1, le=1 << 31)]  # of a shape to be; -1 stands for what is left over
Factor = Annotated[float, Meta(ge=-1e9, le=1e9)]  # one number of a list of them
PositiveFactor = Annotated[float, Meta(ge=1e-9, le=1e9)]
Pair = tuple[Size, Size]
StepPair = tuple[Step, Step]
RingPair = tuple[Ring, Ring]
Sides = tuple[Ring, Ring, Ring, Ring]  # top, bottom, left, right
Padding = Literal["valid", "same", "same-lower"] | Sides
Kind = Literal[
    "integer",
    "number",
    "boolean",
    "choice",
    "pair",  # two whole numbers: height, width
    "sides",  # four whole numbers: top, bottom, left, right
    "padding",  # a choice, or four whole numbers
    "integers",  # any number of whole numbers
    "numbers",  # any number of numbers
    "labels",
    "node",  # what a file has; shown, not edited
]
_COUNTS = {"pair": 2, "sides": 4, "padding": 4}


class Parameter(msgspec.Struct, frozen=True):
    """One hyper-parameter of a layer class: name, kind, bounds and words for it."""

    name: str
    kind: Kind
    title: str
    help: str
    default: Any
    symbol: str = ""
    unit: str = ""
    minimum: float | None = None
    maximum: float | None = None
    choices: tuple[str, ...] = ()


def describe(
    title: str, help: str, *, symbol: str = "", unit: str = "", ge: float | None = None, le: float | None = None
) -> Meta:
    """Annotate a layer's field: its title, help, symbol in formulas, unit, and bounds (``ge``, ``le``)."""
    extra = {"symbol": symbol, "unit": unit}
    return Meta(title=title, description=help, extra=extra, ge=ge, le=le)


@cache
def parameters(layer_class: type[msgspec.Struct]) -> tuple[Parameter, ...]:
    """Return the hyper-parameters of a layer class, in the order of their definition."""
    hints = get_type_hints(layer_class, include_extras=True)
    fields = msgspec.structs.fields(layer_class)
    return tuple(_parameter(field.name, hints[field.name], field.default) for field in fields)


def check(layer: msgspec.Struct) -> None:
    """Raise a `ValueError` that names the first hyper-parameter outside its bounds, and the bounds."""
    for parameter in parameters(type(layer)):
        problem = _problem(parameter, getattr(layer, parameter.name))
        if problem:
            raise ValueError(f"{type(layer).__name__}.{parameter.name}: {problem}")


def _parameter(name: str, hint: Any, default: Any) -> Parameter:
    inner, meta = hint, None
    if get_origin(hint) is Annotated:
        inner, meta = get_args(hint)
    if meta is None or meta.title is None:
        raise TypeError(f"The field {name!r} needs describe(title, help)")
    kind, choices, bounds = _kind(inner)
    bounds = bounds or meta
    return Parameter(
        name=name,
        kind=kind,
        title=meta.title,
        help=meta.description or "",
        default=None if default is msgspec.NODEFAULT else default,
        symbol=(meta.extra or {}).get("symbol", ""),
        unit=(meta.extra or {}).get("unit", ""),
        minimum=bounds.ge,
        maximum=bounds.le,
        choices=choices,
    )


def _kind(inner: Any) -> tuple[Kind, tuple[str, ...], Meta | None]:
    plain: dict[Any, Kind] = {int: "integer", float: "number", bool: "boolean"}
    if inner in plain:
        return plain[inner], (), None
    if isinstance(inner, type) and issubclass(inner, msgspec.Struct):
        return "node", (), None
    origin = get_origin(inner)
    if origin in (Union, UnionType):
        literal, sides = get_args(inner)
        return "padding", get_args(literal), get_args(get_args(sides)[0])[1]
    if origin is Literal:
        return "choice", get_args(inner), None
    if origin is tuple:
        parts = get_args(inner)
        if get_origin(parts[0]) is not Annotated:
            return "labels", (), None
        number, bounds = get_args(parts[0])
        if parts[-1] is Ellipsis:
            return ("integers" if number is int else "numbers"), (), bounds
        return ("pair" if len(parts) == 2 else "sides"), (), bounds
    raise TypeError(f"No form field for a hyper-parameter of type {inner}")


def _problem(parameter: Parameter, value: Any) -> str | None:
    if parameter.kind == "boolean":
        return None if isinstance(value, bool) else tr("{value!r} is not true or false", value=value)
    if parameter.kind == "choice":
        return (
            None
            if value in parameter.choices
            else tr("{value!r} is not one of {choices}", value=value, choices=_list(parameter.choices))
        )
    if parameter.kind == "labels":
        good = isinstance(value, tuple) and all(isinstance(label, str) for label in value)
        return None if good else tr("{value!r} is not a tuple of texts", value=value)
    if parameter.kind == "node":
        good = isinstance(value, type(parameter.default))
        return None if good else tr("{value!r} is not a node of a file", value=value)
    if parameter.kind == "padding" and isinstance(value, str):
        return (
            None
            if value in parameter.choices
            else tr("{value!r} is not one of {choices}", value=value, choices=_list(parameter.choices))
        )
    if parameter.kind in ("integer", "number"):
        return _number_problem(parameter, value)
    count = _COUNTS.get(parameter.kind)
    if not isinstance(value, tuple) or not value or count not in (None, len(value)):
        if count is not None:
            return tr("{value!r} is not {count} whole numbers", value=value, count=count)
        if parameter.kind == "numbers":
            return tr("{value!r} is not a tuple of numbers", value=value)
        return tr("{value!r} is not a tuple of whole numbers", value=value)
    return next((problem for part in value if (problem := _number_problem(parameter, part))), None)


def _number_problem(parameter: Parameter, value: Any) -> str | None:
    fractional = parameter.kind in ("number", "numbers")
    if isinstance(value, bool) or not isinstance(value, (int, float) if fractional else (int,)):
        if fractional:
            return tr("{value!r} is not a number", value=value)
        return tr("{value!r} is not a whole number", value=value)
    if isnan(value):
        return tr("{value} is not a number", value=value)
    if parameter.minimum is not None and value < parameter.minimum:
        return tr("{value} is below the least value, {minimum}", value=value, minimum=parameter.minimum)
    if parameter.maximum is not None and value > parameter.maximum:
        return tr("{value} is above the greatest value, {maximum}", value=value, maximum=parameter.maximum)
    return None


def _list(choices: tuple[str, ...]) -> str:
    return ", ".join(repr(choice) for choice in choices)
