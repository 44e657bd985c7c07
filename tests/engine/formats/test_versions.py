"""Documents of other versions: newer ones are refused, and one of each older state of the format is opened."""

import json
from pathlib import Path
from typing import Any

import msgspec
import pytest

from engine import FormatError, load
from engine.formats import native, versions

DOCUMENTS = Path(__file__).parent / "documents"


@pytest.mark.parametrize("version", range(1, versions.VERSION + 1))
def test_there_is_a_document_of_every_version_and_a_step_from_every_older_one(version: int):
    found = sorted(DOCUMENTS.glob(f"{version}-*.json"))
    assert found
    assert all(json.loads(file.read_text())["version"] == version for file in found)
    assert version == versions.VERSION or version in versions.MIGRATIONS


@pytest.mark.parametrize("file", sorted(DOCUMENTS.glob("*.json")), ids=lambda file: file.stem)
def test_an_older_document_is_opened_with_all_that_it_has(file: Path):
    said, network = json.loads(file.read_text()), load(file)
    assert [node.id for node in network.graph.nodes] == [one["id"] for one in said["layers"]]
    for one in said["layers"]:
        fields = json.loads(msgspec.json.encode(network.graph.node(one["id"]).layer))
        assert {key: fields.get(key) for key in one if key not in ("id", "name")} == {
            key: value for key, value in one.items() if key not in ("id", "name")
        }
    assert len(network.graph.edges) == len(said["connections"])
    assert {node: list(place) for node, place in network.layout.items()} == said["layout"]
    assert len(network.groups) == len(said.get("groups", []))
    again, _ = native.decode(native.encode(network))
    assert again == network


def test_a_newer_document_is_refused_whatever_else_is_new_in_it(tmp_path: Path):
    newer = {"format": "convolab", "version": versions.VERSION + 1, "news": [1], "layers": {"not": "a list"}}
    (tmp_path / "new.json").write_text(json.dumps(newer))
    message = rf"new\.json: This document was saved by a newer Convolab \(format version {versions.VERSION + 1}; "
    with pytest.raises(FormatError, match=message):
        load(tmp_path / "new.json")


def renamed(old: str, new: str) -> versions.Step:
    def step(plain: dict[str, Any]) -> dict[str, Any]:
        return {new if key == old else key: value for key, value in plain.items()}

    return step


STEPS = {1: renamed("wires", "edges"), 2: renamed("edges", "connections")}


@pytest.mark.parametrize(("version", "key"), [(1, "wires"), (2, "edges"), (3, "connections")])
def test_older_documents_go_through_every_step(version: int, key: str):
    text = json.dumps({"format": "convolab", "version": version, "name": "n", key: []})
    made = versions.migrated(text, STEPS, newest=3)
    assert json.loads(made) == {"format": "convolab", "version": 3, "name": "n", "connections": []}


@pytest.mark.parametrize("text", ['{"format": "other", "version": 9}', "[1]", '{"version": 9}', "5", "{}"])
def test_what_is_no_document_of_ours_is_left_to_the_reader(text: str):
    assert versions.migrated(text) is text
