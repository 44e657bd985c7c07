"""Colour maps as 256-entry tables for ``QImage.setColorTable``."""

from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from designer import resources
from engine.language import tr_noop

TOP = 254  # index of the last colour; the first is 0
MIDDLE = 127  # index of the centre of a diverging map, where its zero is
GAP = 255  # index of the space between maps, and of values that are not finite


@dataclass(frozen=True)
class ColourMap:
    """A colour map that the user may choose."""

    name: str
    title: str
    file: str | None  # in resources/colormaps; None is the computed grey
    diverging: bool = False


COLOUR_MAPS = (
    ColourMap("viridis", tr_noop("Viridis"), "viridis.csv"),
    ColourMap("gray", tr_noop("Grey"), None),
    ColourMap("magma", tr_noop("Magma"), "magma.csv"),
    ColourMap("inferno", tr_noop("Inferno"), "inferno.csv"),
    ColourMap("cividis", tr_noop("Cividis"), "cividis.csv"),
    ColourMap("diverging", tr_noop("Blue–red around 0"), "CET-D1A.csv", diverging=True),
)
DEFAULT = COLOUR_MAPS[0].name
_BY_NAME = {colour_map.name: colour_map for colour_map in COLOUR_MAPS}


def get(name: str) -> ColourMap:
    """Return the colour map of that name.

    Raises
    ------
    ValueError
        If there is none.
    """
    try:
        return _BY_NAME[name]
    except KeyError:
        raise ValueError(f"No colour map is called {name!r}; there are {', '.join(_BY_NAME)}.") from None


@lru_cache(maxsize=32)
def table(name: str, gap: str) -> tuple[int, ...]:
    """Return 256 ``QRgb`` values: the colours at 0 to 254, and ``gap`` (``#rrggbb``) at 255."""
    red, green, blue = (colours(name).astype(np.int64)).T
    packed = (0xFF << 24) | (red << 16) | (green << 8) | blue
    return (*packed.tolist(), (0xFF << 24) | int(gap.removeprefix("#"), 16))


@lru_cache(maxsize=len(COLOUR_MAPS))
def colours(name: str) -> NDArray[np.uint8]:
    """Return the 255 colours of a map, ``(255, 3)``, from the lowest value to the highest."""
    file = get(name).file
    if file is None:
        levels = np.linspace(0, 1, TOP + 1)
        rgb = np.stack([levels] * 3, axis=1)
    else:
        rows = np.loadtxt(
            resources.path("colormaps", file), delimiter=",", comments=";", encoding="utf-8", dtype=np.float64
        )
        # 255 of the file's 256: an odd number of colours has a middle one, which a diverging map needs.
        at = np.linspace(0, len(rows) - 1, TOP + 1)
        rgb = np.stack([np.interp(at, np.arange(len(rows)), column) for column in rows.T], axis=1)
    made = np.rint(rgb * 255).astype(np.uint8)
    made.setflags(write=False)
    return made
