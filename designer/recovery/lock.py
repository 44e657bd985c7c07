"""A lock that ends with its process, however that ends; a number of a process in a file would outlive it."""

import sys
from pathlib import Path

NAME = "lock"

if sys.platform == "win32":
    import msvcrt

    def _take(handle: int) -> None:
        msvcrt.locking(handle, msvcrt.LK_NBLCK, 1)
else:
    import fcntl

    def _take(handle: int) -> None:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)


class FolderLock:
    """Holds a folder for this process until it is released, or the process is gone."""

    def __init__(self, folder: Path) -> None:
        """Take the lock.

        Raises
        ------
        OSError
            Where another process holds it (`BlockingIOError` or `PermissionError`), or the folder is gone.
        """
        self._stream = (folder / NAME).open("a+b")
        try:
            _take(self._stream.fileno())
        except OSError:
            self._stream.close()
            raise

    def release(self) -> None:
        """Give the folder free."""
        self._stream.close()
