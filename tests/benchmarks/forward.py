"""How fast the forward pass is, beside ONNX Runtime and PyTorch with every map kept.

Each runtime has a process of its own, and they take turns, so that whatever else the machine does hits all of them
alike. Before times are taken, maps are compared.
"""

import pickle
import statistics
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
from networks import NETWORKS, graph_of
from report import Row

from engine import Analysis, FeatureMaps, Graph, Network, Weights, analyse, initialise, run
from engine.formats.onnx_writer import encode

HERE = Path(__file__).parent
TOLERANCE = 1e-4  # of a map's largest value
# Where incremental runs begin, under their names in the paper, and their goals.
EDITS = {"VGG-16": (("conv4_1", "features.17", "≤ 0.55"), ("fc8", "classifier.6", "≤ 0.03"))}
PAUSE = 0.25  # seconds before each turn, in which the threads of the one before stop waiting busily for more
GOALS = {  # ONNX Runtime and PyTorch, each with every map kept
    "LeNet-5": ("≥ 0.9, aim 1.5", "≥ 3.5, aim 5"),
    "MobileNetV2": ("≥ 1.0, aim 1.5", "≥ 1.3, aim 2.0"),
    "ResNet-50": ("≥ 1.2, aim 1.5", "≥ 1.4, aim 1.7"),
    "VGG-16": ("≥ 1.9, aim 2.4", "≥ 2.2, aim 3.0"),
}
_TITLES = {
    "onnxruntime": "ONNX Runtime, every map",
    "onnxruntime-output": "ONNX Runtime, the answer only",
    "torch": "PyTorch, every map",
}


class Peer:
    """Another runtime in its process."""

    def __init__(self, kind: str, python: str, version: str) -> None:
        self.kind, self.version = kind, version
        command = [python, str(HERE / "peers.py"), kind]
        self._process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE)

    def ask(self, *request: Any) -> Any:
        """Send a request and wait for the answer."""
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        pickle.dump(request, self._process.stdin)
        self._process.stdin.flush()
        return pickle.load(self._process.stdout)


def peers(torch_python: str = sys.executable) -> list[Peer]:
    """Start the runtimes that are installed."""
    found = []
    for kind, module, python in (
        ("onnxruntime", "onnxruntime", sys.executable),
        ("onnxruntime-output", "onnxruntime", sys.executable),
        ("torch", "torch", torch_python),
    ):
        command = [python, "-c", f"import {module}; print({module}.__version__)"]
        asked = subprocess.run(command, capture_output=True, text=True, check=False)
        if asked.returncode == 0:
            found.append(Peer(kind, python, asked.stdout.strip()))
    return found


def measure(name: str, runtimes: list[Peer], *, rounds: int, seconds: float) -> Iterator[Row]:
    """Yield the rows of one network: medians over the rounds, of times and of ratios.

    For seconds at a time a machine may be slower by a tenth. The two times of a ratio are of the same round.
    """
    graph = graph_of(NETWORKS[name])
    analysis, weights = analyse(graph), initialise(graph)
    image = _image(analysis)
    described = _described(name, graph, analysis, weights)
    for peer in runtimes:
        peer.ask("build", name, described[peer.kind], image)
    net = _Ours(graph, weights, image)
    for peer in runtimes:
        _compare(net.maps, peer.ask("maps", name))
    times: dict[str, list[float]] = {kind: [] for kind in ("ours", *(peer.kind for peer in runtimes))}
    for _ in range(rounds):
        time.sleep(PAUSE)
        times["ours"].append(statistics.median(net.timed(seconds)))
        for peer in runtimes:
            time.sleep(PAUSE)
            times[peer.kind].append(statistics.median(peer.ask("time", name, seconds)))
    own = statistics.median(times["ours"])
    for peer in runtimes:
        goal = {"onnxruntime": GOALS[name][0], "torch": GOALS[name][1]}.get(peer.kind, "")
        ratio = statistics.median(theirs / ours for theirs, ours in zip(times[peer.kind], times["ours"], strict=True))
        yield Row(name, own, _TITLES[peer.kind], statistics.median(times[peer.kind]), goal, ratio)
    for title, node, goal in EDITS.get(name, ()):
        yield Row(f"{name}, again from {title}", f"{net.incremental(node, rounds):.3f} of a run", goal=goal)


def _image(analysis: Analysis) -> np.ndarray:
    assert analysis.input is not None
    shape = analysis.nodes[analysis.input.id].output
    assert shape is not None
    image = np.random.default_rng(7).standard_normal(tuple(shape), dtype=np.float32)
    image.flags.writeable = False
    return image


def _described(name: str, graph: Graph, analysis: Analysis, weights: Weights) -> dict[str, dict[str, Any]]:
    """Return what each peer builds the network from: our own ONNX export, or the layers one by one."""
    network = Network(name, graph, weights)
    layers = []
    for node in analysis.order:
        entry, wires = analysis.nodes[node], graph.incoming[node]
        given = {field: getattr(entry.layer, field) for field in entry.layer.__struct_fields__}
        if "padding" in given:
            pads = entry.layer.place(entry.inputs[0]).pads  # type: ignore[attr-defined]
            assert pads[0] == pads[1]
            assert pads[2] == pads[3]
            given["padding"] = (pads[0], pads[2])
        sources = [wires[port].source for port in sorted(wires)]
        layers.append((node, (entry.layer.type, given, dict(weights.get(node, {}))), sources))
    return {
        "onnxruntime": {"every_map": encode(network, every_map=True)},
        "onnxruntime-output": {"output": encode(network)},
        "torch": {"layers": layers},
    }


def _compare(maps: FeatureMaps, others: dict[str, np.ndarray]) -> None:
    """End the benchmark where two sets of maps differ by more than rounding."""
    for node, values in others.items():
        found = float(np.abs(maps[node] - values[0]).max() / max(np.abs(values).max(), 1e-30))
        if found > TOLERANCE:
            raise SystemExit(f"The maps of {node!r} differ by {found:.1e} of the largest value")


class _Ours:
    """Our forward pass, its last maps held."""

    def __init__(self, graph: Graph, weights: Weights, image: np.ndarray) -> None:
        self._graph, self._weights, self._image = graph, weights, image
        self.maps = run(graph, weights, image)

    def timed(self, seconds: float) -> list[float]:
        """Return how long each run took, for about so many seconds."""
        times: list[float] = []
        end = time.perf_counter() + seconds
        while not times or time.perf_counter() < end:
            start = time.perf_counter()
            self.maps = run(self._graph, self._weights, self._image)
            times.append(time.perf_counter() - start)
        return times

    def incremental(self, node: str, rounds: int) -> float:
        """Return what share of a full run one takes in which a layer's weights are new."""
        shares = []
        variants = [self._weights, self._weights.replaced(node, "bias", self._weights[node]["bias"] + np.float32(0.01))]
        for number in range(2 * rounds + 4):
            weights = variants[number % 2]
            start = time.perf_counter()
            maps = run(self._graph, weights, self._image)
            middle = time.perf_counter()
            other = variants[1 - number % 2]
            changed = run(self._graph, other, self._image, previous=maps)
            shares.append((time.perf_counter() - middle) / (middle - start))
            del maps, changed
        return statistics.median(shares[4:])
