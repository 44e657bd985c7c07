"""Read damaged files by the hundred thousand: ``python -m tests.faults.fuzz [FORMAT …] [--count N] [--first N]``."""

import argparse
import subprocess
import sys

from tests.faults.fuzz.loop import confine, go
from tests.faults.fuzz.targets import TARGETS


def main() -> int:
    """Read them, each format in a process of its own, and print what was found."""
    parser = argparse.ArgumentParser(prog="python -m tests.faults.fuzz", description=__doc__)
    parser.add_argument("formats", nargs="*", choices=[*TARGETS, []], help=f"of {', '.join(TARGETS)}; all")
    parser.add_argument("--count", type=int, default=100_000)
    parser.add_argument("--first", type=int, default=0, help="number of the first file; each number is a file")
    options = parser.parse_args()
    if len(options.formats) == 1:
        return _one(options.formats[0], options.count, options.first)
    command = [sys.executable, "-m", "tests.faults.fuzz", "--count", str(options.count), "--first", str(options.first)]
    return max(subprocess.run([*command, name], check=False).returncode for name in options.formats or TARGETS)


def _one(name: str, count: int, first: int) -> int:
    confine()
    outcome = go(TARGETS[name], count, first, report=True)
    print(outcome.line(name))
    for place, (number, text) in outcome.defects.items():
        print(f"\n-- {place}, file {number}\n{text}")
    return 1 if outcome.defects else 0


if __name__ == "__main__":
    raise SystemExit(main())
