"""Layers that put several values together: each one's counterpart in Keras, and back."""

from engine.formats.keras_json.page import Page, Reader
from engine.formats.keras_json.sheet import Sheet, Writer
from engine.language import tr
from engine.layers import Add, Average, Concat, Layer, Maximum, Minimum, Multiply, Rescaling, Subtract
from engine.shape import Shape

# Writing


def _merge(kind: str) -> Writer:
    """Return the writer of a merge value by value; vectors among volumes become volumes of one pixel."""

    def write(sheet: Sheet) -> None:
        volume = sheet.output.is_volume
        sources = [
            source if shape.is_volume or not volume else _pixel(sheet, source, shape, port)
            for port, (source, shape) in enumerate(zip(sheet.sources, sheet.shapes, strict=True))
        ]
        sheet.result(kind, {}, sources)

    return write


def _pixel(sheet: Sheet, source: str, shape: Shape, port: int) -> str:
    pixel = (1, 1, shape.size)
    return sheet.step(f"pixel{port + 1}", "Reshape", {"target_shape": list(pixel)}, [source], pixel)


def _concat(sheet: Sheet) -> None:
    sheet.result("Concatenate", {"axis": -1})


WRITERS: dict[type[Layer], Writer] = {
    Add: _merge("Add"),
    Subtract: _merge("Subtract"),
    Multiply: _merge("Multiply"),
    Maximum: _merge("Maximum"),
    Minimum: _merge("Minimum"),
    Average: _merge("Average"),
    Concat: _concat,
}

# Reading


def _read_merge(kind: type[Layer]) -> Reader:
    def read(page: Page) -> None:
        if page.constants:
            _read_arithmetic(page)
        elif len(page.inputs) == 1:
            raise page.refuse(tr("it has one input only"))
        else:
            page.add(kind())

    return read


def _read_arithmetic(page: Page) -> None:
    """Read an operation between values and a number as a rescaling."""
    number, *more = page.constants
    if more or not isinstance(number, int | float) or isinstance(number, bool):
        raise page.refuse(tr("it takes something that is not a number"))
    first = page.number_first
    scale, offset = {
        "Add": (1.0, number),
        "Subtract": (-1.0, number) if first else (1.0, -number),
        "Multiply": (number, 0.0),
        "Divide": (1 / number if number and not first else None, 0.0),
    }.get(page.kind, (None, 0.0))
    if scale is None:
        raise page.refuse(tr("Convolab has no such operation with {number:g}", number=number))
    page.add(Rescaling(scale=scale, offset=offset))


def _read_concat(page: Page) -> None:
    rank = len(page.shape)
    if page.config.get("axis", -1) % (rank + 1) != rank:
        raise page.refuse(tr("it stacks along another axis than the channels"))
    page.add(Concat())


def _read_scaled_sum(page: Page) -> None:
    """Read Inception-ResNet's own layer: the first branch, and a share of the second."""
    first, second = page.inputs
    page.inputs = [second]
    page.add(Rescaling(scale=page.config["scale"], offset=0.0), "scaled")
    page.inputs = [first, *page.inputs]
    page.add(Add())


READERS: dict[str, Reader] = {
    "Add": _read_merge(Add),
    "Subtract": _read_merge(Subtract),
    "Multiply": _read_merge(Multiply),
    "Divide": _read_arithmetic,
    "Maximum": _read_merge(Maximum),
    "Minimum": _read_merge(Minimum),
    "Average": _read_merge(Average),
    "Concatenate": _read_concat,
    "CustomScaleLayer": _read_scaled_sum,
}
