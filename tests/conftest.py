"""What all tests share: an offscreen screen, and the examples that ship."""

import os
from pathlib import Path

import pytest

# Tests of the window need no screen; a journey in a real one asks for it itself.
os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
# They read English, whatever the desktop speaks.
os.environ["CONVOLAB_LANGUAGE"] = "en"

ROOT = Path(__file__).resolve().parent.parent


@pytest.fixture(scope="session")
def resources() -> Path:
    """Return the folder of the files that ship with the program."""
    return ROOT / "resources"


@pytest.fixture(scope="session")
def models() -> Path:
    """Return the folder of ONNX models that others made."""
    return ROOT / "tests" / "conformance" / "models"
