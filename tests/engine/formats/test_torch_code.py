"""The source of PyTorch modules as text: how it reads, that formatters leave it, and that no name gets out of hand."""

import ast
import subprocess
import sys
import warnings
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings

from engine import (
    LAYERS,
    Add,
    BatchNorm2D,
    Conv2D,
    Dense,
    FormatError,
    FormatWarning,
    Graph,
    Input,
    LinearSVM,
    Network,
    Node,
    ReLU,
    Softmax,
    initialise,
    load,
)
from engine.formats import torch_code
from engine.formats.source.layout import width
from engine.formats.torch_code.helpers import HELPERS
from engine.formats.torch_code.tables import WRITERS
from engine.groups import grouped
from tests.engine.networks import chain, lenet5, wired
from tests.source_strategies import dressed


def ruff(folder: Path, *arguments: str) -> str:
    made = subprocess.run(
        [sys.executable, "-m", "ruff", *arguments, "--isolated", "--line-length", "88", "."],
        cwd=folder,
        capture_output=True,
        text=True,
        encoding="utf-8",
        check=False,
    )
    return made.stdout + made.stderr if made.returncode else ""


def assert_clean(folder: Path) -> None:
    """Assert that formatters and linters would leave all sources in a folder as they are."""
    assert not ruff(folder, "format", "--diff")
    assert not ruff(folder, "check", "--select", "E,F,W,I,UP,B,SIM,RET,C4,PIE")


def test_every_layer_but_the_image_is_written():
    assert WRITERS.keys() == set(LAYERS) - {Input}


def test_a_chain_reads_as_one_sequence_of_named_modules():
    source, lost = torch_code.written(Network("LeNet-5", lenet5()))
    assert not lost
    assert (
        source
        == '''"""LeNet-5, as it was drawn in Convolab: 61,706 parameters.

In come images (N, 1, 32, 32), values from 0 to 1.
"""

from collections import OrderedDict

from torch import nn


class LeNet5(nn.Sequential):
    """LeNet-5: 32×32×1 in, 10 out."""

    def __init__(self) -> None:
        super().__init__(
            OrderedDict(
                conv1=nn.Conv2d(1, 6, kernel_size=5),  # 28×28×6
                relu1=nn.ReLU(),
                pool1=nn.MaxPool2d(kernel_size=2, stride=2),  # 14×14×6
                conv2=nn.Conv2d(6, 16, kernel_size=5),  # 10×10×16
                relu2=nn.ReLU(),
                pool2=nn.MaxPool2d(kernel_size=2, stride=2),  # 5×5×16
                flatten=nn.Flatten(),  # 400
                dense1=nn.Linear(400, 120),
                relu3=nn.ReLU(),
                dense2=nn.Linear(120, 84),
                relu4=nn.ReLU(),
                dense3=nn.Linear(84, 10),
                softmax=nn.Softmax(dim=1),
            )
        )
'''
    )


def residual(graph: Graph, before: str, name: str, filters: int) -> Graph:
    for suffix, layer in (
        ("conv", Conv2D(filters=filters, padding="same", bias=False)),
        ("bn", BatchNorm2D()),
        ("add", Add()),
        ("relu", ReLU()),
    ):
        graph = graph.add(Node(f"{name}_{suffix}", layer))
    return wired(
        graph,
        (before, f"{name}_conv"),
        (f"{name}_conv", f"{name}_bn"),
        (f"{name}_bn", f"{name}_add"),
        (before, f"{name}_add", 1),
        (f"{name}_add", f"{name}_relu"),
    )


def test_parts_that_are_built_alike_are_a_class_with_parameters_and_a_loop():
    graph = chain(image=Input(channels=3), stem=Conv2D(filters=16, padding="same"))
    groups = ()
    before, ends = "stem", []
    for number in range(3):
        graph = residual(graph, before, f"a{number}", 16)
        before = f"a{number}_relu"
        ends.append([f"a{number}_{suffix}" for suffix in ("conv", "bn", "add", "relu")])
    graph = graph.add(Node("wider", Conv2D(filters=32))).connect(before, "wider")
    graph = residual(graph, "wider", "b", 32)
    for nodes in [*ends, ["b_conv", "b_bn", "b_add", "b_relu"]]:
        groups, _ = grouped(groups, graph, nodes, "Residual block")
    groups, _ = grouped(groups, graph, [node for nodes in ends for node in nodes], "Stage 1")
    source, _ = torch_code.written(Network("Net", graph, groups=groups))
    assert (
        source[source.index("class ") :]
        == '''class ResidualBlock(nn.Module):
    """Conv2D, BatchNorm2D, Add, ReLU, 4 times."""

    def __init__(self, channels: int) -> None:
        super().__init__()
        self.conv = nn.Conv2d(channels, channels, kernel_size=3, padding=1, bias=False)
        self.bn = nn.BatchNorm2d(channels)
        self.relu = nn.ReLU()

    def forward(self, x: Tensor) -> Tensor:
        return self.relu(self.bn(self.conv(x)) + x)


class Net(nn.Sequential):
    """Net: 32×32×3 in, 30×30×32 out."""

    def __init__(self) -> None:
        super().__init__(
            OrderedDict(
                stem=nn.Conv2d(3, 16, kernel_size=3, padding=1),  # 32×32×16
                stage1=nn.Sequential(
                    *[ResidualBlock(16) for _ in range(3)],
                ),
                wider=nn.Conv2d(16, 32, kernel_size=3),  # 30×30×32
                residual_block=ResidualBlock(32),
            )
        )
'''
    )
    names = torch_code.state_names(Network("Net", graph, groups=groups))
    assert names["a2_conv.weight"] == "stage1.2.conv.weight"
    assert names["b_bn.running_mean"] == "residual_block.bn.running_mean"
    assert names["wider.bias"] == "wider.bias"


def test_the_names_of_torchvisions_modules_are_those_of_the_example(resources: Path):
    """Its ids are the paths of torchvision's ResNet-18, and so are the names of the module's weights."""
    names = torch_code.state_names(load(resources / "examples" / "resnet18.json"))
    assert names == {name: name for name in names}
    assert "layer2.0.downsample.0.weight" in names


def test_where_padding_differs_from_side_to_side_the_source_says_so():
    graph = chain(image=Input(), conv=Conv2D(filters=2, stride=(2, 2), padding="same"))
    source, _ = torch_code.written(Network("Net", graph))
    assert "conv_pad=nn.ZeroPad2d((0, 1, 0, 1))" in source
    assert "# “same”: PyTorch pads both sides alike; here they differ" in source


def test_formatters_and_linters_leave_all_examples_as_they_are(resources: Path, tmp_path: Path):
    for path in (resources / "examples").glob("*.json"):
        source, _ = torch_code.written(load(path))
        (tmp_path / f"{path.stem}.py").write_text(source, encoding="utf-8")
    assert_clean(tmp_path)


def test_formatters_leave_the_modules_that_pytorch_lacks_as_they_are(tmp_path: Path):
    head = "import torch\nfrom torch import Tensor, nn\nfrom torch.nn import functional\n\n\n"
    body = "\n\n\n".join(helper.strip("\n") for helper in HELPERS.values())
    (tmp_path / "helpers.py").write_text(f"{head}{body}\n", encoding="utf-8")
    assert_clean(tmp_path)


def harmless(source: str) -> ast.Module:
    """Return what a source is read as, which is imports, a list of texts and classes, and nothing else."""
    tree = ast.parse(source)
    for statement in tree.body[1:]:
        if isinstance(statement, ast.Assign):
            (target,) = statement.targets
            assert isinstance(target, ast.Name)
            assert target.id == "CLASSES"
            assert all(isinstance(one, ast.Constant) for one in statement.value.elts)
        else:
            assert isinstance(statement, ast.ClassDef | ast.Import | ast.ImportFrom)
    names = {node.id for node in ast.walk(tree) if isinstance(node, ast.Name)}
    assert not names & {"os", "__import__", "eval", "exec", "open"}
    return tree


@settings(deadline=None, max_examples=300, suppress_health_check=[HealthCheck.filter_too_much, HealthCheck.too_slow])
@given(dressed())
def test_no_name_gets_out_of_hand(network: Network):
    source, _ = torch_code.written(network)
    harmless(source)
    names = torch_code.state_names(network)
    assert len(set(names.values())) == len(names)
    assert all(width(line) <= 88 for line in source.splitlines())


def test_class_names_are_texts_and_nothing_more():
    labels = ("cat", 'say "meow"', "it's", "both ' and \"", "\\", "\n", '"""', "🙂", "\ud800")
    graph = chain(image=Input(), vector=Dense(units=9), answer=Softmax(labels=labels))
    graph = chain(image=Input(), conv=Conv2D(filters=9), answer=Softmax(labels=labels))
    source, _ = torch_code.written(Network("Net", graph))
    (made,) = (one for one in harmless(source).body if isinstance(one, ast.Assign))
    assert ast.literal_eval(made.value) == labels
    source.encode()


def test_formatters_leave_odd_names_as_they_are(tmp_path: Path):
    @settings(deadline=None, max_examples=60, database=None, derandomize=True)
    @given(dressed(most=14))
    def write(network: Network) -> None:
        source, _ = torch_code.written(network)
        (tmp_path / f"n{len(list(tmp_path.iterdir()))}.py").write_text(source, encoding="utf-8")

    write()
    assert not ruff(tmp_path, "format", "--diff")
    assert not ruff(tmp_path, "check", "--select", "E,F,W,I")


def test_what_the_source_has_no_place_for_is_said():
    graph = chain(image=Input(height=1, width=1), conv=Conv2D(kernel=(1, 1)))
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        torch_code.encode(Network("Net", graph))
    with pytest.warns(FormatWarning, match="has no place for the weights"):
        torch_code.encode(Network("Net", graph, initialise(graph)))
    svm = chain(image=Input(), conv=Conv2D(kernel=(32, 32)))
    svm = svm.add(Node("flat", LAYERS[[one.__name__ for one in LAYERS].index("Flatten")]())).connect("conv", "flat")
    svm = svm.add(Node("svm", LinearSVM())).connect("flat", "svm")
    with pytest.warns(FormatWarning, match="a linear SVM"):
        torch_code.encode(Network("Net", svm))


def test_a_network_with_mistakes_is_refused_with_the_reason():
    with pytest.raises(FormatError, match="kernel is 40×40"):
        torch_code.written(Network("Net", chain(image=Input(), conv=Conv2D(kernel=(40, 40)))))
    with pytest.raises(FormatError, match="no Input layer"):
        torch_code.written(Network())
