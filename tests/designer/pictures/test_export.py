import re
import zlib
from pathlib import Path

import pytest
from PIL import Image

from designer import theme
from designer.pictures.export import Width, pdf, png, svg, write
from designer.pictures.picture import Options, PictureError, picture_of
from engine import Network
from tests.designer.pictures.drawings import parsed
from tests.designer.pictures.figures import example, flat


@pytest.fixture
def figure(resources, qapp):
    return picture_of(example(resources, "lenet5"), Options(style="volumes"))


def opened(data: bytes, tmp_path: Path) -> Image.Image:
    path = tmp_path / "picture.png"
    path.write_bytes(data)
    with Image.open(path) as image:
        image.load()
        return image


def test_a_pdf_has_one_page_of_the_size_asked_for(figure):
    data = pdf(figure, Width(180, "mm"))
    boxes = re.findall(rb"/MediaBox \[0 0 ([\d.]+) ([\d.]+)\]", data)
    assert len(boxes) == 1
    width, height = (float(number) for number in boxes[0])
    assert width == pytest.approx(180 / 25.4 * 72, abs=1)
    assert height / width == pytest.approx(figure.height / figure.width, abs=0.005)


def test_a_pdf_embeds_its_font_and_keeps_letters(figure):
    data = pdf(figure)
    assert b"/FontFile" in data
    streams = [zlib.decompress(part) for part in re.findall(rb"stream\r?\n(x.*?)\r?\nendstream", data, re.DOTALL)]
    assert any(b" Tj" in stream or b"]TJ" in stream or b"> Tj" in stream for stream in streams)


def test_a_png_has_the_pixels_asked_for(figure, tmp_path):
    assert opened(png(figure, Width(640, "px")), tmp_path).width == 640
    assert opened(png(figure, Width(25.4, "mm")), tmp_path).width == 300
    natural = opened(png(figure), tmp_path)
    assert natural.size == (round(2 * figure.width), round(2 * figure.height))


def test_a_png_is_as_wide_on_paper_as_asked_for(figure, tmp_path):
    image = opened(png(figure, Width(127, "mm")), tmp_path)
    assert image.width / image.info["dpi"][0] == pytest.approx(5, abs=0.05)


def test_an_svg_says_its_size(figure):
    root = parsed(svg(figure, Width(180, "mm")))
    assert root.attrib["width"] == "180mm"
    assert float(root.attrib["height"].removesuffix("mm")) == pytest.approx(
        180 * figure.height / figure.width, abs=0.01
    )


@pytest.mark.parametrize(("transparent", "alpha"), [(True, 0), (False, 255)])
def test_the_background_can_be_left_out(resources, qapp, tmp_path, transparent, alpha):
    made = picture_of(example(resources, "lenet5"), Options(style="volumes", transparent=transparent))
    assert opened(png(made), tmp_path).convert("RGBA").getpixel((2, 2))[3] == alpha


def test_a_dark_picture_is_dark(resources, qapp, tmp_path):
    made = picture_of(example(resources, "lenet5"), Options(style="volumes", colours=theme.DARK))
    red, green, blue, _ = opened(png(made), tmp_path).convert("RGBA").getpixel((2, 2))
    assert f"#{red:02x}{green:02x}{blue:02x}" == theme.DARK.surface


def test_a_png_that_would_be_huge_is_refused_and_the_natural_one_is_made_to_fit(resources, qapp, tmp_path):
    tall = picture_of(flat(example(resources, "resnet152")), Options(style="canvas"))
    with pytest.raises(PictureError, match="pixels are more than"):
        png(tall, Width(2000, "px"))
    assert opened(png(tall), tmp_path).height <= 20_000


@pytest.mark.parametrize("name", ["picture.gif", "picture"])
def test_other_formats_are_refused_by_name(figure, tmp_path, name):
    with pytest.raises(PictureError, match=r"\.svg, \.pdf or \.png"):
        write(figure, tmp_path / name)


def test_a_folder_that_is_not_there_is_told_of(figure, tmp_path):
    with pytest.raises(PictureError, match="can't be written"):
        write(figure, tmp_path / "gone" / "picture.svg")


@pytest.mark.parametrize("suffix", [".svg", ".PDF", ".png"])
def test_the_suffix_chooses_the_format(figure, tmp_path, suffix):
    path = tmp_path / f"picture{suffix}"
    write(figure, path)
    assert path.read_bytes().startswith({".svg": b"<svg", ".pdf": b"%PDF", ".png": b"\x89PNG"}[suffix.lower()])


@pytest.mark.parametrize("text", ["180mm", "62.5 mm", "1600px"])
def test_widths_are_read(text):
    assert f"{Width.parse(text).number:g}{Width.parse(text).unit}" == text.replace(" ", "")


@pytest.mark.parametrize("text", ["180", "mm", "0mm", "-3mm", "3cm"])
def test_what_is_no_width_is_refused(text):
    with pytest.raises(ValueError, match="is not a width"):
        Width.parse(text)


@pytest.mark.parametrize("style", ["canvas", "volumes"])
def test_nothing_can_not_be_drawn(resources, qapp, style):
    with pytest.raises(PictureError, match="nothing to draw"):
        picture_of(Network(), Options(style=style))
    with pytest.raises(PictureError, match="selected"):
        picture_of(example(resources, "lenet5"), Options(style=style, nodes=()))
