"""Save again and again, dying before the first, the second, … step that reaches the disk.

``python -m tests.faults.save_steps FOLDER [STRIDE]`` prints how many steps there were; each was checked. The steps are
what Python's audit reports (opening, linking, renaming, deleting), so that none can be forgotten.
"""

import os
import shutil
import sys
import warnings
from pathlib import Path

import msgspec

from engine import Conv2D, Input, Network, initialise, load, save
from engine.formats import load_previous
from engine.formats.previous import place_of
from tests.engine.networks import chain
from tests.faults.states import digest

DIED = 9
_STEPS = {"open", "os.rename", "os.link", "os.remove", "os.truncate", "os.chmod"}


def without_weights(filters: int) -> Network:
    """Return such a network without weights."""
    return msgspec.structs.replace(network(filters), weights=None)


def network(filters: int) -> Network:
    """Return a network whose weights fit no other of these."""
    graph = chain(image=Input(), conv=Conv2D(filters=filters))
    return Network(f"{filters} filters", graph, initialise(graph, seed=filters))


_KNOWN = {digest(one) for filters in (2, 3, 4, 7) for one in (network(filters), without_weights(filters))}


def die_at(step: int, folder: Path, made: Network) -> bool:
    """Save in a process that dies before a step; returns whether it came so far."""
    child = os.fork()
    if child == 0:
        left = step

        def count(event: str, arguments: tuple[object, ...]) -> None:
            nonlocal left
            if event in _STEPS and any(str(folder) in str(one) for one in arguments):
                left -= 1
                if left < 0:
                    os._exit(DIED)

        sys.addaudithook(count)
        save(made, folder / "net.json", keep_previous=True)
        os._exit(0)
    _, status = os.waitpid(child, 0)
    code = os.waitstatus_to_exitcode(status)
    assert code in (0, DIED), code
    return code == DIED


def check(folder: Path, *allowed: Network | None) -> None:
    """See that what is on the disk is whole and one of what was there."""
    path = folder / "net.json"
    wanted = {digest(one) if one is not None else None for one in allowed}
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        assert (digest(load(path)) if path.exists() else None) in wanted, sorted(os.listdir(folder))
        if place_of(path).exists():  # as whole as the document itself, whatever was killed
            assert digest(load_previous(path)) in _KNOWN, sorted(os.listdir(folder))


def kill_all_steps(folder: Path, stride: int = 1) -> int:
    """Try all steps from every state that a save can find; returns how many there were.

    The next save, over what was left, dies before each step, too, or before one in ``stride``.
    """
    count = 0
    for before in (None, network(2), without_weights(2)):
        old, step = before, 0
        while True:
            new = network(3 + step % 2)
            shutil.rmtree(folder, ignore_errors=True)
            folder.mkdir()
            if old is not None:
                save(old, folder / "net.json")
            died = die_at(step, folder, new)
            check(folder, *((old, new) if died else (new,)))
            if not died:
                break
            # What was left behind is in nobody's way, wherever the next save dies.
            second = step % stride
            while die_at(second, folder, network(7)):
                check(folder, old, new, network(7))
                second += stride
            check(folder, network(7))
            assert sorted(one for one in os.listdir(folder) if not one.startswith(".")) == [
                "net.json",
                "net.safetensors",
            ]
            count += 1 + second // stride
            step += 1
    return count


if __name__ == "__main__":
    print(kill_all_steps(Path(sys.argv[1]), int(sys.argv[2]) if len(sys.argv) > 2 else 1))
