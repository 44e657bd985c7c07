import pytest
from PySide6.QtCore import QMimeData, QPointF, Qt, QUrl
from PySide6.QtGui import QColor, QDragEnterEvent, QDropEvent, QImage
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from designer.panels.image_view import ImageView


@pytest.fixture
def view(shown) -> ImageView:
    return shown(ImageView(), 220, 240)


def picture(width: int, height: int) -> QImage:
    image = QImage(width, height, QImage.Format.Format_RGB32)
    image.fill(QColor("#204060"))
    return image


def files(*paths: str) -> QMimeData:
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(path) for path in paths])
    return data


def drop(view: ImageView, data: QMimeData) -> tuple[bool, bool]:
    """Drag data in and drop it; return whether each was accepted."""
    action, button = Qt.DropAction.CopyAction, Qt.MouseButton.LeftButton
    none = Qt.KeyboardModifier.NoModifier
    enter = QDragEnterEvent(view.rect().center(), action, data, button, none)
    enter.ignore()
    QApplication.sendEvent(view, enter)
    dropped = QDropEvent(QPointF(view.rect().center()), action, data, button, none)
    dropped.ignore()
    QApplication.sendEvent(view, dropped)
    return enter.isAccepted(), dropped.isAccepted()


def test_an_empty_view_asks_for_an_image(qtbot, view):
    for ask in (
        lambda: qtbot.mouseClick(view, Qt.MouseButton.LeftButton),
        lambda: QTest.keyClick(view, Qt.Key.Key_Return),
    ):
        with qtbot.waitSignal(view.open_requested):
            ask()


def test_an_image_does_not(qtbot, view):
    view.show_image(picture(28, 28), "seven.png", "28×28 → 32×32×1")
    with qtbot.assertNotEmitted(view.open_requested):
        qtbot.mouseClick(view, Qt.MouseButton.LeftButton)
    view.clear()
    assert view.is_empty


@pytest.mark.parametrize(("width", "height"), [(28, 28), (1, 500), (4000, 3), (640, 480)])
def test_the_picture_keeps_its_aspect_and_stays_inside(view, width, height):
    view.show_image(picture(width, height), "x.png")
    shown = view.picture_rect()
    assert shown.width() / shown.height() == pytest.approx(width / height)
    assert view.rect().toRectF().contains(shown)
    assert not view.grab().isNull()


def test_enlarged_pixels_stay_squares(view):
    image = picture(2, 2)
    image.setPixelColor(0, 0, QColor("white"))
    view.show_image(image, "corner.png")
    shown, grabbed = view.picture_rect(), view.grab().toImage()
    inside = shown.center() - QPointF(3, 3)
    assert grabbed.pixelColor(inside.toPoint()) == QColor("white")


def test_a_dropped_image_file_is_handed_on(qtbot, view):
    with qtbot.waitSignal(view.file_dropped) as caught:
        assert drop(view, files("/pictures/notes.txt", "/pictures/cat.JPG")) == (True, True)
    assert caught.args == ["/pictures/cat.JPG"]


def test_other_files_are_refused(qtbot, view):
    with qtbot.assertNotEmitted(view.file_dropped):
        assert drop(view, files("/pictures/notes.txt")) == (False, False)


def test_the_caption_is_read_out(view):
    view.show_image(picture(28, 28), "seven.png", "28×28 → 32×32×1")
    assert view.accessibleDescription() == "seven.png, 28×28 → 32×32×1"
