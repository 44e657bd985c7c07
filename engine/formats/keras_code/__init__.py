"""Networks as the source of a Keras model."""

from engine.formats.keras_code.writer import encode, written

__all__ = ["encode", "written"]
