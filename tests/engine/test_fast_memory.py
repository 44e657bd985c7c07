"""The memory of fast runs: lent while somebody holds a map, used again afterwards, and left to nobody."""

import gc
from contextlib import suppress
from itertools import count, pairwise

import pytest

from engine import (
    Cancelled,
    initialise,
    run,
)
from engine.fast import executable
from engine.fast.memory import CHUNK, Loan, Pool
from tests.engine.fast_networks import APART, DEEP, WIDE, picture, same


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
