"""Layers to show in the tests of the maps."""

from collections.abc import Callable

import numpy as np
import pytest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot
from windows import finish

from designer import theme
from designer.maps.explorer import MapExplorer
from designer.maps.layers import MapLayer
from designer.maps.mosaic import MosaicView


def make_layer(node: str, *shape: int, seed: int = 0) -> MapLayer:
    """Return a layer of seeded noise."""
    values = np.random.default_rng(seed).standard_normal(shape).astype(np.float32)
    values.setflags(write=False)
    return MapLayer(node, node, "×".join(map(str, shape)), "conv", values)


@pytest.fixture
def layer() -> Callable[..., MapLayer]:
    return make_layer


@pytest.fixture
def lenet() -> list[MapLayer]:
    shapes = {
        "image": (1, 32, 32),
        "conv1": (6, 28, 28),
        "pool1": (6, 14, 14),
        "conv2": (16, 10, 10),
        "pool2": (16, 5, 5),
        "flatten": (400,),
        "fc1": (120,),
        "fc2": (84,),
        "fc3": (10,),
    }
    return [make_layer(node, *shape, seed=k) for k, (node, shape) in enumerate(shapes.items())]


@pytest.fixture
def light(qapp: QApplication) -> None:
    theme.apply(qapp, theme.LIGHT)


@pytest.fixture
def view(qtbot: QtBot, light: None, lenet: list[MapLayer]):
    made = MosaicView()
    qtbot.addWidget(made)
    made.resize(520, 600)
    made.set_layers(lenet)
    with qtbot.waitExposed(made):
        made.show()
    finish(qtbot, made)
    return made


@pytest.fixture
def explorer(qtbot: QtBot, light: None) -> MapExplorer:
    made = MapExplorer()
    qtbot.addWidget(made)
    made.resize(520, 420)
    with qtbot.waitExposed(made):
        made.show()
    return made
