"""Two threads on two processors, from the first moment on."""

import os
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from ctypes import PyDLL
from time import perf_counter


def _processor_function() -> Callable[[], int] | None:
    """Return what tells the number of the processor that it is called on; None where threads can't be placed."""
    return getattr(PyDLL(None), "sched_getcpu", None) if sys.platform == "linux" else None


class Placement:
    """Keeps two threads apart after a pause, until the system does.

    Linux often wakes both on the same processor then, where they take turns for up to 50 ms, the time of several runs,
    before one is moved to the idle processor. Later they are left alone: the system knows who else wants a processor.
    """

    PAUSE = SETTLING = 0.1  # seconds

    def __init__(self) -> None:
        self._processor = _processor_function()
        self._last = self._settled = 0.0
        self._placed = False

    @contextmanager
    def apart(self, other: int | None) -> Iterator[None]:
        """Have this thread, and another whose number the system knows, on different processors inside."""
        now = perf_counter()
        if now > self._last + self.PAUSE:
            self._settled = now + self.SETTLING
        placing = now < self._settled
        if self._processor is None or other is None or not (placing or self._placed):
            yield
        else:
            allowed = os.sched_getaffinity(0)
            own = {self._processor()}
            _place(0, own if placing else allowed)
            _place(other, allowed - own if placing else allowed)
            self._placed = placing
            try:
                yield
            finally:
                _place(0, allowed)
        self._last = perf_counter()


def _place(thread: int, processors: set[int]) -> None:
    with suppress(OSError):  # where that is forbidden, or there is no such processor any more: only time is lost
        os.sched_setaffinity(thread, processors)
