"""Two threads that compute together are on different processors from the first moment on."""

import os
import threading
from collections.abc import Iterator

import pytest

from engine.fast import placement
from engine.fast.placement import Placement

ALLOWED = {2, 3, 5}
OTHER = 4711  # the system's number of another thread


class System:
    """A clock, and a system that has three processors, of which the caller is on the second."""

    def __init__(self) -> None:
        self.now = 100.0
        self.masks: dict[int, set[int]] = {}

    def place(self, thread: int, processors: set[int]) -> None:
        self.masks[thread] = set(processors)


@pytest.fixture
def system(monkeypatch: pytest.MonkeyPatch) -> System:
    made = System()
    monkeypatch.setattr(placement, "perf_counter", lambda: made.now)
    monkeypatch.setattr(placement, "_processor_function", lambda: lambda: 3)
    monkeypatch.setattr(os, "sched_getaffinity", lambda _: set(ALLOWED), raising=False)
    monkeypatch.setattr(os, "sched_setaffinity", made.place, raising=False)
    return made


def masks_inside(system: System, placing: Placement, other: int | None = OTHER) -> dict[int, set[int]]:
    system.masks.clear()
    with placing.apart(other):
        inside = dict(system.masks)
        system.now += 0.01  # a run
    return inside


def test_after_a_pause_they_are_apart_and_the_caller_is_free_again_afterwards(system: System):
    assert masks_inside(system, Placement()) == {0: {3}, OTHER: {2, 5}}
    assert system.masks[0] == ALLOWED


def test_runs_that_follow_on_each_other_are_left_alone_when_they_have_settled(system: System):
    placing = Placement()
    for _ in range(10):  # 0.1 s of runs
        assert masks_inside(system, placing) == {0: {3}, OTHER: {2, 5}}
    assert masks_inside(system, placing) == {0: ALLOWED, OTHER: ALLOWED}
    assert masks_inside(system, placing) == {}
    system.now += 0.2
    assert masks_inside(system, placing) == {0: {3}, OTHER: {2, 5}}


def test_the_caller_is_free_again_after_an_interrupt(system: System):
    with pytest.raises(KeyboardInterrupt), Placement().apart(OTHER):
        raise KeyboardInterrupt
    assert system.masks[0] == ALLOWED


def test_where_threads_can_not_be_placed_or_may_not_be_nothing_happens(system: System, monkeypatch):
    assert masks_inside(system, Placement(), other=None) == {}
    monkeypatch.setattr(placement, "_processor_function", lambda: None)
    assert masks_inside(system, Placement()) == {}

    def refuse(*_: object) -> None:
        raise PermissionError

    monkeypatch.setattr(placement, "_processor_function", lambda: lambda: 3)
    monkeypatch.setattr(os, "sched_setaffinity", refuse, raising=False)
    assert masks_inside(system, Placement()) == {}


@pytest.fixture
def sleeper() -> Iterator[threading.Thread]:
    end = threading.Event()
    thread = threading.Thread(target=end.wait)
    thread.start()
    yield thread
    end.set()
    thread.join()


def test_the_real_system_keeps_them_apart(sleeper: threading.Thread):
    allowed = getattr(os, "sched_getaffinity", lambda _: set())(0)
    with Placement().apart(sleeper.native_id):
        if len(allowed) > 1:
            own, others = os.sched_getaffinity(0), os.sched_getaffinity(sleeper.native_id)
            assert len(own) == 1
            assert others == allowed - own
    if allowed:
        assert os.sched_getaffinity(0) == allowed
