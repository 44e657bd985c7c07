import subprocess
import sys

import pytest

from designer import startup


def start(environment: dict[str, str], *arguments: str) -> subprocess.CompletedProcess[str]:
    kept = {"PATH": "/usr/bin:/bin", "HOME": "/tmp", **environment}
    command = [sys.executable, "-m", "designer", *arguments]
    return subprocess.run(command, env=kept, capture_output=True, text=True, timeout=60, check=False)


@pytest.mark.skipif(sys.platform != "linux", reason="other systems always have a display")
def test_without_a_display_one_sentence_says_so():
    ended = start({})
    assert ended.returncode == 2
    assert ended.stderr.count("\n") == 1
    assert "no display" in ended.stderr


@pytest.mark.skipif(sys.platform != "linux", reason="X11 is Linux's")
def test_a_display_that_is_not_there_is_named():
    ended = start({"DISPLAY": ":63"})
    assert ended.returncode == 2
    assert ended.stderr.count("\n") == 1
    assert ":63" in ended.stderr


def test_a_missing_library_is_named_with_its_package(monkeypatch):
    def fail(name: str):
        raise ImportError("libGL.so.1: cannot open shared object file: No such file or directory")

    monkeypatch.setattr("importlib.import_module", fail)
    assert (
        startup.complaint() == "The system library libGL.so.1 is missing; on Debian or Ubuntu: sudo apt install libgl1."
    )


def test_a_missing_python_package_is_named_with_the_command(monkeypatch):
    def fail(name: str):
        raise ImportError("No module named 'PySide6'")

    monkeypatch.setattr("importlib.import_module", fail)
    assert "pip install PySide6-Essentials" in str(startup.complaint())


def test_wrong_use_of_the_command_line_is_exit_code_2(capsys):
    with pytest.raises(SystemExit) as ended:
        startup.parse(["--size", "huge"])
    assert ended.value.code == 2
    assert "1440x900" in capsys.readouterr().err


def test_an_old_python_is_turned_away(tmp_path):
    code = "import sys; sys.version_info = (3, 9, 2); from designer.__main__ import main; sys.exit(main())"
    ended = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=60, check=False)
    assert ended.returncode == 2
    assert ended.stderr == "Convolab needs Python 3.11 or newer; this is Python 3.9.2.\n"
