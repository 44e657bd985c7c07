"""Runs that are given up, overtaken by others, or too large for the memory there is."""

import random
import resource
import statistics
import subprocess
import sys
import threading
import time
from pathlib import Path

import numpy as np
import pytest

from designer.runner import Runner
from engine import Cancelled, Conv2D, Network, analyse, completed, load, need, run
from tests.engine.networks import lenet5

ROOM = 1_300_000_000  # bytes of addresses: the README names them
SOON = 0.1  # seconds


def test_a_run_is_given_up_at_any_moment_from_its_first_random_weight_on(resources: Path):
    """Of the processor's time, for the machine may be busy with others; the moments are spread over all of a run."""
    network = load(resources / "examples" / "vgg16.json")
    analysis, chance, longest = analyse(network.graph), random.Random(0), []
    image = np.zeros((3, 224, 224), np.float32)
    whole = time.thread_time()
    run(network.graph, completed(analysis, seed=99), image, analysis=analysis)
    whole = time.thread_time() - whole
    for number in range(10):
        asked, began = chance.uniform(0, 0.7 * whole), time.thread_time()
        over: list[float] = []

        def cancelled(asked: float = asked, began: float = began, over: list[float] = over) -> bool:
            over.append(time.thread_time())
            return over[-1] - began > asked

        try:
            run(network.graph, completed(analysis, seed=number, cancelled=cancelled), image, cancelled=cancelled)
        except Cancelled:
            before = max([began, *(moment for moment in over if moment - began <= asked)])
            longest.append(time.thread_time() - before)  # the longest that somebody who asks then has to wait
        else:
            whole = min(whole, time.thread_time() - began)  # the first run takes longer than those after it
    assert len(longest) > 3
    assert statistics.median(longest) < SOON / 2
    assert max(longest) < SOON


def test_a_thousand_requests_end_with_the_last_ones_result_and_one_thread(qtbot, resources: Path):
    def running() -> int:
        return [thread.name for thread in threading.enumerate()].count("convolab-runner")

    before = running()
    runner, results = Runner(), []
    runner.finished.connect(results.append)
    image = min((resources / "images" / "digits").glob("7_*.png"))
    for number in range(1000):
        graph = lenet5().replace_layer("conv1", Conv2D(filters=1 + number % 50, kernel=(5, 5)))
        runner.request(Network("n", graph), analyse(graph), image)
        if number % 100 == 0:
            qtbot.wait(1)
    qtbot.waitUntil(lambda: bool(results) and results[-1].request.number == 1000, timeout=60_000)
    assert len(results[-1].maps["conv1"]) == 1 + 999 % 50
    qtbot.wait(50)
    assert results[-1].request.number == 1000
    assert running() == before + 1
    assert [thread.name for thread in threading.enumerate()].count("convolab-helper") <= 1
    runner.close()
    assert running() == before


_VGG = """
import resource, sys
resource.setrlimit(resource.RLIMIT_AS, (int(sys.argv[1]),) * 2)
import numpy as np
from engine import analyse, initialise, load, run
graph = load(sys.argv[2]).graph
maps = run(graph, initialise(graph), np.zeros((3, 224, 224), np.float32))
assert len(maps) == len(graph.nodes)
print(sum(float(maps[node].sum()) for node in maps if maps[node].ndim == 1) >= 1)
"""


def child(program: str, *arguments: object) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-c", program, *map(str, arguments)]
    return subprocess.run(command, capture_output=True, text=True, timeout=300, check=False)


def test_vgg16_runs_with_all_maps_in_the_room_that_the_readme_names(resources: Path):
    ended = child(_VGG, ROOM, resources / "examples" / "vgg16.json")
    assert ended.returncode == 0, ended.stderr[-2000:]
    readme = (resources.parent / "README.md").read_text(encoding="utf-8")
    assert f"{ROOM / 1e9:.1f} GB of addresses" in readme


_MEASURE = """
import sys
import numpy as np
from pathlib import Path
from engine import analyse, initialise, load, need, run

def said(name):
    lines = Path("/proc/self/status").read_text().splitlines()
    return next(int(line.split()[1]) * 1024 for line in lines if line.startswith(name))

small = load(sys.argv[3]).graph
run(small, initialise(small), np.zeros((1, 32, 32), np.float32))
graph = load(sys.argv[1]).graph
keep = None if sys.argv[2] == "all" else ()
known = analyse(graph)
wanted, before = need(known, keep), said("VmRSS")
Path("/proc/self/clear_refs").write_text("5")
run(graph, initialise(graph), np.zeros(tuple(known.input.layer.shape), np.float32), keep=keep)
print(wanted.total / (said("VmHWM") - before))
"""


@pytest.mark.parametrize(("name", "maps"), [("mobilenet_v2", "all"), ("resnet50", "few")])
def test_what_a_run_takes_is_known_before(name: str, maps: str, resources: Path):
    examples = resources / "examples"
    ended = child(_MEASURE, examples / f"{name}.json", maps, examples / "lenet5.json")
    assert ended.returncode == 0, ended.stderr[-2000:]
    assert 0.85 < float(ended.stdout) < 1.4


def test_a_limit_on_addresses_is_a_limit_for_runs(resources: Path):
    program = """
import resource
from engine import room
usual = room.usual_limit()
resource.setrlimit(resource.RLIMIT_AS, (2 * 10**9,) * 2)
print(usual > room.usual_limit() and room.usual_limit() < 2 * 10**9)
"""
    assert resource.getrlimit(resource.RLIMIT_AS)[0] == resource.RLIM_INFINITY
    assert child(program).stdout.strip() == "True"


def test_what_is_needed_falls_with_the_maps_that_are_kept(resources: Path):
    analysis = analyse(load(resources / "examples" / "resnet50.json").graph)
    everything, nothing = need(analysis), need(analysis, ())
    assert nothing.total < everything.total
    assert need(analysis, analysis.order).maps >= analysis.totals.activation_bytes * 0.9
