"""What the onnx package itself says, asked for in another process, where a hostile model can hurt nothing.

Its rules for shapes, its converter, its checker and its inliner are written in C++ and take a model at its word: an
axis beyond all axes makes them read where they may not, a step of nothing makes them go on for ever, and functions that
call functions become more nodes than there is memory. What is asked here is answered, or the process that was asked is
gone and `Broken` says so.
"""

from engine.formats.onnx_apart.asking import Broken, Refused, check, converted, inlined, shapes

__all__ = ["Broken", "Refused", "check", "converted", "inlined", "shapes"]
