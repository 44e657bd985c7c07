"""Keras models as JSON, both ways; one module a family of layers, and weights on their way."""

from engine.formats.keras_json.document import is_keras
from engine.formats.keras_json.reader import decode
from engine.formats.keras_json.weights import from_keras, to_keras
from engine.formats.keras_json.writer import described, encode, renamed

__all__ = ["decode", "described", "encode", "from_keras", "is_keras", "renamed", "to_keras"]
