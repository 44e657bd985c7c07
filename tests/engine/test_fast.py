"""The fast forward pass: equal to the plain one, exact when it reuses, and careful with memory and threads."""

import gc
import threading
import time
from contextlib import suppress
from itertools import count, pairwise

import numpy as np
import pytest
import threadpoolctl
from hypothesis import given
from hypothesis import strategies as st

from engine import (
    Add,
    Cancelled,
    Conv2D,
    Dense,
    DepthwiseConv2D,
    Dropout,
    Flatten,
    GlobalAvgPool2D,
    Graph,
    Input,
    Layer,
    MaxPool2D,
    Node,
    Progress,
    ReLU,
    RunError,
    Softmax,
    Weights,
    analyse,
    initialise,
    run,
)
from engine.fast import executable, team
from engine.fast.memory import CHUNK, Loan, Pool
from engine.fast.plan import make_plan
from engine.fast.rules import Tuning, tuning
from tests.strategies import drawings, edited, networks

SEEDS = st.integers(0, 2**32 - 1)


def chain(*layers: Layer, image: Input | None = None) -> Graph:
    graph = Graph().add(Node("image", image or Input(channels=3, height=32, width=32)))
    for number, layer in enumerate(layers):
        node = f"n{number}"
        graph = graph.add(Node(node, layer)).connect(graph.nodes[-1].id, node)
    return graph


def picture(graph: Graph, seed: int = 0):
    values = np.random.default_rng(seed).standard_normal(graph.nodes[0].layer.shape, dtype=np.float32)
    values.flags.writeable = False
    return values


CONV = Conv2D(filters=32, kernel=(3, 3), padding="same")
DEEP = chain(CONV, ReLU(), CONV, ReLU(), MaxPool2D(), CONV, Dropout(), CONV, ReLU(), Flatten(), Dense(units=10))
WIDE = chain(*[Conv2D(filters=64, kernel=(3, 3), padding="same")] * 6, image=Input(channels=3, height=160, width=160))
APART = chain(
    Conv2D(filters=96, kernel=(1, 1)),
    ReLU(),
    DepthwiseConv2D(kernel=(3, 3), padding="same"),
    Conv2D(filters=96, kernel=(1, 1)),
    ReLU(),
    DepthwiseConv2D(kernel=(3, 3), stride=(2, 2), padding=(1, 1, 1, 1)),
    Conv2D(filters=96, kernel=(1, 1)),
    ReLU(),
    DepthwiseConv2D(kernel=(5, 5), padding="same"),
    Conv2D(filters=96, kernel=(3, 3), padding="same"),
    image=Input(channels=32, height=56, width=56),
)


def same(a, b) -> bool:
    return a.shape == b.shape and np.array_equal(a, b, equal_nan=True)


def plain(graph, weights, image):
    """Every map by `Layer.forward`, as a batch of one."""
    return {node: values[0] for node, values in run(graph, weights, image[None]).items()}


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


def test_rows_that_need_nothing_of_the_other_worker_are_not_waited_with():
    plan = make_plan(analyse(APART), tuning(strict=False))
    early: dict[str, list[tuple[int, int]]] = {}
    for epoch in plan.epochs:
        for meanwhile in epoch.meanwhile:
            for node, region in meanwhile:
                early.setdefault(node, []).append((region.top, region.bottom))
    # A window of three rows at a stride of one, one of three at a stride of two, which reaches upwards only, and one of
    # five. A pooling window could do the same; a convolution can't, for the last bits of a product depend on its size.
    assert early == {"n2": [(0, 27), (29, 56)], "n5": [(0, 14), (15, 28)], "n8": [(0, 12), (16, 28)]}
    late = [part for epoch in plan.epochs for parts in epoch.parts for part in parts if part.node in early]
    assert [(part.region.top, part.region.bottom) for part in late] == [
        (27, 28),
        (28, 29),
        (14, 15),
        (12, 14),
        (14, 16),
    ]
    weights, image = initialise(APART), picture(APART)
    maps, expected = run(APART, weights, image), plain(APART, weights, image)
    for node in maps:
        np.testing.assert_allclose(maps[node], expected[node], atol=1e-4 * np.abs(expected[node]).max())


def test_strict_keeps_to_small_tiles():
    def tiles(strict):
        plan = make_plan(analyse(WIDE), tuning(strict=strict))
        return {step.kernel.tile for step in plan.steps.values() if hasattr(step.kernel, "tile")}

    assert tiles(strict=False) == {4}
    assert tiles(strict=True) == {2}
    weights, image = initialise(WIDE), picture(WIDE)
    loose = run(WIDE, weights, image)
    strict, expected = run(WIDE, weights, image, previous=loose, strict=True), plain(WIDE, weights, image)
    last = WIDE.nodes[-1].id
    assert np.abs(strict[last] - expected[last]).max() < 5e-6 * np.abs(expected[last]).max()
    assert not same(strict[last], loose[last])


def test_maps_never_change_and_memory_comes_back():
    weights = initialise(WIDE)
    held = run(WIDE, weights, picture(WIDE, 1))
    kept, copies = dict(held), {node: values.copy() for node, values in held.items()}
    for seed in range(2, 6):
        run(WIDE, weights, picture(WIDE, seed))
    assert all(same(kept[node], copies[node]) for node in kept)
    view, address = kept["n3"][5:, ::2], address_of(kept["n3"])
    expected = view.copy()
    del held, kept
    for seed in range(2, 6):
        maps = run(WIDE, weights, picture(WIDE, seed))
        assert address_of(maps["n3"]) != address
    assert same(view, expected)
    del view, maps
    addresses = {address_of(run(WIDE, weights, picture(WIDE, seed))["n3"]) for seed in range(6)}
    assert len(addresses) <= executable.FRAMES


def test_memory_that_the_pool_lets_go_is_kept_by_no_network(monkeypatch):
    monkeypatch.setattr(executable, "SPARE", 0)
    known = [(graph, initialise(graph)) for graph in (WIDE, APART, DEEP)]
    for graph, weights in known:
        run(graph, weights, picture(graph))
    assert len(executable._latest) >= len(known)
    assert all(frame.whole for one in executable._latest for frame in one._frames)


def test_new_memory_lies_together_in_separate_pieces():
    pool = Pool()
    sizes = [100, CHUNK - 500, 30, 2 * CHUNK, 7, 9]
    taken = pool.take([2, 1, 0], sizes[:3], [None] * 3) | pool.take([3, 5, 4], sizes, [None] * len(sizes))
    first = [taken[number] for number in range(len(sizes))]
    assert [memory.values.size for memory in first] == sizes
    assert all(address_of(memory.values) % 64 == 0 for memory in first)
    places = sorted((address_of(memory.values), memory.bytes) for memory in first)
    assert all(start + length <= after for (start, length), (after, _) in pairwise(places))
    assert address_of(first[1].values) - address_of(first[2].values) == 4 * 32
    loan = Loan(taken, pool)
    assert not any(pool.are_idle([memory]) for memory in first)
    row = loan.array(3)[10:20]
    assert loan.array(3) is loan.array(3)
    assert not row.flags.writeable
    del loan  # a view keeps its own piece alone
    assert pool.are_idle([*first[:3], *first[4:]])
    assert not pool.are_idle([first[3]])
    del row
    assert pool.are_idle(first)
    again = pool.take([0, 1, 2, 4], [9, 50, 7, 60, 100], [first[5], None, None, None, first[0]])
    assert [memory.values.size for memory in again.values()] == [9, 7, 100, 50]
    assert [again[0], again[2], again[4]] == [first[5], first[4], first[0]]
    assert pool.are_idle([first[2], None])


def address_of(values) -> int:
    return values.__array_interface__["data"][0]


def test_nothing_holds_the_weights_when_their_owner_is_gone():
    weights = initialise(WIDE, seed=99)
    run(WIDE, weights, picture(WIDE))
    entries = len(executable._preparations._entries)
    assert entries >= 6
    del weights
    gc.collect()
    assert len(executable._preparations._entries) <= entries - 6


@pytest.mark.parametrize("after", [None, 0, 20])
def test_a_run_leaves_no_garbage_in_circles(after: int | None):
    # It would be found at any time, on any thread, and a network's maps take long to free.
    weights, image = initialise(WIDE, seed=98), picture(WIDE)
    asked = count()
    gc.collect()
    gc.set_debug(gc.DEBUG_SAVEALL)
    try:
        with suppress(Cancelled):
            run(WIDE, weights, image, cancelled=lambda: after is not None and next(asked) >= after)
        del weights
        executable._latest.clear()
        gc.collect()
        assert not [one for one in gc.garbage if type(one).__module__.startswith("engine.")]
    finally:
        gc.set_debug(0)
        gc.garbage.clear()


TAIL = chain(
    Conv2D(filters=512, kernel=(3, 3)),
    Conv2D(filters=1024, kernel=(1, 1)),
    ReLU(),
    GlobalAvgPool2D(),
    Dense(units=1000),
    Softmax(),
    image=Input(channels=64, height=7, width=7),
)


def test_a_mean_is_taken_beside_the_filters_it_is_of_and_the_end_is_for_one_thread():
    plan = make_plan(analyse(TAIL), tuning(strict=False))
    *_, before, dense, last = ([[part.node for part in parts] for parts in epoch.parts] for epoch in plan.epochs)
    assert (before, dense, last) == ([["n1", "n2", "n3"]] * 2, [["n4"]] * 2, [["n5"], []])
    weights, image = initialise(TAIL), picture(TAIL)
    for maps in (run(TAIL, weights, image), run(TAIL, weights, image, cancelled=lambda: False)):
        assert same(maps["n3"], np.add.reduce(maps["n2"].reshape(1024, 25).T.copy()) / np.float32(25))
        np.testing.assert_allclose(maps["n5"], plain(TAIL, weights, image)["n5"], atol=1e-6)
        assert all(maps.seconds(f"n{number}") > 0 for number in range(6))
    told: list[str] = []
    with pytest.raises(Cancelled):
        run(
            TAIL,
            weights,
            image,
            progress=lambda step: told.append(step.node),
            cancelled=lambda: told[-1:] == ["n4"],
        )
    assert told == ["image", "n0", "n1", "n2", "n3", "n4"]
    run(TAIL, weights, image, progress=lambda step: told.append(step.node))
    assert told[6:] == ["image", "n0", "n1", "n2", "n3", "n4", "n5"]


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
    stopped: list[str] = []
    with pytest.raises(Cancelled):
        run(
            small,
            weights,
            image,
            progress=lambda step: stopped.append(step.node),
            cancelled=lambda: stopped[-1:] == ["n0"],
        )
    assert stopped == ["image", "n0"]
    assert (threadpoolctl.threadpool_info(), np.geterr()) == (before, settings)
    assert same(run(small, weights, image)["n3"], maps["n3"])


def test_panels_give_what_whole_products_give(monkeypatch):
    weights, image = initialise(DEEP), picture(DEEP)
    expected = plain(DEEP, weights, image)
    monkeypatch.setattr(executable, "tuning", lambda *, strict: Tuning(1 << 20, 20_000, strict))
    monkeypatch.setattr(executable, "_latest", [])
    maps = run(DEEP, weights, image)
    for node in maps:
        np.testing.assert_allclose(maps[node], expected[node], atol=1e-4 * np.abs(expected[node]).max())


def test_planning_takes_less_than_a_tenth_of_a_second():
    block = [Conv2D(filters=8, kernel=(1, 1)), ReLU(), CONV, ReLU(), Conv2D(filters=32, kernel=(1, 1)), ReLU()]
    graph = chain(*block * 50, image=Input(channels=3, height=64, width=64))
    known = analyse(graph)
    start = time.process_time()
    make_plan(known, tuning(strict=False))
    assert time.process_time() - start < 0.1


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
