"""How fast the forward pass is, beside ONNX Runtime and PyTorch with every map kept.

Run ``python tests/benchmarks/forward.py``; ``--help`` lists the options. Each runtime has a process of its own, and
they take turns, so that whatever else the machine does hits all of them alike. Before times are taken, maps are
compared.
"""

import argparse
import os
import pickle
import statistics
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

# A fixed processor type would slow numpy's library down; it has to be unset before numpy is loaded.
os.environ.pop("OPENBLAS_CORETYPE", None)

import numpy as np
from networks import NETWORKS

from engine import Analysis, FeatureMaps, Graph, Network, Weights, analyse, initialise, run
from engine.formats.onnx_writer import encode

HERE = Path(__file__).parent
TOLERANCE = 1e-4  # of a map's largest value
EDITS = {"VGG-16": ("conv4_1", "fc8")}  # where incremental runs begin


def main() -> None:
    """Measure and print one table, in milliseconds: medians over the turns, and the least."""
    options = _options()
    peers = [peer for peer in (_peer(kind, python) for kind, python in _interpreters(options).items()) if peer]
    print(f"numpy {np.__version__}, " + ", ".join(f"{peer.kind} {peer.version}" for peer in peers))
    print(
        f"{'network':14}{'ours':>9}" + "".join(f"{peer.kind:>20}{'ratio':>7}" for peer in peers) + "  worst difference"
    )
    for name in options.networks:
        _measure(name, peers, options)


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("networks", nargs="*", default=list(NETWORKS), help="which networks")
    parser.add_argument("--rounds", type=int, default=15, help="how often the runtimes take turns")
    parser.add_argument("--seconds", type=float, default=0.3, help="how long a turn is, at least one run")
    parser.add_argument("--torch-python", default=sys.executable, help="an interpreter that has PyTorch")
    return parser.parse_args()


def _interpreters(options: argparse.Namespace) -> dict[str, str]:
    return {"onnxruntime": sys.executable, "onnxruntime-output": sys.executable, "torch": options.torch_python}


class Peer:
    """Another runtime in its process."""

    def __init__(self, kind: str, python: str) -> None:
        self.kind, self.version = kind, ""
        command = [python, str(HERE / "peers.py"), kind]
        self._process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE)

    def ask(self, *request: Any) -> Any:
        """Send a request and wait for the answer."""
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        pickle.dump(request, self._process.stdin)
        self._process.stdin.flush()
        return pickle.load(self._process.stdout)


def _peer(kind: str, python: str) -> Peer | None:
    module = "torch" if kind == "torch" else "onnxruntime"
    found = subprocess.run(
        [python, "-c", f"import {module}; print({module}.__version__)"], capture_output=True, text=True
    )
    if found.returncode:
        print(f"{module} is not installed: left out")
        return None
    peer = Peer(kind, python)
    peer.version = found.stdout.strip()
    return peer


def _measure(name: str, peers: list[Peer], options: argparse.Namespace) -> None:
    graph = NETWORKS[name]()
    analysis, weights = analyse(graph), initialise(graph)
    image = _image(analysis)
    described = _described(name, graph, analysis, weights)
    for peer in peers:
        peer.ask("build", name, described[peer.kind], image)
    ours = _Ours(graph, weights, image)
    worst = max((_difference(ours.maps, peer.ask("maps", name)) for peer in peers), default=0.0)
    times: dict[str, list[float]] = {kind: [] for kind in ("ours", *(peer.kind for peer in peers))}
    for _ in range(options.rounds):
        times["ours"].append(statistics.median(ours.timed(options.seconds)))
        for peer in peers:
            times[peer.kind].append(statistics.median(peer.ask("time", name, options.seconds)))
    for label, typical in ((name, statistics.median), ("  least", min)):
        own = typical(times["ours"])
        cells = [f"{label:14}{own * 1e3:9.3f}"]
        cells += [f"{typical(times[peer.kind]) * 1e3:20.3f}{typical(times[peer.kind]) / own:7.2f}" for peer in peers]
        print("".join(cells) + (f"  {worst:.1e}" if label == name else ""), flush=True)
    for node in EDITS.get(name, ()):
        print(f"{'  from ' + node:14}{ours.incremental(node, options.rounds):9.3f} of a full run", flush=True)


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


def _difference(maps: FeatureMaps, others: dict[str, np.ndarray]) -> float:
    """Return the largest difference between two sets of maps, as a share of each map's largest value."""
    worst = 0.0
    for node, values in others.items():
        found = float(np.abs(maps[node] - values[0]).max() / max(np.abs(values).max(), 1e-30))
        if found > TOLERANCE:
            raise SystemExit(f"The maps of {node!r} differ by {found:.1e} of the largest value")
        worst = max(worst, found)
    return worst


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


if __name__ == "__main__":
    main()
