"""Unsaved work is kept soon, by itself, and only as long as no file has it."""

import threading
import time
from pathlib import Path

import pytest

from designer.document import Document
from designer.recovery import keeper as module
from designer.recovery.found import find
from designer.recovery.keeper import Keeper
from designer.recovery.slot import Slot, Work
from engine import Input, Network, Node
from tests.faults.states import digest


@pytest.fixture
def document(qapp) -> Document:
    return Document()


@pytest.fixture
def keeper(document, tmp_path):
    made = Keeper(document, lambda: Work(document.network, document.path, None, None), tmp_path / "recovery")
    yield made
    if made.folder is not None or not made._writer._shutdown:
        made.close(keep=False)


def edit(document: Document, node: str = "image") -> None:
    document.edit("Add", document.graph.add(Node(node, Input())))


def has_state(keeper: Keeper) -> bool:
    return keeper.folder is not None and (keeper.folder / "state.json").exists()


def offered(keeper: Keeper, tmp_path: Path) -> list[Network]:
    keeper.close(keep=True)
    found, _ = find(tmp_path / "recovery")
    networks = [one.load() for one in found]
    for one in found:
        one.release()
    return networks


def test_an_edit_is_kept_within_two_seconds(keeper, document, qtbot, tmp_path):
    began = time.monotonic()
    edit(document)
    qtbot.waitUntil(lambda: has_state(keeper), timeout=10_000)
    assert module.DELAY_MS < 2000
    assert time.monotonic() - began > module.DELAY_MS / 1000 / 2
    (network,) = offered(keeper, tmp_path)
    assert digest(network) == digest(document.network)


def test_edits_without_a_pause_are_kept_while_they_go_on(keeper, document, qtbot):
    for number in range(200):
        edit(document, f"n{number}")
        qtbot.wait(10)
        if has_state(keeper):
            break
    assert has_state(keeper)
    assert number < 199


def test_the_document_is_written_beside_the_windows_thread(keeper, document, qtbot, monkeypatch):
    threads: list[threading.Thread] = []
    keep = Slot.keep

    def note(slot: Slot, work: Work) -> None:
        threads.append(threading.current_thread())
        keep(slot, work)

    monkeypatch.setattr(Slot, "keep", note)
    edit(document)
    qtbot.waitUntil(lambda: has_state(keeper), timeout=10_000)
    assert threads
    assert threading.main_thread() not in threads


def test_a_slow_disk_gets_the_newest_state_and_not_each(keeper, document, qtbot, monkeypatch, tmp_path):
    kept: list[int] = []
    keep = Slot.keep

    def slowly(slot: Slot, work: Work) -> None:
        time.sleep(0.8)
        kept.append(len(work.network.graph.nodes))
        keep(slot, work)

    monkeypatch.setattr(Slot, "keep", slowly)
    for number in range(60):
        edit(document, f"n{number}")
        qtbot.wait(25)
    qtbot.waitUntil(lambda: bool(kept) and kept[-1] == 60, timeout=20_000)
    assert len(kept) <= 5


def test_opening_keeps_nothing(keeper, document, qtbot):
    document.load(Network("Opened"))
    qtbot.wait(module.DELAY_MS + 300)
    assert keeper.folder is None


def test_what_was_saved_or_undone_is_not_kept(keeper, document, qtbot, tmp_path):
    edit(document)
    assert keeper.keep_now() is None
    assert has_state(keeper)
    document.undo_stack.undo()
    qtbot.waitUntil(lambda: not has_state(keeper))
    document.undo_stack.redo()
    assert keeper.keep_now() is None
    document.mark_saved(tmp_path / "net.json")
    qtbot.waitUntil(lambda: not has_state(keeper))
    assert keeper.keep_now() is None
    assert not has_state(keeper)


def test_a_window_that_closes_as_it_should_leaves_nothing(keeper, document, tmp_path):
    edit(document)
    keeper.keep_now()
    keeper.close(keep=False)
    assert list((tmp_path / "recovery").iterdir()) == []


def test_two_windows_keep_apart(document, keeper, qapp, tmp_path):
    other_document = Document()
    other = Keeper(other_document, lambda: Work(other_document.network, None, None, None), tmp_path / "recovery")
    edit(document)
    edit(other_document, "other")
    keeper.keep_now()
    other.keep_now()
    assert keeper.folder != other.folder
    assert find(tmp_path / "recovery") == ([], [])
    other.close(keep=False)
    assert has_state(keeper)


def test_a_disk_that_takes_nothing_is_told_of_once_and_tried_again(keeper, document, qtbot, monkeypatch, tmp_path):
    told: list[str] = []
    keeper.told.connect(told.append)
    monkeypatch.setattr(module, "RETRY_MS", 50)
    (tmp_path / "recovery").write_text("a file where the folder is to be")
    edit(document)
    assert keeper.keep_now()
    qtbot.wait(400)
    assert len(told) == 1
    assert told[0].startswith("Unsaved work can't be kept for a restart: ")
    (tmp_path / "recovery").unlink()
    qtbot.waitUntil(lambda: has_state(keeper), timeout=10_000)


def test_a_name_that_is_no_text_is_told_of(keeper, document, qtbot):
    told: list[str] = []
    keeper.told.connect(told.append)
    document.edit("Add", document.graph.add(Node("image", Input(), "\ud800")))
    assert "surrogates" in (keeper.keep_now() or "")
    qtbot.waitUntil(lambda: len(told) == 1)
