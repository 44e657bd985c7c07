"""Saving on disks that fail, real ones: ``unshare --mount python -m tests.faults.disks CASE FOLDER``.

The folder is an empty one; what is mounted there is seen by this process alone, and goes with it.
"""

import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

from engine import Network, load, save
from engine.formats import files, load_previous
from tests.faults.save_steps import network
from tests.faults.states import digest

_PAGE = 4  # kilobytes
_SMALL, _LARGE = network(3), network(4000)


def mount(*arguments: str) -> None:
    """Mount something."""
    subprocess.run(["mount", *arguments], check=True)


def contents(folder: Path) -> dict[str, bytes]:
    """Return all files of a folder."""
    return {path.name: path.read_bytes() for path in sorted(folder.iterdir())}


def refused(made: Network, path: Path) -> str:
    """Return why a document can't be saved; what is there is as it was."""
    before = contents(path.parent) if path.parent.is_dir() else None
    try:
        save(made, path, keep_previous=True)
    except OSError as problem:
        assert before == (contents(path.parent) if path.parent.is_dir() else None)
        return files.reason(problem)
    raise AssertionError("it was saved")


def full(folder: Path) -> None:
    """Save on a disk that is full sooner or later, at every page that a save writes; then make room."""
    path, outcomes = folder / "net.json", []
    for pages in range(3, 60):
        mount("-t", "tmpfs", "-o", f"size={pages * _PAGE}k", "none", str(folder))
        save(_SMALL, path)
        try:
            save(_LARGE, path, keep_previous=True)
            outcomes.append("saved")
        except OSError as problem:
            outcomes.append(files.reason(problem))
            assert digest(load(path)) == digest(_SMALL)
            assert sorted(contents(folder)) == ["net.json", "net.safetensors"]
            mount("-o", "remount,size=4m", str(folder))
            save(_LARGE, path, keep_previous=True)
        assert digest(load(path)) == digest(_LARGE)
        subprocess.run(["umount", str(folder)], check=True)
    assert {*outcomes} == {"there is no room left on the disk", "saved"}, outcomes
    assert outcomes.count("saved") > 10 < outcomes.count("there is no room left on the disk"), outcomes


def read_only(folder: Path) -> None:
    """Save on a disk that became one to be read only, as a stick does that has a fault."""
    mount("-t", "tmpfs", "none", str(folder))
    path = folder / "net.json"
    save(_SMALL, path)
    mount("-o", "remount,ro", str(folder))
    assert refused(_LARGE, path) == "the disk can only be read"
    assert digest(load(path)) == digest(_SMALL)
    mount("-o", "remount,rw", str(folder))
    save(_LARGE, path, keep_previous=True)
    assert digest(load(path)) == digest(_LARGE)
    assert digest(load_previous(path)) == digest(_SMALL)


def vanished(folder: Path) -> None:
    """Save into a folder that somebody has removed, and into one whose disk was taken away."""
    mount("-t", "tmpfs", "none", str(folder))
    inner = folder / "inner"
    inner.mkdir()
    save(_SMALL, inner / "net.json")
    shutil.rmtree(inner)
    assert refused(_LARGE, inner / "net.json") == "its folder is not there any more"
    assert not inner.exists()
    inner.write_text("a file now")
    assert refused(_LARGE, inner / "net.json") == "its folder is not there any more"


def forbidden(folder: Path) -> None:
    """Save as somebody who may read the document, but not write it, or its folder, or its weights."""
    if os.geteuid() == 0:  # whom nothing is forbidden: somebody else has to try, where they can come to
        folder = Path("/mnt")
        mount("-t", "tmpfs", "-o", "mode=755", "none", str(folder))
    path = folder / "net.json"
    save(_SMALL, path)
    if os.geteuid() == 0:
        os.setresuid(65534, 65534, 65534)
    else:
        folder.chmod(0o555)
    assert refused(_LARGE, path) == "you may not write there"
    assert digest(load(path)) == digest(_SMALL)


CASES: dict[str, Callable[[Path], None]] = {one.__name__: one for one in (full, read_only, vanished, forbidden)}

if __name__ == "__main__":
    CASES[sys.argv[1]](Path(sys.argv[2]))
    print("done")
