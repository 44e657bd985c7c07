"""``python -m designer FILE --picture OUT``, without a display."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
from PIL import Image

from tests.designer.pictures.drawings import letters, parsed


def convolab(*arguments: str | Path) -> subprocess.CompletedProcess[str]:
    environment = {k: v for k, v in os.environ.items() if k not in ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM")}
    command = [sys.executable, "-m", "designer", *map(str, arguments)]
    return subprocess.run(command, env=environment, capture_output=True, text=True, timeout=120, check=False)


@pytest.fixture
def lenet(resources) -> Path:
    return resources / "examples" / "lenet5.json"


def test_a_figure_of_volumes_is_written(lenet, tmp_path):
    out = tmp_path / "figure.svg"
    ended = convolab(lenet, "--picture", out, "--style", "volumes", "--width", "180mm")
    assert (ended.returncode, ended.stderr) == (0, "")
    root = parsed(out.read_bytes())
    assert root.attrib["width"] == "180mm"
    assert "5×5 conv, 16" in letters(root)


def test_without_a_style_it_is_the_canvas(lenet, tmp_path):
    out = tmp_path / "canvas.png"
    ended = convolab(lenet, "--picture", out, "--width", "400px", "--theme", "dark")
    assert ended.returncode == 0, ended.stderr
    with Image.open(out) as image:
        assert image.width == 400
        assert image.height > 800
        assert image.convert("L").getpixel((2, 2)) < 60


def test_a_transparent_pdf_is_written(lenet, tmp_path):
    out = tmp_path / "figure.pdf"
    assert convolab(lenet, "--picture", out, "--style", "volumes", "--transparent").returncode == 0
    assert out.read_bytes().startswith(b"%PDF")


@pytest.mark.parametrize(
    ("out", "options", "code", "said"),
    [
        ("figure.gif", (), 1, "figure.gif"),
        ("gone/figure.svg", (), 1, "can't be written"),
        ("figure.svg", ("--width", "3cm"), 2, "'3cm' is not a width"),
    ],
)
def test_what_can_not_be_written_is_told_in_a_sentence(lenet, tmp_path, out, options, code, said):
    ended = convolab(lenet, "--picture", tmp_path / out, *options)
    assert ended.returncode == code
    assert said in ended.stderr
    assert ended.stderr.count("\n") == 1


def test_a_network_that_can_not_be_read_is_told_of(tmp_path):
    ended = convolab(tmp_path / "gone.json", "--picture", tmp_path / "figure.svg")
    assert ended.returncode == 2
    assert "gone.json" in ended.stderr
    assert ended.stderr.count("\n") == 1


def test_a_picture_needs_a_network(tmp_path):
    ended = convolab("--picture", tmp_path / "figure.svg")
    assert ended.returncode == 2
    assert "--picture needs a FILE" in ended.stderr
