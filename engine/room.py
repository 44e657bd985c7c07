"""How much memory there is: of the machine, of the container, and of addresses where those are bounded."""

import os
import sys
from contextlib import suppress
from pathlib import Path

from engine.language import tr_number

SHARE = 0.8  # of what there is that a run may take: others want some, too
_PROC, _CGROUP = Path("/proc"), Path("/sys/fs/cgroup")


def usual_limit() -> int:
    """Return how many bytes a run may need where nobody says it: most of what this program has and could have."""
    return int(SHARE * (available() + resident()))


def available() -> int:
    """Return how many bytes this program could still ask for without others having to give theirs up."""
    return max(0, min(_machine(), _container(), _addresses()))


def resident() -> int:
    """Return how many bytes of memory this program has; 0 where the system does not say it."""
    with suppress(OSError, ValueError, IndexError):
        return int((_PROC / "self/statm").read_text(encoding="ascii").split()[1]) * os.sysconf("SC_PAGE_SIZE")
    return 0


def give_back() -> None:
    """Return what nobody uses any more to the system, which the C library would rather keep: gigabytes, in time."""
    if sys.platform == "linux":
        import ctypes

        trim = getattr(ctypes.CDLL(None), "malloc_trim", None)  # of glibc
        if trim is not None:
            trim(0)


def text(count: int) -> str:
    """Return bytes for a reader: ``553 MB``, ``1.2 GB``; a kilobyte is 1,000 bytes here."""
    for unit, size in (("GB", 10**9), ("MB", 10**6)):
        if count >= size:
            return f"{tr_number(count / size, '.1f' if count < 10 * size else '.0f')} {unit}"
    return f"{tr_number(count / 1000, '.0f')} KB"


def parse(said: str) -> int:
    """Return the bytes that a person means: ``2G``, ``1.5 GB``, ``800M``, ``800000000``.

    Raises
    ------
    ValueError
        Where that is no size.
    """
    plain = said.strip().upper().removesuffix("B").strip()
    factor = {"K": 10**3, "M": 10**6, "G": 10**9, "T": 10**12}.get(plain[-1:], 1)
    count = float(plain if factor == 1 else plain[:-1]) * factor
    if not 1 <= count < 1 << 62:
        raise ValueError(said)
    return int(count)


def _machine() -> int:
    with suppress(OSError, ValueError, StopIteration):
        lines = (_PROC / "meminfo").read_text(encoding="ascii").splitlines()
        return next(int(line.split()[1]) * 1024 for line in lines if line.startswith("MemAvailable"))
    if sys.platform == "win32":
        return _windows()
    with suppress(OSError, ValueError):
        return os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE") // 2  # what is free macOS tells no script
    return 4 << 30


def _windows() -> int:
    import ctypes

    class Status(ctypes.Structure):
        _fields_ = (
            ("length", ctypes.c_ulong),
            ("load", ctypes.c_ulong),
            *((name, ctypes.c_ulonglong) for name in ("all", "free", "pages", "free_pages", "virtual", "left", "more")),
        )

    status = Status(length=ctypes.sizeof(Status))
    ctypes.windll.kernel32.GlobalMemoryStatusEx(ctypes.byref(status))  # type: ignore[attr-defined,unused-ignore]
    return int(status.free)


def _container() -> int:
    with suppress(OSError, ValueError):
        most = int((_CGROUP / "memory.max").read_text(encoding="ascii"))  # or “max”
        return most - int((_CGROUP / "memory.current").read_text(encoding="ascii"))
    return sys.maxsize


def _addresses() -> int:
    if sys.platform == "win32":
        return sys.maxsize
    import resource

    most = resource.getrlimit(resource.RLIMIT_AS)[0]
    if most == resource.RLIM_INFINITY:
        return sys.maxsize
    with suppress(OSError, ValueError, IndexError):
        return most - int((_PROC / "self/statm").read_text(encoding="ascii").split()[0]) * os.sysconf("SC_PAGE_SIZE")
    return most
