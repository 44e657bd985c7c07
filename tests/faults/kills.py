"""Kill an editing program at random moments and see what comes back: ``python -m tests.faults.kills 200``."""

import os
import random
import signal
import subprocess
import sys
import tempfile
import time
import warnings
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

from designer.recovery.found import find
from engine import load
from tests.faults.states import digest

MOST_LOST = 2.0  # seconds of work
_START_SECONDS = 600.0  # the machine may hold a program for minutes
_LONGEST_SESSION = 3.0
_PAUSE = 1.0  # longer ones between edits are no work: the machine was held, or busy with others


@dataclass(frozen=True)
class Outcome:
    """What one kill left: how many states there had been, what was offered, and how much work was gone."""

    states: int
    offered: bool
    saved: bool
    lost_seconds: float


def kill_one(seed: int, folder: Path, longest: float = _LONGEST_SESSION) -> Outcome:
    """Let a program edit in a folder, kill it within ``longest`` seconds, and check all that is there.

    Raises
    ------
    AssertionError
        Where what comes back is no state that there was, or more than `MOST_LOST` is gone.
    """
    journal = folder / "journal"
    with (folder / "output").open("wb") as output:
        process = subprocess.Popen(
            [sys.executable, "-m", "tests.faults.session", str(seed), str(folder)], stdout=output, stderr=output
        )
        began = time.monotonic()
        while not (journal.exists() and journal.stat().st_size):
            assert process.poll() is None, (folder / "output").read_text()
            assert time.monotonic() - began < _START_SECONDS
            time.sleep(0.005)
        time.sleep(random.Random(seed).uniform(0, longest))
        assert process.poll() is None, (folder / "output").read_text()
        assert find(folder / "recovery") == ([], [])  # a window that opens now leaves that work alone
        killed = time.time()
        process.send_signal(signal.SIGKILL)
        process.wait()
    return _check(folder, killed)


def _check(folder: Path, killed: float) -> Outcome:
    lines = [line.split() for line in (folder / "journal").read_text().splitlines()]
    times, states = [float(when) for when, _ in lines], [state for _, state in lines]
    found, broken = find(folder / "recovery")
    assert not broken
    assert len(found) <= 1
    reached = 0  # the first is the example as it was opened
    for one in found:
        reached = max(reached, _last(states, digest(one.load())))
        one.release()
    saved = folder / "work.json"
    if saved.exists():
        with warnings.catch_warnings():
            warnings.simplefilter("error")
            reached = max(reached, _last(states, digest(load(saved))))
    gone = [*times[reached + 1 :], killed]
    lost = sum(min(after - before, _PAUSE) for before, after in pairwise(gone))
    assert lost <= MOST_LOST, f"{lost:.2f} s of work are gone"
    return Outcome(len(states), bool(found), saved.exists(), lost)


def _last(states: list[str], state: str) -> int:
    assert state in states, "what came back is no state that there was"
    return len(states) - 1 - states[::-1].index(state)


def main(count: int) -> None:
    """Kill ``count`` times and print what was seen."""
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    outcomes = []
    for seed in range(count):
        with tempfile.TemporaryDirectory(prefix="convolab-kills-") as folder:
            outcomes.append(kill_one(seed, Path(folder)))
        if (seed + 1) % 10 == 0:
            print(f"{seed + 1} kills", flush=True)
    lost = sorted(one.lost_seconds for one in outcomes)
    print(f"{count} kills after {sum(one.states for one in outcomes):,} states in all")
    print(f"{sum(one.offered for one in outcomes)} offered work back, {sum(one.saved for one in outcomes)} had a file")
    print(f"work gone: median {lost[len(lost) // 2]:.2f} s, most {lost[-1]:.2f} s")
    print("all that came back was a state that there had been; no file was broken")


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 200)
