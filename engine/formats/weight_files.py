"""Weights from elsewhere: read from a file, recognised by their names, and compared with what a network needs.

Names are ours (``conv1.weight``) or those that PyTorch's ``state_dict`` has for the module that we write as source,
also where a wrapper has put a word before all of them. Nothing is replaced before somebody has seen what does not fit.
"""

import struct
import tokenize
import zipfile
import zlib
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Literal, NamedTuple

import msgspec
import numpy as np

from engine import room
from engine.analysis import Analysis, analyse
from engine.formats import files, refused
from engine.formats.errors import FormatError
from engine.formats.safetensors import encoded, load_arrays
from engine.language import tr
from engine.layers.base import Array
from engine.network import Network
from engine.weights import Mismatch, Weights, completed

Convention = Literal["Convolab", "PyTorch"]
_WRAPPERS = ("module.", "_orig_mod.")  # DistributedDataParallel and torch.compile
_COUNTERS = ".num_batches_tracked"  # of PyTorch's batch normalisations; they compute nothing


# What numpy and zipfile raise on broken archives; the head of an array is read as a piece of Python.
_BROKEN: tuple[type[Exception], ...] = (
    *(ArithmeticError, AttributeError, EOFError, LookupError, MemoryError, OSError, RuntimeError, SyntaxError),
    *(TypeError, ValueError, struct.error, tokenize.TokenError, zipfile.BadZipFile, zlib.error),
)


class Unused(NamedTuple):
    """An array of a file that a network has no place for."""

    name: str
    shape: tuple[int, ...]


class Match(msgspec.Struct, frozen=True):
    """How a file's arrays fit a network.

    Attributes
    ----------
    convention
        Whose names they have.
    fitting
        Those that can be used, under our names.
    misfits
        What the network needs and the file has not, or in another shape; names are the file's.
    unused
        What the file has and the network does not need.
    """

    convention: Convention
    fitting: Mapping[str, Array]
    misfits: tuple[Mismatch, ...]
    unused: tuple[Unused, ...]

    @property
    def is_whole(self) -> bool:
        """Whether everything fits, and nothing is left."""
        return not self.misfits and not self.unused

    @property
    def needed(self) -> int:
        """How many arrays the network needs."""
        return len(self.fitting) + len(self.misfits)

    def lines(self) -> list[str]:
        """Say of each array that does not fit what is needed and what there is."""
        found = [
            tr("{name}: needed {wanted}, missing", name=one.name, wanted=dimensions(one.wanted))
            if one.given is None
            else tr(
                "{name}: needed {wanted}, is {given}",
                name=one.name,
                wanted=dimensions(one.wanted),
                given=dimensions(one.given),
            )
            for one in self.misfits
        ]
        return found + [
            tr("{name}: not needed, is {given}", name=one.name, given=dimensions(one.shape)) for one in self.unused
        ]


def dimensions(shape: tuple[int, ...]) -> str:
    """Write an array's shape."""
    return "×".join(map(str, shape)) or "1"


def read_arrays(path: str | Path) -> dict[str, Array]:
    """Read the arrays of a safetensors or an NPZ file; all become float32. Nothing in a file can run code.

    Raises
    ------
    FormatError
        Where the file is missing, broken, a pickle, or holds anything but numbers.
    """
    file = Path(path)
    if (reason := refused.advice(file)) is not None:
        raise FormatError(reason)
    if file.suffix.lower() != ".npz":
        return load_arrays(file)
    try:
        _check_size(file)
        with file.open("rb") as stream:
            opened = np.load(stream, allow_pickle=False)
            found = {name: opened[name] for name in opened.files}
    except FormatError:
        raise
    except _BROKEN as problem:
        raise FormatError(tr("{name} can't be read as NPZ: {problem}", name=file.name, problem=problem)) from problem
    for name, array in found.items():
        if not isinstance(array, np.ndarray) or array.dtype.kind not in "fiub":  # bytes, of what is no array at all
            raise FormatError(
                tr("{name} can't be read as weights: “{array}” holds no numbers", name=file.name, array=name)
            )
    with np.errstate(over="ignore", invalid="ignore"):  # what is too large for float32 is infinite in it
        return {name: np.ascontiguousarray(array, np.float32).reshape(array.shape) for name, array in found.items()}


def _check_size(file: Path) -> None:
    """Refuse an archive that unpacks to more than there is memory for, by what it says of itself."""
    with zipfile.ZipFile(file) as archive:
        size = sum(one.file_size for one in archive.infolist())
    if size > (limit := room.usual_limit()):
        raise FormatError(
            tr(
                "{name} unpacks to {size}, more than the {limit} of memory that there are",
                name=file.name,
                size=room.text(size),
                limit=room.text(limit),
            )
        )


def matched(network: Network, arrays: Mapping[str, Array], analysis: Analysis | None = None) -> Match:
    """Return how arrays fit a network, by the names that most of them go by."""
    analysis = analysis if analysis is not None else analyse(network.graph)
    wanted = {
        f"{node}.{spec.name}": spec.shape for node, entry in analysis.nodes.items() for spec in entry.inferred.weights
    }
    given = _unwrapped(arrays)
    convention, names = _most_like(_conventions(network, analysis, list(wanted)), given)
    misfits, fitting = [], {}
    for ours, shape in wanted.items():
        array = given.get(names[ours])
        if array is not None and array.shape == shape:
            fitting[ours] = array
        else:
            misfits.append(Mismatch(names[ours], shape, None if array is None else array.shape))
    taken = set(names.values())
    unused = tuple(Unused(name, array.shape) for name, array in given.items() if name not in taken)
    return Match(convention, fitting, tuple(misfits), unused)


def taken(network: Network, match: Match, analysis: Analysis | None = None) -> Weights:
    """Return a network's weights with all that fits in them; the rest stays as it was."""
    analysis = analysis if analysis is not None else analyse(network.graph)
    return Weights.from_flat({**completed(analysis, network.weights).flat(), **match.fitting})


def save_for_torch(network: Network, path: str | Path) -> None:
    """Write a network's weights under the names of the ``state_dict`` of the module that we write as source.

    Raises
    ------
    FormatError
        Where the network has errors: then it has no such module.
    OSError
        Where the file can't be written.
    """
    from engine.formats import torch_code  # writers of source are seldom needed, and starting is to be quick

    analysis = analyse(network.graph)
    if analysis.errors:
        raise FormatError(
            tr("Only a network without errors has names in PyTorch: {reason}", reason=analysis.errors[0].message)
        )
    names = torch_code.state_names(network)
    arrays = completed(analysis, network.weights).flat()
    files.write(path, encoded({names[ours]: array for ours, array in arrays.items()}))


_Names = tuple[Convention, Mapping[str, str]]


def _most_like(conventions: Iterable[_Names], given: Mapping[str, Array]) -> _Names:
    """Return the names that most of the given arrays have; the first that all of those wanted have."""
    best: _Names | None = None
    most = -1
    for convention, names in conventions:
        found = sum(name in given for name in names.values())
        if found > most:
            best, most = (convention, names), found
        if found == len(names):
            break
    assert best is not None
    return best


def _conventions(network: Network, analysis: Analysis, ours: list[str]) -> Iterator[_Names]:
    """Yield the names that arrays may have, by ours: those, and PyTorch's for each way to find its modules.

    A module's names follow the groups of the design when it was written; they may be others by now.
    """
    yield "Convolab", {name: name for name in ours}
    if not analysis.errors and ours:
        from engine.formats import torch_code
        from engine.formats.source.regions import GROUPINGS, grouping_of

        own = grouping_of(network, analysis)
        for grouping in (own, *(one for one in GROUPINGS if one != own)):
            yield "PyTorch", torch_code.state_names(network, grouping)


def _unwrapped(arrays: Mapping[str, Array]) -> dict[str, Array]:
    """Return arrays without the words that wrappers put before all names, and without counters."""
    given = {name: array for name, array in arrays.items() if not name.endswith(_COUNTERS)}
    for wrapper in _WRAPPERS * 2:
        if given and all(name.startswith(wrapper) for name in given):
            given = {name.removeprefix(wrapper): array for name, array in given.items()}
    return given
