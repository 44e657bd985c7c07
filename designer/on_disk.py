"""How a document's files stood when this program last read or wrote them: whether another one has been there since."""

from hashlib import blake2b
from pathlib import Path

import msgspec

from engine.formats import weights_of

Stamp = tuple[int, int]  # size in bytes, time of the last change in nanoseconds


class Seen(msgspec.Struct, frozen=True):
    """A document by its content, and the weights that it names by size and time, for they are large."""

    document: str
    weights: str | None = None
    stamp: Stamp | None = None


def seen(path: Path) -> Seen | None:
    """Return how a document stands on the disk; None where it can't be read."""
    path = path.resolve()
    try:
        document = blake2b(path.read_bytes(), digest_size=16).hexdigest()
    except OSError:
        return None
    weights = weights_of(path)
    return Seen(document, str(weights) if weights else None, stamp(weights) if weights else None)


def stamp(file: Path) -> Stamp | None:
    """Return a file's size and time of change; None where there is no such file."""
    try:
        found = file.stat()
    except OSError:
        return None
    return found.st_size, found.st_mtime_ns
