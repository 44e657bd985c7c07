"""Writing files so that a reader sees the old content or the new, never half of it."""

import os
from pathlib import Path


def write(path: str | Path, data: bytes) -> None:
    """Write beside the file, flush to the disk, then rename.

    Raises
    ------
    OSError
        Where the file can't be written; what was there before is then still there.
    """
    file = Path(path)
    partial = file.with_name(f".{file.name}.{os.getpid()}.partial")
    try:
        with partial.open("wb") as stream:
            stream.write(data)
            stream.flush()
            os.fsync(stream.fileno())
        partial.replace(file)
    finally:
        partial.unlink(missing_ok=True)
