"""The minimap: when it is there, what it shows, and what it does with the mouse."""

import pytest
from PySide6.QtCore import QPoint, QPointF
from PySide6.QtGui import QContextMenuEvent, QImage
from PySide6.QtWidgets import QApplication

from designer import resources, theme
from engine import Input, load
from tests.designer.canvas.canvas_hands import assert_in_step, show
from tests.engine.networks import chain, lenet5


@pytest.fixture
def minimap(view):
    """Return the minimap of a view that holds only a part of LeNet-5."""
    show(view, lenet5())
    view.zoom_by(2.5)
    assert not view.sights.minimap.rect().isEmpty()
    return view.sights.minimap


def middle(view) -> QPointF:
    return view.mapToScene(view.viewport().rect()).boundingRect().center()


def test_it_is_there_only_while_the_view_does_not_hold_the_network(view):
    show(view, lenet5())
    assert view.sights.minimap.rect().isEmpty()
    view.zoom_by(2.5)
    assert not view.sights.minimap.rect().isEmpty()
    view.fit_all()
    assert view.sights.minimap.rect().isEmpty()
    view.pan(QPoint(0, -300))
    assert not view.sights.minimap.rect().isEmpty()
    view.sights.show_minimap(False)
    assert view.sights.minimap.rect().isEmpty()


def test_an_empty_canvas_has_none(view):
    assert view.sights.minimap.rect().isEmpty()
    view.pan(QPoint(500, 500))
    assert view.sights.minimap.rect().isEmpty()


def test_it_stands_in_the_lower_right_corner_and_leaves_a_small_view_alone(view, minimap):
    for size in ((900, 800), (600, 500)):
        view.resize(*size)
        view.zoom_by(2)
        rect, port = minimap.rect(), view.viewport().rect()
        assert port.contains(rect)
        assert port.right() - rect.right() == port.bottom() - rect.bottom() == 12
        assert rect.width() <= port.width() / 2
        assert rect.height() <= port.height() / 2
    view.resize(120, 100)
    assert minimap.rect().isEmpty()


def test_the_tallest_network_stays_wide_enough_to_point_at(view):
    show(view, load(resources.path("examples", "resnet152.json")).graph)
    view.zoom_reset()
    assert view.sights.minimap.rect().width() >= 44
    assert view.sights.minimap.frame().height() >= 5


def test_a_press_moves_the_view_there(view, hands, minimap):
    rect = minimap.rect()
    top = QPoint(rect.center().x(), rect.top() + 8)
    hands.press(top)
    hands.release(top)
    assert middle(view).y() == pytest.approx(view.canvas.content_rect().top(), abs=80)
    assert minimap.frame().top() <= rect.top() + 8
    assert view.canvas.document.selection.nodes == ()
    assert view.gesture is None


def test_the_frame_is_dragged_without_a_jump(view, hands, minimap):
    before, frame = middle(view), minimap.frame()
    start = (frame.center() + QPointF(0, frame.height() / 4)).toPoint()
    hands.press(start)
    assert (middle(view) - before).manhattanLength() < 12
    hands.move(start + QPoint(0, 20))
    moved = minimap.frame().center().y() - frame.center().y()
    assert moved == pytest.approx(20, abs=1.5)
    hands.move(start + QPoint(0, 2000))  # also outside of it
    assert middle(view).y() > view.canvas.content_rect().bottom()
    hands.release(start)
    after = middle(view)
    hands.move(start + QPoint(0, -20))
    assert middle(view) == after


def test_what_is_under_it_is_out_of_reach(view, hands, minimap):
    node = view.canvas.nodes["softmax"]
    corner = minimap.rect().center()
    view.pan(corner - hands.card("softmax"))
    assert minimap.rect().contains(hands.card("softmax"))
    places = dict(view.canvas.places)
    hands.move(corner)
    assert not node.hovered
    hands.click(corner)
    assert not node.selected
    event = QContextMenuEvent(QContextMenuEvent.Reason.Mouse, corner, view.viewport().mapToGlobal(corner))
    QApplication.sendEvent(view.viewport(), event)
    assert QApplication.activePopupWidget() is None
    assert view.canvas.places == places
    assert_in_step(view)


def test_gestures_elsewhere_pass_over_it(view, hands, minimap):
    """A box that is drawn across the minimap goes on."""
    rect = minimap.rect()
    start = QPoint(20, rect.center().y())
    hands.press(start)
    hands.move(start + QPoint(60, 10), rect.center())
    assert view.gesture is not None
    before = middle(view)
    hands.release(rect.center())
    assert view.gesture is None
    assert middle(view) == before


def pixels(view, rect) -> set[str]:
    picture = view.viewport().grab(rect).toImage()
    return {picture.pixelColor(x, y).name() for x in range(picture.width()) for y in range(picture.height())}


def test_blocks_have_the_families_colours_and_follow_edits(view, minimap):
    colours = theme.current()
    shown = pixels(view, minimap.rect())
    assert {colours.family(family) for family in ("conv", "pool", "dense", "output")} <= shown
    document = view.canvas.document
    document.edit("Remove", document.graph.remove(["softmax"]))
    assert colours.family("output") not in pixels(view, minimap.rect())


def test_it_stays_in_its_corner_while_the_canvas_scrolls(view, minimap, qtbot, monkeypatch):
    """What is on the screen after scrolling, which moves pixels, is what a fresh painting gives."""
    monkeypatch.setattr("designer.canvas.sprites.MOVING_SECONDS", 10.0)  # no card is left to a later frame

    def on_screen() -> QImage:
        QApplication.processEvents()
        return view.screen().grabWindow(view.winId()).toImage()

    qtbot.wait(200)  # the view is at rest
    qtbot.waitUntil(lambda: not view.canvas.sprites.waiting)
    rect = minimap.rect()
    for way in (QPoint(-11, -17), QPoint(9, 0), QPoint(0, 23)):
        view.pan(way)
        scrolled = on_screen()
        view.viewport().update()
        assert scrolled == on_screen()
        assert minimap.rect() == rect


def test_one_card_out_of_sight_is_found_again(view, hands):
    show(view, chain(image=Input()))
    view.pan(QPoint(5000, 0))
    hands.click(view.sights.minimap.rect().center())
    assert abs(middle(view).x() - view.canvas.content_rect().center().x()) < 20
