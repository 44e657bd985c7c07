"""What is damaged and how it is read: one row for each format; a new one is a row more."""

import warnings
from collections.abc import Callable
from pathlib import Path
from random import Random
from typing import NamedTuple

import numpy as np

from engine import (
    FormatError,
    FormatWarning,
    ImageError,
    Input,
    analyse,
    completed,
    lint,
    load,
    load_image,
    load_weights,
    run,
)
from engine.formats import native
from engine.formats.weight_files import read_arrays
from engine.images import MOST_PIXELS
from engine.summary import table
from tests.faults.fuzz import messages, pictures, seeds, trees, weights

LONGEST_MESSAGE = 2000  # letters that a dialog can show
_LARGEST = 200  # layers that are looked at in all ways
_QUICK = 1 << 20  # values and multiplications of a network that is run, too


class Target(NamedTuple):
    """A format: files to begin with, how they are damaged, and what the program does with one."""

    suffix: str
    seeds: Callable[[], list[bytes]]
    damage: Callable[[bytes, Random], bytes]
    read: Callable[[Path], object]
    most_bytes: int = 256 << 20  # that reading a file of a few kilobytes may take beyond what the program has


def read(target: Target, path: Path) -> bool:
    """Read a damaged file as the program does; returns whether it was taken.

    Raises
    ------
    Exception
        Whatever is neither a result nor a sentence for the person.
    """
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        warnings.simplefilter("ignore", FormatWarning)
        warnings.filterwarnings("ignore", message="Reading `.npy` or `.npz` file required additional header parsing")
        warnings.filterwarnings("ignore", category=UserWarning, module="PIL")  # for the terminal: what is odd in a file
        try:
            target.read(path)
        except (FormatError, ImageError) as problem:
            text = str(problem)
            if len(text) > LONGEST_MESSAGE or path.name not in text:
                raise AssertionError(f"no sentence for a person: {text[:300]} … ({len(text):,} letters)") from problem
            return False
    return True


def _network(path: Path) -> None:
    """Open a network and see all that is said of it; what can be opened can be saved and opened again."""
    network = load(path)
    if len(network.graph.nodes) > _LARGEST:
        return
    analysis = analyse(network.graph)
    lint(network.graph, analysis)
    table(network.name, analysis)
    again, _ = native.decode(native.encode(network))
    assert again.graph == network.graph
    totals = analysis.totals
    sizes = totals.activation_bytes + totals.macs + 4 * totals.total_parameters
    entrance = analysis.input
    if not analysis.errors and sizes < _QUICK and entrance is not None:
        image = np.ones(entrance.layer.shape, np.float32)
        run(network.graph, completed(analysis, network.weights), image, analysis=analysis)


def _picture(path: Path) -> None:
    for layer in (Input(channels=3, height=8, width=9), Input(channels=1, height=3, width=3, fit="crop")):
        load_image(path, layer)


TARGETS: dict[str, Target] = {
    "json": Target(".json", seeds.documents, trees.damaged, _network),
    "keras": Target(".keras.json", seeds.keras_models, trees.damaged, _network),
    "onnx": Target(".onnx", seeds.onnx_models, messages.damaged, _network),
    "safetensors": Target(".safetensors", seeds.weights, weights.damaged_safetensors, load_weights),
    "npz": Target(".npz", seeds.archives, weights.damaged_archive, read_arrays),
    "image": Target(".png", pictures.seeds, pictures.damaged, _picture, 12 * MOST_PIXELS),
}
