"""Read one damaged file after the other, and hold each to its time and memory."""

import faulthandler
import resource
import signal
import tempfile
import time
import traceback
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from random import Random

from tests.faults.fuzz.targets import Target, read

LONGEST_SECONDS = 5.0
_PATIENCE = 300.0  # seconds after which a machine that is busy with others is no excuse any more
_ROOM = 3 << 30  # of addresses, for what is loaded and for what numpy and its threads reserve
_SHM = Path("/dev/shm")


@dataclass
class Outcome:
    """What came of reading many damaged files."""

    count: int = 0
    taken: int = 0
    slowest: float = 0.0
    largest: int = 0
    defects: dict[str, tuple[int, str]] = field(default_factory=dict)  # by place: the first number, what was raised

    def line(self, name: str) -> str:
        """Return the figures in a line."""
        return (
            f"{name}: {self.count:,} files, {self.taken:,} opened, {self.count - self.taken:,} refused in a sentence; "
            f"slowest {self.slowest:.2f} s, most memory {self.largest / 2**20:.0f} MB; {len(self.defects)} defects"
        )


class TooSlow(BaseException):
    """Reading took longer than it may; not to be caught by what is slow."""


def file_of(target: Target, number: int, seeds: list[bytes]) -> bytes:
    """Return the damaged file of a number: always the same."""
    chance = Random(f"{target.suffix} {number}")
    return target.damage(chance.choice(seeds), chance)


def go(target: Target, count: int, first: int = 0, *, report: bool = False) -> Outcome:
    """Read so many damaged files, from a number on."""
    outcome, seeds = Outcome(), target.seeds()
    with tempfile.TemporaryDirectory(dir=_SHM if _SHM.is_dir() else None) as folder:
        path = Path(folder) / f"damaged{target.suffix}"
        path.write_bytes(seeds[0])
        read(target, path)  # what is loaded once is no file's
        for number in range(first, first + count):
            path.write_bytes(file_of(target, number, seeds))
            _one(target, path, number, outcome)
            if report and (number + 1 - first) % 10_000 == 0:
                print(f"  {outcome.line(target.suffix)}", flush=True)
    return outcome


def _one(target: Target, path: Path, number: int, outcome: Outcome) -> None:
    before = _resident_anew()
    began = time.process_time()
    try:
        with _limited():
            outcome.taken += read(target, path)
    except (KeyboardInterrupt, SystemExit):
        raise
    except BaseException as problem:  # noqa: BLE001 - whatever it is, it is what is looked for
        place = "; ".join(f"{one.name}:{one.lineno}" for one in traceback.extract_tb(problem.__traceback__)[-3:])
        outcome.defects.setdefault(f"{type(problem).__name__} at {place}", (number, traceback.format_exc()[-2500:]))
    took, used = time.process_time() - began, _peak() - before
    if used > target.most_bytes:
        outcome.defects.setdefault("too much memory", (number, f"{used / 2**20:.0f} MB"))
    outcome.count += 1
    outcome.slowest, outcome.largest = max(outcome.slowest, took), max(outcome.largest, used)


@contextmanager
def _limited() -> Iterator[None]:
    """Have an alarm set, and no more addresses than a machine with little memory has."""
    before = signal.signal(signal.SIGPROF, _too_slow)
    signal.setitimer(signal.ITIMER_PROF, LONGEST_SECONDS)  # of the processor: others may want it, too
    faulthandler.dump_traceback_later(_PATIENCE, exit=True)  # where that does not get through, or all waits
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_PROF, 0)
        faulthandler.cancel_dump_traceback_later()
        signal.signal(signal.SIGPROF, before)


def _too_slow(*_: object) -> None:
    raise TooSlow


def confine() -> None:
    """Let this process, for good, have no more addresses than it needs: what asks for more gets a MemoryError."""
    resource.setrlimit(resource.RLIMIT_AS, (_ROOM, _ROOM))


def _resident_anew() -> int:
    """Return how much memory is resident, and begin to watch for the most anew."""
    Path("/proc/self/clear_refs").write_text("5", encoding="ascii")
    return _status("VmRSS")


def _peak() -> int:
    return _status("VmHWM")


def _status(name: str) -> int:
    with open("/proc/self/status", encoding="ascii") as lines:
        return next(int(line.split()[1]) * 1024 for line in lines if line.startswith(name))
