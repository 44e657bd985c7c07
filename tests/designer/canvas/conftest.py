"""A canvas to act on."""

from collections.abc import Iterator

import pytest
from pytestqt.qtbot import QtBot

from designer.canvas import CanvasView
from designer.document import Document
from tests.designer.canvas.canvas_hands import Hands


@pytest.fixture
def document(qapp) -> Document:
    return Document()


@pytest.fixture
def view(qtbot: QtBot, document: Document) -> Iterator[CanvasView]:
    view = CanvasView(document)
    qtbot.addWidget(view)
    view.resize(900, 800)
    view.show()
    qtbot.waitExposed(view)
    yield view
    view.close()


@pytest.fixture
def hands(view: CanvasView) -> Hands:
    return Hands(view)
