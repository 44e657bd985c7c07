"""Runs that are kept: undo and redo compute nothing, within a number of bytes."""

import numpy as np

from engine import Conv2D, FeatureMaps, RecentRuns, completed, run
from engine.analysis import analyse
from tests.engine.networks import lenet5


def picture(seed: int = 0) -> np.ndarray:
    image = np.random.default_rng(seed).random((1, 32, 32), np.float32)
    image.flags.writeable = False
    return image


def ran(graph, image, recent: RecentRuns) -> tuple[FeatureMaps, list[str]]:
    """Run a network as the window does; return its maps and the layers that were computed."""
    earlier = {id(one.result(node)) for one in recent for node in one}
    maps = run(graph, completed(analyse(graph)), image, previous=recent)
    recent.add(maps)
    return maps, [node for node in maps if id(maps.result(node)) not in earlier]


def test_undo_and_redo_compute_nothing():
    recent, image, before = RecentRuns(), picture(), lenet5()
    after = before.replace_layer("conv2", Conv2D(filters=3, kernel=(5, 5)))
    first, computed = ran(before, image, recent)
    assert len(computed) == len(first)
    second, computed = ran(after, image, recent)
    assert computed == ["conv2", "relu2", "pool2", "flatten", "dense1", "relu3", "dense2", "relu4", "dense3", "softmax"]
    for graph, expected in ((before, first), (after, second)):
        maps, computed = ran(graph, image, recent)
        assert computed == []
        assert all(np.shares_memory(maps[node], expected[node]) for node in maps)
        assert list(maps) == list(expected)


def test_undo_after_another_image_computes_only_what_no_run_has_seen():
    recent, graph = RecentRuns(), lenet5()
    images = [picture(seed) for seed in range(3)]
    for image in images:
        ran(graph, image, recent)
    assert all(ran(graph, image, recent)[1] == [] for image in images)


def test_progress_is_told_of_layers_that_are_taken_over():
    image, graph, steps = picture(), lenet5(), []
    weights = completed(analyse(graph))
    first = run(graph, weights, image)
    run(graph, weights, image, previous=first, progress=steps.append)
    assert [step.node for step in steps] == list(first)
    assert steps[-1].done == steps[-1].total == len(first)


def test_the_oldest_go_when_the_budget_is_spent():
    graph = lenet5()
    bytes_of_maps = analyse(graph).totals.activation_bytes
    recent = RecentRuns(int(2.5 * bytes_of_maps))
    images = [picture(seed) for seed in range(5)]
    for image in images:
        ran(graph, image, recent)
    assert len(recent) == 3
    assert ran(graph, images[2], recent)[1] == []
    assert ran(graph, images[0], recent)[1] != []


def test_without_a_budget_the_newest_run_is_still_kept():
    recent, graph, newest = RecentRuns(0), lenet5(), picture(1)
    ran(graph, picture(0), recent)
    ran(graph, newest, recent)
    assert len(recent) == 1
    assert ran(graph, newest, recent)[1] == []


def test_a_run_is_kept_once():
    recent, image, graph = RecentRuns(), picture(), lenet5()
    maps, _ = ran(graph, image, recent)
    recent.add(maps)
    assert list(recent) == [maps]


def test_strict_runs_and_batches_do_not_mix():
    recent, image, graph = RecentRuns(), picture(), lenet5()
    ran(graph, image, recent)
    weights = completed(analyse(graph))
    strict = run(graph, weights, image, previous=recent, strict=True)
    assert not np.shares_memory(strict["conv1"], next(iter(recent))["conv1"])
    batch = run(graph, weights, image[None], previous=recent)
    assert batch["conv1"].shape == (1, 6, 28, 28)
    again = run(graph, weights, batch["image"], previous=[batch, *recent])
    assert np.shares_memory(again["conv1"], batch["conv1"])


def test_no_more_runs_are_kept_than_can_be_looked_through():
    """A drag makes sixty small runs a second: each new one must not take longer than the one before."""
    recent, graph = RecentRuns(most=3), lenet5()
    images = [picture(seed) for seed in range(5)]
    for image in images:
        ran(graph, image, recent)
    assert len(recent) == 3
    assert ran(graph, images[-3], recent)[1] == []
    assert ran(graph, images[0], recent)[1] != []
    assert len(recent) == 3
    assert len(recent._sizes) == 3
