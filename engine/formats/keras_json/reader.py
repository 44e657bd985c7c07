"""Keras models as networks, from the JSON of Keras 3 or of Keras 2."""

import warnings
from collections.abc import Mapping
from typing import Any

from engine.analysis import analyse
from engine.formats.errors import FormatError, FormatWarning
from engine.formats.keras_json.document import Call, parse
from engine.formats.keras_json.order import same_in_both_orders, unturned
from engine.formats.keras_json.page import Outputs, Page
from engine.formats.keras_json.tables import READERS
from engine.formats.told import listed
from engine.graph import Draft, Graph, Node
from engine.language import tr
from engine.layers import Flatten, Input, Permute
from engine.network import Network
from engine.shape import Shape

USUAL_SIZE = 224  # of images, where a model takes any


def decode(data: bytes) -> Network:
    """Read a Keras model; what Convolab has no place for is named in a `FormatWarning`.

    Raises
    ------
    FormatError
        Where the bytes are no Keras model, or one with a layer that Convolab does not have.
    """
    document = parse(data)
    draft, outputs, lost = Draft(), Outputs(), list(document.lost)
    entrances = [call for call in document.calls if call.kind == "InputLayer"]
    if len(entrances) != 1:
        raise FormatError(
            tr("The model has {count} inputs; a network of Convolab's has one image", count=len(entrances))
        )
    taken = {call.name for call in document.calls}
    for call in document.calls:
        if call.kind == "InputLayer":
            try:
                outputs[call.name] = _entrance(call, document.calls, draft, lost)
            except (ArithmeticError, LookupError, TypeError, ValueError) as problem:
                raise FormatError(
                    tr("The model's input {name!r} can't be read: {problem}", name=call.name, problem=problem)
                ) from problem
            continue
        page = Page(
            call.name,
            call.kind,
            call.config,
            [outputs[source] for source in call.sources],
            call.constants,
            draft,
            taken,
            number_first=bool(call.arguments) and call.arguments[0] in call.constants,
            old=document.old,
        )
        _read(page)
        outputs[call.name] = page.inputs[0]
        lost += [*page.lost, *_training(call)]
    graph = draft.graph()
    lost += [
        tr("that “{name}” is an output of its own, though others take it", name=end)
        for end in document.ends
        if end in outputs and graph.outgoing[outputs[end][0]]
    ]
    if lost:
        message = tr("The network was read without what Convolab has no place for: {lost}", lost=listed(lost))
        warnings.warn(message, FormatWarning, stacklevel=3)
    return Network(document.name, _turned(graph))


def _read(page: Page) -> None:
    reader = READERS.get(page.kind)
    if reader is None:
        raise FormatError(
            tr("Convolab has no layer like Keras's {kind} - at layer {name!r}", kind=page.kind, name=page.name)
        )
    if page.config.get("data_format") == "channels_first":
        raise page.refuse(tr("its volumes have their channels first, which Convolab reads from no Keras file"))
    if not page.inputs:
        raise page.refuse(tr("nothing feeds it"))
    try:
        reader(page)
    except FormatError:
        raise
    except (ArithmeticError, AttributeError, LookupError, TypeError, ValueError) as problem:
        raise page.refuse(tr("its settings are not as expected ({problem})", problem=problem)) from problem


def _entrance(call: Call, calls: tuple[Call, ...], draft: Draft, lost: list[str]) -> tuple[str, Shape]:
    """Put the image in, and flatten it where the model takes a vector."""
    batch = call.config.get("batch_shape") or call.config.get("batch_input_shape") or [None]
    extents = list(batch[1:])
    if len(extents) not in (1, 3):
        raise FormatError(
            tr("The model takes {count}-dimensional input; Convolab's networks take images", count=len(extents))
        )
    if None in extents:
        extents = [extent or (3 if axis == len(extents) - 1 else USUAL_SIZE) for axis, extent in enumerate(extents)]
        lost.append(tr("that it takes images of any size (here {size})", size="×".join(map(str, extents))))
    *size, channels = extents
    height, width = size or (1, 1)
    layer = Input(channels=channels, height=height, width=width, scaling=_scaling(call, calls))
    draft.add(Node(call.name, layer))
    if size:
        return call.name, layer.shape
    draft.add(Node(f"{call.name}_vector", Flatten()))
    draft.connect(call.name, f"{call.name}_vector")
    return f"{call.name}_vector", Shape(channels)


def _scaling(entrance: Call, calls: tuple[Call, ...]) -> Any:
    """Return the range of pixel values: 0 to 255 where the model itself begins by bringing them to a smaller one."""
    for call in calls:
        if call.sources == [entrance.name] and call.kind == "Rescaling":
            scale = call.config.get("scale")
            if isinstance(scale, int | float) and scale < 1 / 100:
                return "0 to 255"
    return Input().scaling


def _training(call: Call) -> list[str]:
    """Return what a layer's settings say of training and of precision, which is left out."""
    config = call.config
    found = []
    if call.kind != "EinsumDense" and any(_is_own(key, value) for key, value in config.items()):
        found.append(tr("how weights begin (initialisers)"))
    if _kind_of_numbers(config.get("dtype")) not in (None, "float32"):
        found.append(tr("that values are {kind} (here they are float32)", kind=_kind_of_numbers(config.get("dtype"))))
    if any(key.endswith("_regularizer") and value for key, value in config.items()):
        found.append(tr("regularisers"))
    if any(key.endswith("_constraint") and value for key, value in config.items()):
        found.append(tr("constraints on weights"))
    if config.get("trainable") is False:
        found.append(tr("that weights are frozen"))
    return found


def _is_own(key: str, value: Any) -> bool:
    """Whether a setting is an initialiser other than what Keras takes where nothing is said."""
    if not key.endswith("_initializer") or not isinstance(value, Mapping):
        return False
    usual = ("Zeros", "Ones", "GlorotUniform", "zeros", "ones", "glorot_uniform")
    if value.get("class_name") != "VarianceScaling":
        return value.get("class_name") not in usual
    settings = value.get("config") or {}
    return (settings.get("mode"), settings.get("scale"), settings.get("distribution")) != ("fan_avg", 1.0, "uniform")


def _kind_of_numbers(value: Any) -> Any:
    """Return the setting “dtype”: a name, or a policy that has one."""
    if isinstance(value, Mapping):
        settings = value.get("config")
        return settings.get("name") if isinstance(settings, Mapping) else None
    return value


def _turned(graph: Graph) -> Graph:
    """Return the graph with volumes turned before each Flatten whose values must lie in Keras's order."""
    analysis = analyse(graph)
    late = unturned(analysis)
    for node in analysis.order:
        entry = analysis.nodes[node]
        if not isinstance(entry.layer, Flatten) or node in late or entry.inputs[0] is None:
            continue
        if not same_in_both_orders(entry.inputs[0]):
            (edge,) = graph.incoming[node].values()
            graph = graph.insert(edge, Node(graph.fresh_id(f"{node}_hwc"), Permute(order="HWC")))
    return graph
