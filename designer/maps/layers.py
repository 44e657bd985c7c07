"""What the mosaic shows and reports: one layer's maps, and one value of one map."""

from dataclasses import dataclass
from functools import cached_property

from designer.tiles.limits import Limits
from designer.tiles.strips import Array


@dataclass(frozen=True, eq=False)
class MapLayer:
    """The feature maps of one layer.

    Parameters
    ----------
    node
        Id of the layer in the graph.
    title, subtitle
        Its name and, in muted text, its shape: ``"conv1"``, ``"28×28×6"``.
    family
        The layer's family, which gives the dot before the title its colour.
    values
        ``(C, H, W)`` or ``(N,)``, not written to as long as it is shown.

    Raises
    ------
    ValueError
        If ``values`` has another number of axes.
    """

    node: str
    title: str
    subtitle: str
    family: str
    values: Array

    def __post_init__(self) -> None:
        if self.values.ndim not in (1, 3):
            raise ValueError(
                f"Layer {self.node!r}: feature maps are (C, H, W) or (N,), not of shape {self.values.shape}."
            )

    @property
    def is_vector(self) -> bool:
        """Whether each channel is a single number."""
        return self.values.ndim == 1 or self.values.shape[1:] == (1, 1)

    @property
    def maps(self) -> Array:
        """The values as ``(C, H, W)``: a vector is a row of maps of one pixel."""
        return self.values if self.values.ndim == 3 else self.values[:, None, None]

    @cached_property
    def limits(self) -> Limits:
        """What is known of the values' limits, to all who draw them: those of each map, or of a vector as a whole."""
        return Limits(self.values.reshape(1, 1, -1) if self.is_vector else self.values)


@dataclass(frozen=True)
class MapValue:
    """The value under the pointer.

    ``y`` and ``x`` are None in a vector, whose elements are counted by ``channel``.
    """

    node: str
    title: str
    channel: int
    y: int | None
    x: int | None
    value: float
