"""The numbers that describe one map: measures, the ends of its colours, the histogram."""

import numpy as np
import pytest
from explorer_views import LOOK, histogram_plot, of

from designer.maps.explorer import MapExplorer
from designer.maps.measures import colour_range, histogram, measure
from designer.tiles.look import Look, Normalisation

NAN, INF = float("nan"), float("inf")


def test_the_numbers_beside_the_map(explorer: MapExplorer):
    explorer.show_map(of([[[0, 0, -1, 3], [0, 0, 2, 2]]]), 0, LOOK)
    table = explorer.measures
    shown = [label.text() for label in (table.minimum, table.maximum, table.mean, table.std, table.zeros)]
    assert shown == ["−1", "3", "0.75", "1.299", "50.0%"]
    assert not table.faults.isVisible()
    explorer.show_map(of([[[0, NAN], [INF, 3]]]), 0, LOOK)
    assert table.faults.isVisible()
    assert table.faults.text() == "50.0%"
    explorer.show_map(of([[[NAN, NAN]]]), 0, LOOK)
    assert (table.minimum.text(), table.faults.text()) == ("–", "100%")


def test_the_range_of_the_colours():
    layer = of([[[0, 1]], [[-4, 2]], [[NAN, NAN]]])
    per_layer = Normalisation.PER_LAYER
    assert colour_range(layer, 0, LOOK) == (0, 1)
    assert colour_range(layer, 0, Look("gray", per_layer)) == (-4, 2)
    assert colour_range(layer, 1, Look("diverging")) == (-4, 4)
    assert colour_range(layer, 2, Look("diverging")) == (INF, -INF)
    assert colour_range(of([1, 5, 3]), 0, LOOK) == (1, 5)


def test_the_ends_of_the_colour_bar_are_written_below_it(explorer: MapExplorer):
    explorer.show_map(of([[[-1, 3]]]), 0, LOOK)
    assert explorer.range_line.texts() == [("−1", 0.0), ("3", 1.0), ("0", 0.25)]
    assert histogram_plot(explorer).zero.isVisible()
    assert histogram_plot(explorer).zero.value() == 0.25
    explorer.show_map(of([[[2.5, 2.5]]]), 0, LOOK)
    assert explorer.range_line.texts() == [("2.5", 0.5)]
    assert not histogram_plot(explorer).zero.isVisible()
    explorer.show_map(of([[[NAN, NAN]]]), 0, LOOK)
    assert explorer.range_line.texts() == []
    assert not histogram_plot(explorer).ramp.isVisible()


def test_histogram_counts_every_finite_value_where_the_colour_bar_has_it():
    values = np.r_[np.zeros(60), np.linspace(-1, 1, 40), NAN].astype(np.float32)
    spread = histogram(values, -2.0, 2.0)
    assert spread.shares.sum() == pytest.approx(1)
    assert (spread.start, spread.width) == pytest.approx((0.25, 0.5))
    assert spread.shares[len(spread.shares) // 2] > 0.6
    constant = histogram(np.full(9, 2.5), 2.5, 2.5)
    assert constant.shares.tolist() == [1]
    assert constant.start + constant.width / 2 == pytest.approx(0.5)
    assert histogram(np.full(3, NAN), INF, -INF).shares.size == 0


def test_a_bin_that_would_flatten_the_others_is_cut_off_and_says_so(explorer: MapExplorer):
    sparse = np.maximum(0, np.random.default_rng(0).standard_normal((1, 40, 40)))
    explorer.show_map(of(sparse), 0, LOOK)
    plot = histogram_plot(explorer)
    assert plot.cut.isVisible()
    assert plot.cut.textItem.toPlainText().startswith("↑ 5")
    heights = np.sort(plot.bars.opts["height"])
    assert heights[-2] > 0.5
    explorer.show_map(of(np.random.default_rng(0).standard_normal((1, 40, 40))), 0, LOOK)
    assert not plot.cut.isVisible()


def test_measures_are_those_of_numpy():
    values = np.random.default_rng(1).standard_normal((9, 7))
    told = measure(values)
    assert (told.minimum, told.maximum, told.mean, told.std) == pytest.approx(
        (values.min(), values.max(), values.mean(), values.std())
    )
    assert (told.zeros, told.faults) == (0, 0)
