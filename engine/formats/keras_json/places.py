"""Layers that move values: each one's counterpart in Keras, and back.

Where a layer depends on the order of the values, Keras's channels-last volumes are turned into our order and back.
"""

from typing import Any, Literal, NamedTuple

from engine.formats.keras_json.order import channels_last, same_in_both_orders
from engine.formats.keras_json.page import Page, Reader, one
from engine.formats.keras_json.sheet import Sheet, Writer
from engine.language import tr, tr_noop
from engine.layers import (
    ChannelShuffle,
    Crop2D,
    DepthToSpace,
    Flatten,
    Identity,
    Layer,
    Permute,
    Reshape,
    Resize2D,
    Slice,
    SpaceToDepth,
    Upsample2D,
    ZeroPad2D,
)
from engine.shape import Shape

_KERAS_AXES = {"H": 1, "W": 2, "C": 3}
_SLICED: tuple[Literal["height", "width", "channels"], ...] = ("height", "width", "channels")
_OPS = "keras.src.ops.numpy"

# Writing

_DEALT = tr_noop("values that are dealt out anew are a Reshape, a Permute and a Reshape")
_ROWS = tr_noop(
    "values are laid out row by row, channels last, and dense layers behind them have their weights in that order "
    "(`engine.formats.keras_json.to_keras` gives them)"
)
_TURNED = tr_noop("where the order of values matters, a Permute puts channels first before they are laid out")


def _flatten(sheet: Sheet) -> None:
    if sheet.unturned:
        sheet.notes.append(_ROWS)
    source = sheet.sources[0] if sheet.unturned or same_in_both_orders(sheet.shapes[0]) else _ours(sheet)
    sheet.result("Flatten", {}, [source])


def _ours(sheet: Sheet) -> str:
    """Return the input volume with its axes in our order."""
    sheet.notes.append(_TURNED)
    return sheet.step("chw", "Permute", {"dims": [3, 1, 2]}, sheet.sources, sheet.shapes[0])


def _reshape(sheet: Sheet) -> None:
    (shape,), (source,), output = sheet.shapes, sheet.sources, sheet.output
    if not same_in_both_orders(shape):
        source = _ours(sheet)
    if same_in_both_orders(output):
        sheet.result("Reshape", {"target_shape": list(sheet.keras_shape)}, [source])
        return
    laid_out = sheet.step("laid_out", "Reshape", {"target_shape": list(output)}, [source], output)
    sheet.result("Permute", {"dims": [2, 3, 1]}, [laid_out])


def _permute(sheet: Sheet) -> None:
    assert isinstance(sheet.layer, Permute)
    depth, down, across = sheet.layer.order
    sheet.result("Permute", {"dims": [_KERAS_AXES[axis] for axis in (down, across, depth)]})


def _pad(sheet: Sheet) -> None:
    layer = sheet.layer
    assert isinstance(layer, ZeroPad2D)
    if layer.mode != "constant" or layer.value:
        what = (
            tr("by {value:g}", value=layer.value)
            if layer.mode == "constant"
            else tr("in mode “{mode}”", mode=layer.mode)
        )
        raise sheet.refuse(tr("Keras pads by zeros, not {what}", what=what))
    top, bottom, left, right = layer.padding
    sheet.result("ZeroPadding2D", {"padding": [[top, bottom], [left, right]]})


def _crop(sheet: Sheet) -> None:
    assert isinstance(sheet.layer, Crop2D)
    top, bottom, left, right = sheet.layer.cropping
    sheet.result("Cropping2D", {"cropping": [[top, bottom], [left, right]]})


def _slice(sheet: Sheet) -> None:
    layer = sheet.layer
    assert isinstance(layer, Slice)
    volume = sheet.shapes[0].is_volume
    axis = 1 + _SLICED.index(layer.axis) if volume else 1
    parts: list[Any] = [_part(None, None, None) for _ in range(1 + len(sheet.shapes[0]))]
    kept = layer.kept(sheet.shapes[0][layer.axis_index])
    parts[axis] = _part(kept.start, kept.stop, kept.step)
    sheet.operation("GetItem", _OPS, {}, parts)


def _part(start: int | None, stop: int | None, step: int | None) -> dict[str, Any]:
    return {"class_name": "__slice__", "config": {"start": start, "stop": stop, "step": step}}


def _resize(sheet: Sheet) -> None:
    """Write what Keras does alike: repeated pixels, and blends of pixels that are squares."""
    layer = sheet.layer
    assert isinstance(layer, Upsample2D | Resize2D)
    if layer.mode == "bilinear" and layer.align_corners:
        raise sheet.refuse(tr("Keras does not keep corners in place; switch “Align corners” off"))
    if isinstance(layer, Upsample2D):
        sheet.result("UpSampling2D", {"size": layer.factor, "interpolation": layer.mode})
        return
    size = dict(zip(("height", "width"), layer.output, strict=True))
    if layer.mode == "nearest" and any(new % old for new, old in zip(layer.output, sheet.shapes[0][1:], strict=True)):
        raise sheet.refuse(tr("Keras's backends disagree on the nearest pixels where sizes are no whole multiples"))
    sheet.result("Resizing", {**size, "interpolation": layer.mode})


class Cells(NamedTuple):
    """How values are rearranged: laid out as cells, the cells' axes turned (Keras counts from 1), laid out again."""

    cells: tuple[int, ...]
    turned: tuple[int, ...]


def _cells(layer: Layer, shape: Shape) -> Cells:
    """Return how Keras rearranges a volume ``(C, H, W)``, or shuffles a vector, as one of our layers does."""
    if isinstance(layer, ChannelShuffle):
        places = tuple(range(1, len(shape)))
        last = len(shape)
        return Cells((*shape[1:], layer.groups, shape.channels // layer.groups), (*places, last + 1, last))
    channels, height, width = shape
    assert isinstance(layer, DepthToSpace | SpaceToDepth)
    b = layer.block
    if isinstance(layer, SpaceToDepth):
        order = (1, 3, 2, 4, 5) if layer.order == "DCR" else (1, 3, 5, 2, 4)
        return Cells((height // b, b, width // b, b, channels), order)
    if layer.order == "DCR":
        return Cells((height, width, b, b, channels // b**2), (1, 3, 2, 4, 5))
    return Cells((height, width, channels // b**2, b, b), (1, 4, 2, 5, 3))


def _rearranged(sheet: Sheet) -> None:
    sheet.notes.append(_DEALT)
    cells, turned = _cells(sheet.layer, sheet.shapes[0])
    laid_out = sheet.step("cells", "Reshape", {"target_shape": list(cells)}, sheet.sources, cells)
    order = [cells[axis - 1] for axis in turned]
    source = sheet.step("turned", "Permute", {"dims": list(turned)}, [laid_out], order)
    sheet.result("Reshape", {"target_shape": list(sheet.keras_shape)}, [source])


WRITERS: dict[type[Layer], Writer] = {
    Flatten: _flatten,
    Reshape: _reshape,
    Permute: _permute,
    ZeroPad2D: _pad,
    Crop2D: _crop,
    Slice: _slice,
    Upsample2D: _resize,
    Resize2D: _resize,
    DepthToSpace: _rearranged,
    SpaceToDepth: _rearranged,
    ChannelShuffle: _rearranged,
}

# Reading


def _read_reshape(page: Page) -> None:
    wanted = tuple(page.config["target_shape"])
    if len(wanted) not in (1, 3):
        raise page.refuse(tr("the shape {wanted} is neither a volume's nor a vector's", wanted=wanted))
    if not same_in_both_orders(page.shape):
        page.add(Permute(order="HWC"), "hwc")
    page.add(Reshape(shape=wanted), "" if len(wanted) == 1 else "laid_out")
    if len(wanted) == 3:  # what was laid out as (H, W, C) stands as (C, H, W)
        page.add(Permute(order="WCH"))


def _read_pixel_or_reshape(page: Page) -> None:
    """Read a Reshape; one to a single pixel, as squeeze-and-excitation has it, needs no turning."""
    wanted = tuple(page.config["target_shape"])
    if len(wanted) == 3 and wanted[:2] == (1, 1) and same_in_both_orders(page.shape):
        page.add(Reshape(shape=(wanted[2], 1, 1)))
    else:
        _read_reshape(page)


def _read_permute(page: Page) -> None:
    dims = list(page.config["dims"])
    if not page.shape.is_volume:
        raise page.refuse(tr("it turns something that is not a volume"))
    letters = {number: letter for letter, number in _KERAS_AXES.items()}
    down, across, depth = (letters[number] for number in dims)
    page.add(Permute(order=f"{depth}{down}{across}"))  # type: ignore[arg-type]


def _read_rearranged(page: Page) -> None:
    """Read three layers in one: values laid out as cells, turned, laid out again."""
    shape = page.shape
    found = Cells(tuple(page.config["cells"]), tuple(page.config["turned"]))
    candidates: list[Layer] = []
    if len(found.cells) == len(shape) + 1:
        candidates.append(ChannelShuffle(groups=found.cells[-2]))
    elif len(found.cells) == 5 and shape.is_volume:
        _, first, _, fourth, last = found.cells
        for order in ("DCR", "CRD"):
            candidates.append(SpaceToDepth(block=first, order=order))
            candidates.append(DepthToSpace(block=fourth if order == "DCR" else last, order=order))
    for layer in candidates:
        output = layer.infer((shape,)).output
        if (
            output is not None
            and _cells(layer, shape) == found
            and tuple(page.config["target"]) == channels_last(output)
        ):
            page.add(layer)
            return
    raise page.refuse(
        tr(
            "values laid out as {cells} and turned to {turned} are no layer of Convolab's",
            cells=found.cells,
            turned=found.turned,
        )
    )


def _read_slice(page: Page) -> None:
    parts = [part for one in page.constants for part in (one if isinstance(one, list) else [one])]
    shape = page.shape
    sizes = [1, *shape[1:], shape[0]] if shape.is_volume else [1, *shape]
    kinds = [part.get("class_name") if isinstance(part, dict) else None for part in parts]
    if "__ellipsis__" in kinds:
        at = kinds.index("__ellipsis__")
        fill = [_part(None, None, None)] * (len(sizes) - len(parts) + 1)
        parts = [*parts[:at], *fill, *parts[at + 1 :]]
    for axis, (part, size) in enumerate(zip(parts, sizes, strict=False)):
        if not isinstance(part, dict) or part.get("class_name") != "__slice__":
            raise page.refuse(tr("it takes single rows, columns or channels out"))
        config = part["config"]
        span = range(*slice(config["start"], config["stop"], config["step"]).indices(size))
        if axis and span != range(size):
            page.add(
                Slice(
                    axis=_SLICED[axis - 1 if shape.is_volume else 2], start=span.start, length=len(span), step=span.step
                )
            )
    if page.is_unchanged:
        page.add(Identity())


def _read_upsample(page: Page) -> None:
    page.add(Upsample2D(factor=page.pair("size", 2), mode=_mode(page, "nearest")))


def _read_resizing(page: Page) -> None:
    if page.config.get("crop_to_aspect_ratio") or page.config.get("pad_to_aspect_ratio"):
        raise page.refuse(tr("it keeps the ratio of the sides, which Convolab's layer does not"))
    size = page.config["height"], page.config["width"]
    if (mode := _mode(page, "bilinear")) == "nearest" and any(
        new % old for new, old in zip(size, page.shape[1:], strict=True)
    ):
        raise page.refuse(tr("Keras's backends disagree on the nearest pixels where sizes are no whole multiples"))
    page.add(Resize2D(output=size, mode=mode))


def _mode(page: Page, usual: str) -> Any:
    mode = page.config.get("interpolation", usual)
    if mode not in ("nearest", "bilinear"):
        raise page.refuse(tr("there is no interpolation {mode!r}", mode=mode))
    return mode


READERS: dict[str, Reader] = {
    "Flatten": one(lambda page: Flatten()),
    "Reshape": _read_pixel_or_reshape,
    "Permute": _read_permute,
    "Rearrange": _read_rearranged,
    "ZeroPadding2D": one(lambda page: ZeroPad2D(padding=page.sides("padding"))),
    "Cropping2D": one(lambda page: Crop2D(cropping=page.sides("cropping"))),
    "GetItem": _read_slice,
    "UpSampling2D": _read_upsample,
    "Resizing": _read_resizing,
}
