"""Two threads that compute one network together, and the linear algebra library's own threads kept out of the way."""

import os
import threading
from collections.abc import Callable
from ctypes import PyDLL, c_int
from functools import cache, partial
from typing import NamedTuple

from threadpoolctl import LibController, ThreadpoolController

from engine.fast.placement import Placement

WORKERS = 2  # parts into which every layer is cut, however many processors there are: results depend on the cut


def processors() -> int:
    """Return how many processors this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


class Barrier:
    """Where two threads wait for each other; lighter than `threading.Barrier`, which takes as long as a small layer.

    Each arrives, and waits for the other one's arrival; between the two it can do what needs nothing of the other.
    """

    def __init__(self) -> None:
        # One lock for each thread and phase; two phases, so that a fast thread can't overtake a slow one.
        self._locks = [threading.Lock() for _ in range(4)]
        self._phase = [0, 0]
        for lock in self._locks:
            lock.acquire()

    def arrive(self, worker: int) -> None:
        """Let the other worker go on."""
        self._locks[self._phase[worker] + 1 - worker].release()

    def wait(self, worker: int) -> None:
        """Return when the other worker has arrived as often as this one."""
        phase = self._phase[worker]
        self._phase[worker] = phase ^ 2
        _acquire(self._locks[phase + worker])


def _acquire(lock: threading.Lock) -> None:
    """Acquire a lock whatever happens: an interrupt from the keyboard is raised once the lock is held."""
    try:
        lock.acquire()
    except KeyboardInterrupt:
        lock.acquire()
        raise


class Team:
    """The calling thread and one helper, which sleeps between runs and ends with the interpreter."""

    def __init__(self) -> None:
        self._busy = threading.Lock()
        self._go, self._done = threading.Lock(), threading.Lock()
        self._go.acquire()
        self._done.acquire()
        self._placement = Placement()
        self._task: Callable[[int], None] | None = None
        self._helper: threading.Thread | None = None

    def engage(self) -> bool:
        """Reserve the helper; False where there is one processor only, or the helper works for somebody else."""
        if processors() < WORKERS or not self._busy.acquire(blocking=False):
            return False
        if self._helper is None:
            self._helper = threading.Thread(target=self._loop, name="convolab-helper", daemon=True)
            self._helper.start()
        return True

    def run(self, task: Callable[[int], None]) -> None:
        """Call ``task(0)`` here and ``task(1)`` on the helper; return when both are done. Tasks must not raise."""
        assert self._helper is not None
        self._task = task
        with self._placement.apart(self._helper.native_id):
            self._go.release()
            try:
                task(0)
            finally:
                _acquire(self._done)
                self._task = None

    def release(self) -> None:
        """Let others have the helper."""
        self._busy.release()

    def close(self) -> None:
        """End the helper's thread; the next run starts another."""
        with self._busy:
            if self._helper is not None:
                self._go.release()
                self._helper.join()
                self._helper = None

    def _loop(self) -> None:
        _limited(_libraries()[0])
        while True:
            self._go.acquire()
            if self._task is None:
                return
            self._task(1)
            self._done.release()


class _Library(NamedTuple):
    """A BLAS library: how its number of threads is read and set, and what is known of it."""

    threads: Callable[[], int]
    limit: Callable[[int], object]
    architecture: str
    by_thread: bool  # every thread of the process has a number of its own


@cache
def _libraries() -> tuple[tuple[_Library, ...], tuple[_Library, ...]]:
    """Return the BLAS libraries of this process: those with a number of threads for each thread, and all others."""
    found = [_library(one) for one in ThreadpoolController().select(user_api="blas").lib_controllers]
    return tuple(one for one in found if one.by_thread), tuple(one for one in found if not one.by_thread)


def _library(found: LibController) -> _Library:
    """Return a library's functions; OpenBLAS's own where there are, as the detour takes as long as a small layer.

    They are called without letting go of the interpreter's lock, which takes as long as they do.
    """
    architecture, by_thread = str(getattr(found, "architecture", "")).lower(), _by_thread(found)
    if found.internal_api == "openblas" and not by_thread:
        for name in found.check_symbols:
            if hasattr(found.dynlib, name):
                library = PyDLL(found.filepath)
                limit = library[name.replace("_get_", "_set_")]
                limit.restype, limit.argtypes = None, (c_int,)
                return _Library(library[name], limit, architecture, by_thread)
    return _Library(found.get_num_threads, partial(_set, found), architecture, by_thread)


def _by_thread(found: LibController) -> bool:
    return getattr(found, "threading_layer", "") == "openmp"


@cache
def architecture() -> str:
    """Return the processor family that the BLAS library has chosen its kernels for, in lower case; may be empty."""
    return next((library.architecture for group in _libraries() for library in group if library.architecture), "")


class SingleThreadedBlas:
    """Keeps BLAS to one thread per call inside: its own threads, called from two, stall for milliseconds.

    Most libraries have one number for the process, so that runs on several threads share one limit, and the last one
    restores it. Those on OpenMP have a number for each thread.
    """

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._users = 0
        self._before: list[tuple[_Library, int]] = []
        self._here = threading.local()
        self._libraries: tuple[tuple[_Library, ...], ...] = ()  # looked for when they are first wanted

    def _found(self) -> tuple[tuple[_Library, ...], ...]:
        self._libraries = _libraries()
        return self._libraries

    def __enter__(self) -> None:
        own, common = self._libraries or self._found()
        if own:
            self._here.before = [*getattr(self._here, "before", ()), _limited(own)]
        with self._lock:
            if self._users == 0:
                self._before = _limited(common)
            self._users += 1

    def __exit__(self, *_: object) -> None:
        if self._libraries[0]:
            _restore(self._here.before.pop())
        with self._lock:
            self._users -= 1
            if self._users == 0:
                _restore(self._before)


def _limited(libraries: tuple[_Library, ...]) -> list[tuple[_Library, int]]:
    """Give libraries one thread; return those that had more, with how many."""
    before: list[tuple[_Library, int]] = []
    for library in libraries:
        number = library.threads()
        if number != 1:
            library.limit(1)
            before.append((library, number))
    return before


def _restore(before: list[tuple[_Library, int]]) -> None:
    for library, number in before:
        library.limit(number)


def _set(library: LibController, number: int) -> None:
    library.set_num_threads(number)
    # Newer versions let only the thread that set a number first set it again, and silently do nothing for others.
    clear = getattr(library, "clear_controlling_thread", None)
    if clear is not None and library.get_num_threads() != number:
        clear(force=True)
        library.set_num_threads(number)
