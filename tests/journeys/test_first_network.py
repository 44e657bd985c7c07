import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.journeys.by_keyboard import draw_run_and_save
from tests.journeys.first_network import draw_run_and_reopen

# The continuous integration installs an X server and xdotool, and then nothing may be left out.
REQUIRED = os.environ.get("CONVOLAB_DISPLAY_TESTS") == "required"
HAS_X = shutil.which("Xvfb") is not None and shutil.which("xdotool") is not None


def test_a_first_network_by_mouse_and_keyboard(window, hands, qtbot, resources, tmp_path):
    qtbot.wait(50)
    draw_run_and_reopen(window, hands, resources / "images" / "cat.jpg", tmp_path / "first.json")


@pytest.mark.skipif(not (HAS_X or REQUIRED), reason="needs Xvfb and xdotool")
def test_a_first_network_in_a_real_window(resources, tmp_path):
    story = Path(__file__).with_name("in_a_real_window.py")
    environment = {name: value for name, value in os.environ.items() if name != "QT_QPA_PLATFORM"}
    command = ["xvfb-run", "-a", "-s", "-screen 0 1600x1000x24", sys.executable, str(story)]
    photograph = str(resources / "images" / "cat.jpg")
    ended = subprocess.run(
        [*command, photograph, str(tmp_path)], env=environment, capture_output=True, text=True, timeout=300, check=False
    )
    assert ended.returncode == 0, ended.stdout + ended.stderr
    assert "told to the end" in ended.stdout


def test_a_first_network_by_keyboard_alone(window, hands, resources, tmp_path):
    window.canvas.setFocus()
    draw_run_and_save(window, hands, resources / "images" / "cat.jpg", tmp_path / "first.json")
