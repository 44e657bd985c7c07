"""Damage to a protobuf message that is one still, mostly: any field of any message in it, found by reflection."""

from random import Random
from typing import Any

import onnx
from google.protobuf.descriptor import FieldDescriptor
from google.protobuf.message import Message

from tests.faults.fuzz.octets import damaged as damaged_bytes

_NUMBERS = (0, 1, -1, 2, 3, 4, 7, 13, 224, 2**20, 2**31 - 1, -(2**31), 2**40, 2**62, 2**63 - 1, -(2**63))
_FLOATS = (0.0, -1.0, 1e-30, 1e38, float("nan"), float("inf"))
_TEXTS = ("", "x", "..", "../x", "/etc/passwd", "Conv", "Relu", "Add", "Reshape", "Gemm", "Concat", "axes", "é" * 300)
_MOST_BYTES = 1 << 20


def damaged(data: bytes, chance: Random) -> bytes:
    """Return the bytes of an ONNX model with one to five fields changed anywhere in it."""
    if chance.random() < 0.15:
        return damaged_bytes(data, chance)
    model = onnx.ModelProto.FromString(data)
    for _ in range(chance.choice((1, 1, 2, 3, 5))):
        messages = _messages(model)
        names = sorted(one.name for one in model.graph.initializer) + [
            name for node in model.graph.node for name in (*node.input, *node.output)
        ]
        _change(chance.choice(messages), names, chance)
    return model.SerializeToString()


def _messages(root: Message) -> list[Message]:
    found, waiting = [], [root]
    while waiting:
        one = waiting.pop()
        found.append(one)
        for field, value in one.ListFields():
            if field.type == FieldDescriptor.TYPE_MESSAGE:
                waiting.extend(value if _is_repeated(field) else [value])
    return found


def _is_repeated(field: FieldDescriptor) -> bool:
    return bool(field.is_repeated)


def _change(message: Message, names: list[str], chance: Random) -> None:
    given = [field for field, _ in message.ListFields()]
    every = list(message.DESCRIPTOR.fields)
    field = chance.choice(given if given and chance.random() < 0.85 else every)
    if chance.random() < 0.12:
        message.ClearField(field.name)
    elif _is_repeated(field):
        _change_many(getattr(message, field.name), field, names, chance)
    elif field.type == FieldDescriptor.TYPE_MESSAGE:
        getattr(message, field.name).SetInParent()
    else:
        _set(message, field, _other(field, getattr(message, field.name), names, chance))


def _set(message: Message, field: FieldDescriptor, value: Any) -> None:
    try:
        setattr(message, field.name, value)
    except ValueError:  # wider than the field
        message.ClearField(field.name)


def _change_many(values: Any, field: FieldDescriptor, names: list[str], chance: Random) -> None:
    kind, count = chance.randrange(5), len(values)
    if kind == 0 and count:
        del values[chance.randrange(count)]
    elif kind == 1 and count and count * 2 < 4096:
        values.extend([values[chance.randrange(count)]] * chance.choice((1, 2, 8)))
    elif kind == 2 and count > 1:
        kept = list(values)
        chance.shuffle(kept)
        kept = [_copy(one) for one in kept]
        del values[:]
        values.extend(kept)
    elif field.type == FieldDescriptor.TYPE_MESSAGE:
        values.add()
    else:
        old = values[chance.randrange(count)] if count else None
        new = _other(field, old, names, chance)
        try:
            if count and chance.random() < 0.8:
                values[chance.randrange(count)] = new
            else:
                values.append(new)
        except ValueError:  # wider than the field
            del values[:]


def _copy(value: Any) -> Any:
    if not isinstance(value, Message):
        return value
    made = type(value)()
    made.CopyFrom(value)
    return made


def _other(field: FieldDescriptor, old: Any, names: list[str], chance: Random) -> Any:
    """Return a value that a field can hold, and that it had not."""
    if field.type == FieldDescriptor.TYPE_STRING:
        return chance.choice(names) if names and chance.random() < 0.6 else chance.choice(_TEXTS)
    if field.type == FieldDescriptor.TYPE_BYTES:
        return damaged_bytes(old or b"", chance)[:_MOST_BYTES]
    if field.type in (FieldDescriptor.TYPE_FLOAT, FieldDescriptor.TYPE_DOUBLE):
        return chance.choice(_FLOATS)
    if field.type == FieldDescriptor.TYPE_ENUM:
        return chance.randrange(24)
    number = chance.choice(_NUMBERS) if chance.random() < 0.6 else int(old or 0) + chance.choice((-1, 1))
    return max(number, 0) if field.type in (FieldDescriptor.TYPE_UINT64, FieldDescriptor.TYPE_UINT32) else number
