"""The version before the last save: hidden beside the document, once.

A second name for the old weights costs no room until they change; the old document is written anew, under a name of its
own, and names them. So it belongs together with its weights at every moment, as the document itself does.
"""

import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from secrets import token_hex

import msgspec

from engine.formats import files, native
from engine.formats.errors import FormatError
from engine.formats.safetensors import load_weights
from engine.language import tr
from engine.network import Network

_WEIGHTS = ".previous.safetensors"


def place_of(file: Path) -> Path:
    """Return where the previous version of a document is kept."""
    file = Path(os.path.realpath(file))
    return files.beside(file, f"{file.suffix}.previous", ".")


def load_previous(file: Path) -> Network:
    """Read the version of a document that the last save replaced.

    Raises
    ------
    FormatError
        Where there is none, or it can't be read.
    """
    kept = place_of(file)
    try:
        network, weights = native.decode(kept.read_bytes())
    except OSError as problem:
        raise FormatError(tr("There is no earlier version of {file}", file=file.name)) from problem
    if weights is None or Path(weights).name != weights:
        return network
    return msgspec.structs.replace(network, weights=load_weights(kept.with_name(weights)))


@contextmanager
def kept(file: Path, weights: Path | None) -> Iterator[None]:
    """Keep what a document and its weights are before the save inside, if that succeeds and changes anything.

    That a disk has no room for it, or no second names, keeps nobody from saving.
    """
    file = Path(os.path.realpath(file))
    before = _content(file)
    second = files.beside(file, f".{token_hex(4)}{_WEIGHTS}", ".")
    linked = before is not None and weights is not None and _link(weights, second)
    try:
        yield
        changed = before != _content(file) or (linked and not _is_same(weights, second))
        if before is not None and changed:
            with suppress(OSError):
                _write(file, before, second if linked else None)
                linked = False
    finally:
        if linked:
            with suppress(OSError):
                second.unlink()


def _write(file: Path, before: bytes, weights: Path | None) -> None:
    """Put the old document in its place, and let older weights go."""
    data = before
    with suppress(FormatError):  # what was no document is kept as it was
        network, _ = native.decode(before)
        data = native.encode(network, weights.name if weights else None).encode()
    files.write(place_of(file), data)
    name = files.beside(file, f".????????{_WEIGHTS}", ".").name
    for other in file.parent.glob(_escaped(name.removesuffix(f"????????{_WEIGHTS}")) + f"????????{_WEIGHTS}"):
        if other != weights:
            with suppress(OSError):
                other.unlink()


def _escaped(name: str) -> str:
    return "".join(f"[{letter}]" if letter in "*?[" else letter for letter in name)


def _content(file: Path) -> bytes | None:
    try:
        return file.read_bytes()
    except OSError:
        return None


def _is_same(weights: Path | None, second: Path) -> bool:
    """Whether the weights are still the file that has a second name."""
    try:
        return weights is not None and weights.samefile(second)
    except OSError:
        return False


def _link(weights: Path, second: Path) -> bool:
    try:
        os.link(weights, second)
    except OSError:
        return False
    return True
