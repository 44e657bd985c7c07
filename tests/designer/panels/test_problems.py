import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from designer.document import Document
from designer.panels.problems import MOST_ROWS, Problems
from designer.panels.scroll_column import ScrollColumn
from engine import Code, Conv2D, Dense, Flatten, Graph, Input, Network, Node


@pytest.fixture
def problems(shown, broken) -> Problems:
    return shown(Problems(broken), 420, 600)


def row_of(problems: Problems, code: Code):
    return next(row for row in problems.rows if row.finding.code is code)


def test_rows_are_the_findings_worst_first(problems, broken):
    assert [row.finding for row in problems.rows] == list(broken.findings)
    assert problems.rows[0].accessibleName().startswith("Error: ")


def test_a_sound_network_has_no_problems(shown, sound):
    sound.edit("No heavy layer", sound.graph.replace_layer("dense1", Dense(units=1)))
    problems = shown(Problems(sound))
    assert problems.rows == ()
    assert problems.summary == "No problems"


def test_a_click_selects_the_node_and_asks_to_see_it(qtbot, problems, broken):
    row = row_of(problems, Code.VECTOR_EXPECTED)
    with qtbot.waitSignal(problems.node_activated) as caught:
        qtbot.mouseClick(row, Qt.MouseButton.LeftButton)
    assert caught.args == ["dense1"]
    assert broken.selection.nodes == ("dense1",)


def test_a_finding_of_no_node_selects_nothing(qtbot, shown, chain):
    document = chain(conv1=Conv2D())
    problems = shown(Problems(document))
    row = row_of(problems, Code.NO_INPUT)
    with qtbot.assertNotEmitted(problems.node_activated):
        qtbot.mouseClick(row, Qt.MouseButton.LeftButton)
    assert document.selection.nodes == ()


def test_a_fix_button_fixes(qtbot, problems, broken):
    before = problems.summary
    with qtbot.waitSignal(problems.summary_changed) as caught:
        button = row_of(problems, Code.VECTOR_EXPECTED).view.buttons[0]
        qtbot.mouseClick(button, Qt.MouseButton.LeftButton)
    assert any(isinstance(node.layer, Flatten) for node in broken.graph.nodes)
    assert Code.VECTOR_EXPECTED not in [row.finding.code for row in problems.rows]
    assert caught.args == [problems.summary]
    assert problems.summary != before
    assert broken.undo_stack.undoText() == "Insert Flatten"
    broken.undo_stack.undo()
    assert problems.summary == before


def test_the_keyboard_walks_goes_and_fixes(qtbot, problems, broken):
    rows = problems.rows
    rows[0].setFocus()
    QTest.keyClick(rows[0], Qt.Key.Key_Down)
    assert rows[1].hasFocus()
    QTest.keyClick(rows[1], Qt.Key.Key_Up)
    QTest.keyClick(rows[0], Qt.Key.Key_Up)
    assert rows[0].hasFocus()
    target = row_of(problems, Code.KERNEL_TOO_LARGE)
    target.setFocus()
    with qtbot.waitSignal(problems.node_activated) as caught:
        QTest.keyClick(target, Qt.Key.Key_Return)
    assert caught.args == ["conv1"]
    QTest.keyClick(target, Qt.Key.Key_Period, Qt.KeyboardModifier.ControlModifier)
    assert broken.graph.node("conv1").layer.kernel == (32, 32)
    assert any(row.hasFocus() for row in problems.rows)  # so that the next one can be fixed


def test_without_a_focus_the_first_fix_of_all_is_applied(problems, broken):
    problems.apply_first_fix()
    assert broken.undo_stack.count() == 1


def test_rows_that_stay_are_the_same_widgets_and_the_view_does_not_scroll(qapp, shown):
    graph = Graph((Node("image", Input()),))
    for number in range(12):
        graph = graph.add(Node(f"dense{number}", Dense())).connect("image", f"dense{number}")
    document = Document()
    document.load(Network("Many", graph))
    problems = shown(Problems(document), 420, 130)
    bar = problems.findChild(ScrollColumn).verticalScrollBar()
    bar.setValue(200)
    before = problems.rows
    document.edit("Rename", document.graph.rename("dense3", "third"))
    qapp.processEvents()
    assert problems.rows == before
    assert bar.value() == 200
    fix = before[-1].first_fix
    document.edit(fix.title, fix.edit(document.graph))
    assert problems.rows == tuple(row for row in before if row in problems.rows)
    assert bar.value() == 200


def test_rows_that_went_are_used_again_with_all_they_say(qapp, shown, sound):
    problems = shown(Problems(sound))
    network, seen = sound.graph, set()
    for turn in range(3):
        sound.edit("Break", network.add(Node(f"lone{turn}", Conv2D())).add(Node(f"dense_{turn}", Dense())))
        qapp.processEvents()
        assert [row.finding for row in problems.rows] == list(sound.findings)
        for row in problems.rows:
            assert row.isVisible()
            assert [button.fix for button in row.view.buttons] == list(row.finding.fixes)
            assert [button.text() for button in row.view.buttons] == [fix.title for fix in row.finding.fixes]
            assert row.finding.message in row.accessibleName()
        seen.update(map(id, problems.rows))
        count = len(problems.rows)
        sound.undo_stack.undo()
        assert not problems.rows
        qapp.processEvents()
    assert len(seen) == count


def test_very_many_problems_are_cut_short(shown, chain):
    layers = {f"dense{number}": Dense() for number in range(250)}
    graph = Graph(tuple(Node(name, layer) for name, layer in layers.items()))
    document = chain(image=Input())
    document.edit("Many", graph)
    problems = shown(Problems(document), 420, 130)
    assert len(problems.rows) == MOST_ROWS
    assert problems.summary.startswith("251 errors")
