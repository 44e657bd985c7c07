import gc
import os
import subprocess
import sys
from pathlib import Path

import pytest
from PIL import Image

from designer.app import collect_here


def snapshot(out: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    environment = {k: v for k, v in os.environ.items() if k not in ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM")}
    command = [sys.executable, "-m", "designer", "--snapshot", str(out), *arguments]
    return subprocess.run(command, env=environment, capture_output=True, text=True, timeout=120, check=False)


@pytest.mark.parametrize(("theme", "bright"), [("light", True), ("dark", False)])
def test_a_snapshot_needs_no_display(resources, tmp_path, theme, bright):
    digit = min((resources / "images" / "digits").glob("7_*.png"))
    out = tmp_path / "window.png"
    network = str(resources / "examples" / "lenet5.json")
    ended = snapshot(out, network, "--image", str(digit), "--theme", theme, "--select", "conv1")
    assert ended.returncode == 0, ended.stderr
    with Image.open(out) as picture:
        assert picture.size == (1440, 900)
        gray = picture.convert("L")
    mean = sum(value * count for value, count in enumerate(gray.histogram())) / (1440 * 900)
    assert (mean > 128) is bright


def test_a_snapshot_of_what_can_not_run_says_so(resources, tmp_path):
    broken = tmp_path / "broken.png"
    broken.write_bytes(b"nothing")
    out = tmp_path / "window.png"
    ended = snapshot(out, str(resources / "examples" / "lenet5.json"), "--image", str(broken))
    assert ended.returncode == 1
    assert "did not run" in ended.stderr
    assert out.exists()


def test_a_snapshot_that_can_not_be_written_says_so(tmp_path):
    ended = snapshot(tmp_path / "gone" / "window.png")
    assert ended.returncode == 1
    assert "can't be written" in ended.stderr


def test_a_network_that_can_not_be_read_says_so_and_ends(tmp_path):
    ended = snapshot(tmp_path / "window.png", str(tmp_path / "gone.json"))
    assert ended.returncode == 2
    assert "gone.json" in ended.stderr


def test_garbage_is_collected_here_and_not_among_what_was_there_at_the_start(qapp):
    gc.enable()
    timer = collect_here()
    try:
        assert not gc.isenabled()
        assert gc.get_freeze_count() > 10_000
        assert len(gc.get_objects()) < 10_000  # what a collection has to look through
        assert timer.isActive()
    finally:
        timer.stop()
        gc.disable()  # as it was: see the tests' conftest
