import os
from pathlib import Path

import msgspec
import pytest

from engine import Conv2D, Input, Network, initialise, load, save
from engine.formats import weights_of
from tests.engine.networks import chain

GRAPH = chain(image=Input(), conv=Conv2D())
FIRST, SECOND = (Network("Net", GRAPH, initialise(GRAPH, seed)) for seed in (1, 2))


def names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def test_every_save_ends_with_two_files_of_one_name(tmp_path: Path):
    for network in (FIRST, SECOND, FIRST):
        save(network, tmp_path / "net.json")
        assert names(tmp_path) == ["net.json", "net.safetensors"]
        assert load(tmp_path / "net.json") == network


def test_on_a_disk_without_links_the_pair_is_whole_under_another_name(tmp_path: Path, monkeypatch):
    def refuse(*_: object) -> None:
        raise OSError("no links here")

    monkeypatch.setattr(os, "link", refuse)
    for network in (FIRST, SECOND, FIRST, SECOND):
        save(network, tmp_path / "net.json")
        assert load(tmp_path / "net.json") == network
        assert len(names(tmp_path)) == (2 if network is FIRST else 3)
    assert weights_of(tmp_path / "net.json") == tmp_path / "net.new.safetensors"


def test_weights_that_are_there_already_are_not_written_again(tmp_path: Path):
    path = tmp_path / "net.json"
    save(FIRST, path)
    before = (tmp_path / "net.safetensors").stat()
    renamed = msgspec.structs.replace(load(path), name="Other")
    save(renamed, path, weights_kept=True)
    after = (tmp_path / "net.safetensors").stat()
    assert (after.st_ino, after.st_mtime_ns) == (before.st_ino, before.st_mtime_ns)
    assert load(path) == renamed


def test_weights_that_went_meanwhile_are_written(tmp_path: Path):
    path = tmp_path / "net.json"
    save(FIRST, path)
    (tmp_path / "net.safetensors").unlink()
    save(FIRST, path, weights_kept=True)
    assert load(path) == FIRST


@pytest.mark.parametrize("text", ["", "[1]", '{"weights": 3}', '{"weights": "../x.safetensors"}', "[" * 100_000, "{}"])
def test_what_names_no_weights_has_none(tmp_path: Path, text: str):
    (tmp_path / "net.json").write_text(text)
    assert weights_of(tmp_path / "net.json") is None
    assert weights_of(tmp_path / "gone.json") is None
