"""What a run costs beside time: memory, the window's smoothness, how soon it can be given up, what starting takes."""

import json
import os
import random
import statistics
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path

import numpy as np
from networks import NETWORKS, graph_of
from report import Row

from engine import Cancelled, FeatureMaps, Input, analyse, initialise, run
from engine.fast.plan import make_plan
from engine.fast.rules import tuning

HERE = Path(__file__).parent


def measure() -> Iterator[Row]:
    """Yield all rows."""
    for name in ("VGG-16", "ResNet-50", "MobileNetV2"):
        first, held = _asked("memory", NETWORKS[name])
        yield Row(f"{name}: peak / (weights + maps), first run", f"{first:.2f}", goal="≤ 1.5")
        yield Row(f"{name}: later, the last run's maps held and counted", f"{held:.2f}", goal="≤ 1.5")
    yield Row("VGG-16: longest time until a run has stopped", _cancelling("vgg16"), goal="≤ 100 ms")
    (gap,) = _asked("gap")
    yield Row("VGG-16 in the window: longest gap of its thread", gap, goal="≤ 50 ms")
    known = analyse(graph_of("resnet152"))
    yield Row("ResNet-152: planning a run", min(_planning(known) for _ in range(5)), goal="≤ 100 ms")
    yield Row("import engine", *_imports(), goal="≤ 150 ms")


def _planning(known: object) -> float:
    start = time.perf_counter()
    make_plan(known, tuning(strict=False))  # type: ignore[arg-type]
    return time.perf_counter() - start


def _imports() -> tuple[float, str, float]:
    """Return the median time that importing takes, and numpy's share in it, both with bytecode written."""
    environment = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    times: dict[str, list[float]] = {"engine": [], "numpy": []}
    for _ in range(8):
        for module, found in times.items():
            code = f"import time; a = time.perf_counter(); import {module}; print(time.perf_counter() - a)"
            asked = subprocess.run(
                [sys.executable, "-c", code], capture_output=True, text=True, check=True, env=environment
            )
            found.append(float(asked.stdout))
    return statistics.median(times["engine"][1:]), "numpy alone", statistics.median(times["numpy"][1:])


def _asked(*request: str) -> list[float]:
    """Return what a fresh process measures."""
    environment = os.environ | {"QT_QPA_PLATFORM": "offscreen"}
    command = [sys.executable, str(HERE / "limits.py"), *request]
    done = subprocess.run(command, capture_output=True, text=True, check=True, env=environment)
    found: list[float] = json.loads(done.stdout.splitlines()[-1])
    return found


def _cancelling(name: str) -> float:
    """Return the longest time between asking a run to stop, at a random moment, and its end."""
    graph = graph_of(name)
    weights, image = initialise(graph), _image(name)
    run(graph, weights, image)
    chance, longest = random.Random(0), 0.0
    for _ in range(20):
        asked = threading.Event()
        moment = [0.0]

        def ask(asked: threading.Event = asked, moment: list[float] = moment) -> None:
            moment[0] = time.perf_counter()
            asked.set()

        timer = threading.Timer(chance.uniform(0.001, 0.06), ask)
        timer.start()
        try:
            run(graph, weights, image, cancelled=asked.is_set)
            timer.cancel()
        except Cancelled:
            longest = max(longest, time.perf_counter() - moment[0])
    return longest


def _image(name: str) -> np.ndarray:
    found = analyse(graph_of(name)).input
    assert found is not None
    assert isinstance(found.layer, Input)
    image = np.random.default_rng(7).random(tuple(found.layer.shape), np.float32)
    image.flags.writeable = False
    return image


def memory(name: str) -> list[float]:
    """Return the peak of resident memory of the first run, and of later ones with the last maps held, as ratios."""
    small = graph_of("lenet5")
    run(small, initialise(small), _image("lenet5"))  # what is loaded once is not a network's
    graph, image = graph_of(name), _image(name)
    known, before = analyse(graph), _resident("VmRSS")
    weights = initialise(graph)
    maps = known.totals.activation_bytes
    held = sum(array.nbytes for node in weights.values() for array in node.values())
    _forget_peak()
    kept: FeatureMaps = run(graph, weights, image)
    first = (_resident("VmHWM") - before) / (held + maps)
    _forget_peak()
    for _ in range(3):
        kept = run(graph, weights, image)
    later = (_resident("VmHWM") - before) / (held + 2 * maps)
    del kept
    return [first, later]


def _resident(which: str) -> int:
    lines = Path("/proc/self/status").read_text(encoding="ascii").splitlines()
    return next(int(line.split()[1]) * 1024 for line in lines if line.startswith(which))


def _forget_peak() -> None:
    Path("/proc/self/clear_refs").write_text("5", encoding="ascii")


def gap() -> list[float]:
    """Return the longest time for which the window's thread did not answer while VGG-16 ran ten times."""
    from PySide6.QtCore import QEventLoop, QTimer
    from PySide6.QtWidgets import QApplication

    from designer import resources, theme
    from designer.shield import raise_shields
    from designer.window import MainWindow

    app = QApplication([])
    theme.apply(app, theme.LIGHT)
    raise_shields()
    window = MainWindow()
    window.show()
    window.files.open(resources.path("examples", "vgg16.json"))
    loop = QEventLoop()
    window.runs.settled.connect(lambda _: loop.quit())
    window.runs.open_image(resources.path("images", "cat.jpg"))
    loop.exec()
    ticks: list[float] = []
    timer = QTimer(interval=0)
    timer.timeout.connect(lambda: ticks.append(time.perf_counter()))
    gaps = []
    for bias in range(10):
        conv = window.document.graph.by_id["features.0"].layer
        ticks.clear()
        timer.start()
        edited = window.document.graph.replace_layer("features.0", conv.replace(bias=bool(bias % 2)))
        window.document.edit("Edit", edited)
        loop.exec()
        timer.stop()
        gaps += [end - start for start, end in pairwise(ticks)]
    window.document.undo_stack.setClean()  # nothing to save
    window.close()
    return [max(gaps)]


if __name__ == "__main__":
    print(json.dumps({"memory": memory, "gap": gap}[sys.argv[1]](*sys.argv[2:])))
