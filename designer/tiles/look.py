"""How values become colours: which colour map, and over which range."""

from dataclasses import dataclass
from enum import Enum

from designer.tiles import colormaps


class Normalisation(Enum):
    """Whose smallest and largest value span the colours."""

    PER_MAP = "map"
    PER_LAYER = "layer"


@dataclass(frozen=True)
class Look:
    """How values become colours.

    Raises
    ------
    ValueError
        If no colour map has that name.
    """

    colour_map: str = colormaps.DEFAULT
    normalisation: Normalisation = Normalisation.PER_MAP

    def __post_init__(self) -> None:
        colormaps.get(self.colour_map)
