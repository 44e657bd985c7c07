"""What sessions have left that did not come to their end; each is held while it is offered, so no other takes it."""

import shutil
import time
from contextlib import suppress
from pathlib import Path
from secrets import token_hex

import msgspec

from designer.on_disk import stamp
from designer.recovery.lock import FolderLock
from designer.recovery.slot import STATE, State
from engine import FormatError, Network, Weights, load_weights
from engine.formats import native
from engine.language import tr

BROKEN = "broken"  # the folder for what can't be read
_BEING_MADE = 60.0  # seconds in which a folder without anything may be that of a program that has just started


class Found:
    """One piece of unsaved work, without its weights until it is restored."""

    def __init__(self, folder: Path, lock: FolderLock) -> None:
        """Read it.

        Raises
        ------
        FormatError
            Where it can't be read.
        """
        self.folder = folder
        self._lock = lock
        self.state = _read(folder)
        self.network, _ = native.decode(self.state.document)

    @property
    def path(self) -> Path | None:
        """The file that the work was opened from or last saved to."""
        return Path(self.state.path) if self.state.path else None

    @property
    def is_outdated(self) -> bool:
        """Whether its file was written after this was kept, by this program or another."""
        written = stamp(self.path) if self.path is not None else None
        return written is not None and written[1] > self.state.saved * 1e9

    def load(self) -> Network:
        """Return the network with its weights.

        Raises
        ------
        FormatError
            Where the weights can't be read.
        """
        weights = _weights(self.folder, self.state)
        return msgspec.structs.replace(self.network, weights=weights) if weights else self.network

    def remove(self) -> None:
        """Delete it for good."""
        self._lock.release()
        shutil.rmtree(self.folder, ignore_errors=True)

    def release(self) -> None:
        """Leave it for another time."""
        self._lock.release()


def find(root: Path) -> tuple[list[Found], list[Path]]:
    """Return what was left, newest first, and where what can't be read was put aside just now."""
    found: list[Found] = []
    broken: list[Path] = []
    for folder in sorted(root.glob("*/")) if root.is_dir() else ():
        if folder.name == BROKEN or _is_being_made(folder):
            continue
        try:
            lock = FolderLock(folder)
        except OSError:
            continue  # its window is open, or nobody may read it
        if not (folder / STATE).exists():  # its process ended before there was work, or after it was saved
            lock.release()
            shutil.rmtree(folder, ignore_errors=True)
            continue
        try:
            found.append(Found(folder, lock))
        except FormatError:
            lock.release()
            broken.append(set_aside(folder))
    return sorted(found, key=lambda one: one.state.saved, reverse=True), broken


def set_aside(folder: Path) -> Path:
    """Put what can't be read where it is kept and not offered again; returns where that is."""
    aside = folder.parent / BROKEN / folder.name
    with suppress(OSError):
        aside.parent.mkdir(exist_ok=True)
        if aside.exists():
            aside = aside.with_name(f"{aside.name}-{token_hex(3)}")
        folder.rename(aside)
        return aside
    return folder


def _is_being_made(folder: Path) -> bool:
    """Whether a folder may be one that another program makes just now; to lock it would be in that program's way."""
    try:
        return not (folder / STATE).exists() and time.time() - folder.stat().st_mtime < _BEING_MADE
    except OSError:  # it has gone meanwhile
        return True


def _read(folder: Path) -> State:
    try:
        return msgspec.json.decode((folder / STATE).read_bytes(), type=State)
    except (OSError, msgspec.MsgspecError, UnicodeDecodeError, RecursionError) as problem:
        raise FormatError(str(problem)) from problem


def _weights(folder: Path, state: State) -> Weights | None:
    if state.base is None:
        return None
    for name in (state.base, state.changed):
        if name is not None and Path(name).name != name:
            raise FormatError(tr("{name!r} is not a file of this folder", name=name))
    if state.base_stamp is not None and stamp(folder / state.base) != state.base_stamp:
        raise FormatError(tr("the weights' file was changed by another program"))
    arrays = load_weights(folder / state.base).flat()
    if state.changed is not None:
        arrays |= load_weights(folder / state.changed).flat()
    return Weights.from_flat({name: array for name, array in arrays.items() if name not in state.removed})
