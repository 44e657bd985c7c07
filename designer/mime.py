"""Layers and blocks on their way by drag and drop: what the palette packs and the canvas unpacks."""

from collections.abc import Sequence

from PySide6.QtCore import QMimeData

from engine import BLOCKS, LAYERS, Block, Layer

LAYER_MIME = "application/x-convolab-layer"
_BY_NAME = {layer.__name__: layer for layer in LAYERS}
_BLOCKS = {block.name: block for block in BLOCKS}


def pack(types: Sequence[str]) -> QMimeData:
    """Return the data of a drag that carries layers, by their type names, first to last, or one block by its name."""
    data = QMimeData()
    data.setData(LAYER_MIME, "+".join(types).encode())
    return data


def unpack(data: QMimeData) -> tuple[Layer, ...]:
    """Return the layers that a drag carries, with their default values; none where it carries something else."""
    return default_layers(_names(data))


def unpack_block(data: QMimeData) -> Block | None:
    """Return the block that a drag carries; None where it carries something else."""
    return block_named(_names(data))


def default_layers(types: Sequence[str]) -> tuple[Layer, ...]:
    """Return a layer with default values for each type name; none at all where a name is unknown."""
    if any(name not in _BY_NAME for name in types):
        return ()
    return tuple(_BY_NAME[name]() for name in types)


def block_named(names: Sequence[str]) -> Block | None:
    """Return the block of which this is the one name; None where there is no such block."""
    return _BLOCKS.get(names[0]) if len(names) == 1 else None


def _names(data: QMimeData) -> list[str]:
    return data.data(LAYER_MIME).toStdString().split("+") if data.hasFormat(LAYER_MIME) else []
