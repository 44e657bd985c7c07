"""The offer in a real window: restore, discard, decide later; nothing goes without being asked."""

from pathlib import Path

import msgspec
import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel, QMessageBox

from designer import resources
from designer.recovery.dialog import ago
from designer.recovery.found import find
from designer.recovery.session import RecoverySession
from designer.recovery.slot import Slot, Work
from engine import Network, load
from tests.faults.states import digest

LENET = load(resources.path("examples", "lenet5.json"))
RESNET = load(resources.path("examples", "resnet18.json"))


@pytest.fixture
def root(tmp_path: Path) -> Path:
    return tmp_path / "recovery"


@pytest.fixture
def session(window, root):
    made = RecoverySession(window.document, window.files, window, root)
    made.told.connect(window.tell)
    yield made
    made.end(closed=True)


def leave(root: Path, network: Network, path: Path | None = None) -> Path:
    """Leave work as a program does that is killed."""
    slot = Slot(root)
    slot.keep(Work(network, path, None, None))
    folder = slot.folder
    assert folder is not None
    slot.close(keep=True)
    return folder


def click(qtbot, button) -> None:
    qtbot.mouseClick(button, Qt.MouseButton.LeftButton)


def test_nothing_is_offered_where_nothing_was_left(session, window):
    session.offer()
    assert session.dialog is None
    session.offer(asked=True)
    assert window.statusBar().currentMessage() == "There is no unsaved work of an earlier session"


def test_the_offer_says_what_it_is(session, root, tmp_path):
    leave(root, LENET, tmp_path / "digits.json")
    session.offer()
    dialog = session.dialog
    assert dialog.isVisible()
    assert dialog.heading.text() == "Unsaved work was kept"
    (card,) = dialog.cards
    assert card.name.text() == "LeNet-5"
    assert card.origin.text().startswith("digits.json in ")
    assert card.facts.text().startswith("14 layers · just now (")
    assert not card.grab().toImage().isNull()


def test_restored_work_is_as_it_was_unsaved_and_kept_again(session, window, root, qtbot, tmp_path):
    left = leave(root, LENET, tmp_path / "digits.json")
    session.offer()
    click(qtbot, session.dialog.cards[0].restore)
    assert digest(window.document.network) == digest(LENET)
    assert window.document.path == tmp_path / "digits.json"
    assert window.document.modified
    assert window.isWindowModified()
    assert not left.exists()
    assert (session.keeper.folder / "state.json").exists()
    assert window.statusBar().currentMessage() == "Restored “LeNet-5”"
    assert window.files.save()
    assert digest(load(tmp_path / "digits.json")) == digest(LENET)
    qtbot.waitUntil(lambda: not (session.keeper.folder / "state.json").exists())


def test_discarded_work_goes_when_the_offer_closes_and_can_be_taken_back_before(session, root, qtbot):
    kept, gone = leave(root, LENET), leave(root, RESNET)
    session.offer()
    dialog = session.dialog
    first, second = sorted(dialog.cards, key=lambda card: card.name.text() != "LeNet-5")
    click(qtbot, first.discard)
    click(qtbot, second.discard)
    assert not first.restore.isEnabled()
    click(qtbot, first.discard)
    assert first.restore.isEnabled()
    assert kept.exists()
    assert gone.exists()
    click(qtbot, dialog.later)
    assert kept.exists()
    assert not gone.exists()


def test_what_is_decided_later_is_offered_again(session, window, root, qtbot):
    leave(root, LENET)
    session.offer()
    qtbot.keyClick(session.dialog, Qt.Key.Key_Escape)
    assert session.dialog is None
    session.offer(asked=True)
    assert [card.name.text() for card in session.dialog.cards] == ["LeNet-5"]
    click(qtbot, session.dialog.later)


def test_of_several_one_is_restored_and_the_others_wait(session, window, root, qtbot):
    leave(root, LENET)
    leave(root, RESNET)
    session.offer()
    card = next(card for card in session.dialog.cards if card.name.text() == "ResNet-18")
    click(qtbot, card.restore)
    assert window.document.network.name == "ResNet-18"
    said = window.statusBar().currentMessage()
    assert said == "Restored “ResNet-18”; 1 more piece of unsaved work: File ▸ Recover unsaved work"
    (rest,), _ = find(root)
    assert rest.network.name == "LeNet-5"
    rest.release()


def test_unsaved_work_that_is_here_stays_where_the_person_says_so(session, window, root, qtbot, monkeypatch):
    left = leave(root, LENET)
    window.files.open_example("resnet18.json")
    window.document.edit("Remove", window.document.graph.remove([window.document.graph.nodes[-1].id]))
    monkeypatch.setattr(QMessageBox, "warning", lambda *_: QMessageBox.StandardButton.Cancel)
    session.offer()
    click(qtbot, session.dialog.cards[0].restore)
    assert window.document.network.name == "ResNet-18"
    assert left.exists()
    (rest,), _ = find(root)
    rest.release()
    monkeypatch.setattr(QMessageBox, "warning", lambda *_: QMessageBox.StandardButton.Discard)


def test_where_the_weights_are_broken_the_layers_come_back_and_the_rest_is_put_aside(
    session, window, root, qtbot, monkeypatch
):
    left = leave(root, LENET)
    (left / "weights-1.safetensors").write_bytes(b"broken")
    told: list[str] = []
    monkeypatch.setattr(QMessageBox, "warning", lambda *said: told.append(said[2]))
    session.offer()
    click(qtbot, session.dialog.cards[0].restore)
    assert window.document.graph == LENET.graph
    assert window.document.network.weights is None
    assert (root / "broken" / left.name / "weights-1.safetensors").read_bytes() == b"broken"
    assert str(root / "broken" / left.name) in told[0]
    monkeypatch.setattr(QMessageBox, "warning", lambda *_: QMessageBox.StandardButton.Discard)


def test_what_is_broken_is_told_of_and_kept(session, root, qtbot):
    left = leave(root, LENET)
    (left / "state.json").write_text("{")
    session.offer()
    dialog = session.dialog
    assert dialog.cards == []
    assert dialog.heading.text() == "Unsaved work could not be read"
    assert str(root / "broken") in " ".join(label.text() for label in dialog.findChildren(QLabel))
    assert (root / "broken" / left.name / "state.json").read_text() == "{"
    click(qtbot, dialog.later)


def test_two_windows_do_not_offer_the_same(session, window, root, qtbot):
    leave(root, LENET)
    session.offer()
    other = RecoverySession(window.document, window.files, window, root)
    other.offer()
    assert other.dialog is None
    other.end(closed=True)
    click(qtbot, session.dialog.later)


@pytest.mark.parametrize(
    ("seconds", "words"),
    [
        (-5, "just now"),
        (59, "just now"),
        (60, "1 minute ago"),
        (7199, "1 hour ago"),
        (7200, "2 hours ago"),
        (3 * 86_400, "3 days ago"),
    ],
)
def test_how_long_ago_is_in_words(seconds, words):
    assert ago(1000.0, 1000.0 + seconds) == words


def test_long_facts_leave_the_buttons_their_room(session, root, tmp_path):
    far = tmp_path / "a folder with a very long name" / "within another one whose name is no shorter" / "digits.json"
    far.parent.mkdir(parents=True)
    leave(root, msgspec.structs.replace(LENET, name="A network with a name that nobody can read to its end"), far)
    far.write_text("saved by another program, later", encoding="utf-8")
    session.offer()
    (card,) = session.dialog.cards
    assert card.newer.isVisible()
    for button in (card.restore, card.discard):
        assert button.visibleRegion().boundingRect() == button.rect()
