"""Maps as files, and what describes them."""

import base64
import io
import re
import warnings
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from engine import Conv2D, Flatten, Input, ReLU, channel_statistics, contact_sheet, write_sheets
from engine.sheets import viridis
from tests.engine.networks import chain
from tests.engine.traced import ran

NAN, INF = np.nan, np.inf


def test_statistics_of_every_channel():
    values = np.array([[[0, 0], [0, 0]], [[1, 3], [0, NAN]], [[INF, NAN], [NAN, NAN]], [[-2, 2], [4, 4]]], np.float32)
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        found = channel_statistics(values)
    assert len(found) == 4
    np.testing.assert_allclose(found.mean, [0, 4 / 3, NAN, 2])
    np.testing.assert_allclose(found.std, [0, np.std([1, 3, 0]), NAN, np.std([-2, 2, 4, 4])])
    np.testing.assert_allclose(found.minimum, [0, 0, NAN, -2])
    np.testing.assert_allclose(found.maximum, [0, 3, NAN, 4])
    np.testing.assert_allclose(found.zeros, [1, 0.25, 0, 0])
    np.testing.assert_allclose(found.faults, [0, 0.25, 1, 0])
    assert found.dead.tolist() == [True, False, False, False]


@pytest.mark.parametrize("shape", [(0,), (5,), (3, 0, 4), (2, 1, 1), (2, 3, 1)])
def test_statistics_of_odd_shapes(shape: tuple[int, ...]):
    assert len(channel_statistics(np.ones(shape, np.float32))) == shape[0]


def test_a_sheet_shows_each_map_enlarged_over_its_own_range():
    values = np.array([[[0, 1], [2, 3]], [[-30, 0], [0, 30]]], np.float32)
    sheet = contact_sheet(values)
    pixels = np.asarray(sheet)
    low, high = viridis()[0].tolist(), viridis()[-1].tolist()
    for left in (6, 6 + 64 + 6):
        assert pixels[8, left + 2].tolist() == low
        assert pixels[6 + 63, left + 63].tolist() == high


def test_a_diverging_palette_has_its_middle_at_0():
    palette = np.array([[0, 0, 255], [255, 255, 255], [255, 0, 0]], np.uint8)
    pixels = np.asarray(contact_sheet(np.array([[[0, 10]]], np.float32), palette, diverging=True))
    assert pixels[8, 8].tolist() == [255, 255, 255]
    assert pixels[8, 6 + 63].tolist() == [255, 0, 0]


@pytest.mark.parametrize(
    "values",
    [
        np.full((3, 2, 2), NAN),
        np.full((1, 1, 1), INF),
        np.zeros((2, 5, 3)),
        np.full((1, 2, 2), 3.4e38) * np.array([[1, -1], [1, 1]]),
        np.arange(1000),
        np.zeros(1),
        np.ones((2, 0, 3)),
        np.ones((300, 1, 90)),
    ],
    ids=lambda values: str(values.shape),
)
@pytest.mark.parametrize("diverging", [False, True])
def test_odd_maps_make_a_sheet_without_a_warning(values: np.ndarray, diverging: bool):
    sheet = contact_sheet(values.astype(np.float32), diverging=diverging)
    assert 0 < sheet.width <= 1612
    assert sheet.height > 0


def test_a_fault_is_red():
    pixels = np.asarray(contact_sheet(np.array([[[0, 1], [NAN, INF]]], np.float32)))
    assert pixels[6 + 60, 8].tolist() == pixels[6 + 60, 6 + 60].tolist() == [200, 36, 47]


def test_sheets_arrays_and_one_page(tmp_path: Path):
    graph = chain(image=Input(channels=3, height=9, width=12), conv=Conv2D(filters=4), relu=ReLU(), flat=Flatten())
    analysis, _, maps = ran(graph)
    steps: list[tuple[int, int]] = []
    written = write_sheets(tmp_path / "new", "A <b> & C", analysis, maps, progress=lambda *at: steps.append(at))
    assert [path.name for path in written] == [
        "1-image.png",
        "2-conv.png",
        "3-relu.png",
        "4-flat.png",
        "maps.npz",
        "maps.html",
    ]
    assert steps == [(1, 4), (2, 4), (3, 4), (4, 4)]
    with np.load(tmp_path / "new" / "maps.npz") as arrays:
        assert set(arrays) == set(maps)
        np.testing.assert_array_equal(arrays["conv"], maps["conv"])
    page = written[-1].read_text(encoding="utf-8")
    assert "A &lt;b&gt; &amp; C" in page
    assert "http" not in page  # nothing is fetched: the page is all there is
    pictures = re.findall(r'src="data:image/png;base64,([^"]+)"', page)
    assert len(pictures) == 4
    with Image.open(io.BytesIO(base64.b64decode(pictures[1]))) as inside, Image.open(written[1]) as beside:
        assert inside.tobytes() == beside.tobytes()


def test_names_of_layers_become_names_of_files(tmp_path: Path):
    graph = chain(**{"image": Input(), "block/1 conv:a": Conv2D()})
    analysis, _, maps = ran(graph)
    assert write_sheets(tmp_path, "Net", analysis, maps)[1].name == "2-block_1_conv_a.png"


def test_dead_maps_are_told_of(tmp_path: Path):
    graph = chain(image=Input(), conv=Conv2D(filters=2))
    analysis, _, maps = ran(graph)
    dead = dict(maps) | {"conv": np.stack([maps["conv"][0], np.zeros_like(maps["conv"][0])])}
    page = write_sheets(tmp_path, "Net", analysis, dead)[-1].read_text(encoding="utf-8")
    assert "1 of 2 maps all zero" in page
