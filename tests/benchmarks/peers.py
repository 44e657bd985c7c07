"""The other runtimes, each in a process of its own: the same network, with the same weights, measured on demand.

This file is also the script of those processes, so it imports only what they have: numpy and the runtime itself.
Messages are pickles on standard input and output.
"""

import os
import pickle
import sys
import time

import numpy as np

THREADS = 2


def main() -> None:
    """Answer requests until the input ends: build a network, return its maps, or time some runs."""
    kind = sys.argv[1]
    answers = os.fdopen(os.dup(sys.stdout.fileno()), "wb")
    os.dup2(sys.stderr.fileno(), sys.stdout.fileno())  # what libraries print must not get between the messages
    networks = {}
    while True:
        try:
            request = pickle.load(sys.stdin.buffer)
        except EOFError:
            return
        if request[0] == "build":
            name, described, image = request[1:]
            networks[name] = (KINDS[kind](described), image)
            answer = version(kind)
        elif request[0] == "maps":
            run, image = networks[request[1]]
            answer = {node: np.asarray(values) for node, values in run(image).items()}
        else:
            answer = timed(*networks[request[1]], seconds=request[2])
        pickle.dump(answer, answers)
        answers.flush()


def timed(run, image, *, seconds: float) -> list[float]:
    """Return how long each run took, for about so many seconds; a run's maps are held until the next one is done."""
    times = []
    end = time.perf_counter() + seconds
    held = None
    while not times or time.perf_counter() < end:
        start = time.perf_counter()
        held = run(image)
        times.append(time.perf_counter() - start)
    del held
    return times


def version(kind: str) -> str:
    """Return the runtime's version."""
    module = sys.modules["torch" if kind == "torch" else "onnxruntime"]
    return str(module.__version__)


def onnxruntime_all(described):
    """Make a function that returns every map."""
    return _onnxruntime(described["every_map"])


def onnxruntime_output(described):
    """Make a function that returns the open ends only."""
    return _onnxruntime(described["output"])


def _onnxruntime(model: bytes):
    import onnxruntime

    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = THREADS
    options.log_severity_level = 3
    session = onnxruntime.InferenceSession(model, options, providers=["CPUExecutionProvider"])
    entrance, outputs = session.get_inputs()[0].name, [output.name for output in session.get_outputs()]
    return lambda image: dict(zip(outputs, session.run(None, {entrance: image[None]}), strict=True))


def torch_all(described):
    """Make a function that runs PyTorch eagerly, layer by layer, and keeps every map."""
    import torch

    torch.set_num_threads(THREADS)
    steps = [(node, _torch_layer(layer), sources) for node, layer, sources in described["layers"]]

    def run(image):
        with torch.inference_mode():
            maps = {}
            for node, layer, sources in steps:
                maps[node] = layer(*(maps[source] for source in sources)) if sources else torch.from_numpy(image)[None]
            return maps

    return run


def _torch_layer(layer):
    import torch
    import torch.nn.functional as f

    kind, given, arrays = layer
    w = {name: torch.from_numpy(array) for name, array in arrays.items()}
    if kind in ("Conv2D", "DepthwiseConv2D"):
        groups = given.get("groups", len(w["weight"]))
        args = (given["stride"], given["padding"], given["dilation"], groups)
        return lambda x: f.conv2d(x, w["weight"], w.get("bias"), *args)
    if kind == "BatchNorm2D":
        args = (w["running_mean"], w["running_var"], w["weight"], w["bias"], False, 0.0, given["epsilon"])
        return lambda x: f.batch_norm(x, *args)
    if kind == "Normalization":
        mean, deviation = (torch.tensor(given[name])[:, None, None] for name in ("mean", "deviation"))
        return lambda x: (x - mean) / deviation
    if kind == "Dense":
        return lambda x: f.linear(x, w["weight"], w.get("bias"))
    return {
        "AdaptiveAvgPool2D": lambda x: f.adaptive_avg_pool2d(x, given["output"]),
        "Dropout": lambda x: x,
        "Input": None,
        "ReLU": f.relu,
        "ReLU6": f.relu6,
        "MaxPool2D": lambda x: f.max_pool2d(x, given["kernel"], given["stride"], given["padding"]),
        "GlobalAvgPool2D": lambda x: x.mean((2, 3)),
        "Flatten": lambda x: torch.flatten(x, 1),
        "Softmax": lambda x: f.softmax(x, 1),
        "Add": lambda x, y: x + y,
    }[kind]


KINDS = {"onnxruntime": onnxruntime_all, "onnxruntime-output": onnxruntime_output, "torch": torch_all}

if __name__ == "__main__":
    main()
