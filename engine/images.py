"""From an image file to the array that enters a network: decoding, channels, fitting, value scaling."""

import struct
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageOps, UnidentifiedImageError

from engine.language import tr
from engine.layers import Input
from engine.layers.base import Array

SUFFIXES = (".png", ".jpg", ".jpeg", ".gif", ".bmp", ".tif", ".tiff", ".webp")
_MODES = {1: "L", 3: "RGB", 4: "RGBA"}
# What Pillow's decoders raise on broken files; a TypeError, for one, comes from a TIFF whose tags have odd types.
_BROKEN = (ArithmeticError, EOFError, LookupError, OSError, SyntaxError, TypeError, ValueError, struct.error)


class ImageError(ValueError):
    """An image that can't be read, or that the network has no use for."""


def load_image(path: str | Path, input_layer: Input) -> Array:
    """Read an image file and bring it to what an Input layer expects.

    Returns
    -------
    Array
        Float32 ``(C, H, W)``, read-only, scaled as the layer says.

    Raises
    ------
    ImageError
        Where the file can't be read as an image, or the layer's channels are not those of an image.
    """
    return prepare(open_image(path), input_layer)


def open_image(path: str | Path) -> Image.Image:
    """Decode an image file: first frame, turned upright (EXIF), 8 bits a channel, mode L, RGB or RGBA.

    Raises
    ------
    ImageError
        Where the file can't be read as an image.
    """
    return _decoded(path, None)


def small_image(path: str | Path, side: int) -> Image.Image:
    """Decode an image file to fit a square; JPEGs are decoded no larger than needed, which takes a tenth of the time.

    Raises
    ------
    ImageError
        Where the file can't be read as an image.
    """
    return _decoded(path, side)


def prepare(image: Image.Image, layer: Input) -> Array:
    """Bring a decoded image to what an Input layer expects: float32 ``(C, H, W)``, read-only.

    Raises
    ------
    ImageError
        Where the layer's channels are not those of an image.
    """
    mode = _MODES.get(layer.channels)
    if mode is None:
        raise ImageError(
            tr(
                "The Input layer has {channels} channels; an image has 1 (gray), 3 (RGB) or 4 (with transparency)",
                channels=layer.channels,
            )
        )
    fitted = _fit(_inverted(_to_mode(image, mode)) if layer.invert else _to_mode(image, mode), layer)
    values = np.asarray(fitted, np.float32)
    volume = values[None] if values.ndim == 2 else values.transpose(2, 0, 1)
    if layer.scaling == "0 to 1":
        volume = volume / np.float32(255)
    elif layer.scaling == "-1 to 1":
        volume = volume / np.float32(127.5) - np.float32(1)
    made = np.ascontiguousarray(volume, np.float32)
    made.flags.writeable = False
    return made


def frame(size: tuple[int, int], layer: Input) -> tuple[float, float, float, float]:
    """Return where a whole picture lies among the pixels of an Input layer: left, top, width, height.

    What a layer that crops leaves out lies beyond 0 and the layer's size.

    Parameters
    ----------
    size
        Width and height of the picture.
    layer
        Where it enters.
    """
    width, height = size
    if layer.fit == "stretch" or size == (layer.width, layer.height):
        return 0.0, 0.0, float(layer.width), float(layer.height)
    across, down = layer.width / width, layer.height / height
    if layer.fit == "crop":
        scale = max(across, down)
        return (layer.width - width * scale) / 2, (layer.height - height * scale) / 2, width * scale, height * scale
    scale = min(across, down, 1.0)
    wide, tall = max(1, round(width * scale)), max(1, round(height * scale))
    return float((layer.width - wide) // 2), float((layer.height - tall) // 2), float(wide), float(tall)


def _decoded(path: str | Path, side: int | None) -> Image.Image:
    try:
        with Image.open(path) as opened:
            if side is not None:
                opened.draft(None, (2 * side, 2 * side))
            image = _eight_bits(ImageOps.exif_transpose(opened))
            if side is not None:
                image.thumbnail((side, side))
            return image
    except UnidentifiedImageError:
        raise ImageError(
            tr(
                "{file} is not an image that can be read ({suffixes})",
                file=Path(path).name,
                suffixes=", ".join(SUFFIXES),
            )
        ) from None
    except (*_BROKEN, Image.DecompressionBombError) as problem:
        raise ImageError(tr("{file} can't be read: {problem}", file=Path(path).name, problem=problem)) from problem


def _eight_bits(image: Image.Image) -> Image.Image:
    if image.mode.startswith("I;16"):
        return Image.fromarray(_scaled(np.asarray(image, np.float64), 65535))
    if image.mode in ("I", "F"):
        return Image.fromarray(_scaled(np.asarray(image, np.float64)))
    see_through = "transparency" in image.info or "A" in image.getbands() or "a" in image.getbands()
    if see_through:
        return image.convert("RGBA")
    return image.convert("L" if image.mode in ("1", "L") else "RGB")


def _scaled(values: NDArray[np.float64], full: float | None = None) -> NDArray[np.uint8]:
    """Bring samples to 0-255 by the value that means white; where it is not known, the samples' range tells it."""
    finite = np.nan_to_num(values, nan=0.0, posinf=0.0, neginf=0.0)
    largest = float(finite.max(initial=0.0))
    if full is None and largest <= 1.0 and not np.array_equal(finite, finite.round()):
        full = 1.0
    elif full is None:
        full = 255.0 if largest <= 255 else 65535.0 if largest <= 65535 else largest
    return np.clip(finite * (255.0 / full), 0, 255).round().astype(np.uint8)


def _to_mode(image: Image.Image, mode: str) -> Image.Image:
    if image.mode == mode:
        return image
    if image.mode == "RGBA":  # what is transparent shows white paper
        paper = Image.new("RGBA", image.size, "white")
        image = Image.alpha_composite(paper, image)
    return image.convert(mode)


def _inverted(image: Image.Image) -> Image.Image:
    if image.mode != "RGBA":
        return ImageOps.invert(image)
    *colours, alpha = image.split()
    return Image.merge("RGBA", (*(ImageOps.invert(band) for band in colours), alpha))


def _fit(image: Image.Image, layer: Input) -> Image.Image:
    size = (layer.width, layer.height)
    if image.size == size:
        return image
    if layer.fit == "stretch":
        return image.resize(size, Image.Resampling.BILINEAR)
    if layer.fit == "crop":
        return ImageOps.fit(image, size, Image.Resampling.BILINEAR)
    shrink = min(size[0] / image.width, size[1] / image.height)
    if shrink < 1:  # a line stays at least a pixel wide
        shrunk = max(1, round(image.width * shrink)), max(1, round(image.height * shrink))
        image = image.resize(shrunk, Image.Resampling.BILINEAR)
    canvas = Image.new(image.mode, size, 0)
    canvas.paste(image, ((size[0] - image.width) // 2, (size[1] - image.height) // 2))
    return canvas
