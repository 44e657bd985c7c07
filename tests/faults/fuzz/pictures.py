"""Small pictures of all kinds that are read, and damage that gets past a decoder's first look."""

import io
import struct
import zlib
from collections.abc import Iterator
from random import Random
from typing import Any

import numpy as np
from PIL import Image

from tests.faults.fuzz.octets import damaged as damaged_bytes

_SIGNATURE = b"\x89PNG\r\n\x1a\n"
_SIZES = (0, 1, 2, 255, 256, 10_000, 40_000, 65_535, 2**31 - 1, 2**32 - 1)


def seeds() -> list[bytes]:
    """Return pictures of 40×24 pixels in each format, with each kind of pixel that it has."""
    return list(_drawn())


def _drawn() -> Iterator[bytes]:
    noise = np.random.default_rng(3).integers(0, 256, (24, 40, 4), np.uint8)
    noise[4:20, 8:30] //= 4
    rgba = Image.fromarray(noise, "RGBA") if _old_pillow() else Image.fromarray(noise)
    rgb = rgba.convert("RGB")
    deep = Image.fromarray((noise[:, :, 0].astype(np.uint16) << 8) | 9)
    exif = Image.Exif()
    exif[0x0112] = 6  # lies on its side
    for mode in ("1", "L", "P", "RGB", "RGBA", "LA"):
        yield _saved(rgba.convert(mode), "PNG")
    yield _saved(deep, "PNG")
    yield _saved(rgb, "PNG", exif=exif)
    yield _saved(rgb, "PNG", save_all=True, append_images=[rgb.transpose(Image.Transpose.ROTATE_180)])
    yield _saved(rgb, "JPEG", exif=exif)
    yield _saved(rgb, "JPEG", progressive=True)
    yield _saved(rgb.convert("CMYK"), "JPEG")
    yield _saved(rgb.convert("L"), "JPEG")
    yield _saved(rgb.convert("P"), "GIF")
    yield _saved(rgb.convert("P"), "GIF", save_all=True, append_images=[rgb.convert("L")], loop=0)
    for mode in ("1", "L", "P", "RGB"):
        yield _saved(rgb.convert(mode), "BMP")
    for compression in ("raw", "tiff_lzw", "tiff_adobe_deflate", "packbits"):
        yield _saved(rgb, "TIFF", compression=compression)
    yield _saved(deep, "TIFF")
    yield _saved(Image.fromarray(noise[:, :, 0].astype(np.float32)), "TIFF")
    yield _saved(rgb.convert("CMYK"), "TIFF", exif=exif)
    yield _saved(rgba, "WEBP", lossless=True)
    yield _saved(rgb, "WEBP", exif=exif)
    yield _saved(rgb, "WEBP", save_all=True, append_images=[rgb.transpose(Image.Transpose.ROTATE_180)])


def _old_pillow() -> bool:
    return int(Image.__version__.split(".")[0]) < 11


def _saved(image: Image.Image, kind: str, **options: Any) -> bytes:
    stream = io.BytesIO()
    image.save(stream, kind, **options)
    return stream.getvalue()


def damaged(data: bytes, chance: Random) -> bytes:
    """Return a picture with bytes changed, in PNG files often within pieces whose checks then fit again."""
    if data.startswith(_SIGNATURE) and chance.random() < 0.7:
        return _damaged_png(data, chance)
    if chance.random() < 0.3:  # where formats keep sizes and tables
        head = min(len(data), 160)
        return damaged_bytes(data[:head], chance) + data[head:]
    return damaged_bytes(data, chance)


def _damaged_png(data: bytes, chance: Random) -> bytes:
    chunks, at = [], len(_SIGNATURE)
    while at + 8 <= len(data):
        (size,) = struct.unpack(">I", data[at : at + 4])
        chunks.append((data[at + 4 : at + 8], data[at + 8 : at + 8 + size]))
        at += size + 12
    for _ in range(chance.choice((1, 1, 2))):
        number = chance.randrange(len(chunks))
        kind, body = chunks[number]
        choice = chance.randrange(6)
        if choice == 0 and kind == b"IDAT":
            body = zlib.compress(damaged_bytes(_inflated(body), chance))
        elif choice == 1 and kind == b"IHDR":
            body = struct.pack(">II", chance.choice(_SIZES), chance.choice(_SIZES)) + body[8:]
        elif choice == 2:
            chunks.insert(chance.randrange(len(chunks) + 1), (kind, body))
        elif choice == 3:
            kind = chance.choice(
                (b"tEXt", b"zTXt", b"iTXt", b"iCCP", b"tRNS", b"PLTE", b"gAMA", b"acTL", b"fcTL", b"fdAT")
            )
        else:
            body = damaged_bytes(body, chance)
        chunks[number] = (kind, body)
    made = [
        struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body)) for kind, body in chunks
    ]
    return _SIGNATURE + b"".join(made)


def _inflated(data: bytes) -> bytes:
    try:
        return zlib.decompress(data)
    except zlib.error:
        return data
