"""Folders of images: what is found, in which order, and which class a sub-folder stands for."""

import os
from pathlib import Path

import pytest

from engine.folders import FolderError, image_folder, listed, matched, natural_key


def touch(root: Path, *names: str) -> None:
    for name in names:
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_bytes(b"")


def names(root: Path) -> list[str]:
    return [picture.path.relative_to(root).as_posix() for picture in image_folder(root).pictures]


def test_names_are_sorted_as_people_count():
    given = ["img10.png", "img2.png", "Img1.png", "img02.png", "a.png", "10.png", "9.png"]
    assert sorted(given, key=natural_key) == [
        "9.png",
        "10.png",
        "a.png",
        "Img1.png",
        "img2.png",
        "img02.png",
        "img10.png",
    ]
    assert natural_key("²") != natural_key("2")


def test_images_come_before_those_of_the_sub_folders_and_other_files_are_passed_over(tmp_path: Path):
    touch(tmp_path, "b2.PNG", "b10.jpg", "notes.txt", ".hidden.png", "cat/1.png", "cat/deep/0.gif", "ant/x.webp")
    touch(tmp_path, ".cache/1.png", "empty/readme.md")
    assert names(tmp_path) == ["b2.PNG", "b10.jpg", "ant/x.webp", "cat/1.png", "cat/deep/0.gif"]
    found = image_folder(tmp_path)
    assert found.classes == ("ant", "cat")
    assert [picture.folder for picture in found.pictures] == [None, None, 0, 1, 1]
    assert len(found.labelled) == 3


def test_links_that_lead_back_up_and_pipes_do_no_harm(tmp_path: Path):
    touch(tmp_path, "cat/1.png")
    (tmp_path / "cat" / "up").symlink_to(tmp_path, target_is_directory=True)
    (tmp_path / "gone.png").symlink_to(tmp_path / "nowhere.png")
    if hasattr(os, "mkfifo"):  # not on Windows
        os.mkfifo(tmp_path / "pipe.png")
    assert names(tmp_path) == ["cat/1.png"]


def test_a_folder_that_is_not_there_is_told_of(tmp_path: Path):
    with pytest.raises(FolderError, match=r"gone can't be read: No such file"):
        image_folder(tmp_path / "gone")
    touch(tmp_path, "file.png")
    with pytest.raises(FolderError, match=r"file\.png can't be read: Not a directory"):
        image_folder(tmp_path / "file.png")


@pytest.mark.parametrize(
    ("folders", "labels", "numbers", "by_name"),
    [
        (("0", "1", "2"), ("0", "1", "2"), (0, 1, 2), True),
        (("07", "3"), tuple("0123456789"), (7, 3), True),
        (("Sea_Lion", "ant"), ("ant", "bee", "sea lion"), (2, 0), True),
        (("n01", "n02"), ("tench", "goldfish"), (0, 1), False),
        (("ant", "wasp"), ("ant", "bee", "wolf"), (0, 1), False),
        (("ant", "ANT"), ("ant", "bee"), (0, 1), False),
        (("b", "a"), ("a", "a"), (0, 1), False),
        (("a",), ("a", "a"), (0,), True),
    ],
)
def test_matching_by_name_else_in_order(folders, labels, numbers, by_name):
    found = matched(folders, labels)
    assert (found.numbers, found.by_name) == (numbers, by_name)
    assert ("in order" in found.sentence) != by_name


def test_what_is_done_is_said():
    assert matched(("a", "b"), ("a", "b")).sentence == "Every class has its sub-folder."
    assert matched(("a",), ("a", "b")).sentence == "Matched by name; 1 class has no sub-folder."
    assert "“x” is no class of the network's, so “x” stands for “a”" in matched(("x",), ("a", "b")).sentence


def test_folders_that_can_not_be_matched(tmp_path: Path):
    with pytest.raises(FolderError, match="no sub-folders"):
        matched((), ("a",))
    with pytest.raises(FolderError, match="3 sub-folders with images, and the network tells only 2"):
        matched(("a", "b", "c"), ("a", "b"))


def test_a_few_names():
    assert listed(["a"]) == "a"
    assert listed("abcde") == "a, b, c and 2 more"
