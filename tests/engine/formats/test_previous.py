import os
from pathlib import Path

import msgspec
import pytest

from engine import Conv2D, FormatError, Input, Network, initialise, load, save
from engine.formats import load_previous
from tests.engine.networks import chain

GRAPH = chain(image=Input(), conv=Conv2D())
FIRST, SECOND, THIRD = (Network(f"Net {seed}", GRAPH, initialise(GRAPH, seed)) for seed in (1, 2, 3))


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "net [1].json"


def keep(network: Network, path: Path) -> None:
    save(network, path, keep_previous=True)


def test_a_first_save_has_no_earlier_version(path: Path):
    keep(FIRST, path)
    with pytest.raises(FormatError, match=r"There is no earlier version of net \[1\]\.json"):
        load_previous(path)


def test_each_save_keeps_what_it_replaces_once(path: Path):
    before = None
    for network in (FIRST, SECOND, THIRD, msgspec.structs.replace(SECOND, weights=None), FIRST):
        keep(network, path)
        assert load(path) == network
        assert before is None or load_previous(path) == before
        before = network
    visible = [one.name for one in path.parent.iterdir() if not one.name.startswith(".")]
    assert sorted(visible) == ["net [1].json", "net [1].safetensors"]
    assert len(list(path.parent.iterdir())) <= 4


def test_weights_that_alone_change_are_kept_with_the_document(path: Path):
    other = msgspec.structs.replace(FIRST, weights=SECOND.weights)
    keep(FIRST, path)
    keep(other, path)
    assert load_previous(path) == FIRST


def test_a_save_that_changes_nothing_forgets_nothing(path: Path):
    keep(FIRST, path)
    keep(SECOND, path)
    save(load(path), path, weights_kept=True, keep_previous=True)
    assert load_previous(path) == FIRST


def test_weights_that_stay_take_no_room_twice(path: Path):
    keep(FIRST, path)
    save(msgspec.structs.replace(FIRST, name="Other"), path, weights_kept=True, keep_previous=True)
    assert path.with_suffix(".safetensors").stat().st_nlink == 2
    assert load_previous(path) == FIRST


def test_a_disk_without_second_names_keeps_the_old_document_and_says_nothing(path: Path, monkeypatch):
    def refuse(*_: object) -> None:
        raise OSError("no links here")

    monkeypatch.setattr(os, "link", refuse)
    keep(FIRST, path)
    keep(SECOND, path)
    assert load_previous(path) == msgspec.structs.replace(FIRST, weights=None)


def test_a_file_that_was_no_document_is_kept_as_it_was(path: Path):
    path.write_text("my diary")
    keep(FIRST, path)
    assert (path.parent / f".{path.name}.previous").read_text() == "my diary"
    with pytest.raises(FormatError):
        load_previous(path)


def test_a_save_that_fails_leaves_the_earlier_version_too(path: Path, monkeypatch):
    keep(FIRST, path)
    keep(SECOND, path)
    listed = sorted(path.parent.iterdir())

    def fail(*_: object) -> None:
        raise OSError("no room")

    monkeypatch.setattr("engine.formats.files.write", fail)
    with pytest.raises(OSError, match="no room"):
        keep(THIRD, path)
    assert sorted(path.parent.iterdir()) == listed
    assert load_previous(path) == FIRST
