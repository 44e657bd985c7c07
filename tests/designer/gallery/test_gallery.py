"""The gallery of templates, by mouse and keyboard, and the pictures on its cards."""

from collections.abc import Iterator

import pytest
from PySide6.QtCore import QPoint, QSizeF, Qt
from PySide6.QtGui import QColor, QImage
from PySide6.QtTest import QTest

from designer import resources, theme
from designer.gallery.card_delegate import PICTURE, card_text
from designer.gallery.dialog import Gallery
from designer.gallery.templates import TEMPLATES, facts
from designer.gallery.thumbnail import plan, thumbnail
from designer.window import MainWindow

every_template = pytest.mark.parametrize("template", TEMPLATES, ids=lambda one: one.file)


@pytest.fixture(autouse=True)
def _light(qapp) -> Iterator[None]:
    theme.apply(qapp, theme.LIGHT)
    yield
    theme.apply(qapp, theme.LIGHT)


@pytest.fixture
def gallery(qtbot) -> Gallery:
    gallery = Gallery()
    qtbot.addWidget(gallery)
    gallery.show()
    gallery.activateWindow()
    qtbot.waitUntil(gallery.isActiveWindow)
    return gallery


def titles(gallery: Gallery) -> list[str]:
    return [template.title for template in gallery.shown()]


def colours(image: QImage) -> set[str]:
    return {image.pixelColor(x, y).name() for x in range(image.width()) for y in range(image.height())}


def test_every_shipped_network_is_a_template():
    shipped = {file.name for file in resources.path("examples").glob("*.json")}
    assert sorted(template.file for template in TEMPLATES) == sorted(shipped)


def test_the_lectures_come_first_and_the_others_by_year():
    years = [template.year for template in TEMPLATES]
    assert years == sorted(years)
    assert TEMPLATES[0].title == "Outline of a CNN"


@every_template
def test_a_card_says_what_the_analysis_says(template):
    found = facts(template.file)
    text = card_text(template, found)
    assert not found.analysis.errors
    assert f"{len(found.network.graph.nodes)} layers" in text
    assert found.network.graph.image.shape.text() in text
    assert template.origin in text


def test_lenet_is_described_in_full():
    template = next(one for one in TEMPLATES if one.title == "LeNet-5")
    assert card_text(template, facts(template.file)) == (
        "LeNet-5, LeCun et al., 1998, 61.7 K parameters · 417 K MACs, 32×32×1 input · 14 layers, "
        "Reads handwritten digits, with trained weights"
    )


@every_template
def test_a_picture_is_sharp_and_coloured_by_family(template):
    for ratio in (1.0, 2.0):
        picture = thumbnail(template.file, PICTURE, ratio)
        assert picture.width() == PICTURE.width() * ratio
        assert picture.devicePixelRatio() == ratio
    families = {node.layer.family for node in facts(template.file).network.graph.nodes}
    shown = colours(thumbnail(template.file, PICTURE, 2.0).toImage())
    wanted = {QColor(theme.LIGHT.family(family)).name() for family in families}
    assert wanted & shown
    if len(facts(template.file).network.graph.nodes) < 100:
        assert wanted <= shown


def test_pictures_are_kept_and_drawn_anew_in_the_other_theme(qapp):
    light = thumbnail("lenet5.json", PICTURE, 1.0)
    assert thumbnail("lenet5.json", PICTURE, 1.0) is light
    theme.apply(qapp, theme.DARK)
    assert thumbnail("lenet5.json", PICTURE, 1.0).toImage() != light.toImage()


@every_template
def test_no_two_layers_share_a_spot(template):
    spots = plan(facts(template.file)).spots
    assert len({(spot.rank, spot.lane) for spot in spots.values()}) == len(spots)
    for edge in facts(template.file).network.graph.edges:
        assert spots[edge.source].rank < spots[edge.target].rank


def test_a_picture_of_one_line_grows_no_larger_than_its_area():
    image = thumbnail("lenet5.json", QSizeF(60, 20), 1.0).toImage()
    assert (image.width(), image.height()) == (60, 20)


def test_it_opens_before_the_networks_are_read(qtbot, monkeypatch):
    read = []
    monkeypatch.setattr("designer.gallery.dialog.facts", lambda file: read.append(file) or facts(file))
    gallery = Gallery()
    qtbot.addWidget(gallery)
    gallery.show()
    assert read == []
    assert len(gallery.shown()) == len(TEMPLATES)
    qtbot.waitUntil(lambda: len(read) == len(TEMPLATES), timeout=60_000)
    assert read[0] == TEMPLATES[0].file
    assert "10 layers" in gallery.cards.item(0).data(Qt.ItemDataRole.AccessibleTextRole)
    assert not gallery.grab().isNull()


@pytest.mark.parametrize(
    ("typed", "found"),
    [
        ("resnet", ["ResNet-18", "ResNet-50", "ResNet-152"]),
        ("resnet50", ["ResNet-50"]),
        ("szegedy 2015", ["GoogLeNet"]),
        ("handwritten", ["LeNet-5"]),
        ("lecture outline", ["Outline of a CNN"]),
    ],
)
def test_the_search_looks_at_all_that_is_said(gallery, typed, found):
    QTest.keyClicks(gallery.search, typed)
    assert titles(gallery) == found


def test_a_search_without_a_hit_says_so_and_escape_clears_it(gallery):
    QTest.keyClicks(gallery.search, "xyzzy")
    assert gallery.nothing.text() == "No template matches “xyzzy”."
    assert gallery.nothing.isVisible()
    assert not gallery.opener.isEnabled()
    QTest.keyClick(gallery.search, Qt.Key.Key_Escape)
    assert gallery.isVisible()
    assert len(titles(gallery)) == len(TEMPLATES)
    QTest.keyClick(gallery.search, Qt.Key.Key_Escape)
    assert not gallery.isVisible()


def test_enter_in_the_search_opens_the_first_hit(qtbot, gallery):
    QTest.keyClicks(gallery.search, "vgg")
    with qtbot.waitSignal(gallery.chosen) as caught:
        QTest.keyClick(gallery.search, Qt.Key.Key_Return)
    assert caught.args == ["vgg16.json"]
    assert not gallery.isVisible()


def test_the_arrows_walk_over_the_cards_and_enter_opens(qtbot, gallery):
    QTest.keyClick(gallery.search, Qt.Key.Key_Down)
    qtbot.waitUntil(gallery.cards.hasFocus)
    QTest.keyClick(gallery.cards, Qt.Key.Key_Right)
    assert gallery.current() is TEMPLATES[1]
    QTest.keyClick(gallery.cards, Qt.Key.Key_Down)
    assert gallery.current() is TEMPLATES[4]
    assert gallery.about.text() == TEMPLATES[4].about
    with qtbot.waitSignal(gallery.chosen) as caught:
        QTest.keyClick(gallery.cards, Qt.Key.Key_Return)
    assert caught.args == [TEMPLATES[4].file]


def test_a_double_click_opens(qtbot, gallery):
    at = gallery.cards.visualItemRect(gallery.cards.item(3)).center()
    QTest.mouseClick(gallery.cards.viewport(), Qt.MouseButton.LeftButton, pos=at)
    with qtbot.waitSignal(gallery.chosen) as caught:
        QTest.mouseDClick(gallery.cards.viewport(), Qt.MouseButton.LeftButton, pos=at)
    assert caught.args == ["lenet5.json"]


@pytest.fixture
def window(qtbot) -> MainWindow:
    window = MainWindow()
    qtbot.addWidget(window)
    window.show()
    return window


def test_a_chosen_template_is_a_network_without_a_file(qtbot, window):
    gallery = window.files.new_from_template()
    QTest.keyClicks(gallery.search, "resnet-18")
    QTest.keyClick(gallery.search, Qt.Key.Key_Return)
    assert window.document.network.name == "ResNet-18"
    assert window.document.path is None
    assert not window.document.modified


def test_the_button_stands_on_an_empty_canvas_only(qtbot, window):
    offer = window.offer
    assert offer.isVisible()
    area = window.canvas.viewport().rect()
    assert area.contains(offer.geometry())
    assert abs(offer.geometry().center().x() - area.center().x()) <= 1
    window.canvas.pan(QPoint(60, 40))
    assert abs(offer.geometry().center().x() - area.center().x()) <= 1
    QTest.mouseClick(offer, Qt.MouseButton.LeftButton)
    (gallery,) = window.findChildren(Gallery)
    assert gallery.isVisible()
    QTest.keyClick(gallery.search, Qt.Key.Key_Return)
    assert not offer.isVisible()
    window.files.new()
    assert offer.isVisible()


def test_below_it_the_lessons_are_offered(qtbot, window):
    offer = window.lesson_offer
    assert offer.isVisible()
    assert offer.geometry().top() >= window.offer.geometry().bottom()
    QTest.mouseClick(offer, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(window.lesson_panel.contents.list.hasFocus)
    window.files.open_example("lenet5.json")
    assert not offer.isVisible()


def test_the_menu_has_it_under_its_key(window):
    assert window.commands["file.template"].shortcut().toString() == "Ctrl+Shift+N"


def test_work_that_is_not_saved_is_asked_about(window, monkeypatch):
    monkeypatch.setattr(window.files, "may_leave", lambda: False)
    before = window.document.network
    gallery = window.files.new_from_template()
    gallery.chosen.emit(TEMPLATES[0].file)
    assert window.document.network is before
    monkeypatch.undo()
    gallery.reject()
