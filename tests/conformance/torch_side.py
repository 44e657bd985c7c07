"""The same network in PyTorch: our source, run as it is written, with our weights under its own names."""

from types import ModuleType
from typing import Any

import numpy as np
import torch

from engine import Graph, Network, Weights, analyse, run
from engine.formats import torch_code
from tests.conformance.runtime import weights_for

TOLERANCE = 1e-4  # of the largest value on the way
LEAST = 1e-3  # what the largest value on the way is at least taken for
# Torch hands convolutions to oneDNN, which reads memory that is not the image's: see `test_keras`.
torch.backends.mkldnn.enabled = False


def module_of(source: str) -> ModuleType:
    """Return what importing the source gives."""
    module = ModuleType("model")
    exec(compile(source, "model.py", "exec"), module.__dict__)
    return module


def model_of(network: Network, source: str | None = None) -> Any:
    """Return the network's class made, without weights."""
    source = torch_code.written(network)[0] if source is None else source
    return getattr(module_of(source), torch_code.class_name(network))().eval()


def load(model: Any, network: Network, weights: Weights) -> None:
    """Put our weights in a model, under the names that we say it has."""
    names = torch_code.state_names(network)
    arrays = {names[ours]: torch.from_numpy(np.array(array)) for ours, array in weights.flat().items()}
    counters = {name for name in model.state_dict() if name.endswith(".num_batches_tracked")}
    assert model.state_dict().keys() - counters == arrays.keys()
    missing, odd = model.load_state_dict(arrays, strict=False)
    assert not odd
    assert set(missing) <= counters


def outputs(model: Any, image: np.ndarray) -> list[np.ndarray]:
    """Return what a model makes of one image ``(C, H, W)``, without the batch."""
    with torch.no_grad():
        made = model(torch.from_numpy(image[None]))
    return [one.numpy()[0] for one in (made if isinstance(made, tuple) else (made,))]


def compare(graph: Graph, seed: int, network: Network | None = None, weights: Weights | None = None) -> None:
    """Assert that the source has our parameters, and that its outputs are ours."""
    analysis = analyse(graph)
    network = network or Network("Net", graph)
    weights = weights if weights is not None else weights_for(graph, seed)
    model = model_of(network)
    assert sum(one.numel() for one in model.parameters()) == analysis.totals.parameters
    load(model, network, weights)
    image = np.random.default_rng(seed).normal(size=analysis.nodes[analysis.input.id].output).astype(np.float32)
    maps = run(graph, weights, image, analysis=analysis)
    largest = max(LEAST, *(float(np.abs(values).max()) for values in maps.values()))
    ends = [node for node in analysis.order if not graph.outgoing[node]]
    for node, theirs in zip(ends, outputs(model, image), strict=True):
        assert maps[node].shape == theirs.shape, node
        np.testing.assert_allclose(theirs, maps[node], rtol=0, atol=TOLERANCE * largest, err_msg=node)
