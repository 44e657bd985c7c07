import pytest
from PySide6.QtCore import QPoint, QRect, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QPushButton, QWidget

from designer.ring import FOLLOW_MS, Pointer

TEXT = "Look here"


@pytest.fixture
def window(qtbot) -> QWidget:
    made = QWidget()
    made.resize(600, 400)
    qtbot.addWidget(made)
    made.show()
    return made


@pytest.fixture
def button(window) -> QPushButton:
    made = QPushButton("Press", window)
    made.setGeometry(250, 180, 80, 30)
    made.show()
    return made


@pytest.fixture
def spared(window) -> QWidget:
    made = QWidget(window)
    made.setGeometry(0, 300, 10, 10)
    made.show()
    return made


@pytest.fixture
def pointer(window, spared) -> Pointer:
    return Pointer(window, spared, window)


def whole(widget: QWidget):
    return lambda: (widget, widget.rect())


def test_ring_and_bubble_stand_around_and_beside(pointer, button):
    pointer.point(whole(button), TEXT)
    assert pointer.seen
    assert pointer.ring.geometry().contains(button.geometry())
    assert not pointer.bubble.geometry().intersects(button.geometry())
    assert pointer.bubble.text == TEXT


def test_they_follow_what_moves_and_go_when_it_goes(pointer, button, qtbot):
    pointer.point(whole(button), TEXT)
    before = pointer.ring.pos()
    button.move(300, 60)
    qtbot.waitUntil(lambda: pointer.ring.pos() == before + QPoint(50, -120))
    button.hide()
    qtbot.waitUntil(lambda: not pointer.seen)
    assert not pointer.bubble.isVisible()
    button.show()
    qtbot.waitUntil(lambda: pointer.seen)


def test_clicks_go_through_the_ring(pointer, button, window, qtbot):
    pointer.point(whole(button), TEXT)
    with qtbot.waitSignal(button.clicked):
        under = window.childAt(button.geometry().center())
        assert under is button
        QTest.mouseClick(under, Qt.MouseButton.LeftButton)


def test_a_click_on_the_bubble_puts_both_away(pointer, button, qtbot):
    pointer.point(whole(button), TEXT)
    QTest.mouseClick(pointer.bubble, Qt.MouseButton.LeftButton)
    assert not pointer.seen
    assert pointer.says == ""
    qtbot.wait(2 * FOLLOW_MS)
    assert not pointer.seen


@pytest.mark.parametrize(
    "place",
    [(0, 0, 80, 30), (520, 0, 80, 30), (0, 370, 80, 30), (520, 370, 80, 30), (0, 0, 600, 400), (0, 0, 600, 30)],
)
def test_the_bubble_stays_in_the_window(pointer, button, window, place):
    button.setGeometry(QRect(*place))
    pointer.point(whole(button), "Some words that are long enough to be broken into several lines of the bubble")
    assert window.rect().contains(pointer.bubble.geometry())


def test_the_bubble_covers_what_is_spared_only_where_there_is_no_other_room(pointer, button, spared, window):
    for kept in (QRect(0, 210, 600, 190), QRect(0, 0, 600, 180), QRect(250, 0, 80, 400)):
        spared.setGeometry(kept)
        pointer.point(whole(button), TEXT)
        assert not pointer.bubble.geometry().intersects(kept)
    spared.setGeometry(window.rect())
    pointer.point(whole(button), TEXT)
    assert pointer.bubble.isVisible()


def test_of_a_target_that_is_cut_off_only_what_is_seen_is_surrounded(pointer, button, window):
    button.setGeometry(500, 180, 300, 30)
    pointer.point(whole(button), TEXT)
    assert pointer.ring.geometry().right() < 600 + 20


def test_another_window_gets_the_ring(pointer, window, qtbot):
    other = QWidget()
    qtbot.addWidget(other)
    other.resize(300, 200)
    other.show()
    pointer.point(whole(other), TEXT)
    assert pointer.ring.parentWidget() is other
    assert pointer.seen


def test_nothing_is_drawn_of_what_can_t_be_found(pointer):
    pointer.point(lambda: None, TEXT)
    assert not pointer.seen
    pointer.clear()
    assert not pointer.seen
