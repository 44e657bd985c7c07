"""3×3 convolution with stride 1 by Winograd's minimal filtering, every stage a matrix product.

F(m×m, 3×3) computes a tile of m×m outputs from (m + 2)×(m + 2) inputs with (m + 2)² multiplications per pair of
channels in the place of 9m²: ``Y = Aᵀ[(G g Gᵀ) ⊙ (Bᵀ d B)]A`` (Lavin and Gray, 2016, section 4). Summed over the
channels the elementwise product becomes (m + 2)² matrix products ``(tiles, C) @ (C, K)``.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import cache, partial

import numpy as np
from numpy.typing import NDArray

from engine.kernels.channels_last.gemm import Conv
from engine.kernels.channels_last.product import panel_products
from engine.kernels.channels_last.region import (
    Array,
    Ask,
    Call,
    Cutter,
    Parameters,
    Region,
    copying,
    go_on,
    strided,
)

# Where the polynomials are evaluated, beside infinity: few and small, because errors grow with them.
POINTS = {2: (0, 1, -1), 3: (0, 1, -1, 2), 4: (0, 1, -1, 2, -2)}
_BIAS_POINT = 1  # the position of the point 1 among them: added there, a number reaches every output of a tile once
_FILTERS_AT_A_TIME = 1 << 12  # pairs of channels whose kernels are transformed together


@dataclass(frozen=True)
class Winograd(Conv):
    """F(m×m, 3×3) on blocks of rows of tiles; ``panel`` filters of the weights lie together in memory."""

    tile: int = 4

    @property
    def row_step(self) -> int:  # type: ignore[override]
        """Regions begin where a tile does."""
        return self.tile

    @property
    def _tiles(self) -> int:
        """Tiles in a row, the last one overhanging where the width is not a multiple."""
        return -(-self.output[1] // self.tile)

    @property
    def reach(self) -> int:
        """Columns under a row of tiles."""
        return self.tile * self._tiles + 2

    def input_rows(self, rows: int) -> int:
        """Return how many input rows are under the tiles of some rows of output."""
        return -(-rows // self.tile) * self.tile + 2

    def row_bytes(self) -> int:
        """Return the bytes of a row's share of the transformed tiles, in and out."""
        spread = (self.tile + 2) ** 2 * self._tiles // self.tile
        return 4 * spread * (self.input[2] + self.output[2])

    def _sizes(self, region: Region) -> tuple[int, int, int]:
        """Return the values in padded rows, and in each of the two halves of the scratch that take turns."""
        m, a, tiles = self.tile, self.tile + 2, self._tiles
        high = -(-region.rows // m)
        rows, depth, filters = m * high + 2, self.input[2], region.channels
        one = a * tiles * max(rows * depth, a * high * filters)
        overhang = m * high * m * tiles * filters
        two = a * tiles * max(a * high * depth, m * high * filters)
        return self._padding(region), max(one, overhang), two

    def scratch(self, region: Region) -> int:
        """Return room for the padded rows and for two stages at a time."""
        return sum(self._sizes(region))

    @property
    def preparation(self) -> object:
        """The tile and the panel."""
        return Winograd, self.tile, self.panel

    def positions(self, output: tuple[int, ...]) -> int:
        """Return how many tiles there are."""
        return -(-output[0] // self.tile) * self._tiles

    @property
    def prepared_values(self) -> int:
        """The kernels, transformed."""
        return (self.tile + 2) ** 2 * self.input[2] * self.output[2]

    def prepare(self, weights: Mapping[str, Array], ask: Ask = go_on) -> dict[str, Array]:
        """Return the transformed kernels ``((m + 2)², K/panel, C, panel)``: column's point, row's point."""
        return {"kernels": transformed(weights["weight"], self.tile, self.panel or self.output[2], ask)}

    def calls(
        self, inputs: Sequence[Array], output: Array, weights: Parameters, region: Region, scratch: Array
    ) -> list[Call]:
        """Return padding, two input transforms, the products, the bias and two output transforms."""
        m, a, tiles = self.tile, self.tile + 2, self._tiles
        high = -(-region.rows // m)
        sizes = self._sizes(region)
        padded, one, two = np.split(scratch[: sum(sizes)], np.cumsum(sizes)[:-1])
        x, calls = self._padded(inputs[0], region, Cutter(padded))
        depth, filters = self.input[2], region.channels
        columns, tile_in = Cutter(one)(a, m * high + 2, tiles, depth), Cutter(two)(a, a, high, tiles * depth)
        products, rows = Cutter(one)(a * a, high * tiles, filters), Cutter(two)(m, a, high, tiles * filters)
        calls += self._into_tiles(x, columns, tile_in)
        calls += self._multiply(tile_in.reshape(a * a, high * tiles, depth), weights["kernels"], products, region)
        if "bias" in weights:
            middle = products[_BIAS_POINT * (a + 1)]
            calls.append(partial(np.add, middle, weights["bias"][region.first : region.last], middle))
        return calls + self._out_of_tiles(products, rows, output, region, one)

    def _into_tiles(self, x: Array, columns: Array, tile_in: Array) -> list[Call]:
        """Return ``Bᵀ d B``: along x for each row, then along y for each point in x."""
        m, a, tiles = self.tile, self.tile + 2, self._tiles
        transform = matrices(m)[2]
        ry, rx, rc = x.strides
        patches = strided(x, (len(x), tiles, a, x.shape[2]), (ry, m * rx, rx, rc))
        cp, cy = columns.strides[:2]
        high, wide = tile_in.shape[2:]
        rows = strided(columns, (a, high, a, wide), (cp, m * cy, cy, columns.itemsize))
        return [
            partial(np.matmul, transform, patches, columns.transpose(1, 2, 0, 3)),
            partial(np.matmul, transform, rows, tile_in.transpose(0, 2, 1, 3)),
        ]

    def _multiply(self, tile_in: Array, kernels: Array, products: Array, region: Region) -> list[Call]:
        """Return the ``(tiles, C) @ (C, K)`` at each of the points, panel by panel of the filters."""
        if not self.panel:
            return [partial(np.matmul, tile_in, kernels[:, 0, :, region.first : region.last], products)]
        some = kernels[:, region.first // self.panel : region.last // self.panel]
        return panel_products(tile_in, some, products, self.bound)

    def _out_of_tiles(self, products: Array, rows: Array, output: Array, region: Region, one: Array) -> list[Call]:
        """Return ``Aᵀ m A``: along y, then along x into the output; overhanging tiles go through a copy."""
        m, a, tiles, filters = self.tile, self.tile + 2, self._tiles, region.channels
        transform = matrices(m)[0]
        high = rows.shape[2]
        along_y = products.reshape(a, a, high, tiles * filters).transpose(0, 2, 1, 3)
        calls: list[Call] = [partial(np.matmul, transform, along_y, rows.transpose(1, 2, 0, 3))]
        exact = region.rows == m * high and self.output[1] == m * tiles
        whole = region.of(output) if exact else Cutter(one)(m * high, m * tiles, filters)
        oy, ox, oc = whole.strides
        out = strided(whole, (high, m, tiles, m, filters), (m * oy, oy, m * ox, ox, oc))
        along_x = rows.reshape(m, a, high, tiles, filters).transpose(2, 0, 3, 1, 4)
        calls.append(partial(np.matmul, transform, along_x, out))
        if not exact:
            calls.append(copying(region.of(output), whole[: region.rows, : self.output[1]]))
        return calls


def transformed(weight: Array, tile: int, panel: int, ask: Ask = go_on) -> Array:
    """Return ``G g Gᵀ`` of kernels ``(K, C, 3, 3)`` as ``((m + 2)², K/panel, C, panel)``.

    Both transforms together are one product with the Kronecker square of G, five times faster than two.
    """
    generator = exact_matrices(tile)[1]
    square = np.kron(generator, generator)
    filters, depth = weight.shape[:2]
    out = np.empty((len(square), filters // panel, depth, panel), np.float32)
    step = max(1, _FILTERS_AT_A_TIME // depth)
    for panel_number in range(filters // panel):
        for first in range(0, panel, step):
            ask()
            some = slice(first, min(first + step, panel))
            start = panel_number * panel
            kernels = weight[start + some.start : start + some.stop]
            # Column's point first, as the kernel's products are stored.
            flat = kernels.transpose(3, 2, 1, 0).reshape(9, -1).astype(np.float64)
            out[:, panel_number, :, some] = (square @ flat).reshape(len(square), depth, -1)
    return out


@cache
def matrices(tile: int) -> tuple[Array, Array, Array]:
    """Return Aᵀ ``(m, m + 2)``, G ``(m + 2, 3)`` and Bᵀ ``(m + 2, m + 2)`` in float32."""
    first, second, third = (matrix.astype(np.float32) for matrix in exact_matrices(tile))
    return first, second, third


@cache
def exact_matrices(tile: int) -> tuple[NDArray[np.float64], NDArray[np.float64], NDArray[np.float64]]:
    """Build Aᵀ, G and Bᵀ by the Cook-Toom construction from the tile's points and infinity, in rational numbers.

    Source: Blahut, Fast Algorithms for Signal Processing, 2010, chapter 5; transposed into a filter (Lavin and Gray).
    """
    points = [Fraction(point) for point in POINTS[tile]]
    infinity = [Fraction(0)]
    rows_a = [[p**power for p in points] + [Fraction(power == tile - 1)] for power in range(tile)]
    rows_g, rows_b = [], []
    for p in points:
        others = [q for q in points if q != p]
        scale = Fraction(1)
        for q in others:
            scale *= p - q
        rows_g.append([p**power / scale for power in range(3)])
        rows_b.append(_polynomial(others) + infinity)
    rows_g.append([Fraction(0), Fraction(0), Fraction(1)])
    rows_b.append(_polynomial(points))
    first, second, third = (np.array(rows, np.float64) for rows in (rows_a, rows_g, rows_b))
    return first, second, third


def _polynomial(roots: Sequence[Fraction]) -> list[Fraction]:
    """Return the coefficients of Π(x − root), the constant first."""
    coefficients = [Fraction(1)]
    for root in roots:
        shifted, scaled = [Fraction(0), *coefficients], [root * c for c in coefficients] + [Fraction(0)]
        coefficients = [a - b for a, b in zip(shifted, scaled, strict=True)]
    return coefficients
