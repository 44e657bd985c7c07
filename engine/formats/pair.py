"""A document and the weights beside it: two files that change as one.

A document names its weights, and weights that a document on the disk names are never written over. New ones go under a
name that is free, then the document is replaced, in one step, by one that names them. That they have the document's own
name in the end is done by a second name for the same content, which costs nothing.
"""

import os
from contextlib import nullcontext, suppress
from pathlib import Path
from secrets import token_hex

import msgspec

from engine.formats import files, native, previous
from engine.formats.safetensors import save_weights
from engine.network import Network


class _Head(msgspec.Struct):
    weights: str | None = None


def save(network: Network, file: Path, *, weights_kept: bool, keep_previous: bool = False) -> None:
    """Write a document, and its weights where it has any; keep those that they replace as the previous version.

    Raises
    ------
    OSError
        Where a file can't be written; the pair that was there before is then still there.
    """
    with previous.kept(file, weights_of(file)) if keep_previous else nullcontext():
        _save(network, Path(os.path.realpath(file)), weights_kept=weights_kept)


def _save(network: Network, file: Path, *, weights_kept: bool) -> None:
    if not network.weights:
        _write(network, file, None)
        return
    named, usual, other = weights_of(file), files.beside(file, ".safetensors"), files.beside(file, ".new.safetensors")
    for one in (usual, other):
        if one.is_symlink():  # which may have come with the document, and lead to any file of the person's
            one.unlink()
    if weights_kept and named is not None and named.exists():
        _write(network, file, named)
        return
    written = usual if named != usual else other
    before = written.exists()
    save_weights(network.weights, written)
    try:
        _write(network, file, written)
    except OSError:
        if not before:
            with suppress(OSError):
                written.unlink()
        raise
    with suppress(OSError):  # the pair is safe already; on a disk without links it keeps its new name
        if written != usual:
            _name(written, usual)
            _write(network, file, usual)
            written.unlink()
        elif named == other:
            named.unlink()


def weights_of(file: Path) -> Path | None:
    """Return the weights file that a document on the disk names; None where there is none, or no document."""
    try:
        head = msgspec.json.decode(file.read_bytes(), type=_Head)
    except (OSError, msgspec.MsgspecError, UnicodeDecodeError, RecursionError):
        return None
    return file.with_name(head.weights) if head.weights and Path(head.weights).name == head.weights else None


def _write(network: Network, file: Path, weights: Path | None) -> None:
    files.write(file, native.encode(network, weights.name if weights else None).encode())


def _name(content: Path, name: Path) -> None:
    """Give a file's content a second name, in one step, whatever had that name before."""
    made = name.with_name(f".convolab-{os.getpid()}-{token_hex(4)}.partial")
    os.link(content, made)
    try:
        made.replace(name)
    finally:
        made.unlink(missing_ok=True)
    files.sync_folder(name.parent)
