"""The whole main job without a mouse: add layers, wire, set hyper-parameters, mend, run, look at maps, save."""

from pathlib import Path

from PySide6.QtWidgets import QApplication

from designer.window import MainWindow
from engine import Conv2D, load
from tests.journeys.hands import QtHands, wait_until
from tests.journeys.keyboard import command, press_until

CHAIN = ["image", "conv1", "relu1", "pool1", "flatten1", "dense1", "softmax1"]


def draw_run_and_save(window: MainWindow, hands: QtHands, photograph: Path, file: Path) -> None:
    """Live the story in an empty window; only keys are pressed."""
    for wanted in ("input", "conv + relu", "maxpool2d", "flatten", "dense", "softmax"):
        command(hands, f"add {wanted}")
    document = window.document
    assert [node.id for node in document.graph.nodes] == CHAIN
    assert window.canvas.hasFocus()

    unwire_and_wire(window, hands)
    set_filters(window, hands)

    hands.choose_file("ctrl+i", photograph)
    wait_until(lambda: len(window.maps.mosaic.layers()) == len(CHAIN), "all maps are shown")
    look_at_a_map(window, hands)

    hands.choose_file("ctrl+s", file)
    wait_until(file.exists, "the file is written")
    assert load(file) == document.network


def unwire_and_wire(window: MainWindow, hands: QtHands) -> None:
    """Walk up to the pooling layer, take its wire off, and draw it anew."""
    document = window.document
    for _ in range(3):
        hands.keys("up")
    assert document.selection.only == "pool1"
    hands.keys("w")
    hands.keys("delete")
    assert len(document.graph.edges) == len(CHAIN) - 2
    assert document.analysis.errors
    hands.keys("f6")
    hands.keys("escape")
    command(hands, "go to relu1")
    hands.keys("c")
    assert window.canvas.gesture is not None
    hands.keys("return")
    assert document.graph.incoming["pool1"][0].source == "relu1"
    assert not document.analysis.errors


def set_filters(window: MainWindow, hands: QtHands) -> None:
    """Find the convolution, go into its form, and give it five filters."""
    document = window.document
    hands.keys("ctrl+f")
    hands.type("filters > 1")
    hands.keys("return")
    hands.keys("escape")
    assert document.selection.only == "conv1"
    hands.keys("return")
    hands.keys("ctrl+a")
    hands.type("5")
    hands.keys("escape")
    layer = document.graph.by_id["conv1"].layer
    assert isinstance(layer, Conv2D)
    assert layer.filters == 5
    assert window.canvas.hasFocus()


def look_at_a_map(window: MainWindow, hands: QtHands) -> None:
    """Go to the maps, open one large, and step to the next."""
    press_until(hands, "f6", lambda: window.maps.isAncestorOf(QApplication.focusWidget()))
    press_until(hands, "tab", window.maps.mosaic.hasFocus)
    hands.keys("return")
    assert window.explorer.shown() == ("conv1", 0)
    wait_until(window.explorer.hasFocus, "the large map has the focus")
    hands.keys("right")
    assert window.explorer.shown() == ("conv1", 1)
    press_until(hands, "f6", window.canvas.hasFocus)
