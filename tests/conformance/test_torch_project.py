"""A project is trained here as it would be on a cluster: two processes, left off, gone on with, and brought back."""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path
from types import ModuleType

import msgspec
import numpy as np
import pytest
from PIL import Image

torch = pytest.importorskip("torch", reason="torch is not installed")

from safetensors.numpy import load_file  # noqa: E402

from engine import Input, Network, Weights, analyse, load, prepare, run, save  # noqa: E402
from engine.formats import torch_project  # noqa: E402
from engine.formats.weight_files import matched, read_arrays, taken  # noqa: E402
from tests.conformance.torch_side import module_of, outputs  # noqa: E402
from tests.engine.formats.test_torch_code import assert_clean  # noqa: E402
from tests.engine.networks import lenet5  # noqa: E402

LEAST_RIGHT = 0.8  # of the digits held out, after two short epochs


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the project of a LeNet-5 without weights."""
    folder = tmp_path_factory.mktemp("project") / "lenet5"
    save(Network("LeNet-5", lenet5().replace_layer("image", Input(fit="pad"))), folder)
    return folder


@pytest.fixture(scope="module")
def digits(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the real digits as they ship."""
    return Path("resources/training/mnist_heldout.npz").resolve()


def train(project: Path, *arguments: object, processes: int = 1) -> list[dict[str, float]]:
    """Run the project's training and return what it logged."""
    alone = [sys.executable]
    several = [*alone, "-m", "torch.distributed.run", "--standalone", "--nproc-per-node", str(processes)]
    command = [*(several if processes > 1 else alone), "train.py", *map(str, arguments), "--device", "cpu"]
    free = {**os.environ, "OMP_NUM_THREADS": "1"}
    made = subprocess.run(command, cwd=project, env=free, capture_output=True, text=True, check=False)
    assert made.returncode == 0, made.stderr[-3000:]
    return [json.loads(line) for line in made.stdout.splitlines() if line.startswith("{")]


def arrays_of(file: Path) -> dict[str, np.ndarray]:
    return load_file(file)


def test_two_processes_train_leave_off_go_on_and_the_weights_come_back(project: Path, digits: Path):
    settings = (digits, "--epochs", 2, "--batch", 16, "--rate", 4e-3, "--seed", 3)
    whole = train(project, *settings, "--out", "whole", processes=2)
    first = train(project, *settings, "--out", "parts", "--until", 1, processes=2)
    rest = train(project, *settings, "--out", "parts", "--resume", processes=2)
    assert [one["epoch"] for one in (*first, *rest)] == [1, 2]
    assert [one["loss"] for one in (*first, *rest)] == [one["loss"] for one in whole]
    assert whole[-1]["accuracy"] > LEAST_RIGHT
    one, other = (arrays_of(project / name / "checkpoint.safetensors") for name in ("whole", "parts"))
    assert one.keys() == other.keys()
    assert all(np.array_equal(one[name], other[name]) for name in one)

    network = Network("LeNet-5", lenet5())
    match = matched(network, read_arrays(project / "whole" / "weights.safetensors"))
    assert match.is_whole
    weights = taken(network, match)
    with np.load(digits) as data:
        pixels = np.pad(data["images"][:200] / np.float32(255), ((0, 0), (2, 2), (2, 2)))[:, None]
        labels = data["labels"][:200]
    answers = [run(network.graph, weights, image)["softmax"] for image in pixels[:50]]
    assert np.mean([answer.argmax() for answer in answers] == labels[:50]) > LEAST_RIGHT
    model = module_of((project / "model.py").read_text(encoding="utf-8")).LeNet5().eval()
    model.load_state_dict(
        {name: torch.from_numpy(array) for name, array in arrays_of(project / "whole" / "weights.safetensors").items()}
    )
    for image, answer in zip(pixels[:50], answers, strict=True):
        np.testing.assert_allclose(outputs(model, image)[0], answer, rtol=0, atol=1e-4)


def test_a_folder_of_images_is_trained_on_in_mixed_precision_from_weights(tmp_path: Path, resources: Path):
    network = load(resources / "examples" / "lenet5.json")
    save(network, tmp_path / "project")
    for picture in (resources / "images" / "digits").glob("*.png"):
        folder = tmp_path / "data" / picture.name[0]
        folder.mkdir(parents=True, exist_ok=True)
        shutil.copy(picture, folder)
    begin = ("--weights", "weights.safetensors", "--rate", 1e-5, "--flip", "--shift", 1, "--precision", "bfloat16")
    (report,) = train(tmp_path / "project", tmp_path / "data", "--epochs", 1, "--hold-out", 0.5, "--batch", 4, *begin)
    assert report["accuracy"] > LEAST_RIGHT  # the example's weights know these digits
    match = matched(network, read_arrays(tmp_path / "project" / "out" / "weights.safetensors"))
    assert match.is_whole
    before, after = network.weights["dense3"]["weight"], match.fitting["dense3.weight"]
    assert 0 < float(np.abs(before - after).max()) < 1e-3


def data_module(project: Path) -> ModuleType:
    """Return the project's own reading of images."""
    model = module_of((project / "model.py").read_text(encoding="utf-8"))
    sys.modules["model"] = model
    try:
        return module_of((project / "data.py").read_text(encoding="utf-8"))
    finally:
        del sys.modules["model"]


@pytest.mark.parametrize("fit", ["stretch", "crop", "pad"])
@pytest.mark.parametrize("channels", [1, 3, 4])
def test_images_go_in_as_they_do_here(fit: str, channels: int, tmp_path: Path, resources: Path):
    layer = Input(channels=channels, height=40, width=50, fit=fit, scaling="-1 to 1", invert=channels != 3)
    graph = lenet5().replace_layer("image", layer).remove([f"dense{n}" for n in (1, 2, 3)])
    graph = graph.remove(["relu3", "relu4", "softmax"])
    save(Network("Net", graph), tmp_path / "project")
    data = data_module(tmp_path / "project")
    pictures = [Image.open(path).copy() for path in (resources / "images").glob("*.jpg")]
    see_through = pictures[0].convert("RGBA")
    see_through.putalpha(pictures[0].convert("L"))
    for picture in (*pictures, see_through, see_through.resize((9, 12))):
        theirs = data.scaled(torch.from_numpy(data.to_pixels(picture).copy())).numpy()
        np.testing.assert_allclose(theirs, prepare(picture, layer), rtol=0, atol=1e-6)


def test_a_project_is_clean_holds_no_pickle_and_names_what_it_trains(project: Path, resources: Path, tmp_path: Path):
    for name in ("resnet18", "unet"):
        example = msgspec.structs.replace(load(resources / "examples" / f"{name}.json"), weights=None)
        torch_project.save(example, tmp_path / name)
        settings = module_of((tmp_path / name / "model.py").read_text(encoding="utf-8"))
        assert settings.KIND == settings.ANSWER == "softmax"
        assert analyse(example.graph).nodes["softmax"].output.channels == settings.OUTPUTS
        assert isinstance(settings.MODEL().get_submodule(settings.ANSWER), torch.nn.Softmax)
        assert_clean(tmp_path / name)
    for source in project.glob("*.py"):
        text = source.read_text(encoding="utf-8")
        assert "torch.load" not in text
        assert "torch.save" not in text
        assert "import pickle" not in text


def test_weights_of_an_untrained_project_are_those_of_the_design(tmp_path: Path, resources: Path):
    network = load(resources / "examples" / "lenet5.json")
    save(network, tmp_path / "project")
    assert taken(
        Network("n", network.graph), matched(network, read_arrays(tmp_path / "project" / "weights.safetensors"))
    ) == (network.weights or Weights({}))
