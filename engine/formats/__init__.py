"""Files in and out: which suffix is read and written by which module."""

import warnings
from pathlib import Path

import msgspec

from engine.formats import bounds, files, keras_json, native, pair, refused
from engine.formats.bounds import LONGEST_TEXT
from engine.formats.errors import DrawingNote, FormatError, FormatNote, FormatWarning, ImageSize, OpenSizeWarning
from engine.formats.pair import weights_of
from engine.formats.previous import load_previous
from engine.formats.safetensors import load_weights, save_weights
from engine.language import tr, tr_choice
from engine.network import Network

KERAS = ".keras.json"
READABLE = (".json", KERAS, ".onnx")
KERAS_SOURCE = ".keras.py"
WRITABLE = (".json", KERAS, ".onnx", ".py", KERAS_SOURCE)

# fmt: off
__all__ = [
    "KERAS", "KERAS_SOURCE", "READABLE", "WRITABLE", "DrawingNote", "FormatError", "FormatNote", "FormatWarning",
    "ImageSize", "OpenSizeWarning", "is_native", "is_project", "load", "load_previous", "load_weights", "save",
    "save_weights", "weights_of",
]
# fmt: on


def load(path: str | Path, *, size: ImageSize | None = None) -> Network:
    """Read a network from a file of any readable format, by its suffix; Keras's JSON is known by its content, too.

    Weights that a document refers to come with it; where they can't be read, a `FormatWarning` says so and the
    network has none. What Convolab has no place for is named in such a warning, too.

    Parameters
    ----------
    path
        The file.
    size
        Height and width of the image, for a file that leaves them open; one that says them has its own.

    Raises
    ------
    FormatError
        Where the file can't be read as a network.
    """
    file = Path(path)
    if not file.name.lower().endswith(READABLE):
        if (reason := refused.advice(file)) is not None:
            raise FormatError(reason)
        raise FormatError(
            tr(
                "{file}: a network is read from {readable}, not from “{suffix}”",
                file=file.name,
                readable=tr_choice(READABLE),
                suffix=file.suffix,
            )
        )
    try:
        data = file.read_bytes()
    except OSError as problem:
        raise FormatError(
            tr("{file} can't be read: {problem}", file=file.name, problem=problem.strerror or problem)
        ) from problem
    try:
        network, weights_file = _decoded(data, file, size)
        bounds.check(network)
    except FormatError as problem:
        raise FormatError(f"{file.name}: {problem}") from problem
    return network if weights_file is None else _with_weights(network, file, weights_file)


def _decoded(data: bytes, file: Path, size: ImageSize | None) -> tuple[Network, str | None]:
    """Return what a file's bytes say, and the name of the weights' file where it has one."""
    if file.suffix.lower() == ".onnx":
        from engine.formats import onnx_reader  # importing onnx takes longer than all of the engine

        return onnx_reader.decode(data, file.parent, name=file.stem[:LONGEST_TEXT], size=size), None
    if file.name.lower().endswith(KERAS) or keras_json.is_keras(data):
        return keras_json.decode(data), None
    return native.decode(data)


def is_native(path: str | Path) -> bool:
    """Whether a file is a document of Convolab's own, which holds all of a network; others are read from and exported.

    Raises
    ------
    OSError
        Where the file can't be read.
    """
    file = Path(path)
    name = file.name.lower()
    return name.endswith(".json") and not name.endswith(KERAS) and not keras_json.is_keras(file.read_bytes())


def save(network: Network, path: str | Path, *, weights_kept: bool = False, keep_previous: bool = False) -> None:
    """Write a network to a file of any writable format, by its suffix.

    Weights of a JSON document go to a safetensors file of the same name beside it. Whenever this is cut short, the
    document on the disk and the weights that it names belong together: the old ones or the new ones. What a format has
    no place for is named in a `FormatWarning`, in a `DrawingNote` where it is of the drawing alone.

    Parameters
    ----------
    network
        What to write.
    path
        Where to write it.
    weights_kept
        Whether the weights that the document on the disk names are the network's already, and need not be written.
    keep_previous
        Whether what a JSON document and its weights were before stays, hidden beside them, until the next save that
        changes anything; `load_previous` reads it.

    Raises
    ------
    FormatError
        Where the format can't hold the network.
    OSError
        Where the file can't be written; what was there before is then still there.
    """
    file = Path(path)
    suffix = file.suffix.lower()
    if suffix == ".onnx":
        from engine.formats import onnx_writer  # importing onnx takes longer than all of the engine

        files.write(file, onnx_writer.encode(network))
    elif file.name.lower().endswith(KERAS):
        files.write(file, keras_json.encode(network))
    elif file.name.lower().endswith(KERAS_SOURCE):
        from engine.formats import keras_code  # writers of source are seldom needed, and starting is to be quick

        files.write(file, keras_code.encode(network).encode())
    elif suffix == ".py":
        from engine.formats import torch_code

        files.write(file, torch_code.encode(network).encode())
    elif is_project(file):
        from engine.formats import torch_project

        torch_project.save(network, file)
    elif suffix == ".json":
        pair.save(network, file, weights_kept=weights_kept, keep_previous=keep_previous)
    else:
        raise FormatError(
            tr(
                "{file}: a network is written to {writable}, not to “{suffix}”",
                file=file.name,
                writable=tr_choice((*WRITABLE, tr("a folder"))),
                suffix=file.suffix,
            )
        )


def is_project(path: Path) -> bool:
    """Whether a network is written there as a PyTorch project: a folder, or a name without an ending."""
    return path.is_dir() or not path.suffix


def _with_weights(network: Network, file: Path, name: str) -> Network:
    if Path(name).name != name or not name.endswith(".safetensors"):
        raise FormatError(
            tr(
                "{file}: weights are a safetensors file in the same folder, not {name!r} - at `$.weights`",
                file=file.name,
                name=name,
            )
        )
    if file.with_name(name).is_symlink():
        raise FormatError(
            tr(
                "{file}: weights lie in the same folder, and {name!r} is a link - at `$.weights`",
                file=file.name,
                name=name,
            )
        )
    try:
        return msgspec.structs.replace(network, weights=load_weights(file.with_name(name)))
    except FormatError as problem:
        warnings.warn(
            tr("The network was read, but not its weights: {problem}", problem=problem), FormatWarning, stacklevel=3
        )
        return network
