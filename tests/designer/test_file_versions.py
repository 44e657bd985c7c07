"""Saving over a file: what another program wrote meanwhile, and what the last save replaced."""

import os
from pathlib import Path

import pytest
from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QApplication, QMessageBox

from designer.commands import plain
from engine import load
from tests.designer.file_hands import choose, edit


@pytest.fixture
def saved(files, document, monkeypatch, tmp_path) -> Path:
    """Return the file of a document that was saved and edited again."""
    files.open_example("lenet5.json")
    choose(monkeypatch, tmp_path / "work.json")
    assert files.save()
    document.edit("Rename", document.graph.rename("conv1", "first"))
    return tmp_path / "work.json"


def press(text: str, asked: list[str]) -> None:
    """Press a button of the question that is about to be asked."""

    def now() -> None:
        box = QApplication.activeModalWidget()
        assert isinstance(box, QMessageBox)
        asked.append(box.text())
        next(button for button in box.buttons() if plain(button.text()) == text).click()

    QTimer.singleShot(0, now)


def test_a_file_that_nobody_touched_is_saved_without_a_question(files, document, saved):
    weights = saved.with_suffix(".safetensors").stat()
    saved.touch()
    assert files.save()
    assert load(saved) == document.network
    assert saved.with_suffix(".safetensors").stat().st_mtime_ns == weights.st_mtime_ns  # they are the same still


@pytest.mark.parametrize("file", ["work.json", "work.safetensors"])
def test_a_file_that_another_program_changed_is_asked_about(files, document, saved, monkeypatch, file):
    changed = saved.with_name(file)
    theirs = changed.read_bytes() + (b"\n" if file == "work.json" else b"")
    changed.write_bytes(theirs)
    os.utime(changed, (2_000_000_000, 2_000_000_000))
    asked: list[str] = []
    press("Cancel", asked)
    assert not files.save()
    assert changed.read_bytes() == theirs
    assert document.modified
    choose(monkeypatch, saved.with_name("mine.json"))
    press("Save as…", asked)
    assert files.save()
    assert changed.read_bytes() == theirs
    assert load(saved.with_name("mine.json")) == document.network
    assert document.path == saved.with_name("mine.json")
    assert asked == ["“work.json” or its weights were changed by another program since they were opened here."] * 2


def test_a_changed_file_is_overwritten_where_the_person_says_so(files, document, saved):
    saved.write_text("{}")
    press("Overwrite", [])
    assert files.save()
    assert load(saved) == document.network
    document.undo_stack.undo()
    assert files.save()  # without another question


def test_a_file_that_went_is_written_again(files, document, saved):
    saved.unlink()
    saved.with_suffix(".safetensors").unlink()
    assert files.save()
    assert load(saved) == document.network


def test_work_that_was_restored_asks_before_it_overwrites_a_newer_file(files, document, saved):
    before, network = files.seen, document.network
    saved.write_text(saved.read_text() + " ")
    document.undo_stack.setClean()
    assert files.restore(network, saved, before)
    assert document.modified
    asked: list[str] = []
    press("Cancel", asked)
    assert not files.save()
    assert asked


def test_what_the_last_save_replaced_comes_back_and_can_be_undone(files, document, saved):
    first, told = load(saved), []
    files.told.connect(told.append)
    assert files.save()
    second = document.network
    files.restore_previous()
    assert document.network == first
    assert document.modified
    assert told[-1] == "work.json is as it was before it was last saved; Undo goes back"
    document.undo_stack.undo()
    assert document.network == second
    assert not document.modified


def test_where_there_is_no_earlier_version_that_is_said(files, document, complaints, monkeypatch, tmp_path):
    files.restore_previous()
    edit(document)
    choose(monkeypatch, tmp_path / "new.json")
    assert files.save()
    before = document.network
    files.restore_previous()
    assert [text.partition(":")[2].strip() for text in complaints] == [
        "This network was not saved to a file yet.",
        "There is no earlier version of new.json.",
    ]
    assert document.network is before
