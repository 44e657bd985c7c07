"""From an image file to the array that enters a network: decoding, channels, fitting, value scaling."""

import io
import struct
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageOps, UnidentifiedImageError

from engine.cancelling import Cancelled
from engine.language import tr
from engine.layers import Input
from engine.layers.base import Array

SUFFIXES = (".png", ".jpg", ".jpeg", ".gif", ".bmp", ".tif", ".tiff", ".webp")
MOST_PIXELS = 128_000_000  # of an image, which takes up to 12 bytes for each while it is read
_FORMATS = ("PNG", "JPEG", "GIF", "BMP", "TIFF", "WEBP")  # others that Pillow knows start programs, or are seldom tried
_BAND = 1 << 20  # pixels that are scaled together
_MODES = {1: "L", 3: "RGB", 4: "RGBA"}
# What Pillow's decoders raise on broken files; a TypeError, for one, comes from a TIFF whose tags have odd types.
_BROKEN = (ArithmeticError, EOFError, LookupError, OSError, SyntaxError, TypeError, ValueError, struct.error)
Image.MAX_IMAGE_PIXELS = MOST_PIXELS  # Pillow warns of larger ones, and refuses those that are twice as large


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


class _Watched(io.BufferedReader):
    """A file that is read no further when somebody wants that no more; decoders take it piece by piece."""

    def __init__(self, path: str | Path, cancelled: Callable[[], bool] | None) -> None:
        super().__init__(io.FileIO(path))
        self._cancelled = cancelled

    def read(self, size: int | None = -1, /) -> bytes:
        if self._cancelled is not None and self._cancelled():
            raise Cancelled
        return super().read(size)


def open_image(path: str | Path, *, cancelled: Callable[[], bool] | None = None) -> Image.Image:
    """Decode an image file: first frame, turned upright (EXIF), 8 bits a channel, mode L, RGB or RGBA.

    Raises
    ------
    ImageError
        Where the file can't be read as an image, or has more than `MOST_PIXELS`.
    Cancelled
        Where ``cancelled()``, which is asked while the file is read, returned true.
    """
    return _decoded(path, None, cancelled)


def small_image(path: str | Path, side: int) -> Image.Image:
    """Decode an image file to fit a square; JPEGs are decoded no larger than needed, which takes a tenth of the time.

    Raises
    ------
    ImageError
        Where the file can't be read as an image.
    """
    return _decoded(path, side, None)


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


def _decoded(path: str | Path, side: int | None, cancelled: Callable[[], bool] | None) -> Image.Image:
    name = Path(path).name
    try:
        with _Watched(path, cancelled) as stream, Image.open(stream, formats=_FORMATS) as opened:
            if opened.width * opened.height > MOST_PIXELS:
                raise _too_large(name)
            if side is not None:
                opened.draft(None, (2 * side, 2 * side))
            opened.load()
            ImageOps.exif_transpose(opened, in_place=True)
            image = _eight_bits(opened)
            if side is not None:
                image.thumbnail((side, side))
            return image
    except ImageError:
        raise
    except UnidentifiedImageError:
        raise ImageError(
            tr("{file} is not an image that can be read ({suffixes})", file=name, suffixes=", ".join(SUFFIXES))
        ) from None
    except (Image.DecompressionBombError, Image.DecompressionBombWarning):
        raise _too_large(name) from None
    except MemoryError:
        raise ImageError(tr("There is not enough memory to read {name}", name=name)) from None
    except _BROKEN as problem:
        raise ImageError(tr("{file} can't be read: {problem}", file=name, problem=problem)) from problem


def _too_large(name: str) -> ImageError:
    most = MOST_PIXELS // 1_000_000
    return ImageError(
        tr("{name} has more than {most} megapixels, which is the most that is read", name=name, most=most)
    )


def _eight_bits(image: Image.Image) -> Image.Image:
    if image.mode.startswith("I;16"):
        table = (np.arange(1 << 16) * (255.0 / 65535)).round().astype(np.uint8)
        return Image.fromarray(table[np.asarray(image)])
    if image.mode in ("I", "F"):
        full = _white(image)
        return Image.fromarray(np.concatenate([_scaled(band, 255.0 / full) for band in _bands(image)]))
    see_through = "transparency" in image.info or "A" in image.getbands() or "a" in image.getbands()
    mode = "RGBA" if see_through else "L" if image.mode in ("1", "L") else "RGB"
    return image if image.mode == mode else image.convert(mode)


def _bands(image: Image.Image) -> Iterator[NDArray[np.float64]]:
    """Yield the samples of some rows after the other, for all of them would take eight bytes each."""
    rows = max(1, _BAND // image.width)
    for top in range(0, image.height, rows):
        band = image.crop((0, top, image.width, min(image.height, top + rows)))
        with np.errstate(invalid="ignore"):
            values = np.array(band, np.float64)
        yield np.nan_to_num(values, copy=False, nan=0.0, posinf=0.0, neginf=0.0) if image.mode == "F" else values


def _scaled(values: NDArray[np.float64], factor: float) -> NDArray[np.uint8]:
    values *= factor
    np.rint(values, out=values)
    np.clip(values, 0, 255, out=values)
    return values.astype(np.uint8)


def _white(image: Image.Image) -> float:
    """Return the sample that means white, which the range of the samples tells."""
    largest, whole = 0.0, True
    for band in _bands(image):
        largest = max(largest, float(band.max()))
        whole = whole and largest <= 1.0 and np.array_equal(band, band.round())
    if largest <= 1.0 and not whole:
        return 1.0
    return 255.0 if largest <= 255 else 65535.0 if largest <= 65535 else largest


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
