"""Lessons from files, one's own, and what is remembered of them."""

from PySide6.QtCore import QEvent, QMimeData, QPoint, QPointF, QSettings, Qt, QUrl
from PySide6.QtGui import QDesktopServices, QDragEnterEvent, QDropEvent
from PySide6.QtWidgets import QApplication, QFileDialog, QMessageBox

from designer import lesson_shelf
from engine import ReLU
from tests.designer.lesson_hands import LEFT, STACK, click, marks, page, solve_stack, start, write_lesson


def test_a_lesson_from_a_file_is_opened_by_menu_and_drop(window, monkeypatch, tmp_path, resources):
    network = resources / "examples" / "lecture_conv.json"
    (tmp_path / "net.json").write_bytes(network.read_bytes())
    file = write_lesson(tmp_path / "mine.json", document="net.json", part="Extra", author="A. Teacher")
    monkeypatch.setattr(QFileDialog, "getOpenFileName", lambda *_: (str(file), ""))
    window.commands["lessons.open"].trigger()
    assert page(window).title.text() == "My own"
    assert window.document.network.name == "Lecture: convolution and pooling"
    assert page(window).onward_button.text() == "Finish"
    assert page(window).heading.text() == "Extra · A. Teacher"
    click(page(window).onward_button)
    assert str(file) in lesson_shelf.done()
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(file))])
    none, copy = Qt.KeyboardModifier.NoModifier, Qt.DropAction.CopyAction
    QApplication.sendEvent(window, QDragEnterEvent(QPoint(700, 450), copy, data, LEFT, none))
    QApplication.sendEvent(window, QDropEvent(QPointF(700, 450), copy, data, LEFT, none, QEvent.Type.Drop))
    assert window.lesson_panel.in_lesson
    assert page(window).title.text() == "My own"


def test_a_bad_lesson_is_refused_with_its_place_and_changes_nothing(window, monkeypatch, tmp_path):
    told: list[str] = []
    monkeypatch.setattr(QMessageBox, "warning", lambda *words: told.append(words[2]))
    before = window.document.network
    window.guide.open_file(write_lesson(tmp_path / "bad.json", colour="red"))
    window.guide.open_file(tmp_path / "gone.json")
    window.guide.open_file(write_lesson(tmp_path / "away.json", document="gone.json"))
    assert "bad.json" in told[0]
    assert "colour" in told[0]
    assert "gone.json" in told[1]
    assert "There is no file “gone.json”" in told[2]
    assert window.document.network is before
    assert window.guide.course is None


def test_own_lessons_are_in_their_menu_and_in_the_list(window, tmp_path, monkeypatch):
    menu = window.guide.menu.own
    menu.aboutToShow.emit()
    assert [action.isEnabled() for action in menu.actions()] == [False]
    write_lesson(tmp_path / "own" / "a.json", title="Ants & bees")
    (tmp_path / "own" / "b.json").write_text("{}", encoding="utf-8")
    menu.aboutToShow.emit()
    assert [action.text() for action in menu.actions()] == ["Ants && bees"]
    window.guide.show_contents()
    rows = window.lesson_panel.contents.list
    texts = [rows.item(row).text() for row in range(rows.count())]
    assert texts[-2:] == ["My lessons", "Ants & bees"]
    menu.actions()[0].trigger()
    assert page(window).title.text() == "Ants & bees"
    shown: list[str] = []
    monkeypatch.setattr(QDesktopServices, "openUrl", lambda url: shown.append(url.toLocalFile()))
    window.commands["lessons.folder"].trigger()
    assert shown == [str(tmp_path / "own")]


def test_a_lesson_without_a_document_is_about_what_is_open(window, tmp_path, qtbot):
    window.files.open_example("lenet5.json")
    before = window.document.network
    step = {
        "title": "Try",
        "text": ["x"],
        "exercise": {"checks": [{"check": "layers", "where": "type = ReLU", "is": 5}]},
    }
    window.guide.open_file(write_lesson(tmp_path / "mine.json", steps=[step]))
    assert window.document.network is before
    assert marks(window) == [False]
    assert not page(window).exercise.restart.isVisible()
    graph = window.document.graph
    relu = graph.add(graph.node("relu1").__class__("relu9", ReLU()))
    window.document.edit("Add", relu)
    qtbot.waitUntil(lambda: marks(window) == [True])
    click(page(window).leave)
    assert window.document.graph is relu


def test_a_tool_that_this_program_has_not_is_left_out(window, tmp_path):
    step = {"title": "x", "text": ["y"], "tool": "lessons.holodeck", "point": {"at": "panel:holodeck", "says": "z"}}
    window.guide.open_file(write_lesson(tmp_path / "mine.json", steps=[step]))
    assert not page(window).tool.isVisible()
    assert not window.guide.pointer.seen


def test_progress_is_remembered_and_shown(window):
    lesson_shelf.mark_done(STACK)
    assert QSettings().value("lessons/done") in ([STACK], STACK)
    assert lesson_shelf.done() == {STACK}
    lesson_shelf.mark_done("x")
    assert lesson_shelf.done() == {STACK, "x"}
    window.guide.show_contents()
    contents = window.lesson_panel.contents
    texts = [contents.list.item(row).data(Qt.ItemDataRole.AccessibleTextRole) for row in range(contents.list.count())]
    assert "5 · Filters stack up to a volume, done" in texts
    assert "6 · Other filters, other maps, not done yet" in texts
    assert contents.progress.text() == "1 of 22 done"


def test_screen_readers_hear_of_the_page_and_of_success(window, spoken, qtbot):
    start(window, STACK)
    assert any("Filters stack up to a volume, One filter, one map" in text for text in spoken)
    window.guide.go(1)
    solve_stack(window)
    qtbot.waitUntil(lambda: any(text.startswith("Solved.") for text in spoken))
