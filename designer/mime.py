"""Layers on their way by drag and drop: what the palette packs and the canvas unpacks."""

from collections.abc import Sequence

from PySide6.QtCore import QMimeData

from engine import LAYERS, Layer

LAYER_MIME = "application/x-convolab-layer"
_BY_NAME = {layer.__name__: layer for layer in LAYERS}


def pack(types: Sequence[str]) -> QMimeData:
    """Return the data of a drag that carries layers, by their type names, first to last."""
    data = QMimeData()
    data.setData(LAYER_MIME, "+".join(types).encode())
    return data


def unpack(data: QMimeData) -> tuple[Layer, ...]:
    """Return the layers that a drag carries, with their default values; none where it carries something else."""
    if not data.hasFormat(LAYER_MIME):
        return ()
    return default_layers(data.data(LAYER_MIME).toStdString().split("+"))


def default_layers(types: Sequence[str]) -> tuple[Layer, ...]:
    """Return a layer with default values for each type name; none at all where a name is unknown."""
    if any(name not in _BY_NAME for name in types):
        return ()
    return tuple(_BY_NAME[name]() for name in types)
