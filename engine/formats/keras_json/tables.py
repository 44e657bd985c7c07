"""All layers that have a counterpart in Keras, by our class and by Keras's."""

from engine.formats.keras_json import functions, merges, places, values, windows
from engine.formats.keras_json.page import Reader
from engine.formats.keras_json.sheet import Writer
from engine.language import tr_noop
from engine.layers import Layer

_ROOMS = (windows, functions, values, places, merges)

WRITERS: dict[type[Layer], Writer] = {kind: write for room in _ROOMS for kind, write in room.WRITERS.items()}
READERS: dict[str, Reader] = {name: read for room in _ROOMS for name, read in room.READERS.items()}

# Layers that no layer of Keras, nor a chain of them, computes.
NO_COUNTERPART = tr_noop("it has no counterpart there")
WITHOUT_COUNTERPART: dict[str, str] = {
    "LocalResponseNorm": tr_noop("Keras has no normalisation across neighbouring channels"),
    "LpPool2D": tr_noop("Keras has no pooling by a norm"),
}
