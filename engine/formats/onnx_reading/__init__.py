"""ONNX operators as layers, one module a family, mirroring `onnx_nodes`; what files are made of, and how they lie."""

from engine.formats.onnx_reading import places, pooling, resizing, scaling, values, windows
from engine.formats.onnx_reading.keeping import Keeper
from engine.formats.onnx_reading.patterns import Pattern
from engine.formats.onnx_reading.reading import Reader, Reading
from engine.formats.onnx_reading.source import Source, extents, is_float

_ROOMS = (windows, pooling, values, scaling, places, resizing)

READERS: dict[str, Reader] = {name: read for room in _ROOMS for name, read in room.READERS.items()}
PATTERNS: tuple[Pattern, ...] = tuple(one for room in _ROOMS for one in room.PATTERNS)

__all__ = ["PATTERNS", "READERS", "Keeper", "Reading", "Source", "extents", "is_float"]
