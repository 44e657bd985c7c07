"""The colour tables."""

import subprocess
import sys

import numpy as np
import pytest

from designer import resources
from designer.tiles import colormaps
from designer.tiles.colormaps import COLOUR_MAPS, GAP, MIDDLE, TOP

NAMES = [colour_map.name for colour_map in COLOUR_MAPS]


@pytest.mark.parametrize("name", NAMES)
def test_a_table_has_256_opaque_colours_and_ends_with_the_gap(name: str):
    table = colormaps.table(name, "#123456")
    assert len(table) == 256
    assert all(rgb >> 24 == 0xFF for rgb in table)
    assert table[GAP] == 0xFF123456


@pytest.mark.parametrize("name", NAMES)
def test_the_gap_colour_changes_no_other_colour(name: str):
    assert colormaps.table(name, "#000000")[:GAP] == colormaps.table(name, "#ffffff")[:GAP]


@pytest.mark.parametrize(
    ("name", "low", "high"),
    [("gray", 0xFF000000, 0xFFFFFFFF), ("viridis", 0xFF440154, 0xFFFDE725), ("magma", 0xFF000004, 0xFFFCFDBF)],
)
def test_ends_are_those_of_the_published_map(name: str, low: int, high: int):
    table = colormaps.table(name, "#000000")
    assert (table[0], table[TOP]) == (low, high)


@pytest.mark.parametrize("name", [c.name for c in COLOUR_MAPS if not c.diverging])
def test_brightness_grows_with_the_value(name: str):
    luma = colormaps.colours(name).astype(float) @ [0.299, 0.587, 0.114]
    assert (np.diff(luma) > -1).all()
    assert luma[-1] - luma[0] > 150


def test_a_diverging_map_is_palest_in_the_middle_and_blue_below_it():
    colours = colormaps.colours("diverging").astype(int)
    assert abs(int(colours.sum(axis=1).argmax()) - MIDDLE) <= 2
    assert colours[40][2] > colours[40][0]
    assert colours[TOP - 40][0] > colours[TOP - 40][2]


def test_an_unknown_map_is_refused_with_the_names_there_are():
    with pytest.raises(ValueError, match=r"'jet'.*viridis"):
        colormaps.table("jet", "#000000")


def test_every_shipped_file_is_used_and_has_a_licence():
    notes = resources.path("colormaps", "LICENSES.md").read_text(encoding="utf-8")
    shipped = {file.name for file in resources.path("colormaps").glob("*.csv")}
    assert shipped == {colour_map.file for colour_map in COLOUR_MAPS if colour_map.file}
    assert all(f"`{name}`" in notes for name in shipped)


def test_the_panel_does_not_import_the_plotting_library():
    code = "import sys, designer.maps.panel; assert 'pyqtgraph' not in sys.modules"
    subprocess.run([sys.executable, "-c", code], check=True, cwd=resources.ROOT.parent)
