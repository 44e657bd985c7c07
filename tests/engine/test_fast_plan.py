"""How networks are cut for two threads, and into which products."""

import time

import numpy as np

from engine import (
    Conv2D,
    Input,
    ReLU,
    analyse,
    initialise,
    run,
)
from engine.fast import executable
from engine.fast.plan import make_plan
from engine.fast.rules import Tuning, tuning
from tests.engine.fast_networks import APART, CONV, DEEP, TAIL, WIDE, chain, picture, plain, same, stopped_behind


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


def test_a_mean_is_taken_beside_the_filters_it_is_of_and_the_end_is_for_one_thread():
    plan = make_plan(analyse(TAIL), tuning(strict=False))
    *_, before, dense, last = ([[part.node for part in parts] for parts in epoch.parts] for epoch in plan.epochs)
    assert (before, dense, last) == ([["n1", "n2", "n3"]] * 2, [["n4"]] * 2, [["n5"], []])
    weights, image = initialise(TAIL), picture(TAIL)
    for maps in (run(TAIL, weights, image), run(TAIL, weights, image, cancelled=lambda: False)):
        assert same(maps["n3"], np.add.reduce(maps["n2"].reshape(1024, 25).T.copy()) / np.float32(25))
        np.testing.assert_allclose(maps["n5"], plain(TAIL, weights, image)["n5"], atol=1e-6)
        assert all(maps.seconds(f"n{number}") > 0 for number in range(6))
    told = stopped_behind("n4", TAIL, weights, image)
    assert told == ["image", "n0", "n1", "n2", "n3", "n4"]
    run(TAIL, weights, image, progress=lambda step: told.append(step.node))
    assert told[6:] == ["image", "n0", "n1", "n2", "n3", "n4", "n5"]


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
