"""Weights in safetensors files, under the names ``<node id>.<array name>``."""

import json
from collections.abc import Iterator, Mapping
from pathlib import Path

import numpy as np
from safetensors import SafetensorError
from safetensors.numpy import load_file

from engine.formats import files
from engine.formats.errors import FormatError
from engine.language import tr
from engine.layers.base import Array
from engine.weights import Weights


def load_weights(path: str | Path) -> Weights:
    """Read weights from a safetensors file; all become float32.

    Raises
    ------
    FormatError
        Where the file is missing, broken, or holds complex numbers or a type that numpy does not have.
    """
    return Weights.from_flat(load_arrays(path))


def load_arrays(path: str | Path) -> dict[str, Array]:
    """Read a safetensors file's arrays under its own names; all become float32.

    Raises
    ------
    FormatError
        As `load_weights` does.
    """
    try:
        arrays = load_file(path)
    except (OSError, SafetensorError, AttributeError, KeyError, TypeError, ValueError) as problem:
        raise FormatError(
            tr("{file} can't be read as safetensors: {problem}", file=Path(path).name, problem=problem)
        ) from problem
    if odd := [name for name, array in arrays.items() if np.iscomplexobj(array)]:
        raise FormatError(
            tr("{file} can't be read as weights: {odd!r} holds complex numbers", file=Path(path).name, odd=odd[0])
        )
    with np.errstate(over="ignore", invalid="ignore"):  # what is too large for float32 is infinite in it
        floats = {name: np.asarray(array, np.float32, order="C") for name, array in arrays.items()}
    for array in floats.values():
        array.flags.writeable = False  # so that nothing needs to copy them
    return floats


def save_weights(weights: Weights, path: str | Path) -> None:
    """Write weights to a safetensors file.

    Raises
    ------
    OSError
        Where the file can't be written.
    """
    files.write(path, encoded(weights.flat()))


def encoded(arrays: Mapping[str, Array]) -> Iterator[bytes | memoryview]:
    """Yield a file's header and then each array as it lies in memory: the package's own writer copies all of them.

    A write of half a gigabyte then holds up no other thread.
    """
    head: dict[str, object] = {}
    end = 0
    for name, array in arrays.items():
        start, end = end, end + array.nbytes
        head[name] = {"dtype": "F32", "shape": array.shape, "data_offsets": (start, end)}
    text = json.dumps(head).encode()
    text += b" " * (-len(text) % 8)  # arrays begin on whole words
    yield len(text).to_bytes(8, "little") + text
    for array in arrays.values():
        if array.nbytes:
            yield np.asarray(array, "<f4").reshape(-1).view(np.uint8).data
