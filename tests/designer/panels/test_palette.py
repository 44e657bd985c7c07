import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QDrag
from PySide6.QtWidgets import QLineEdit

from designer.catalogue import entries, palette_entries, search
from designer.mime import LAYER_MIME, unpack, unpack_block
from designer.panels.palette import LayerList, Palette
from engine import BLOCKS, LAYERS, Conv2D, Layer, ReLU


@pytest.fixture
def palette(shown):
    return shown(Palette(), 190, 560)


@pytest.fixture
def rows(palette) -> LayerList:
    return palette.findChild(LayerList)


@pytest.fixture
def field(palette) -> QLineEdit:
    return palette.findChild(QLineEdit)


def item(rows: LayerList, title: str):
    layers = [found for found in rows.findItems(title, Qt.MatchFlag.MatchExactly) if found.flags()]
    return layers[0]


def place(rows: LayerList, title: str) -> QPoint:
    return rows.visualItemRect(item(rows, title)).center()


def titles(rows: LayerList) -> list[str]:
    return [rows.item(row).text() for row in range(rows.count())]


def test_every_layer_and_every_block_is_offered_once():
    types = [entry.types for entry in palette_entries()]
    blocks = [(block.name,) for block in BLOCKS]
    assert sorted(types) == sorted([*((layer.__name__,) for layer in LAYERS), ("Conv2D", "ReLU"), *blocks])


def test_groups_are_in_the_order_of_the_lecture(rows):
    headings = [rows.item(row).text() for row in range(rows.count()) if not rows.item(row).flags()]
    assert headings[:7] == ["Input", "Convolution", "Activation", "Pooling", "Fully connected", "Output", "Merge"]
    assert headings[7:] == [
        "Blocks",
        "Preprocessing",
        "More convolutions",
        "More activations",
        "More pooling",
        "Normalization",
        "Rearranging",
        "More regularization",
        "More outputs",
        "More merging",
    ]


def test_a_layer_of_an_unknown_family_appears_at_the_end():
    class Wavelet(Layer, frozen=True, kw_only=True):
        family = "spectral"
        title = "Wavelet"
        summary = "Waves."
        prefix = "wavelet"

    last = entries((*LAYERS, Wavelet))[-1]
    assert (last.title, last.group) == ("Wavelet", "Spectral")


def test_all_of_the_lecture_fits_the_column(rows):
    assert rows.verticalScrollBar().value() == 0
    assert rows.visualItemRect(item(rows, "Concat")).bottom() <= rows.viewport().height()


@pytest.mark.parametrize(
    ("typed", "first"),
    [
        ("re", "ReLU"),
        ("conv", "Conv2D"),
        ("conv relu", "Conv + ReLU"),
        ("max", "MaxPool2D"),
        ("mxp", "MaxPool2D"),
        ("svm", "Linear SVM"),
        ("LinearSVM", "Linear SVM"),
        ("pooling", "MaxPool2D"),
        ("probabilities", "Softmax"),
        ("resnet", "Residual block"),
        ("mobilenet", "Inverted residual"),
        ("SqueezeExcite", "Squeeze-and-excite"),
    ],
)
def test_search_finds(typed, first):
    assert search(palette_entries(), typed)[0].title == first


def test_enter_activates_the_first_hit(qtbot, palette, field, rows):
    qtbot.keyClicks(field, "rel")
    assert titles(rows)[0] == "ReLU"
    with qtbot.waitSignal(palette.layer_activated) as caught:
        qtbot.keyClick(field, Qt.Key.Key_Return)
    assert caught.args == [("ReLU",)]


def test_enter_without_a_search_places_nothing(qtbot, palette, field):
    with qtbot.assertNotEmitted(palette.layer_activated):
        qtbot.keyClick(field, Qt.Key.Key_Return)


def test_a_search_without_hits_says_so_and_escape_clears_it(qtbot, palette, field, rows):
    qtbot.keyClicks(field, "xyzzy")
    assert not rows.isVisible()
    qtbot.keyClick(field, Qt.Key.Key_Escape)
    assert rows.isVisible()
    assert "Conv + ReLU" in titles(rows)


def test_double_click_activates_both_layers_of_a_pair(qtbot, palette, rows):
    where = place(rows, "Conv + ReLU")
    with qtbot.waitSignal(palette.layer_activated) as caught:
        qtbot.mouseClick(rows.viewport(), Qt.MouseButton.LeftButton, pos=where)
        qtbot.mouseDClick(rows.viewport(), Qt.MouseButton.LeftButton, pos=where)
    assert caught.args == [("Conv2D", "ReLU")]


def test_the_keyboard_walks_past_headings_and_enter_activates(qtbot, palette, field, rows):
    qtbot.keyClick(field, Qt.Key.Key_Down)
    qtbot.waitUntil(rows.hasFocus)
    rows.setCurrentItem(item(rows, "Input"))
    qtbot.keyClick(rows, Qt.Key.Key_Down)
    with qtbot.waitSignal(palette.layer_activated) as caught:
        qtbot.keyClick(rows, Qt.Key.Key_Return)
    assert caught.args == [("Conv2D",)]


@pytest.mark.parametrize(("title", "payload"), [("Conv2D", b"Conv2D"), ("Conv + ReLU", b"Conv2D+ReLU")])
def test_a_drag_carries_the_type_names(qtbot, rows, monkeypatch, title, payload):
    drags = []

    def exec_(drag: QDrag, *_: object) -> Qt.DropAction:
        data = drag.mimeData()
        drags.append((bytes(data.data(LAYER_MIME)), unpack(data), drag.pixmap().isNull()))
        return Qt.DropAction.CopyAction

    monkeypatch.setattr(QDrag, "exec", exec_)
    where = place(rows, title)
    qtbot.mousePress(rows.viewport(), Qt.MouseButton.LeftButton, pos=where)
    for step in (8, 30, 60):
        qtbot.mouseMove(rows.viewport(), where + QPoint(step, step))
    qtbot.mouseRelease(rows.viewport(), Qt.MouseButton.LeftButton, pos=where + QPoint(60, 60))
    layers = (Conv2D(), ReLU())[: 1 + payload.count(b"+")]
    assert drags == [(payload, layers, False)]


def test_a_drag_of_a_block_carries_its_name(qtbot, rows, monkeypatch):
    drags = []

    def exec_(drag: QDrag, *_: object) -> Qt.DropAction:
        drags.append((unpack_block(drag.mimeData()).title, unpack(drag.mimeData()), drag.pixmap().isNull()))
        return Qt.DropAction.CopyAction

    monkeypatch.setattr(QDrag, "exec", exec_)
    rows.scrollToItem(item(rows, "Residual block"))
    where = place(rows, "Residual block")
    qtbot.mousePress(rows.viewport(), Qt.MouseButton.LeftButton, pos=where)
    for step in (8, 30, 60):
        qtbot.mouseMove(rows.viewport(), where + QPoint(step, -step))
    assert drags == [("Residual block", (), False)]
