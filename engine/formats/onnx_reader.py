"""Networks from ONNX models: opset 6 to the newest, weights wherever a file keeps them, patterns recognised."""

import warnings
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path

import numpy as np
import onnx

from engine.formats.errors import FormatError, FormatWarning, ImageSize, OpenSizeWarning
from engine.formats.onnx_reading import PATTERNS, READERS, Keeper, Reading, Source, extents, is_float
from engine.formats.onnx_reading.source import Constant
from engine.graph import Graph
from engine.language import tr, tr_count
from engine.layers import Unsupported
from engine.network import Network
from engine.weights import Weights

# What an image is tried at whose size the file leaves open: the first that the network can be read with.
SIZES = (224, 299, 227, 256, 128, 96, 64, 48, 32, 28, 24, 12)
_MOST_KEYS = 5  # that are named of what a file says of itself
CHANNELS = (3, 1, 4)  # those of an image whose depth the file leaves open, likewise


def decode(
    data: bytes,
    folder: Path | None = None,
    arrays: Mapping[str, Constant] | None = None,
    *,
    name: str = "",
    size: ImageSize | None = None,
    strict: bool = False,
) -> Network:
    """Read the bytes of an ONNX model.

    What is lost, or taken for granted where the file leaves it open, is said by a `FormatWarning`. An operator that no
    layer is becomes an `Unsupported` layer.

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
    size
        Height and width of the image where the file leaves them open.
    strict
        Whether an operator that no layer is refuses the file.

    Raises
    ------
    FormatError
        Where the file is damaged, or has an operator that can't be kept.
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
    if said := _said_of_itself(source):
        notices.append(tr("Convolab has no place for what the file says of itself: {said}", said=", ".join(said)))
    graph, weights, found = _sized(source, image, given, size, strict=strict)
    if image.type.tensor_type.elem_type != onnx.TensorProto.FLOAT:
        notices.append(tr("The model's values are not float32; they are float32 here"))
        found = [one for one in found if str(one) not in notices]  # a conversion says it, too
    for notice in (*map(FormatWarning, notices), *found, *_foreign(graph)):
        warnings.warn(notice, stacklevel=3)
    called = source.name if source.own or not name else name
    return Network(called or tr("Untitled"), graph, weights)


def _said_of_itself(source: Source) -> list[str]:
    """Return what a file tells people, or other programs, beside its graph: it is read by neither."""
    model = source.model
    described = not source.own and (model.doc_string.strip() or model.graph.doc_string.strip())
    keys = [f"“{one.key}”" for one in model.metadata_props]
    more = ["…"] if len(keys) > _MOST_KEYS else []
    return [*([tr("a description")] if described else []), *keys[:_MOST_KEYS], *more]


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
    try:
        return np.broadcast_to(np.float32("nan"), shape)
    except ValueError as problem:
        raise FormatError(
            tr("The size of the model's input {name!r} is none: {problem}", name=value.name, problem=problem)
        ) from problem


def _sized(
    source: Source,
    image: onnx.ValueInfoProto,
    given: Mapping[str, Constant],
    size: ImageSize | None,
    *,
    strict: bool,
) -> tuple[Graph, Weights | None, list[FormatWarning]]:
    """Read the graph, for an image of the size that the file says; where it says none, of the first that fits best."""
    declared = extents(image)
    if len(declared) not in (2, 4):
        raise FormatError(
            tr(
                "The model's input has {count} axes; an image has a batch, channels, height and width",
                count=len(declared),
            )
        )
    last = _is_channels_last(source, image.name, declared)
    source.batch_said = declared[0] or 1
    best: tuple[int, Graph, Weights | None, list[FormatWarning]] | None = None
    problem: FormatError | None = None
    for whole in _tries(declared, size, last=last):
        reading = Reading(source, READERS, PATTERNS, given, source.batch_said, None if strict else Keeper())
        try:
            _enter(reading, image.name, whole, last=last)
            graph, weights = reading.run(channels_last=last)
        except FormatError as found:
            problem = problem or found
            continue
        kept = len(_kept(graph))
        if best is None or kept < best[0]:
            notices = [*_notices(declared, whole, last=last), *map(FormatWarning, reading.notices)]
            best = kept, graph, weights, notices
        if not kept:
            break
    if best is None:
        assert problem is not None
        raise problem
    return best[1:]


def _tries(declared: tuple[int | None, ...], size: ImageSize | None, *, last: bool) -> Iterator[tuple[int, ...]]:
    """Return the extents of the image, without the batch, that a file is tried with."""
    at = (3 if last else 1) if len(declared) == 4 else None
    inner = range(1, len(declared))
    if all(declared[axis] is not None for axis in inner if axis != at):
        sizes: Sequence[ImageSize] = [(1, 1)]  # of no matter
    else:
        sizes = [size] if size is not None else [(side, side) for side in SIZES]
    for channels in (1,) if at is None or declared[at] is not None else CHANNELS:
        for height, width in sizes:
            sides = iter((height, width) if len(declared) == 4 else (width,))
            chosen = [channels if axis == at else next(sides) for axis in inner]
            yield tuple(
                extent if (said := declared[axis]) is None else said for axis, extent in zip(inner, chosen, strict=True)
            )


def _kept(graph: Graph) -> list[Unsupported]:
    layers = (node.layer for node in graph.nodes)
    return [layer for layer in layers if isinstance(layer, Unsupported) and layer.is_main]


def _foreign(graph: Graph) -> Iterator[FormatWarning]:
    """Say which operators are not supported."""
    kept = _kept(graph)
    if kept:
        names = ", ".join(dict.fromkeys(layer.node.full_name for layer in kept))
        yield FormatWarning(
            tr_count(
                "{count:,} operator is not supported ({names}): it is kept, but it and all behind it are not computed",
                "{count:,} operators are not supported ({names}): they are kept, but they and all behind them are not "
                "computed",
                len(kept),
                names=names,
            )
        )


def _enter(reading: Reading, name: str, extents: tuple[int, ...], *, last: bool) -> None:
    try:
        reading.enter(name, extents, channels_last=last)
    except ValueError as problem:  # larger than any image
        raise FormatError(
            tr("The model's input {name!r} can't be an image: {problem}", name=name, problem=problem)
        ) from problem


def _is_channels_last(source: Source, name: str, declared: tuple[int | None, ...]) -> bool:
    """Whether the image comes as Keras stores it: few channels last, and all that take it put them first."""
    if source.own or len(declared) != 4 or declared[3] not in (1, 3, 4):
        return False
    return all(one.type == "Transpose" and one.get("perm", ()) == (0, 3, 1, 2) for one in source.users[name])


def _notices(declared: tuple[int | None, ...], whole: tuple[int, ...], *, last: bool) -> Iterator[FormatWarning]:
    if None in declared[1:]:
        text = tr(
            "The model leaves its image's size open; it was read for {size}, which the Input layer can change",
            size=" × ".join(map(str, whole)),
        )
        open_axes = [axis for axis in range(1, len(declared)) if declared[axis] is None]
        sides = (1, 2) if last else (2, 3)
        sized = len(declared) == 4 and any(axis in open_axes for axis in sides)
        yield OpenSizeWarning(text, (whole[sides[0] - 1], whole[sides[1] - 1])) if sized else FormatWarning(text)
    if (declared[0] or 1) > 1:
        yield FormatWarning(tr("The model works on {count} images at once; here it works on one", count=declared[0]))
    if last:
        yield FormatWarning(tr("The model's values lie channels last; here channels come first, and outputs, too"))


def _some(names: Iterable[str]) -> str:
    first, *rest = names
    return first + (", …" if rest else "")
