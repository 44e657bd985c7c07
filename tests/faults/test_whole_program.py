"""The real program: edited, an error in a slot, killed; started again, restored, saved, ended."""

import os
import signal
import subprocess
import sys
from pathlib import Path

from engine import load

_FIRST = """
import os, signal
from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QApplication
import designer.app as app
from designer.startup import parse
from designer.window import MainWindow

def found(kind):
    return next(one for one in QApplication.topLevelWidgets() if isinstance(one, kind))

def edit(node):
    document = found(MainWindow).document
    document.edit("Rename", document.graph.rename(node, "renamed"))

def fail():
    raise ZeroDivisionError("nobody foresaw this")

def last():
    from designer.crash import CrashDialog
    dialog = found(CrashDialog)
    assert dialog.isVisible() and "is kept" in dialog.kept.text(), dialog.kept.text()
    assert found(MainWindow).isVisible()
    edit("conv2")
    QTimer.singleShot(2000, lambda: os.kill(os.getpid(), signal.SIGKILL))

class Driven(MainWindow):
    def __init__(self):
        super().__init__()
        QTimer.singleShot(1500, lambda: edit("conv1"))
        QTimer.singleShot(1700, fail)
        QTimer.singleShot(2500, last)

app.MainWindow = Driven
app.start(parse([{file!r}]))
"""

_SECOND = """
from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QApplication
import designer.app as app
from designer.recovery.dialog import RecoveryDialog
from designer.startup import parse
from designer.window import MainWindow

def found(kind):
    return next(one for one in QApplication.topLevelWidgets() if isinstance(one, kind))

def restore():
    found(RecoveryDialog).cards[0].restore.click()
    window = found(MainWindow)
    assert window.isWindowModified()
    assert window.files.save()
    window.close()

class Driven(MainWindow):
    def __init__(self):
        super().__init__()
        QTimer.singleShot(1500, restore)

app.MainWindow = Driven
raise SystemExit(app.start(parse([])))
"""


def start(program: str, home: Path) -> subprocess.CompletedProcess[str]:
    environment = os.environ | {
        "QT_QPA_PLATFORM": "offscreen",
        "XDG_DATA_HOME": str(home / "data"),
        "XDG_CONFIG_HOME": str(home / "settings"),
    }
    return subprocess.run(
        [sys.executable, "-c", program], env=environment, capture_output=True, text=True, timeout=100, check=False
    )


def test_an_error_and_a_kill_lose_nothing(resources: Path, tmp_path: Path):
    file = tmp_path / "work.json"
    for name in ("lenet5.json", "lenet5.safetensors"):
        (tmp_path / name).write_bytes((resources / "examples" / name).read_bytes())
    (tmp_path / "lenet5.json").rename(file)
    killed = start(_FIRST.replace("{file!r}", repr(str(file))), tmp_path)
    assert killed.returncode == -signal.SIGKILL, killed.stderr
    assert "nobody foresaw this" in killed.stderr
    before = load(file)
    assert before.graph.node("conv1").name != "renamed"
    ended = start(_SECOND, tmp_path)
    assert ended.returncode == 0, ended.stderr
    after = load(file)
    assert [after.graph.node(node).name for node in ("conv1", "conv2")] == ["renamed", "renamed"]
    assert after.weights == before.weights
    assert list((tmp_path / "data").rglob("state.json")) == []
    assert list((tmp_path / "data").rglob("recovery/*")) == []
