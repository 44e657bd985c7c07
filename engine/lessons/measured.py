"""Numbers against their bounds, and the sentences that say how they stand."""

import re
from collections.abc import Callable
from typing import Any

from engine.language import tr, tr_count, tr_inside, tr_noop, tr_number
from engine.layers.parameters import parameters
from engine.lessons.case import Case
from engine.lessons.checks import Layers, Number, NumberOf, Setting, Total
from engine.query import measure

_SUMS: dict[str, Callable[[int], str]] = {
    "parameters": lambda count: tr_count("{count:,} parameter", "{count:,} parameters", count),
    "weights": lambda count: tr_count("{count:,} weight", "{count:,} weights", count),
    "biases": lambda count: tr_count("{count:,} bias", "{count:,} biases", count),
    "trainable": lambda count: tr_count("{count:,} trainable parameter", "{count:,} trainable parameters", count),
    "connections": lambda count: tr_count("{count:,} connection", "{count:,} connections", count),
    "macs": lambda count: tr_count("{count:,} multiply-accumulate", "{count:,} multiply-accumulates", count),
    "memory": lambda count: tr_count("{count:,} byte of maps", "{count:,} bytes of maps", count),
    "params": lambda count: tr_count("{count:,} parameter", "{count:,} parameters", count),
    "channels": lambda count: tr_count("{count:,} channel", "{count:,} channels", count),
    "height": lambda count: tr_count("{count:,} row", "{count:,} rows", count),
    "width": lambda count: tr_count("{count:,} column", "{count:,} columns", count),
    "values": lambda count: tr_count("{count:,} value", "{count:,} values", count),
    "bytes": lambda count: tr_count("{count:,} byte of maps", "{count:,} bytes of maps", count),
    "inputs": lambda count: tr_count("{count:,} input", "{count:,} inputs", count),
    "outputs": lambda count: tr_count("{count:,} layer behind it", "{count:,} layers behind it", count),
}
_Bounds = tuple[Number | None, Number | None, Number | None]


def total(check: Total, case: Case) -> tuple[bool, str]:
    """Return whether a sum over all layers is within bounds, and how it stands."""
    totals = case.analysis.totals
    value = totals.activation_bytes if check.of == "memory" else getattr(totals, check.of)
    has = tr("The network has {count}", count=_counted(check.of, value))
    return _verdict(has, _HAVE, check.bounds, value)


def number_of(check: NumberOf, case: Case, node: str) -> tuple[bool, str]:
    """Return whether a number of a layer is within bounds, and how it stands."""
    value, label = measure(check.of, node, case.analysis), case.label(node)
    if case.analysis.nodes[node].output is None:
        return False, tr("{layer} has no output yet: a mistake there or before it.", layer=label)
    if value is None or isinstance(value, str):
        return False, tr("{layer} gives a vector, which has no “{figure}”.", layer=label, figure=check.of)
    if isinstance(value, tuple):
        sees = tr("A value of {layer} sees {across:g}×{down:g} pixels", layer=label, across=value[1], down=value[0])
        return _verdict(sees, _SEE, check.bounds, *value)
    has = tr("{layer} has {count}", layer=label, count=_counted(check.of, int(value)))
    return _verdict(has, _HAVE, check.bounds, value)


def setting(check: Setting, case: Case, node: str) -> tuple[bool, str]:
    """Return whether a hyper-parameter of a layer is as it should be, and how it stands."""
    layer, label = case.graph.by_id[node].layer, case.label(node)
    known = next((one for one in parameters(type(layer)) if one.name == check.of), None)
    if known is None:
        return False, tr("{layer} has no “{setting}”.", layer=label, setting=check.of)
    value = getattr(layer, check.of)
    is_so = tr("{layer}: {setting} is {value}", layer=label, setting=tr_inside(tr(known.title)), value=_written(value))
    if check.equals is not None:
        met = _plain(value) == _plain(check.equals)
        return met, tr("{fact}.", fact=is_so) if met else tr(_BE, fact=is_so, wanted=_written(check.equals))
    sides = value if isinstance(value, tuple) else (value,)
    if any(isinstance(side, bool) or not isinstance(side, int | float) for side in sides):
        return False, tr("{fact}.", fact=is_so)
    return _verdict(is_so, _BE, check.bounds, *sides)


def layers_wanted(check: Layers, count: int) -> tuple[bool, str]:
    """Return whether so many layers of a kind are wanted, and how it stands."""
    bounds: _Bounds = (None, 1, None) if check.bounds == (None, None, None) else check.bounds
    kind = _ONLY_TYPE.fullmatch(check.where)
    if check.called:
        return _verdict(tr("{layers}: {count:,}", layers=check.called, count=count), _THERE, bounds, count)
    if kind is None:
        has = tr_count("{count:,} layer matches “{kind}”", "{count:,} layers match “{kind}”", count, kind=check.where)
    else:
        has = tr_count("There is {count:,} {kind} layer", "There are {count:,} {kind} layers", count, kind=kind[1])
    return _verdict(has, _THERE, bounds, count)


_BE = tr_noop("{fact}; it should be {wanted}.")
_HAVE = tr_noop("{fact}; it should have {wanted}.")
_SEE = tr_noop("{fact}; it should see {wanted}.")
_THERE = tr_noop("{fact}; there should be {wanted}.")
_ONLY_TYPE = re.compile(r"type\s*=\s*(\w+)")


def _verdict(fact: str, should: str, bounds: _Bounds, *values: Number) -> tuple[bool, str]:
    """Return whether all numbers are within bounds, and a sentence that says what is not."""
    equals, least, most = bounds
    if equals is not None and any(value != equals for value in values):
        wanted = _sides(equals, values)
    elif least is not None and any(value < least for value in values):
        wanted = tr("{count} or more", count=_sides(least, values))
    elif most is not None and any(value > most for value in values):
        wanted = tr("{count} or fewer", count=_sides(most, values))
    else:
        return True, tr("{fact}.", fact=fact)
    return False, tr(should, fact=fact, wanted=wanted)


def _sides(wanted: Number, values: tuple[Number, ...]) -> str:
    whole = int(wanted) if float(wanted).is_integer() else wanted
    return "×".join([tr_number(whole)] * len(values))


def _counted(of: str, count: int) -> str:
    return _SUMS[of](count)


def _plain(value: Any) -> Any:
    return tuple(value) if isinstance(value, list) else value


def _written(value: Any) -> str:
    if isinstance(value, bool):
        return tr("yes") if value else tr("no")
    if isinstance(value, list | tuple):
        return "×".join(map(_written, value))
    return tr_number(value) if isinstance(value, int | float) else str(value)
