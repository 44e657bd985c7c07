"""The folder that holds one window's unsaved work: its document, and what its weights need beyond the file's.

``state.json`` is replaced in one step and names the other files, none of which is ever written over: whenever the
process is killed, the folder holds one state that the person had.
"""

import os
import shutil
import time
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from secrets import token_hex
from typing import Any, Literal

import msgspec

from designer.on_disk import Seen, Stamp, stamp
from designer.recovery.lock import NAME, FolderLock
from engine import Weights, save_weights
from engine.formats import files, native
from engine.network import Network

STATE = "state.json"
_PARTLY = 0.5  # of all weights: beyond it, changes are no smaller than a new whole


class State(msgspec.Struct, forbid_unknown_fields=True, frozen=True):
    """What ``state.json`` holds."""

    format: Literal["convolab-recovery"]
    version: Literal[1]
    saved: float
    path: str | None
    seen: Seen | None
    document: str
    base: str | None = None
    base_stamp: Stamp | None = None
    changed: str | None = None
    removed: tuple[str, ...] = ()


@dataclass(frozen=True)
class Work:
    """Unsaved work as it stands: the network, its file as it was last seen there, and the weights in that file."""

    network: Network
    path: Path | None
    seen: Seen | None
    filed: Weights | None


class Slot:
    """One window's folder, held by a lock; made when there is something to keep. All calls come from one thread."""

    def __init__(self, root: Path) -> None:
        self._root = root
        self._folder: Path | None = None
        self._lock: FolderLock | None = None
        self._count = 0
        self._forget()

    @property
    def folder(self) -> Path | None:
        """The folder, once there is one."""
        return self._folder

    def keep(self, work: Work) -> None:
        """Keep a state; the one before is there until this one is on the disk.

        Raises
        ------
        OSError
            Where the folder can't be written.
        """
        folder = self._made()
        weights = work.network.weights.flat() if work.network.weights else {}
        if weights:
            self._keep_weights(folder, weights, work)
        else:
            self._forget()
        state = State(
            "convolab-recovery",
            1,
            time.time(),
            str(work.path) if work.path else None,
            work.seen,
            native.encode(work.network),
            self._base,
            self._base_stamp,
            self._changed,
            tuple(name for name in self._base_arrays if name not in weights),
        )
        files.write(folder / STATE, msgspec.json.encode(state))
        for file in folder.iterdir():
            if file.name not in (NAME, STATE, self._base, self._changed):
                file.unlink()

    def clear(self) -> None:
        """Drop what is kept: a file has it now, or the person let it go."""
        if self._folder is not None:
            (self._folder / STATE).unlink(missing_ok=True)  # first: the rest means nothing without it
            for file in self._folder.iterdir():
                if file.name != NAME:
                    file.unlink()
        self._forget()

    def close(self, *, keep: bool = False) -> None:
        """Give the folder free, and remove it unless what it holds is to be offered."""
        if self._lock is not None:
            self._lock.release()
        if self._folder is not None and not keep:
            shutil.rmtree(self._folder, ignore_errors=True)
        self._lock = self._folder = None
        self._forget()

    def _made(self) -> Path:
        if self._folder is None or not self._folder.is_dir():
            self.close()
            folder = self._root / f"{time.strftime('%Y%m%d-%H%M%S')}-{os.getpid()}-{token_hex(3)}"
            folder.mkdir(parents=True, mode=0o700)
            self._lock, self._folder = FolderLock(folder), folder
        return self._folder

    def _forget(self) -> None:
        self._base: str | None = None
        self._base_stamp: Stamp | None = None
        self._base_arrays: Mapping[str, Any] = {}
        self._changed: str | None = None
        self._changed_arrays: Mapping[str, Any] = {}

    def _keep_weights(self, folder: Path, arrays: Mapping[str, Any], work: Work) -> None:
        """See to it that the folder holds a whole set of weights, and those that are not as in it."""
        if _size(_others(arrays, self._base_arrays)) > _PARTLY * _size(arrays) or not self._base:
            self._new_base(folder, arrays, work)
        changed = _others(arrays, self._base_arrays)
        if not changed:
            self._changed, self._changed_arrays = None, {}
        elif (
            self._changed is None or _others(changed, self._changed_arrays) or len(changed) != len(self._changed_arrays)
        ):
            name = self._name("changed")
            save_weights(Weights.from_flat(changed), folder / name)
            self._changed, self._changed_arrays = name, changed

    def _new_base(self, folder: Path, arrays: Mapping[str, Any], work: Work) -> None:
        """Take the weights of the document's file where most are as in it: a second name for it costs nothing."""
        name, filed = self._name("weights"), work.filed.flat() if work.filed else {}
        linked = None
        if filed and work.seen and _size(_others(arrays, filed)) <= _PARTLY * _size(arrays):
            linked = _link(work.seen, folder / name)
        if linked is None:
            save_weights(Weights.from_flat(arrays), folder / name)
        self._base, self._base_stamp, self._base_arrays = name, linked, filed if linked else arrays

    def _name(self, kind: str) -> str:
        self._count += 1
        return f"{kind}-{self._count}.safetensors"


def _others(arrays: Mapping[str, Any], known: Mapping[str, Any]) -> dict[str, Any]:
    """Return the arrays that are not among the known ones; arrays never change, so the same object is enough."""
    return {name: array for name, array in arrays.items() if known.get(name) is not array}


def _size(arrays: Mapping[str, Any]) -> int:
    return sum(array.nbytes for array in arrays.values())


def _link(seen: Seen, name: Path) -> Stamp | None:
    """Give the weights' file a second name, if it is still as it was when it was read; returns its stamp."""
    if seen.weights is None or seen.stamp is None:
        return None
    with suppress(OSError):  # on another disk, or one without links
        os.link(seen.weights, name)
        if stamp(name) == seen.stamp:
            return seen.stamp
        name.unlink()
    return None
