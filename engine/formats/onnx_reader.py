"""Networks from ONNX models: opset 6 to the newest, weights wherever a file keeps them, patterns recognised."""

import warnings
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

import numpy as np
import onnx

from engine.formats.errors import FormatError, FormatWarning
from engine.formats.onnx_reading import PATTERNS, READERS, Reading, Source, extents, is_float
from engine.formats.onnx_reading.source import Constant
from engine.graph import Graph
from engine.language import tr
from engine.network import Network
from engine.weights import Weights

# What an image is tried at whose size the file leaves open: the first that the network can be read with.
SIZES = (224, 299, 227, 256, 128, 96, 64, 48, 32, 28, 24, 12)
_CHANNELS = 3


def decode(
    data: bytes, folder: Path | None = None, arrays: Mapping[str, Constant] | None = None, *, name: str = ""
) -> Network:
    """Read the bytes of an ONNX model.

    What is lost, or taken for granted where the file leaves it open, is said by a `FormatWarning`.

    Parameters
    ----------
    data
        The model.
    folder
        Where the model's arrays may lie that are kept outside of it.
    arrays
        Values for inputs of the model that are weights.
    name
        What the network is called whose file does not say it: exporters write names of their own.

    Raises
    ------
    FormatError
        Where the file is damaged, or has an operator that no layer is.
    """
    source = Source(data, folder)
    given = dict(arrays or {})
    image, unknown = _image(source, given)
    notices = []
    if unknown:
        notices.append(
            tr(
                "{count} weights are inputs of the model ({names}): they stay random",
                count=len(unknown),
                names=_some(unknown),
            )
        )
    graph, weights, found = _sized(source, image, given)
    if image.type.tensor_type.elem_type != onnx.TensorProto.FLOAT:
        notices.append(tr("The model's values are not float32; they are float32 here"))
    for notice in (*notices, *found):
        warnings.warn(notice, FormatWarning, stacklevel=3)
    called = source.name if source.own or not name else name
    return Network(called or tr("Untitled"), graph, weights)


def _image(source: Source, given: dict[str, Constant]) -> tuple[onnx.ValueInfoProto, list[str]]:
    """Return the input that is the image; others are weights, and those that are not given stay unknown."""
    entering = {name: value for name, value in source.inputs.items() if name in source.users and name not in given}
    if not entering:
        raise FormatError(tr("The model has no input for an image"))
    first = (one.input(0) for one in source.operations if one.input(0) in entering)
    name = next(first, next(iter(entering)))
    image = entering.pop(name)
    if not is_float(image):
        raise FormatError(tr("The model's input {name!r} is no image: its values are not float32", name=name))
    for other, value in entering.items():
        given[other] = _unknown(value)
    return image, list(entering)


def _unknown(value: onnx.ValueInfoProto) -> Constant:
    """Return an array for weights that nobody gave: what is reckoned from it is not a number, too, and not used."""
    shape = [extent for extent in extents(value) if extent is not None]
    if len(shape) < len(extents(value)):
        raise FormatError(
            tr("The size of the model's input {name!r} is not said, and it is not the image", name=value.name)
        )
    return np.broadcast_to(np.float32("nan"), shape)


def _sized(
    source: Source, image: onnx.ValueInfoProto, given: Mapping[str, Constant]
) -> tuple[Graph, Weights | None, list[str]]:
    """Read the graph, for an image of the size that the file says; where it says none, of the first that fits."""
    declared = extents(image)
    if len(declared) not in (2, 4):
        raise FormatError(
            tr(
                "The model's input has {count} axes; an image has a batch, channels, height and width",
                count=len(declared),
            )
        )
    last = _is_channels_last(source, image.name, declared)
    at = (3 if last else 1) if len(declared) == 4 else None
    batch = 1 if declared[0] is None else declared[0]
    open_axes = [axis for axis in range(1, len(declared)) if declared[axis] is None and axis != at]
    problem: FormatError | None = None
    for size in SIZES if open_axes else SIZES[:1]:
        chosen = [_CHANNELS if axis == at else size for axis in range(len(declared))]
        whole = [chosen[axis] if extent is None else extent for axis, extent in enumerate(declared)]
        reading = Reading(source, READERS, PATTERNS, given, batch)
        try:
            reading.enter(image.name, tuple(whole[1:]), channels_last=last)
            graph, weights = reading.run(channels_last=last)
        except FormatError as found:
            problem = problem or found
            continue
        notices = [*_notices(declared, whole, last=last), *reading.notices]
        return graph, weights, notices
    assert problem is not None
    raise problem


def _is_channels_last(source: Source, name: str, declared: tuple[int | None, ...]) -> bool:
    """Whether the image comes as Keras stores it: few channels last, and all that take it put them first."""
    if source.own or len(declared) != 4 or declared[3] not in (1, 3, 4):
        return False
    return all(one.type == "Transpose" and one.get("perm", ()) == (0, 3, 1, 2) for one in source.users[name])


def _notices(declared: tuple[int | None, ...], whole: list[int], *, last: bool) -> Iterator[str]:
    if None in declared[1:]:
        size = " × ".join(map(str, whole[1:]))
        yield tr(
            "The model leaves its image's size open; it was read for {size}, which the Input layer can change",
            size=size,
        )
    if (declared[0] or 1) > 1:
        yield tr("The model works on {count} images at once; here it works on one", count=declared[0])
    if last:
        yield tr("The model's values lie channels last; here channels come first, and outputs, too")


def _some(names: Iterable[str]) -> str:
    first, *rest = names
    return first + (", …" if rest else "")
