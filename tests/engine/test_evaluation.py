"""Evaluation on the shipped digits; onnxruntime and arithmetic in numpy are the oracles."""

import csv
import json
import shutil
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from engine import (
    Cancelled,
    Conv2D,
    Dense,
    FolderError,
    Graph,
    Input,
    LinearSVM,
    LogSoftmax,
    Network,
    Node,
    RunError,
    Softmax,
    Weights,
    analyse,
    evaluate,
    examination,
    image_folder,
    initialise,
    load,
    load_image,
)
from engine.cli import main
from engine.evaluation import Answered, Evaluation, Tally
from engine.evaluation_report import answers_csv, classes_csv, evaluation_text, headline, matrix_csv
from engine.folders import Matching
from engine.formats import onnx_writer
from engine.layers import Flatten
from engine.scores import answering
from tests.conformance.runtime import session
from tests.engine.networks import chain


@pytest.fixture(scope="module")
def digits(resources: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the shipped digits, each in the folder of its label, which its file's name begins with."""
    root = tmp_path_factory.mktemp("digits")
    for file in (resources / "images" / "digits").glob("*.png"):
        (root / file.name[0]).mkdir(exist_ok=True)
        shutil.copy(file, root / file.name[0])
    return root


@pytest.fixture(scope="module")
def lenet(resources: Path) -> Network:
    return load(resources / "examples" / "lenet5.json")


def onnx_scores(network: Network, files: list[Path]) -> np.ndarray:
    """Return what ONNX Runtime makes of some images: ``(images, classes)``."""
    opened = session(onnx_writer.encode(network))
    layer = network.graph.image
    images = np.stack([load_image(file, layer) for file in files])
    (name,) = (one.name for one in opened.get_inputs())
    return np.concatenate([opened.run(None, {name: image[None]})[0] for image in images])


@pytest.mark.filterwarnings("ignore:ONNX has no place for the names of the classes")
@pytest.mark.parametrize("seed", [None, 3, 4])
def test_answers_are_onnx_runtimes(lenet: Network, digits: Path, seed: int | None):
    """Trained weights, and random ones, which are mostly wrong."""
    weights = lenet.weights if seed is None else initialise(lenet.graph, seed)
    found = evaluate(examination(lenet.graph, image_folder(digits)), weights)
    files = [one.path for one in found.answered]
    assert len(files) == 20
    theirs = onnx_scores(Network("n", lenet.graph, weights), files)
    truth = np.array([int(file.name[0]) for file in files])
    assert [one.truth for one in found.answered] == truth.tolist()
    ranked = np.argsort(-theirs, axis=1)
    assert [one.answer for one in found.answered] == ranked[:, 0].tolist()
    assert [set(one.best) for one in found.answered] == [set(row[:5].tolist()) for row in ranked]
    assert found.right() == int((ranked[:, 0] == truth).sum())
    assert found.accuracy(5) == pytest.approx((ranked[:, :5] == truth[:, None]).any(axis=1).mean())
    expected = np.zeros((10, 10), int)
    for true, answer in zip(truth, ranked[:, 0], strict=True):
        expected[true, answer] += 1
    assert np.array_equal(found.matrix, expected)
    if seed is None:
        assert found.accuracy() == 1
    else:
        assert found.accuracy() < 0.5


def made(*pairs: tuple[int, tuple[int, ...]], labels: str = "abc") -> Evaluation:
    tally = Tally("softmax", tuple(labels), Matching((0, 1, 2), True, "By name."))
    for at, (true, best) in enumerate(pairs):
        tally.add(Answered(Path(f"{at}.png"), true, best, 0.5))
    return tally.found()


def test_classes_by_hand():
    found = made((0, (0, 1)), (0, (1, 0)), (0, (1, 2)), (1, (1,)), (2, ()))
    assert found.matrix.tolist() == [[1, 2, 0], [0, 1, 0], [0, 0, 0]]
    assert (found.right(), found.right(2), found.unanswered) == (2, 3, 1)
    assert found.accuracy() == pytest.approx(0.4)
    first, second, third = found.classes
    assert (first.images, first.right, first.answers, first.mistaken) == (3, 1, 1, (1, 2))
    assert (first.recall, first.precision) == (pytest.approx(1 / 3), 1)
    assert (second.recall, second.precision, second.mistaken) == (1, pytest.approx(1 / 3), None)
    assert (third.images, third.recall, third.precision) == (1, 0, None)


def test_nothing_at_all():
    found = made()
    assert found.accuracy() is None
    assert headline(found) == "None of the images could be read."
    assert found.matrix.sum() == 0
    assert "total" in evaluation_text("n", found)


def test_what_can_not_be_read_is_listed_and_counts_nowhere(lenet: Network, digits: Path, tmp_path: Path):
    shutil.copytree(digits, tmp_path / "some")
    (tmp_path / "some" / "3" / "broken.png").write_bytes(b"no image")
    (tmp_path / "some" / "loose.png").write_bytes(b"has no class")
    folder = image_folder(tmp_path / "some")
    (tmp_path / "some" / "4" / "4_0008.png").unlink()  # gone after it was found
    steps = []
    found = evaluate(examination(lenet.graph, folder), lenet.weights, progress=steps.append)
    assert [one.path.name for one in found.unreadable] == ["broken.png", "4_0008.png"]
    assert "is not an image" in found.unreadable[0].reason
    assert (len(found.answered), found.accuracy()) == (19, 1)
    assert [one.done for one in steps] == list(range(1, 22))
    assert {one.total for one in steps} == {21}


def test_it_is_cancelled(lenet: Network, digits: Path):
    asked = examination(lenet.graph, image_folder(digits))
    seen = []
    with pytest.raises(Cancelled):
        evaluate(asked, lenet.weights, progress=seen.append, cancelled=lambda: len(seen) >= 3)
    assert len(seen) == 3


@pytest.mark.parametrize("mode", ["L", "RGB", "RGBA", "1", "P"])
def test_colours_sizes_and_transparency(tmp_path: Path, mode: str):
    for name, shade in (("dark", 0), ("light", 255)):
        (tmp_path / name).mkdir()
        Image.new("RGBA", (9, 4), (shade, shade, shade, 255)).convert(mode).save(tmp_path / name / "1.png")
    graph = chain(
        image=Input(channels=3, height=5, width=8, fit="stretch"),
        flat=Flatten(),
        dense=Dense(units=2, bias=True),
        out=LogSoftmax(labels=("light", "dark")),
    )
    weight = np.stack([np.ones(120), -np.ones(120)])
    weights = Weights({"dense": {"weight": weight, "bias": np.array([-60.0, 60.0])}})
    found = evaluate(examination(graph, image_folder(tmp_path)), weights)
    assert [one.truth for one in found.answered] == [1, 0]
    assert found.accuracy() == 1
    assert found.matching.by_name


def test_scores_that_are_no_numbers_are_no_answer(digits: Path):
    graph = chain(image=Input(height=4, width=4), flat=Flatten(), svm=LinearSVM(classes=10))
    weights = initialise(graph).replaced("svm", "bias", np.full(10, np.nan))
    found = evaluate(examination(graph, image_folder(digits)), weights)
    assert (found.unanswered, found.right(), found.matrix.sum()) == (20, 0, 0)
    assert "20 images have no answer" in evaluation_text("n", found)
    some = weights.replaced("svm", "bias", np.array([np.nan] * 8 + [1.0, 2.0]))
    found = evaluate(examination(graph, image_folder(digits)), some)
    assert {set(one.best) <= {8, 9} for one in found.answered} == {True}


def test_networks_that_can_not_be_asked(digits: Path, tmp_path: Path):
    folder = image_folder(digits)
    with pytest.raises(RunError, match="no Input"):
        examination(Graph((Node("dense", Dense()),)), folder)
    with pytest.raises(RunError, match="no answer"):
        examination(chain(image=Input(), conv=Conv2D()), folder)
    with pytest.raises(FolderError, match="tells only 3 classes apart"):
        examination(chain(image=Input(), flat=Flatten(), dense=Dense(units=3)), folder)
    tmp_path.joinpath("empty").mkdir()
    with pytest.raises(FolderError, match="no sub-folders"):
        examination(chain(image=Input(), flat=Flatten(), dense=Dense()), image_folder(tmp_path / "empty"))


def test_which_layer_answers():
    both = chain(image=Input(), flat=Flatten(), dense=Dense(), soft=Softmax()).add(Node("more", Dense()))
    both = both.connect("flat", "more")
    assert answering(analyse(both)) == "soft"
    assert answering(analyse(both.remove(["soft"]))) in ("dense", "more")
    assert answering(analyse(chain(image=Input(), conv=Conv2D(), soft=Softmax()))) is None


def test_csv_is_read_back(lenet: Network, digits: Path):
    found = evaluate(examination(lenet.graph, image_folder(digits)), initialise(lenet.graph, 3))
    matrix = list(csv.reader(matrix_csv(found).splitlines()))
    assert [[int(cell) for cell in row[1:]] for row in matrix[1:]] == found.matrix.tolist()
    classes = list(csv.DictReader(classes_csv(found).splitlines()))
    assert [int(row["right"]) for row in classes] == found.matrix.diagonal().tolist()
    images = list(csv.DictReader(answers_csv(found).splitlines()))
    assert len(images) == 20
    assert sum(row["class"] == row["answer 1"] for row in images) == found.right()


def test_the_command(resources: Path, digits: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]):
    lenet = str(resources / "examples" / "lenet5.json")
    assert main(["evaluate", lenet, str(digits), "--csv", str(tmp_path / "out")]) == 0
    caught = capsys.readouterr()
    assert caught.err == ""
    assert "20 of 20 images are right: 100.0%." in caught.out
    assert sorted(path.name for path in (tmp_path / "out").iterdir()) == ["classes.csv", "confusion.csv", "images.csv"]
    assert main(["evaluate", lenet, str(digits), "--json"]) == 0
    found = json.loads(capsys.readouterr().out)
    assert (found["accuracy"], found["top_5_accuracy"], found["images"]) == (1.0, 1.0, 20)
    assert np.array_equal(found["confusion"], 2 * np.eye(10, dtype=int))
    assert main(["evaluate", lenet, str(tmp_path / "gone")]) == 2
    assert capsys.readouterr().err == "convolab: gone can't be read: No such file or directory\n"
    assert main(["evaluate", lenet, str(tmp_path)]) == 2
    assert "no sub-folders" in capsys.readouterr().err
