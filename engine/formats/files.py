"""Writing files so that a reader sees the old content or the new, never half of it, whatever happens in between."""

import errno
import os
import shutil
import time
import zlib
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path
from secrets import token_hex

from engine.language import tr, tr_noop

_LONGEST_NAME = 255  # bytes, on all common disks
_PARTIAL = ".convolab-{}.partial"
_LEFT_SECONDS = 3600.0  # a partial file of this age was left by a program that was killed

_REASONS = {
    errno.ENOSPC: tr_noop("there is no room left on the disk"),
    errno.EFBIG: tr_noop("it would be larger than a file may be there"),
    errno.EDQUOT: tr_noop("your quota on this disk is used up"),
    errno.EACCES: tr_noop("you may not write there"),
    errno.EPERM: tr_noop("you may not write there"),
    errno.EROFS: tr_noop("the disk can only be read"),
    errno.ENOENT: tr_noop("its folder is not there any more"),
    errno.ENOTDIR: tr_noop("its folder is not there any more"),
    errno.ENAMETOOLONG: tr_noop("its name is too long for this disk"),
    errno.EIO: tr_noop("the disk reports a fault"),
}


def write(path: str | Path, data: bytes | Iterable[bytes | memoryview]) -> None:
    """Write beside the file, flush to the disk, then rename; a link keeps leading to the file that it leads to.

    Parameters
    ----------
    path
        The file; one that exists keeps its permissions.
    data
        All of its content, or pieces of it in their order.

    Raises
    ------
    OSError
        Where the file can't be written; what was there before is then still there.
    """
    file = Path(os.path.realpath(path))
    exists = file.exists()
    if exists and not os.access(file, os.W_OK):  # a rename would replace what its owner protects
        raise PermissionError(errno.EACCES, os.strerror(errno.EACCES), str(file))
    partial = file.with_name(_PARTIAL.format(f"{os.getpid()}-{token_hex(4)}"))
    try:
        with partial.open("xb") as stream:
            for piece in (data,) if isinstance(data, bytes) else data:
                stream.write(piece)
            stream.flush()
            os.fsync(stream.fileno())
        if exists:
            with suppress(OSError):  # disks without permissions
                shutil.copymode(file, partial)
        partial.replace(file)
    finally:
        with suppress(OSError):  # the first failure is the one to tell of
            partial.unlink(missing_ok=True)
    sync_folder(file.parent)
    _sweep(file.parent)


def beside(file: Path, ending: str, start: str = "") -> Path:
    """Return a path beside a file: its name without its suffix, with an ending, and shortened where it must be."""
    name = f"{start}{file.stem}{ending}"
    if len(os.fsencode(name)) > _LONGEST_NAME:
        mark = f"~{zlib.crc32(os.fsencode(file.name)):08x}"
        room = _LONGEST_NAME - len(os.fsencode(start + mark + ending))
        name = f"{start}{os.fsencode(file.stem)[:room].decode(errors='ignore')}{mark}{ending}"
    return file.with_name(name)


def sync_folder(folder: Path) -> None:
    """Make the names in a folder as lasting as the files' contents, where the system can."""
    with suppress(OSError):  # Windows opens no folders, and some network disks flush none
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)


def reason(problem: OSError) -> str:
    """Return why a file can't be written, as the end of a sentence."""
    known = _REASONS.get(problem.errno or 0)
    return tr(known) if known else problem.strerror or str(problem)


def _sweep(folder: Path) -> None:
    """Remove what a program that was killed in the middle of a write has left."""
    for partial in folder.glob(_PARTIAL.format("*")):
        with suppress(OSError):  # another program was faster
            if time.time() - partial.stat().st_mtime > _LEFT_SECONDS:
                partial.unlink()
