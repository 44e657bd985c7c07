from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image

from engine import ImageError, Input, load_image, open_image, prepare
from engine.images import frame

RED, GREEN, BLUE, WHITE = (255, 0, 0), (0, 255, 0), (0, 0, 255), (255, 255, 255)
GRID = np.array([[0, 50, 100], [150, 200, 250]], np.uint8)
AS_IT_IS = {"scaling": "0 to 255", "height": 2, "width": 3}


def rgb(*rows: tuple[tuple[int, ...], ...]) -> Image.Image:
    return Image.fromarray(np.array(rows, np.uint8))


def saved(tmp_path: Path, image: Image.Image, name: str = "picture.png", **named: Any) -> Path:
    image.save(tmp_path / name, **named)
    return tmp_path / name


def pixels(path: Path) -> list[Any]:
    return np.asarray(open_image(path)).tolist()


@pytest.mark.parametrize("suffix", ["png", "bmp", "tif", "tiff", "gif"])
def test_lossless_formats_give_the_exact_pixels(suffix: str, tmp_path: Path):
    path = saved(tmp_path, Image.fromarray(GRID), f"picture.{suffix}")
    values = load_image(path, Input(**AS_IT_IS))
    assert values.tolist() == [GRID.tolist()]
    assert (values.dtype, values.flags.writeable, values.flags.c_contiguous) == (np.float32, False, True)


def test_lossless_webp_gives_the_exact_pixels(tmp_path: Path):
    path = saved(tmp_path, rgb((RED, GREEN), (BLUE, WHITE)), "picture.webp", lossless=True)
    assert pixels(path) == [[list(RED), list(GREEN)], [list(BLUE), list(WHITE)]]


@pytest.mark.parametrize("suffix", ["jpg", "jpeg", "webp"])
def test_lossy_formats_give_nearly_the_pixels(suffix: str, tmp_path: Path):
    path = saved(tmp_path, Image.new("RGB", (16, 16), (200, 100, 50)), f"picture.{suffix}", quality=95)
    values = load_image(path, Input(channels=3, height=16, width=16, scaling="0 to 255"))
    np.testing.assert_allclose(values.mean(axis=(1, 2)), (200, 100, 50), atol=4)


@pytest.mark.parametrize(
    ("orientation", "upright"),
    [
        (1, [[0, 50, 100], [150, 200, 250]]),
        (2, [[100, 50, 0], [250, 200, 150]]),
        (3, [[250, 200, 150], [100, 50, 0]]),
        (4, [[150, 200, 250], [0, 50, 100]]),
        (5, [[0, 150], [50, 200], [100, 250]]),
        (6, [[150, 0], [200, 50], [250, 100]]),
        (7, [[250, 100], [200, 50], [150, 0]]),
        (8, [[100, 250], [50, 200], [0, 150]]),
    ],
)
def test_a_photograph_is_turned_upright(orientation: int, upright: list[list[int]], tmp_path: Path):
    exif = Image.Exif()
    exif[0x0112] = orientation
    assert pixels(saved(tmp_path, Image.fromarray(GRID), exif=exif)) == upright


def test_what_is_transparent_shows_white_paper(tmp_path: Path):
    clear, half = (255, 0, 0, 0), (0, 0, 0, 128)
    path = saved(tmp_path, rgb((clear, half, (*GREEN, 255))))
    colours = load_image(path, Input(channels=3, height=1, width=3, scaling="0 to 255"))
    assert colours.transpose(1, 2, 0).tolist() == [[list(WHITE), [127, 127, 127], list(GREEN)]]
    gray = load_image(path, Input(height=1, width=3, scaling="0 to 255"))
    assert gray[0, 0, :2].tolist() == [255, 127]


def test_four_channels_keep_the_transparency(tmp_path: Path):
    path = saved(tmp_path, rgb(((1, 2, 3, 4), (5, 6, 7, 8))))
    values = load_image(path, Input(channels=4, height=1, width=2, scaling="0 to 255"))
    assert values.reshape(4, 2).T.tolist() == [[1, 2, 3, 4], [5, 6, 7, 8]]


def test_an_opaque_image_has_full_opacity_as_its_fourth_channel():
    values = prepare(Image.new("RGB", (1, 1), RED), Input(channels=4, height=1, width=1, scaling="0 to 255"))
    assert values.ravel().tolist() == [255, 0, 0, 255]


def gray_alpha() -> Image.Image:
    return Image.fromarray(np.array([[[10, 255], [10, 0]]], np.uint8), "LA")


def palette() -> Image.Image:
    image = Image.new("P", (2, 1))
    image.putpalette([*RED, *GREEN])
    image.putdata([0, 1])
    return image


def one_bit() -> Image.Image:
    return Image.fromarray(np.array([[0, 255]], np.uint8)).convert("1")


def cmyk() -> Image.Image:
    return Image.fromarray(np.array([[[0, 255, 255, 0], [0, 0, 0, 255]]], np.uint8), "CMYK")


@pytest.mark.parametrize(
    ("make", "name", "named", "expected"),
    [
        pytest.param(palette, "p.png", {}, [[list(RED), list(GREEN)]], id="palette"),
        pytest.param(
            palette,
            "p.png",
            {"transparency": 1},
            [[[*RED, 255], [*GREEN, 0]]],
            id="palette with a transparent colour",
        ),
        pytest.param(one_bit, "b.png", {}, [[0, 255]], id="black and white"),
        pytest.param(gray_alpha, "a.png", {}, [[[10, 10, 10, 255], [10, 10, 10, 0]]], id="gray and transparency"),
        pytest.param(cmyk, "c.tif", {}, [[[255, 0, 0], [0, 0, 0]]], id="printing colours"),
        pytest.param(
            lambda: rgb((RED, GREEN)),
            "t.png",
            {"transparency": GREEN},
            [[[*RED, 255], [*GREEN, 0]]],
            id="colours, one of them transparent",
        ),
        pytest.param(
            lambda: Image.fromarray(GRID[:1]),
            "g.png",
            {"transparency": 50},
            [[[0, 0, 0, 255], [50, 50, 50, 0], [100, 100, 100, 255]]],
            id="gray, one level of it transparent",
        ),
        pytest.param(
            lambda: Image.fromarray(np.array([[0, 257, 32_896, 65_535]], np.uint16)),
            "s.png",
            {},
            [[0, 1, 128, 255]],
            id="16-bit gray",
        ),
        pytest.param(
            lambda: Image.fromarray(np.array([[0, 100, 255]], np.uint16)),
            "s.png",
            {},
            [[0, 0, 1]],
            id="dark 16-bit gray stays dark",
        ),
        pytest.param(
            lambda: Image.fromarray(np.array([[0, 257 * 256, 257 * 65_280]], np.int32)),
            "s.tif",
            {},
            [[0, 1, 255]],
            id="32-bit gray by its largest",
        ),
        pytest.param(
            lambda: Image.fromarray(np.array([[0, 0.2, 1, np.nan]], np.float32)),
            "f.tif",
            {},
            [[0, 51, 255, 0]],
            id="floating point from 0 to 1",
        ),
        pytest.param(
            lambda: Image.fromarray(np.array([[-5, 20, 255]], np.float32)),
            "f.tif",
            {},
            [[0, 20, 255]],
            id="floating point from 0 to 255",
        ),
    ],
)
def test_every_kind_of_pixel_becomes_eight_bits_a_channel(
    make: Callable[[], Image.Image], name: str, named: dict[str, Any], expected: list[Any], tmp_path: Path
):
    assert pixels(saved(tmp_path, make(), name, **named)) == expected


@pytest.mark.parametrize("suffix", ["gif", "png", "webp", "tif"])
def test_of_a_moving_picture_the_first_frame_is_taken(suffix: str, tmp_path: Path):
    frames = [Image.new("L", (4, 3), level) for level in (10, 200)]
    extra = {"lossless": True} if suffix == "webp" else {}
    path = saved(tmp_path, frames[0], f"moving.{suffix}", save_all=True, append_images=frames[1:], **extra)
    assert load_image(path, Input(**AS_IT_IS | {"height": 3, "width": 4})).tolist() == [[[10] * 4] * 3]


def gray(rows: list[list[int]]) -> Image.Image:
    return Image.fromarray(np.array(rows, np.uint8))


WIDE = gray([[0, 0, 80, 80, 160, 160, 240, 240]] * 2)  # 8×2


@pytest.mark.parametrize(
    ("fit", "image", "expected"),
    [
        # Bilinear weights around the new pixel's middle: (10·¾ + 10·¾ + 90·¼)/1¾ = 21.4.
        pytest.param("stretch", gray([[10, 10, 90, 90]]), [[21, 79], [21, 79]], id="stretched"),
        pytest.param("crop", WIDE, [[80, 160], [80, 160]], id="cropped at its centre"),
        pytest.param("pad", gray([[7]]), [[7, 0], [0, 0]], id="a small one keeps its size, the odd pixel after it"),
        pytest.param("pad", gray([[1, 2], [3, 4]]), [[1, 2], [3, 4]], id="one that fits"),
        pytest.param("pad", gray([[60] * 4] * 2), [[60, 60], [0, 0]], id="a large one is shrunk whole"),
        pytest.param("pad", gray([[90] * 100]), [[90, 90], [0, 0]], id="a line stays a line"),
    ],
)
def test_an_image_of_another_size_is_fitted(fit: str, image: Image.Image, expected: list[list[int]]):
    layer = Input(height=2, width=2, fit=fit, scaling="0 to 255")
    assert prepare(image, layer).tolist() == [expected]


def test_padding_centres_the_image_and_is_black_even_when_inverted():
    layer = Input(height=4, width=6, fit="pad", scaling="0 to 255", invert=True)
    assert prepare(gray([[255, 0], [0, 255]]), layer)[0].tolist() == [
        [0, 0, 0, 0, 0, 0],
        [0, 0, 0, 255, 0, 0],
        [0, 0, 255, 0, 0, 0],
        [0, 0, 0, 0, 0, 0],
    ]


@pytest.mark.parametrize(("channels", "expected"), [(1, [245]), (3, [245, 225, 205]), (4, [245, 225, 205, 40])])
def test_inverting_swaps_light_and_dark_but_not_transparency(channels: int, expected: list[int]):
    image = Image.new(
        {1: "L", 3: "RGB", 4: "RGBA"}[channels], (1, 1), (10, 30, 50, 40)[:channels] if channels > 1 else 10
    )
    layer = Input(channels=channels, height=1, width=1, scaling="0 to 255", invert=True)
    assert prepare(image, layer).ravel().tolist() == expected


@pytest.mark.parametrize(
    ("scaling", "expected"),
    [("0 to 255", [0, 51, 255]), ("0 to 1", [0, 0.2, 1]), ("-1 to 1", [-1, -0.6, 1])],
)
def test_pixel_values_are_scaled_to_the_range_of_the_layer(scaling: str, expected: list[float]):
    values = prepare(gray([[0, 51, 255]]), Input(height=1, width=3, scaling=scaling))
    np.testing.assert_allclose(values[0, 0], expected, rtol=1e-6)


def test_colours_become_gray_by_their_luminance_and_gray_becomes_three_equal_channels():
    luminance = prepare(rgb((RED, GREEN, BLUE)), Input(height=1, width=3, scaling="0 to 255"))
    assert luminance.ravel().tolist() == [76, 150, 29]
    layer = Input(channels=3, height=1, width=1, scaling="0 to 255")
    assert prepare(gray([[9]]), layer).ravel().tolist() == [9, 9, 9]


def test_channels_that_no_image_has_are_refused():
    with pytest.raises(ImageError, match=r"has 7 channels; an image has 1 \(gray\), 3 \(RGB\) or 4"):
        prepare(gray([[0]]), Input(channels=7))


def test_a_file_that_is_no_image_is_refused_by_name(tmp_path: Path):
    (tmp_path / "notes.txt").write_text("not an image")
    with pytest.raises(ImageError, match=r"^notes\.txt is not an image that can be read \(\.png, \.jpg"):
        open_image(tmp_path / "notes.txt")


def test_a_missing_file_and_a_folder_are_refused_by_name(tmp_path: Path):
    with pytest.raises(ImageError, match=r"^gone\.png can't be read: .*No such file"):
        load_image(tmp_path / "gone.png", Input())
    with pytest.raises(ImageError, match=rf"^{tmp_path.name} can't be read"):
        open_image(tmp_path)


@pytest.mark.parametrize("suffix", ["png", "jpg", "gif", "bmp", "webp"])
@pytest.mark.parametrize("share", [0, 0.02, 0.2, 0.5, 0.8])
def test_a_truncated_file_is_refused_by_name(suffix: str, share: float, tmp_path: Path):
    noise = np.random.default_rng(0).integers(0, 256, (40, 40, 3), np.uint8)
    path = saved(tmp_path, Image.fromarray(noise), f"cut.{suffix}")
    path.write_bytes(path.read_bytes()[: int(share * path.stat().st_size)])
    with pytest.raises(ImageError, match=rf"^cut\.{suffix} "):
        open_image(path)


@pytest.mark.parametrize("problem", [TypeError, KeyError, ZeroDivisionError, EOFError])
def test_whatever_a_decoder_trips_over_is_the_files_fault(
    problem: type[Exception], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    def trip(*_: Any, **__: Any) -> None:
        raise problem("odd tags")

    path = saved(tmp_path, gray([[0]]))
    monkeypatch.setattr(Image, "open", trip)
    with pytest.raises(ImageError, match=r"picture\.png can't be read: .*odd tags"):
        open_image(path)


@pytest.mark.parametrize("fit", ["stretch", "crop", "pad"])
@pytest.mark.parametrize("size", [(40, 20), (20, 40), (32, 24), (200, 90), (7, 5)])
def test_a_frame_says_where_the_picture_lies_in_the_input(fit: str, size: tuple[int, int]):
    layer = Input(channels=1, height=24, width=32, fit=fit)
    picture = Image.new("L", size, 200)
    values = prepare(picture, layer)[0]
    left, top, width, height = frame(size, layer)
    rows, columns = np.nonzero(values)
    assert (columns.min(), rows.min()) == (max(0, left), max(0, top))
    assert (columns.max() + 1, rows.max() + 1) == (min(32, left + width), min(24, top + height))
    if fit == "crop":
        assert width / height == pytest.approx(size[0] / size[1])
