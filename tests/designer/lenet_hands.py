"""What tests of a window in which LeNet-5 ran ask for."""

from typing import Any

from designer.window import MainWindow


def maps(window: MainWindow) -> Any:
    """Return the maps of the run that is shown."""
    assert window.runs.result is not None
    return window.runs.result.maps
