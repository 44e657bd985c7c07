import os
from pathlib import Path

import pytest

from designer.on_disk import seen
from engine import Conv2D, Input, Network, initialise, save
from tests.engine.networks import chain

GRAPH = chain(image=Input(), conv=Conv2D())
NETWORK = Network("Net", GRAPH, initialise(GRAPH))


@pytest.fixture
def path(tmp_path: Path) -> Path:
    save(NETWORK, tmp_path / "net.json")
    return tmp_path / "net.json"


def test_what_nobody_touched_is_as_it_was(path: Path, tmp_path: Path):
    link = tmp_path / "link.json"
    link.symlink_to(path)
    assert seen(path) == seen(path) == seen(link)
    path.touch()  # a new date is no new content
    assert seen(path) == seen(link)


def test_another_document_is_noticed(path: Path):
    before = seen(path)
    path.write_text(path.read_text().replace("Net", "Tet"))
    assert seen(path) != before


def test_other_weights_are_noticed(path: Path):
    before = seen(path)
    os.utime(path.with_suffix(".safetensors"), (1, 1))
    assert seen(path) != before


def test_what_is_not_there_is_not_seen(path: Path):
    path.unlink()
    assert seen(path) is None
