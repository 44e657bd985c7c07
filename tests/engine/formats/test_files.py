import errno
import os
import time
from pathlib import Path

import pytest

from engine.formats import files


def test_a_file_is_written_whole_and_nothing_is_left_beside_it(tmp_path: Path):
    path = tmp_path / "file.json"
    files.write(path, b"first")
    files.write(path, b"second")
    assert path.read_bytes() == b"second"
    assert list(tmp_path.iterdir()) == [path]


def test_a_write_that_fails_leaves_the_old_content_and_nothing_beside_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    path = tmp_path / "file.json"
    files.write(path, b"old")

    def full(_: int) -> None:
        raise OSError("No space left on device")

    monkeypatch.setattr(files.os, "fsync", full)
    with pytest.raises(OSError, match="No space"):
        files.write(path, b"new")
    assert path.read_bytes() == b"old"
    assert list(tmp_path.iterdir()) == [path]


def test_a_folder_that_is_missing_is_an_error(tmp_path: Path):
    with pytest.raises(FileNotFoundError):
        files.write(tmp_path / "nowhere" / "file.json", b"")


def test_pieces_are_written_one_behind_the_other(tmp_path: Path):
    files.write(tmp_path / "file", iter((b"one ", memoryview(b"two"))))
    assert (tmp_path / "file").read_bytes() == b"one two"


def test_a_link_keeps_leading_to_the_file(tmp_path: Path):
    (tmp_path / "far").mkdir()
    target, link = tmp_path / "far" / "file", tmp_path / "link"
    target.write_bytes(b"old")
    link.symlink_to(target)
    files.write(link, b"new")
    assert link.is_symlink()
    assert target.read_bytes() == b"new"


def test_a_file_keeps_its_permissions(tmp_path: Path):
    path = tmp_path / "file"
    path.write_bytes(b"old")
    path.chmod(0o640)
    files.write(path, b"new")
    assert path.stat().st_mode & 0o777 == 0o640


def test_a_file_that_may_not_be_written_is_not_replaced_either(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    path = tmp_path / "file"
    path.write_bytes(b"old")
    monkeypatch.setattr(files.os, "access", lambda file, _: Path(file) != path)
    with pytest.raises(PermissionError):
        files.write(path, b"new")
    assert path.read_bytes() == b"old"


def test_a_name_of_255_bytes_is_written(tmp_path: Path):
    path = tmp_path / ("é" * 125 + ".json")
    files.write(path, b"new")
    assert path.read_bytes() == b"new"


def test_what_a_killed_program_left_goes_after_an_hour_and_not_before(tmp_path: Path):
    left, fresh = tmp_path / ".convolab-1-a.partial", tmp_path / ".convolab-2-b.partial"
    for partial in (left, fresh):
        partial.write_bytes(b"half")
    os.utime(left, (time.time() - 7200,) * 2)
    files.write(tmp_path / "file", b"")
    assert sorted(path.name for path in tmp_path.iterdir()) == [fresh.name, "file"]


@pytest.mark.parametrize(
    ("number", "words"),
    [
        (errno.ENOSPC, "no room left"),
        (errno.EACCES, "may not write"),
        (errno.ENOENT, "folder is not there"),
        (12345, "odd"),
    ],
)
def test_a_reason_is_in_plain_words(number: int, words: str):
    assert words in files.reason(OSError(number, "odd"))
