"""The examples that ship: sound, with exact figures, trained weights that read digits, and not edited by hand."""

import runpy
from itertools import combinations
from pathlib import Path

import numpy as np
import pytest
from safetensors import safe_open

from engine import Network, Shape, analyse, lint, load, load_image, run

BATCH = 250
GENERATED = [  # all but LeNet-5's trained weights
    "alexnet.json",
    "convnext_tiny.json",
    "densenet121.json",
    "efficientnet_b0.json",
    "googlenet.json",
    "inception_v3.json",
    "kernels.json",
    "kernels.safetensors",
    "lecture_conv.json",
    "lecture_outline.json",
    "lenet5.json",
    "mobilenet_v2.json",
    "mobilenet_v3_large.json",
    "resnet152.json",
    "resnet18.json",
    "resnet50.json",
    "shufflenet_v2_x1_0.json",
    "squeezenet1_1.json",
    "unet.json",
    "vgg16.json",
    "vgg19.json",
]


@pytest.fixture(scope="module")
def lenet(resources: Path) -> Network:
    return load(resources / "examples" / "lenet5.json")


@pytest.mark.parametrize(
    ("name", "parameters", "macs"),
    [
        ("lenet5", 61_706, 416_520),
        # 450 + 6 and, in the second branch, 5·5·3·10 + 10; 352,800 + 32·32·10·75.
        ("lecture_conv", 456 + 760, 352_800 + 768_000),
        # 5·5·3·6 + 6, 5·5·6·16 + 16 and 400·10 + 10; 28·28·6·75, 10·10·16·150 and 4,000.
        ("lecture_outline", 456 + 2_416 + 4_010, 352_800 + 240_000 + 4_000),
        ("kernels", 60, 254 * 254 * 6 * 9),
    ],
)
def test_an_example_is_sound_and_has_its_figures(name: str, parameters: int, macs: int, resources: Path):
    analysis = analyse(load(resources / "examples" / f"{name}.json").graph)
    assert analysis.diagnostics == ()
    assert (analysis.totals.parameters, analysis.totals.macs, analysis.totals.connections) == (parameters, macs, macs)


def test_the_lectures_example_has_the_lectures_numbers(resources: Path):
    nodes = analyse(load(resources / "examples" / "lecture_conv.json").graph).nodes
    assert nodes["image"].output == Shape(3, 32, 32)
    conv = nodes["conv"]
    assert (conv.output, conv.weights, conv.biases) == (Shape(6, 28, 28), 450, 6)
    assert (conv.connections, conv.macs) == (352_800, 352_800)
    assert conv.connections == 4_704 * 75
    assert (nodes["pool"].inputs, nodes["pool"].output) == ((Shape(10, 32, 32),), Shape(10, 16, 16))
    assert nodes["pool"].parameters == 0


@pytest.mark.parametrize(
    ("name", "remarks"),
    [
        ("lenet5", ["parameter-heavy"]),
        ("lecture_outline", ["parameter-heavy"]),
        ("lecture_conv", []),
        ("kernels", []),
    ],
)
def test_an_example_is_a_good_example(name: str, remarks: list[str], resources: Path):
    assert [one.code.value for one in lint(load(resources / "examples" / f"{name}.json").graph)] == remarks


def test_the_trained_network_reads_digits_it_never_saw(lenet: Network, resources: Path):
    with np.load(resources / "training" / "mnist_heldout.npz") as held_out:
        digits, labels = held_out["images"], held_out["labels"]
    images = np.zeros((len(digits), 1, 32, 32), np.float32)
    images[:, 0, 2:30, 2:30] = digits / np.float32(255)
    right = 0
    for first in range(0, len(images), BATCH):
        maps = run(lenet.graph, lenet.weights, images[first : first + BATCH])
        right += int((maps["softmax"].argmax(axis=1) == labels[first : first + BATCH]).sum())
    with safe_open(resources / "examples" / "lenet5.safetensors", "np") as weights:
        stated = float(weights.metadata()["held_out_accuracy"])
    assert len(digits) == 2000
    assert right / len(digits) == stated
    assert stated >= 0.98


def test_the_digits_that_ship_as_pictures_are_read_right(lenet: Network, resources: Path):
    pictures = sorted((resources / "images" / "digits").glob("*.png"))
    assert len(pictures) == 20
    read = {}
    for picture in pictures:
        image = load_image(picture, lenet.graph.by_id["image"].layer)
        read[picture.name] = int(run(lenet.graph, lenet.weights, image)["softmax"].argmax())
    assert read == {picture.name: int(picture.name[0]) for picture in pictures}


def test_the_pictures_are_those_of_the_held_out_set(resources: Path, lenet: Network):
    with np.load(resources / "training" / "mnist_heldout.npz") as held_out:
        digits = held_out["images"]
    layer = lenet.graph.by_id["image"].layer.replace(scaling="0 to 255")
    for picture in (resources / "images" / "digits").glob("*.png"):
        number = int(picture.stem.split("_")[1])
        assert np.array_equal(load_image(picture, layer)[0, 2:30, 2:30], digits[number])


@pytest.mark.parametrize("photograph", ["astronaut", "bricks", "cat", "coffee", "photographer"])
def test_six_classic_filters_give_six_maps_of_a_photograph(photograph: str, resources: Path):
    network = load(resources / "examples" / "kernels.json")
    image = load_image(resources / "images" / f"{photograph}.jpg", network.graph.by_id["image"].layer)
    maps = run(network.graph, network.weights, image)
    assert maps["filters"].shape == (6, 254, 254)
    for one, other in combinations(maps["filters"], 2):
        assert np.abs(one - other).max() > 0.1
    blur, edge, *_ = maps["filters"]
    assert blur.std() < image.std()
    assert abs(float(edge.mean())) < 0.05


def test_running_the_generator_gives_the_files_that_ship(
    resources: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    main = runpy.run_path(str(resources / "examples" / "generate.py"), run_name="generate")["main"]
    monkeypatch.setitem(main.__globals__, "FOLDER", tmp_path)
    main()
    made = sorted(path.name for path in tmp_path.iterdir())
    assert made == GENERATED
    shipped = [path.name for path in (resources / "examples").iterdir() if path.suffix in (".json", ".safetensors")]
    assert sorted(shipped) == sorted([*GENERATED, "lenet5.safetensors"])
    weights = "kernels.safetensors"
    assert (tmp_path / weights).read_bytes() == (resources / "examples" / weights).read_bytes()
    for name in made:
        if name != weights:
            shipped = (resources / "examples" / name).read_text(encoding="utf-8")
            assert (tmp_path / name).read_text(encoding="utf-8") == shipped, name
