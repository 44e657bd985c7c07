"""What all tests share: an offscreen screen, and the examples that ship."""

import gc
import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from engine import analysis
from engine.catalogues import find
from engine.language import speak

# Tests of the window need no screen; a journey in a real one asks for it itself.
os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
# They read English, whatever the desktop speaks.
os.environ["CONVOLAB_LANGUAGE"] = "en"

ROOT = Path(__file__).resolve().parent.parent


def pytest_collection_finish() -> None:
    """Leave garbage alone, as the program does: a worker's thread that collected it could destroy a test's window.

    What there is by now stays, so that a collection needn't look through all modules.
    """
    gc.disable()
    gc.freeze()


def pytest_runtest_logfinish() -> None:
    """Collect here, between tests, as often as Python would itself."""
    for generation in (2, 1, 0):
        if gc.get_count()[generation] > gc.get_threshold()[generation]:
            gc.collect(generation)
            break


@pytest.fixture
def german() -> Iterator[None]:
    """Speak German, and English again afterwards; analyses remember texts of neither."""
    spoken = find(["de"])
    assert spoken is not None
    speak(spoken.catalogue)
    analysis._facts.cache_clear()
    yield
    speak(None)
    analysis._facts.cache_clear()


@pytest.fixture(scope="session")
def resources() -> Path:
    """Return the folder of the files that ship with the program."""
    return ROOT / "resources"


@pytest.fixture(scope="session")
def models() -> Path:
    """Return the folder of ONNX models that others made."""
    return ROOT / "tests" / "conformance" / "models"
