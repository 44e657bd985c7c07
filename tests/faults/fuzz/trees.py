"""Damage to JSON that is JSON still, mostly: values, keys and whole branches, and numbers that JSON does not have."""

import json
from random import Random
from typing import Any

from tests.faults.fuzz.octets import damaged as damaged_bytes

_RAW = "raw:"  # what follows in a text is written as it stands
_NUMBERS = (0, -1, 1, 2, 0.5, -0.0, 1e308, 2**31, 2**53 + 1, 2**63, -(2**63), 2**64, 10**30)
_TEXTS = ("", " ", "a", "..", "../x.safetensors", "/etc/passwd", "\\\\host\\x", "C:\\x", "%s", "{x}", "\u202eabc", "\0")
_TEXTS += ("\ud7ff", "é" * 200, "x" * 5000, "None", "image", "conv1", "__class__", "🙂", "weights.safetensors")
_ODD = tuple(_RAW + one for one in ("1e400", "-1e400", "NaN", "Infinity", "-Infinity", "1E-400", "00", "1.", "+1"))
_ODD += (_RAW + "9" * 400, _RAW + "[" * 3000 + "]" * 3000, _RAW + '{"a":' * 3000 + "1" + "}" * 3000, _RAW + "'a'")
_SIMPLE = (None, True, False, [], {}, [[]], [None], {"": None})

Spot = tuple[Any, Any]  # a list or an object, and where in it


def damaged(data: bytes, chance: Random) -> bytes:
    """Return the text of a JSON file with one to five of its values, keys or branches changed."""
    if chance.random() < 0.15:
        return damaged_bytes(data, chance)
    tree = [json.loads(data)]
    change(tree, chance)
    text = json.dumps(tree[0], ensure_ascii=chance.random() < 0.5) if tree else ""
    while (start := text.find(f'"{_RAW}')) >= 0:
        end = start + len(_RAW) + 1
        last = _end_of_text(text, end)
        text = text[:start] + json.loads(f'"{text[end:last]}"') + text[last + 1 :]
    if chance.random() < 0.05:  # the same key twice
        text = text.replace("{", '{"name": "twice", ', 1)
    return text.encode("utf-8", "surrogatepass")


def change(tree: list[Any], chance: Random) -> None:
    """Change what a tree holds below its root list, in place."""
    for _ in range(chance.choice((1, 1, 2, 3, 5))):
        spots = _spots(tree)
        if spots:
            _change(chance.choice(spots), spots, chance)


def _end_of_text(text: str, start: int) -> int:
    while text[start] != '"':
        start += 2 if text[start] == "\\" else 1
    return start


def _spots(tree: list[Any]) -> list[Spot]:
    found: list[Spot] = []
    waiting: list[Any] = [tree]
    while waiting:
        one = waiting.pop()
        for key in list(one) if isinstance(one, dict) else range(len(one)):
            found.append((one, key))
            if isinstance(one[key], dict | list):
                waiting.append(one[key])
    return found


def _change(spot: Spot, spots: list[Spot], chance: Random) -> None:
    holder, key = spot
    if (isinstance(holder, list) and not 0 <= key < len(holder)) or (isinstance(holder, dict) and key not in holder):
        return  # went with an earlier change
    kind, other = chance.choice((0, 1, 2, 3, 4, 5, 5, 5, 5, 6, 7)), _value(chance.choice(spots))
    if kind == 0:
        del holder[key]
    elif kind == 1 and isinstance(holder, list):
        holder[key:key] = [_copy(holder[key])] * chance.choice((1, 2, 40))
    elif kind == 2:
        holder[key] = _copy(other)
    elif kind == 3 and isinstance(holder, dict):
        holder[chance.choice((*_TEXTS, *holder))] = holder.pop(key)
    elif kind == 4 and isinstance(holder, list):
        chance.shuffle(holder)
    elif kind == 5:
        holder[key] = _near(holder[key], chance)
    else:
        holder[key] = _copy(chance.choice(chance.choice((_NUMBERS, _TEXTS, _ODD, _SIMPLE))))


def _value(spot: Spot) -> Any:
    holder, key = spot
    try:
        return holder[key]
    except (IndexError, KeyError):  # went with an earlier change
        return None


def _copy(value: Any) -> Any:
    return json.loads(json.dumps(value)) if isinstance(value, dict | list) else value


def _near(value: Any, chance: Random) -> Any:
    """Return a value of the same kind, a little or much larger."""
    if isinstance(value, bool) or value is None:
        return not value
    if isinstance(value, int):
        return value + chance.choice((-1, -1, 1, 1, 2, value, 1000, 10**6))
    if isinstance(value, float):
        return value * chance.choice((-1, 0.5, 1e6, 1e300))
    if isinstance(value, str):
        return value + chance.choice(("", "x", ".", "/", "\0", value))
    return [value]
