"""Networks to show in the panels, sound and broken."""

from collections.abc import Callable

import pytest
from PySide6.QtWidgets import QApplication, QWidget

from designer import theme
from designer.document import Document
from engine import Conv2D, Dense, Flatten, Graph, Input, Layer, Network, Node, ReLU, Softmax

Chain = Callable[..., Document]


@pytest.fixture(autouse=True)
def _themed(qapp: QApplication):
    theme.apply(qapp, theme.LIGHT)


@pytest.fixture
def chain() -> Chain:
    """Return a maker of documents whose layers are wired one after the other: ``chain(image=Input(), …)``."""

    def make(**layers: Layer) -> Document:
        graph, before = Graph(), None
        for name, layer in layers.items():
            graph = graph.add(Node(name, layer))
            if before is not None and layer.ports.least:
                graph = graph.connect(before, name)
            before = name
        document = Document()
        document.load(Network("Sample", graph))
        return document

    return make


@pytest.fixture
def sound(chain: Chain) -> Document:
    """Return a network without problems."""
    return chain(
        image=Input(),
        conv1=Conv2D(filters=6, kernel=(5, 5)),
        relu1=ReLU(),
        flatten1=Flatten(),
        dense1=Dense(units=10),
        softmax1=Softmax(),
    )


@pytest.fixture
def broken(chain: Chain) -> Document:
    """Return a network whose dense layer gets a volume, and whose kernel is too large."""
    return chain(image=Input(), conv1=Conv2D(kernel=(40, 40)), relu1=ReLU(), input2=Input(), dense1=Dense())


@pytest.fixture
def shown(qtbot):
    """Return a function that shows a widget, active, at a size."""

    def show(widget: QWidget, width: int = 300, height: int = 760) -> QWidget:
        qtbot.addWidget(widget)
        widget.resize(width, height)
        widget.show()
        widget.activateWindow()
        qtbot.waitUntil(widget.isActiveWindow)
        return widget

    return show
