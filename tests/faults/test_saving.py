import resource
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from engine import load, save
from tests.faults.save_steps import network
from tests.faults.states import digest


def test_a_save_killed_at_any_step_leaves_a_pair_that_belongs_together(tmp_path: Path):
    command = [sys.executable, "-m", "tests.faults.save_steps", str(tmp_path / "work"), "12"]
    ended = subprocess.run(command, capture_output=True, text=True, timeout=300, check=False)
    assert ended.returncode == 0, ended.stderr
    assert int(ended.stdout) > 120


@contextmanager
def room(size: int) -> Iterator[None]:
    """Let no file become larger: the system then refuses to write on, as a full disk does."""
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, before[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)


@pytest.mark.parametrize("size", [0, 1, 100, 300])
def test_a_disk_that_is_full_half_way_leaves_the_old_pair_and_nothing_else(tmp_path: Path, size: int):
    path, old = tmp_path / "net.json", network(2)
    save(old, path)
    listed = sorted(tmp_path.iterdir())
    with room(size), pytest.raises(OSError, match="too large"):
        save(network(40), path)
    assert digest(load(path)) == digest(old)
    assert sorted(tmp_path.iterdir()) == listed
    save(network(40), path)
    assert digest(load(path)) == digest(network(40))


def test_weights_that_fit_and_a_document_that_does_not_leave_the_old_pair(tmp_path: Path, monkeypatch):
    path, old = tmp_path / "net.json", network(2)
    save(old, path)
    listed = sorted(tmp_path.iterdir())
    new = network(3)
    monkeypatch.setattr("engine.formats.native.encode", lambda *_: "x" * 100_000)
    with room(50_000), pytest.raises(OSError, match="too large"):
        save(new, path)
    monkeypatch.undo()
    assert digest(load(path)) == digest(old)
    assert sorted(tmp_path.iterdir()) == listed
