"""Nothing else that a document holds is dropped in silence either: it is in each file, or what is told names it."""

import re
import warnings
from pathlib import Path
from typing import NamedTuple

import msgspec
import pytest

from engine import (
    Add,
    BatchNorm2D,
    Conv2D,
    Edge,
    Flatten,
    FormatNote,
    FormatWarning,
    Graph,
    Group,
    Input,
    Network,
    Node,
    ReLU,
    initialise,
    save,
)
from engine.formats import DrawingNote
from tests.engine.networks import chain

FORMATS = ("net.onnx", "net.keras.json", "net.keras.py", "net.py", "project")
LAYERS = chain(image=Input(channels=3, height=8, width=8), conv=Conv2D(padding="same"), relu=ReLU(), flat=Flatten())
GROUP = (Group("group1", "Stage 1", ("conv", "relu")),)
PLAIN = Network("Net", LAYERS)


class Case(NamedTuple):
    """A network that holds something, one that does not, and the words by which its loss is told."""

    bare: Network
    holding: Network
    words: str


CASES = {
    "name": Case(PLAIN, msgspec.structs.replace(PLAIN, name="Other"), "name"),
    "graph": Case(PLAIN, Network("Net", LAYERS.replace_layer("conv", Conv2D(padding="same", filters=3))), "Conv2D"),
    "weights": Case(PLAIN, msgspec.structs.replace(PLAIN, weights=initialise(LAYERS, seed=7)), "the weights"),
    "layout": Case(PLAIN, msgspec.structs.replace(PLAIN, layout={"conv": (3.0, 80.0)}), "where the cards lie"),
    "groups": Case(PLAIN, msgspec.structs.replace(PLAIN, groups=GROUP), "1 group of layers"),
    "dots": Case(
        PLAIN,
        msgspec.structs.replace(PLAIN, dots={Edge("image", "conv"): ((1.0, 2.0), (3.0, 4.0))}),
        "2 dots on wires",
    ),
    "a layer's name": Case(
        PLAIN, msgspec.structs.replace(PLAIN, graph=LAYERS.rename("relu", "Rest")), "name of 1 layer"
    ),
    "the image's name": Case(
        PLAIN, msgspec.structs.replace(PLAIN, graph=LAYERS.rename("image", "Eye")), "name of 1 layer"
    ),
    "a group's name": Case(
        msgspec.structs.replace(PLAIN, groups=GROUP),
        msgspec.structs.replace(PLAIN, groups=(msgspec.structs.replace(GROUP[0], name="Eye"),)),
        "1 group of layers",
    ),
    "what is collapsed": Case(
        msgspec.structs.replace(PLAIN, groups=GROUP),
        msgspec.structs.replace(PLAIN, groups=(msgspec.structs.replace(GROUP[0], collapsed=True),)),
        "which groups are collapsed|1 group of layers",
    ),
    "a name that is none elsewhere": Case(
        PLAIN, msgspec.structs.replace(PLAIN, name="Net / 2"), "the network's name as it was typed"
    ),
}


def written(network: Network, path: Path) -> tuple[dict[str, bytes], list[FormatWarning]]:
    """Return the files that a network becomes, and what is told of them."""
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always", FormatWarning)
        save(network, path)
    files = {one.name: one.read_bytes() for one in ([path] if path.is_file() else path.iterdir())}
    return files, [one.message for one in caught if isinstance(one.message, FormatWarning)]


def test_everything_that_a_document_holds_has_a_case():
    assert {field.name for field in msgspec.structs.fields(Network)} <= set(CASES)


@pytest.mark.parametrize("file", FORMATS)
@pytest.mark.parametrize("what", CASES)
def test_whatever_a_document_holds_is_in_the_file_or_told(what: str, file: str, tmp_path: Path):
    case = CASES[what]
    (tmp_path / "bare").mkdir()
    bare, _ = written(case.bare, tmp_path / "bare" / file)
    holding, told = written(case.holding, tmp_path / file)
    assert bare != holding or any(re.search(case.words, str(one)) for one in told)


@pytest.mark.parametrize("file", FORMATS)
def test_what_of_the_drawing_stays_behind_is_one_quiet_sentence(file: str, tmp_path: Path):
    drawn = msgspec.structs.replace(
        PLAIN,
        layout={"conv": (3.0, 80.0)},
        groups=(Group("group1", "Stage 1", ("conv", "relu"), collapsed=True),),
        dots={Edge("image", "conv"): ((1.0, 2.0),)},
    )
    _, told = written(drawn, tmp_path / file)
    (note,) = (one for one in told if isinstance(one, DrawingNote))
    groups = "1 group of layers" if "keras" in file or "onnx" in file else "which groups are collapsed"
    assert str(note) == f"Not in the file: where the cards lie; 1 dot on a wire; {groups}"
    assert all(isinstance(one, FormatNote) for one in told)


@pytest.mark.parametrize("file", [*FORMATS, "net.json"])
def test_of_a_drawing_that_was_left_to_the_program_nothing_is_told(file: str, tmp_path: Path):
    _, told = written(PLAIN, tmp_path / file)
    assert not any(isinstance(one, DrawingNote) for one in told)


def test_a_document_of_its_own_holds_all_of_it(tmp_path: Path):
    for case in CASES.values():
        bare, told = written(case.bare, tmp_path / "net.json")
        holding, also = written(case.holding, tmp_path / "net.json")
        assert bare != holding
        assert not [*told, *also]


def test_of_a_groups_layers_source_names_what_becomes_modules(tmp_path: Path):
    graph = chain(image=Input(channels=3, height=8, width=8), one=Conv2D(filters=3, padding="same"), norm=BatchNorm2D())
    graph = graph.add(Node("add", Add(), "Join")).connect("image", "add").connect("norm", "add", 1)
    groups = (Group("group1", "Branch", ("one", "norm")), Group("group2", "Torn", ("add",)))
    _, told = written(Network("Net", graph, groups=groups), tmp_path / "net.py")
    assert [str(one) for one in told] == [
        "The source has no place for the name of 1 layer",
        "Not in the file: 1 group of layers",
    ]
    assert "self.Branch = " in (tmp_path / "net.py").read_text(encoding="utf-8")


def test_groups_beside_ids_that_are_paths_are_told_of(tmp_path: Path):
    graph = Graph().add(Node("image", Input(channels=3, height=8, width=8)))
    before = "image"
    for node in ("stem.conv", "stem.relu", "body.conv", "body.relu"):
        graph = graph.add(Node(node, Conv2D(filters=3) if "conv" in node else ReLU())).connect(before, node)
        before = node
    groups = (Group("body", "Rest", ("body.conv", "body.relu")),)
    _, told = written(Network("Net", graph, groups=groups), tmp_path / "net.py")
    assert [str(one) for one in told] == ["Not in the file: 1 group of layers"]


def test_ids_that_keras_takes_otherwise_are_told_of(tmp_path: Path):
    graph = Graph().add(Node("image", Input())).add(Node("stem.relu", ReLU())).connect("image", "stem.relu")
    for file in ("net.keras.json", "net.keras.py"):
        _, told = written(Network("Net", graph), tmp_path / file)
        assert [str(one) for one in told] == ["Not in the file: the id of 1 layer as it was"]
