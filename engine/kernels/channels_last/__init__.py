"""Fast kernels on maps stored channels last, ``(H, W, C)`` float32, one image at a time.

A kernel does not compute at once: `Kernel.calls` returns the numpy calls that will, all of their views made beforehand,
so that running a layer again is a loop of calls that write into memory which exists already. A kernel computes any
`Region` of its output by itself; that is how work is split between threads and cut into blocks that stay in the cache.
Each kernel computes what the plain ``(N, C, H, W)`` function beside this package does, and is tested against it.
"""

from engine.kernels.channels_last.depthwise import Depthwise
from engine.kernels.channels_last.elementwise import (
    Combine,
    Concat,
    Flatten,
    Mapped,
    Normalize,
    Rectify,
    ScaleShift,
    Softmax,
)
from engine.kernels.channels_last.gemm import Conv, Dense, Im2col, PlanarConv, Pointwise
from engine.kernels.channels_last.pool import GlobalAverage, Pool
from engine.kernels.channels_last.region import BUFFER, FEW_CHANNELS, Array, Call, Kernel, Parameters, Region
from engine.kernels.channels_last.ring import Extents, Ring
from engine.kernels.channels_last.winograd import Winograd

__all__ = [
    "BUFFER",
    "FEW_CHANNELS",
    "Array",
    "Call",
    "Combine",
    "Concat",
    "Conv",
    "Dense",
    "Depthwise",
    "Extents",
    "Flatten",
    "GlobalAverage",
    "Im2col",
    "Kernel",
    "Mapped",
    "Normalize",
    "Parameters",
    "PlanarConv",
    "Pointwise",
    "Pool",
    "Rectify",
    "Region",
    "Ring",
    "ScaleShift",
    "Softmax",
    "Winograd",
]
