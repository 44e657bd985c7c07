"""The grid of a kernel: painted on, walked through and typed into, as a person does it."""

from typing import Any

import numpy as np
import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QWheelEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from designer import theme
from designer.document import Drag
from designer.maps.kernels.cell_field import number_of
from designer.maps.kernels.grid import KernelGrid

NAN, INF = float("nan"), float("inf")
LEFT, RIGHT = Qt.MouseButton.LeftButton, Qt.MouseButton.RightButton


class Bench:
    """A grid that shows at once what it asks for, as the document does."""

    def __init__(self, values: Any) -> None:
        self.grid = KernelGrid()
        self.values = np.array(values, np.float32)
        self.edits: list[tuple[np.ndarray, object]] = []
        self.grid.edited.connect(self._take)
        self._show()

    def _take(self, values: np.ndarray, key: object) -> None:
        self.values = values
        self.edits.append((values, key))
        self._show()

    def _show(self) -> None:
        sizes = np.abs(self.values[np.isfinite(self.values)])
        self.grid.show_kernel(self.values, float(sizes.max(initial=0.0)))

    def at(self, y: int, x: int) -> QPoint:
        return self.grid.rect_of(y, x).center().toPoint()


@pytest.fixture
def bench(qtbot: QtBot, qapp: QApplication) -> Any:
    theme.apply(qapp, theme.LIGHT)

    def make(values: Any) -> Bench:
        made = Bench(values)
        qtbot.addWidget(made.grid)
        made.grid.resize(400, 400)
        made.grid.show()
        qtbot.waitUntil(made.grid.isActiveWindow)
        made.grid.setFocus()
        return made

    return make


def test_a_stroke_paints_every_cell_on_its_way_under_one_key(bench: Any):
    it = bench(np.zeros((5, 5)))
    it.grid.brush = 2.0
    QTest.mousePress(it.grid, LEFT, pos=it.at(0, 0))
    QTest.mouseMove(it.grid, it.at(4, 4))  # at once, as a fast hand does
    QTest.mouseRelease(it.grid, LEFT, pos=it.at(4, 4))
    np.testing.assert_array_equal(it.values, 2 * np.eye(5))
    keys = [key for _, key in it.edits]
    assert isinstance(keys[0], Drag)
    assert all(key is keys[0] for key in keys)
    QTest.mouseMove(it.grid, it.at(0, 4))
    np.testing.assert_array_equal(it.values, 2 * np.eye(5))  # the button is up
    QTest.mousePress(it.grid, LEFT, pos=it.at(0, 4))
    QTest.mouseRelease(it.grid, LEFT, pos=it.at(0, 4))
    assert it.edits[-1][1] is not keys[0]


def test_the_right_button_erases(bench: Any):
    it = bench(np.ones((3, 2)))
    QTest.mousePress(it.grid, RIGHT, pos=it.at(0, 1))
    QTest.mouseMove(it.grid, it.at(2, 1))
    QTest.mouseRelease(it.grid, RIGHT, pos=it.at(2, 1))
    np.testing.assert_array_equal(it.values, [[1, 0], [1, 0], [1, 0]])


def test_alt_takes_a_number_up_and_paints_nothing(bench: Any, qtbot: QtBot):
    it = bench([[0.25, -3.5], [NAN, 1]])
    with qtbot.waitSignal(it.grid.picked) as picked:
        QTest.mouseClick(it.grid, LEFT, Qt.KeyboardModifier.AltModifier, it.at(0, 1))
    assert picked.args == [-3.5]
    with qtbot.assertNotEmitted(it.grid.picked):
        QTest.mouseClick(it.grid, LEFT, Qt.KeyboardModifier.AltModifier, it.at(1, 0))
    assert it.edits == []


def wheel(grid: KernelGrid, at: QPoint, delta: int) -> None:
    event = QWheelEvent(
        QPointF(at),
        QPointF(grid.mapToGlobal(at)),
        QPoint(),
        QPoint(0, delta),
        Qt.MouseButton.NoButton,
        Qt.KeyboardModifier.NoModifier,
        Qt.ScrollPhase.NoScrollPhase,
        False,
    )
    QApplication.sendEvent(grid, event)


@pytest.mark.parametrize(
    ("values", "steps", "expected"),
    [([[0.5, 0.3]], 1, 0.51), ([[5, 3]], -2, 4.8), ([[0, 0]], 1, 0.1), ([[NAN, 2]], 1, 0.1), ([[300, 1]], 1, 310)],
)
def test_the_wheel_steps_by_a_tenth_of_the_magnitude(bench: Any, values: Any, steps: int, expected: float):
    it = bench(values)
    wheel(it.grid, it.at(0, 0), 120 * steps)
    assert it.values[0, 0] == pytest.approx(expected, rel=1e-6)
    assert it.values[0, 1] == np.float32(values[0][1])
    wheel(it.grid, it.at(0, 0), 60 if steps > 0 else -60)  # half a notch of a fine wheel
    assert len(it.edits) == 1
    wheel(it.grid, it.at(0, 0), 60 if steps > 0 else -60)
    assert len(it.edits) == 2


def test_arrows_walk_and_stay_inside(bench: Any):
    it = bench(np.zeros((2, 3)))
    for key in (Qt.Key.Key_Right, Qt.Key.Key_Right, Qt.Key.Key_Right, Qt.Key.Key_Down, Qt.Key.Key_Down):
        QTest.keyClick(it.grid, key)
    assert it.grid.cursor_cell == (1, 2)
    assert it.grid.accessibleDescription() == "(y 1, x 2) = 0"


def test_typing_opens_a_field_and_enter_goes_on_to_the_next_cell(bench: Any):
    it = bench([[0.125, 0], [0, 0]])
    QTest.keyClicks(it.grid, "-")
    assert it.grid.field.isVisible()
    QTest.keyClicks(it.grid.field, "0,5")
    QTest.keyClick(it.grid.field, Qt.Key.Key_Return)
    assert it.values[0, 0] == -0.5
    assert it.grid.cursor_cell == (0, 1)
    assert it.grid.hasFocus()
    QTest.keyClick(it.grid, Qt.Key.Key_Return)
    assert it.grid.field.text() == "0"
    QTest.keyClicks(it.grid.field, "7")  # over what was there
    QTest.keyClick(it.grid.field, Qt.Key.Key_Return)
    assert it.values[0, 1] == 7
    assert it.grid.cursor_cell == (1, 0)


def test_escape_leaves_the_number_and_nonsense_is_not_taken(bench: Any):
    it = bench([[0.125]])
    QTest.keyClicks(it.grid, "3")
    QTest.keyClick(it.grid.field, Qt.Key.Key_Escape)
    assert not it.grid.field.isVisible()
    assert it.grid.hasFocus()
    QTest.keyClicks(it.grid, "3")
    QTest.keyClicks(it.grid.field, "x")
    QTest.keyClick(it.grid.field, Qt.Key.Key_Return)
    assert it.grid.field.isVisible()
    assert "no number" in it.grid.field.toolTip()
    assert it.edits == []


@pytest.mark.parametrize(
    ("text", "value"),
    [("1e-3", 1e-3), (" −2.5 ", -2.5), ("0,1", 0.1), ("", None), ("nan", None), ("inf", None), ("1e39", None)],
)
def test_numbers_as_people_type_them(text: str, value: float | None):
    assert number_of(text) == value


def test_space_paints_delete_erases_p_takes_up_and_the_page_keys_step(bench: Any, qtbot: QtBot):
    it = bench([[0.5, 0.3]])
    it.grid.brush = 4.0
    QTest.keyClick(it.grid, Qt.Key.Key_Space)
    assert it.values[0, 0] == 4
    QTest.keyClick(it.grid, Qt.Key.Key_PageDown)
    assert it.values[0, 0] == pytest.approx(3.9)
    with qtbot.waitSignal(it.grid.picked) as picked:
        QTest.keyClick(it.grid, Qt.Key.Key_P)
    assert picked.args == [pytest.approx(3.9)]
    QTest.keyClick(it.grid, Qt.Key.Key_Delete)
    assert it.values[0, 0] == 0


@pytest.mark.parametrize("shape", [(1, 1), (3, 3), (1, 9), (11, 2), (64, 64), (300, 1)])
@pytest.mark.parametrize("value", [0.0, 0.5, NAN, INF, -3.4e38])
def test_every_cell_of_every_size_is_where_it_is_painted(bench: Any, shape: tuple[int, int], value: float):
    it = bench(np.full(shape, value))
    assert not it.grid.grab().isNull()
    inside = it.grid.rect()
    for y, x in ((0, 0), (shape[0] - 1, shape[1] - 1)):
        assert inside.contains(it.at(y, x))
        it.grid.brush = 9.0
        QTest.mouseClick(it.grid, LEFT, pos=it.at(y, x))
        assert it.values[y, x] == 9


def test_other_kernels_of_another_size_put_the_cursor_back(bench: Any):
    it = bench(np.zeros((5, 5)))
    QTest.mouseClick(it.grid, LEFT, pos=it.at(4, 4))
    QTest.keyClicks(it.grid, "3")
    it.grid.show_kernel(np.zeros((2, 2), np.float32), 0.0)
    assert it.grid.cursor_cell == (0, 0)
    assert not it.grid.field.isVisible()
