"""The fast forward pass: equal to the plain one, exact when it reuses, and careful with threads."""

import threading
import time

import numpy as np
import pytest
import threadpoolctl
from hypothesis import given
from hypothesis import strategies as st

from engine import (
    Add,
    Cancelled,
    Conv2D,
    Dropout,
    Input,
    MaxPool2D,
    Node,
    Progress,
    ReLU,
    RunError,
    Weights,
    analyse,
    initialise,
    run,
)
from engine.fast import team
from tests.engine.fast_networks import APART, DEEP, WIDE, chain, picture, plain, same, stopped_behind
from tests.strategies import drawings, edited, networks

SEEDS = st.integers(0, 2**32 - 1)


@given(graph=networks(), seed=SEEDS)
def test_any_network_equals_the_plain_layers(graph, seed):
    weights, image = initialise(graph, seed), picture(graph, seed)
    maps, expected = run(graph, weights, image), plain(graph, weights, image)
    assert list(maps) == list(expected)
    for node, values in expected.items():
        assert maps[node].shape == values.shape
        assert maps[node].dtype == np.float32
        assert not maps[node].flags.writeable
        finite = np.isfinite(values)
        largest = np.abs(values[finite]).max(initial=1.0)
        assert np.abs(maps[node] - values)[finite].max(initial=0) <= 1e-4 * largest


@given(data=st.data(), graph=networks(), seed=SEEDS)
def test_what_is_reused_equals_a_full_run_bit_by_bit(data, graph, seed):
    image = picture(graph, seed)
    before = run(graph, initialise(graph), image)
    changed = data.draw(edited(graph))
    if analyse(changed).input is None or changed.nodes[0] != graph.nodes[0]:
        return
    weights = initialise(changed)
    again = run(changed, weights, image, previous=before)
    full = run(changed, weights, image)
    assert list(again) == list(full)
    assert all(same(again[node], full[node]) for node in full)


@given(graph=drawings())
def test_a_drawing_runs_as_far_as_it_makes_sense(graph):
    known = analyse(graph)
    if known.input is None:
        with pytest.raises(RunError):
            run(graph, Weights({}), np.zeros((1, 1, 1), np.float32))
        return
    image = np.zeros(known.input.layer.shape, np.float32)
    maps = run(graph, initialise(graph), image)
    assert all(maps[node].shape == known.nodes[node].output for node in maps)


@pytest.mark.parametrize("graph", [DEEP, WIDE])
def test_large_enough_for_two_threads(graph):
    weights, image = initialise(graph), picture(graph)
    maps, expected = run(graph, weights, image), plain(graph, weights, image)
    for node in maps:
        np.testing.assert_allclose(maps[node], expected[node], atol=1e-4 * np.abs(expected[node]).max())


@pytest.mark.parametrize("graph", [WIDE, APART])
def test_one_processor_gives_the_same_bits(monkeypatch, graph):
    weights, image = initialise(graph), picture(graph)
    two = run(graph, weights, image)
    monkeypatch.setattr(team, "processors", lambda: 1)
    one = run(graph, weights, image)
    assert all(same(one[node], two[node]) for node in two)


def test_progress_names_every_layer_once_with_its_time():
    steps: list[Progress] = []
    weights, image = initialise(DEEP), picture(DEEP)
    maps = run(DEEP, weights, image, progress=steps.append)
    assert sorted(step.node for step in steps) == sorted(maps)
    assert [step.done for step in steps] == list(range(1, len(maps) + 1))
    assert all(same(step.values, maps[step.node]) for step in steps)
    assert all(step.seconds >= 0 for step in steps)
    assert maps.seconds("n2") > 0
    steps.clear()
    again = run(DEEP, weights, image, progress=steps.append, previous=maps)
    assert len(steps) == len(maps)
    assert all(again.result(node) is maps.result(node) for node in maps)


def test_a_layer_behind_a_reused_one_that_hands_it_on():
    longer = DEEP.add(Node("drop", Dropout())).connect("n4", "drop").add(Node("sum", Add()))
    longer = longer.connect("drop", "sum", 0).connect("n4", "sum", 1)
    weights, image = initialise(longer), picture(longer)
    maps = run(longer, weights, image, previous=run(DEEP, weights, image))
    assert same(maps["drop"], maps["n4"])
    assert same(maps["sum"], maps["n4"] * 2)


@pytest.mark.parametrize("after", [0, 1, 4, 8])
def test_cancelled_within_a_tenth_of_a_second(after):
    weights, image = initialise(WIDE), picture(WIDE)
    expected = run(WIDE, weights, image)
    asked, stopped = [], []

    def cancelled() -> bool:
        asked.append(time.perf_counter())
        if len(asked) > after:
            stopped.append(time.perf_counter())
        return len(asked) > after

    with pytest.raises(Cancelled):
        run(WIDE, weights, image, cancelled=cancelled)
    assert time.perf_counter() - stopped[0] < 0.1
    assert same(run(WIDE, weights, image)["n5"], expected["n5"])


def test_an_error_in_a_callback_reaches_the_caller_and_leaves_all_in_order():
    weights, image = initialise(WIDE), picture(WIDE)

    def fail(_: Progress) -> None:
        raise KeyError("mine")

    with pytest.raises(KeyError, match="mine"):
        run(WIDE, weights, image, progress=fail)
    assert len(run(WIDE, weights, image)) == 7


def test_a_run_inside_a_run_and_runs_side_by_side():
    weights, image = initialise(WIDE), picture(WIDE)
    expected = run(WIDE, weights, image)
    inner: list[bool] = []

    def again(step: Progress) -> None:
        if step.node == "n1":
            inner.append(same(run(WIDE, weights, image)["n5"], expected["n5"]))

    run(WIDE, weights, image, progress=again)
    threads = [
        threading.Thread(target=lambda: inner.append(same(run(WIDE, weights, image)["n5"], expected["n5"])))
        for _ in range(4)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert inner == [True] * 5


def test_blas_has_its_threads_back_afterwards():
    def counts():
        return [entry["num_threads"] for entry in threadpoolctl.threadpool_info() if entry["user_api"] == "blas"]

    before = counts()
    weights, image = initialise(WIDE), picture(WIDE)
    seen = []
    run(WIDE, weights, image, progress=lambda _: seen.append(counts()))
    assert counts() == before
    assert all(one == [1] * len(before) for one in seen)


def test_a_small_run_leaves_settings_as_they_were_and_knows_its_times():
    small = chain(Conv2D(filters=4), ReLU(), MaxPool2D(), Dropout(), image=Input(height=12, width=12))
    weights, image = initialise(small), picture(small)
    before, settings = threadpoolctl.threadpool_info(), np.geterr()
    maps = run(small, weights, image)
    assert (threadpoolctl.threadpool_info(), np.geterr()) == (before, settings)
    assert all(maps.seconds(node) > 0 for node in ("n0", "n1", "n2"))
    assert maps.seconds("n3") == 0
    assert stopped_behind("n0", small, weights, image) == ["image", "n0"]
    assert (threadpoolctl.threadpool_info(), np.geterr()) == (before, settings)
    assert same(run(small, weights, image)["n3"], maps["n3"])


def test_a_team_closes_and_starts_again(monkeypatch):
    monkeypatch.setattr(team, "processors", lambda: 2)
    pair = team.Team()
    for _ in range(2):
        done: list[int] = []
        assert pair.engage()
        assert not pair.engage()
        pair.run(done.append)
        pair.release()
        assert sorted(done) == [0, 1]
        helper = pair._helper
        pair.close()
        assert not helper.is_alive()
