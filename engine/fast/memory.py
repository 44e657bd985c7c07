"""Memory for feature maps: lent while somebody holds a map, and used again after that.

Fresh memory is expensive: the system clears each page when it is first touched, which takes longer than most layers.
"""

import threading
import weakref
from collections import deque
from collections.abc import Iterable, Iterator, Mapping, Sequence

import numpy as np

from engine.fast.layout import Rings
from engine.kernels.channels_last import Array

ALIGNMENT = 16  # values: a cache line, and the widest vector register
CHUNK = 4 << 20  # values that are asked for together: the system has larger pages for large pieces


class Memory:
    """A piece of float32 memory; ``values`` may be written by the run that it is lent to."""

    __slots__ = ("_buffer", "bytes", "gone", "rings", "values")

    def __init__(self, values: Array) -> None:
        self.values = values
        self.bytes = self.values.nbytes
        # Views of an array keep alive what owns its memory, not the array itself; but where that is a memoryview, they
        # keep the array.
        self._buffer = self.values.data.toreadonly()
        self.gone = False  # the pool has let go of it for good
        self.rings: Rings = ()  # where zeros lie around maps, which nobody overwrites

    def surround(self, rings: Rings) -> None:
        """Write zeros where the next run wants rings, if they are not there from an earlier one."""
        if self.rings != rings:
            self.rings = rings
            for one in rings:
                one.ring.clear(one.of(self.values))

    def read_only(self) -> Array:
        """Return a read-only array over this memory."""
        made: Array = np.asarray(self._buffer)
        return made


class Loan:
    """Memory that one run computes in: the pool has each piece back when nobody holds the loan or a view of the piece.

    Most maps of most runs are looked at by nobody, so that arrays are made for those alone that are.
    """

    __slots__ = ("_arrays", "_memories", "_pool")

    def __init__(self, memories: Mapping[int, Memory], pool: "Pool") -> None:
        self._memories, self._pool = memories, pool
        self._arrays: dict[int, Array] = {}

    def array(self, slab: int) -> Array:
        """Return the read-only array over a piece."""
        known = self._arrays.get(slab)
        if known is None:
            memory = self._memories[slab]
            made = memory.read_only()
            known = self._arrays.setdefault(slab, made)  # another thread may have been here first
            if known is made:
                lease = _Lease(made, _returned)
                lease.memory, lease.pool = memory, self._pool
                self._pool.leases[id(lease)] = lease
        return known

    def __del__(self) -> None:
        for slab, memory in self._memories.items():
            if slab not in self._arrays:
                self._pool.returned.append(memory)


class _Lease(weakref.ref[Array]):
    """A weak reference to an array that was handed out, which remembers whose memory it was."""

    __slots__ = ("memory", "pool")
    memory: Memory
    pool: "Pool"


def _fresh(sizes: Sequence[int]) -> list[Memory]:
    """Return new memory for so many values each, which lies together up to the size of a chunk."""
    chunks: list[list[int]] = []
    for size in sizes:
        if not chunks or sum(chunks[-1]) + size > CHUNK:
            chunks.append([])
        chunks[-1].append(size)
    return [memory for chunk in chunks for memory in _together(chunk)]


def _together(sizes: Sequence[int]) -> Iterator[Memory]:
    """Yield the pieces of one new array, each from a cache line on."""
    room = [-(-size // ALIGNMENT) * ALIGNMENT for size in sizes]
    block, start = aligned(sum(room)), 0
    for size, step in zip(sizes, room, strict=True):
        yield Memory(block[start : start + size])
        start += step


def aligned(size: int) -> Array:
    """Return a new array of so many values that begins with a cache line."""
    block = np.empty(size + ALIGNMENT, np.float32)
    start = -(address(block) // block.itemsize) % ALIGNMENT
    return block[start : start + size]


def address(values: Array) -> int:
    """Return where an array begins."""
    place: int = values.__array_interface__["data"][0]
    return place


def lender(values: Array) -> Memory | None:
    """Return the memory that a map lies in; None where it was not lent by a pool."""
    leases = weakref.getweakrefs(values.base) if values.base is not None else []
    return next((lease.memory for lease in leases if isinstance(lease, _Lease)), None)


def _returned(lease: weakref.ref[Array]) -> None:
    assert isinstance(lease, _Lease)
    lease.pool.returned.append(lease.memory)
    del lease.pool.leases[id(lease)]


class Pool:
    """Pieces of memory that nobody holds, by size."""

    def __init__(self) -> None:
        self._idle: dict[Memory, None] = {}  # an ordered set, the longest idle first
        self._idle_bytes = 0
        self._lock = threading.Lock()
        # Memory comes back whenever the last view of a map dies, on any thread and in the middle of anything, so that
        # no lock may be taken then: appending to a deque needs none, nor does a change of a dictionary.
        self.returned: deque[Memory] = deque()
        # By id, for a weak reference is compared by what it refers to. They are here and not with their memory, which
        # would be garbage in a circle, found and given back whenever, on the thread that happens to look.
        self.leases: dict[int, _Lease] = {}

    def take(self, slabs: Sequence[int], sizes: Sequence[int], wanted: Sequence[Memory | None]) -> dict[int, Memory]:
        """Return memory for some slabs, of which there are all sizes, and the pieces that are wanted if they are idle.

        The caller lends it out.
        """
        taken: dict[int, Memory] = {}
        missing: list[int] = []
        with self._lock:
            if self.returned:
                self._collect()
            idle = self._idle
            for slab in slabs:
                found = wanted[slab]
                if found not in idle:
                    found = next((memory for memory in idle if memory.values.size == sizes[slab]), None)
                if found is None:
                    missing.append(slab)
                else:
                    del idle[found]
                    self._idle_bytes -= found.bytes
                    taken[slab] = found
        if missing:
            taken.update(zip(missing, _fresh([sizes[slab] for slab in missing]), strict=True))
        return taken

    def are_idle(self, memories: Iterable[Memory | None]) -> bool:
        """Return whether nobody holds any of these pieces of memory; None stands for one that is not there yet."""
        if self.returned:
            with self._lock:
                self._collect()
        idle = self._idle
        return all([memory in idle for memory in memories if memory is not None])

    def trim(self, spare: int) -> bool:
        """Let go of what has been idle longest, until no more than ``spare`` bytes lie idle; True if anything went."""
        if self._idle_bytes <= spare and not self.returned:
            return False
        trimmed = False
        with self._lock:
            self._collect()
            while self._idle_bytes > spare:
                oldest = next(iter(self._idle))
                del self._idle[oldest]
                self._idle_bytes -= oldest.bytes
                oldest.gone = trimmed = True
        return trimmed

    def _collect(self) -> None:
        returned, idle = self.returned, self._idle
        while returned:
            memory = returned.popleft()
            idle[memory] = None
            self._idle_bytes += memory.bytes
