"""Feature maps to take away: contact sheets as PNG, arrays as NPY and NPZ, and one HTML page with all of them."""

from __future__ import annotations

import base64
import html
import io
import re
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw, ImageFont

from engine.analysis import Analysis
from engine.language import tr, tr_count, tr_number
from engine.layers.base import Array
from engine.statistics import ChannelStatistics, channel_statistics

Palette = NDArray[np.uint8]  # (n, 3): from the lowest value to the highest

_VIRIDIS = (  # seventeen samples of the colour map
    "440154 48186a 472d7b 424086 3a528b 33628d 2c728e 26818e "
    "21908c 1f9f88 28ae80 3ebc74 5bc863 81d34d aadc32 d5e21a fde725"
)
_FAULT = (200, 36, 47)  # NaN and infinity
_GROUND, _INK = (255, 255, 255), (91, 102, 117)
_SIDE = 64  # what small maps are enlarged to, by whole numbers
_WIDTH = 1600  # of a sheet
_GAP, _LABEL = 6, 14
_CELL = 20  # of an element of a vector


def viridis() -> Palette:
    """Return 255 colours from dark violet over green to yellow."""
    samples = np.array([[int(one[i : i + 2], 16) for i in (0, 2, 4)] for one in _VIRIDIS.split()], np.float64)
    at = np.linspace(0, len(samples) - 1, 255)
    mixed = np.stack([np.interp(at, np.arange(len(samples)), part) for part in samples.T], axis=1)
    made: Palette = np.rint(mixed).astype(np.uint8)
    return made


def contact_sheet(values: Array, palette: Palette | None = None, *, diverging: bool = False) -> Image.Image:
    """Return all maps of a layer as one picture, each over its own range, with its number below.

    Parameters
    ----------
    values
        ``(C, H, W)`` or ``(N,)``; the elements of a vector share one range.
    palette
        The colours, viridis unless told. What is not finite is red.
    diverging
        Whether the middle colour is for 0.
    """
    colours = viridis() if palette is None else palette
    if values.ndim == 1 or values.shape[1:] == (1, 1):
        return _vector(values.reshape(-1), colours, diverging=diverging)
    count, height, width = values.shape
    if not values.size:
        return Image.new("RGB", (_SIDE, _SIDE), _GROUND)
    times = max(1, _SIDE // max(height, width))
    across, down = max(width * times, 22) + _GAP, height * times + _LABEL + _GAP
    columns = min(count, max(1, (_WIDTH - _GAP) // across))
    sheet = Image.new("RGB", (columns * across + _GAP, -(-count // columns) * down + _GAP), _GROUND)
    pen, font = ImageDraw.Draw(sheet), ImageFont.load_default(size=10)
    for number, one in enumerate(values):
        row, column = divmod(number, columns)
        left, top = _GAP + column * across, _GAP + row * down
        tile = Image.fromarray(_coloured(one, colours, diverging=diverging))
        sheet.paste(tile.resize((width * times, height * times), Image.Resampling.NEAREST), (left, top))
        pen.text((left, top + height * times + 1), str(number), _INK, font)
    return sheet


def write_sheets(
    folder: str | Path,
    name: str,
    analysis: Analysis,
    maps: Mapping[str, Array],
    *,
    palette: Palette | None = None,
    diverging: bool = False,
    progress: Callable[[int, int], object] | None = None,
) -> list[Path]:
    """Write a sheet for each layer, ``maps.npz`` with all arrays by layer id, and ``maps.html`` that holds it all.

    Parameters
    ----------
    folder
        Where to; made where it is missing.
    name
        The network's.
    analysis
        Of the network that ran.
    maps
        What it computed for one image.
    palette, diverging
        As for `contact_sheet`.
    progress
        Called with how many layers are done, and of how many.

    Returns
    -------
    list of Path
        What was written.

    Raises
    ------
    OSError
        Where the folder can't be written to.
    """
    target = Path(folder)
    target.mkdir(parents=True, exist_ok=True)
    written, sections = [], []
    digits = len(str(len(maps)))
    for number, (node, values) in enumerate(maps.items(), start=1):
        sheet = contact_sheet(values, palette, diverging=diverging)
        path = target / f"{number:0{digits}}-{_file_name(node)}.png"
        sheet.save(path)
        written.append(path)
        sections.append(_section(analysis, node, values, sheet))
        if progress is not None:
            progress(number, len(maps))
    arrays: dict[str, Any] = dict(maps)
    with (target / "maps.npz").open("wb") as stream:
        np.savez_compressed(stream, **arrays)
    (target / "maps.html").write_text(_page(name, sections), encoding="utf-8")
    return [*written, target / "maps.npz", target / "maps.html"]


def _vector(values: Array, palette: Palette, *, diverging: bool) -> Image.Image:
    columns = max(1, min(len(values), (_WIDTH - _GAP) // _CELL))
    rows = max(1, -(-len(values) // columns))
    cells = np.full((rows * columns, 3), 255, np.uint8)
    cells[: len(values)] = _coloured(values[None], palette, diverging=diverging)[0]
    size = columns * _CELL, rows * _CELL
    large = Image.fromarray(cells.reshape(rows, columns, 3)).resize(size, Image.Resampling.NEAREST)
    sheet = Image.new("RGB", (large.width + 2 * _GAP, large.height + 2 * _GAP), _GROUND)
    sheet.paste(large, (_GAP, _GAP))
    return sheet


def _coloured(values: Array, palette: Palette, *, diverging: bool) -> NDArray[np.uint8]:
    """Return ``(H, W)`` as ``(H, W, 3)``; a map whose values are all the same has the first colour."""
    finite = np.isfinite(values)
    low = float(values.min(where=finite, initial=np.inf))
    high = float(values.max(where=finite, initial=-np.inf))
    if diverging and low <= high:
        high = max(abs(low), abs(high))
        low = -high
    span = high - low  # in float64: that of finite float32 values can overflow float32
    clean = np.where(finite, values, low if low <= high else 0).astype(np.float64)
    shares = (clean - low) / span if 0 < span < np.inf else np.zeros(values.shape)
    if diverging and not span:
        shares += 0.5
    colours = palette[np.rint(shares * (len(palette) - 1)).astype(np.intp)]
    colours[~finite] = _FAULT
    return colours


def _file_name(node: str) -> str:
    return re.sub(r"[^\w.-]+", "_", node).strip("._") or "layer"


def _section(analysis: Analysis, node: str, values: Array, sheet: Image.Image) -> str:
    buffer = io.BytesIO()
    sheet.save(buffer, "PNG")
    data = base64.b64encode(buffer.getvalue()).decode("ascii")
    layer = analysis.graph.by_id[node]
    shape = analysis.nodes[node].output
    size = shape.text() if shape is not None else "×".join(map(str, values.shape))
    facts = _facts(channel_statistics(values), is_vector=values.ndim == 1)
    label, alt = html.escape(layer.label), tr("Maps of {layer}", layer=layer.label)
    return (
        f'<section id="{html.escape(node, quote=True)}"><h2>{label} '
        f"<small>{html.escape(layer.layer.title)} · {size}</small></h2><p>{facts}</p>"
        f'<img alt="{html.escape(alt, quote=True)}" width="{sheet.width}" '
        f'src="data:image/png;base64,{data}"></section>'
    )


def _facts(found: ChannelStatistics, *, is_vector: bool) -> str:
    """Return what is told of a layer in one line."""
    some = ~np.isnan(found.mean)
    if not some.any():
        return tr("no finite value")
    text = tr(
        "{minimum:.4g} … {maximum:.4g}, mean {mean:.4g}, {zeros} zeros",
        minimum=found.minimum[some].min(),
        maximum=found.maximum[some].max(),
        mean=found.mean[some].mean(),
        zeros=tr_number(found.zeros.mean(), ".1%"),
    )
    dead = int(found.dead.sum())
    if dead and not is_vector:
        text += ", <b>" + tr("{dead} of {count} maps all zero", dead=dead, count=len(found)) + "</b>"
    if found.faults.any():
        text += ", <b>" + tr("{share} NaN or infinity", share=tr_number(found.faults.mean(), ".2%")) + "</b>"
    return text


def _page(name: str, sections: list[str]) -> str:
    language = tr("en")  # the code of the language that all texts are in
    title, browser_title = html.escape(name), html.escape(tr("{network}: feature maps", network=name))
    told = tr_count(
        "Every feature map of {count} layer, each over its own range",
        "Every feature map of {count} layers, each over its own range",
        len(sections),
    )
    style = (
        "body{font:15px/1.5 Inter,system-ui,sans-serif;margin:0;background:#f7f9fb;color:#1a212b}"
        "header,section{max-width:1640px;margin:0 auto;padding:12px 24px}"
        "section{background:#fff;border:1px solid #d5dbe3;border-radius:10px;margin-bottom:16px}"
        "h1{font-size:26px;margin:16px 0 0}h2{font-size:17px;margin:4px 0}small,p{color:#5b6675;font-weight:400}"
        "p{margin:0 0 8px}b{color:#a35a00}img{max-width:100%;height:auto;image-rendering:pixelated;background:#fff}"
        "@media(prefers-color-scheme:dark){body{background:#14171c;color:#e6eaf0}"
        "section{background:#1b1f26;border-color:#343c48}small,p{color:#9aa6b5}b{color:#f5b84a}}"
    )
    return (
        f'<!DOCTYPE html><html lang="{language}"><head><meta charset="utf-8"><title>{browser_title}</title>'
        f'<meta name="viewport" content="width=device-width"><style>{style}</style></head><body>'
        f"<header><h1>{title}</h1><p>{told}</p></header>"
        f"{''.join(sections)}</body></html>\n"
    )
