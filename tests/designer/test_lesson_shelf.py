from pathlib import Path

import pytest

from designer import lesson_shelf
from engine.lessons import LessonError


def test_shipped_lessons_are_in_the_lecture_s_order_under_its_parts(qapp):
    entries = lesson_shelf.shipped_lessons()
    assert [entry.row for entry in entries] == list(range(1, 23))
    parts = [part for part, _ in lesson_shelf.by_part(entries)]
    assert len(parts) == len(set(parts)) == 7
    assert entries[4].numbered == "5 · Filters stack up to a volume"


def test_a_shipped_lesson_opened_as_a_file_is_known_as_such(qapp, resources: Path):
    assert lesson_shelf.entry_of(resources / "lessons" / "05_stack.json").key == "05_stack"


def test_a_file_without_a_title_has_its_name_and_a_long_title_is_cut(qapp, tmp_path: Path):
    (tmp_path / "one.json").write_text('{"format": "convolab-lesson"}', encoding="utf-8")
    assert lesson_shelf.entry_of(tmp_path / "one.json").numbered == "one"
    (tmp_path / "two.json").write_text('{"title": "' + "x" * 9000 + '"}', encoding="utf-8")
    assert len(lesson_shelf.entry_of(tmp_path / "two.json").title) == 200
    with pytest.raises(LessonError):
        lesson_shelf.entry_of(tmp_path / "three.json")
