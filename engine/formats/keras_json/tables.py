"""All layers that have a counterpart in Keras, by our class and by Keras's."""

from engine.formats.keras_json import functions, places, values, windows
from engine.formats.keras_json.page import Reader
from engine.formats.keras_json.sheet import Writer
from engine.language import tr_noop
from engine.layers import Layer

WRITERS: dict[type[Layer], Writer] = {**windows.WRITERS, **functions.WRITERS, **values.WRITERS, **places.WRITERS}
READERS: dict[str, Reader] = {**windows.READERS, **functions.READERS, **values.READERS, **places.READERS}

# Layers that no layer of Keras, nor a chain of them, computes.
NO_COUNTERPART = tr_noop("it has no counterpart there")
WITHOUT_COUNTERPART: dict[str, str] = {
    "LocalResponseNorm": tr_noop("Keras has no normalisation across neighbouring channels"),
    "LpPool2D": tr_noop("Keras has no pooling by a norm"),
}
