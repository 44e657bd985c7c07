"""The window outlives errors in what Qt calls, wherever they are, however many come at once."""

import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent.parent


@pytest.mark.parametrize(
    "name", ["sizeHint", "eventFilter", "event", "paintEvent", "paint", "boundingRect", "data", "itemAt"]
)
def test_a_window_in_which_every_such_method_fails_lives_on(name: str, tmp_path: Path):
    command = [sys.executable, "-m", "tests.faults.shielded_window", name, str(tmp_path)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=300, check=False)
    assert done.returncode == 0, done.stderr[-3000:]
    count, told = done.stdout.split()
    assert int(count) > 0
    assert told == "True"
