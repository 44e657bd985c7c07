"""Damage to files of weights: in the head that says where each array lies, and inside of archives."""

import io
import json
import zipfile
from random import Random

from tests.faults.fuzz import trees
from tests.faults.fuzz.octets import damaged as damaged_bytes


def damaged_safetensors(data: bytes, chance: Random) -> bytes:
    """Return a safetensors file with its head changed as JSON, and the head's size right, mostly."""
    if chance.random() < 0.3:
        return damaged_bytes(data, chance)
    size = int.from_bytes(data[:8], "little")
    head = trees.damaged(json.dumps(json.loads(data[8 : 8 + size])).encode(), chance)
    said = len(head) if chance.random() < 0.9 else chance.choice((0, 1, size, 2**31, 2**63, 2**64 - 1))
    body = data[8 + size :]
    return said.to_bytes(8, "little") + head + (body if chance.random() < 0.9 else damaged_bytes(body, chance))


def damaged_archive(data: bytes, chance: Random) -> bytes:
    """Return a ZIP archive with the content of some files changed and packed anew, or with its own bytes changed."""
    if chance.random() < 0.3:
        return damaged_bytes(data, chance)
    stream = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as new:
        names = old.namelist()
        chosen = chance.choice(names)
        for name in names:
            body = old.read(name)
            if name == chosen:
                cut = min(len(body), 128)  # where an array says its type and shape
                body = damaged_bytes(body[:cut], chance) + body[cut:]
                name = chance.choice((name, name, name, "../" + name, "/" + name, name[:-1], "_", "x" * 300 + ".npy"))
            new.writestr(name, body)
    return stream.getvalue()
