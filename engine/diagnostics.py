"""Mistakes as data: what is wrong, where, how bad, and what would mend it."""

from __future__ import annotations

from collections.abc import Callable
from enum import StrEnum
from typing import TYPE_CHECKING

import msgspec

if TYPE_CHECKING:
    from engine.graph import Edge, Graph


class Severity(StrEnum):
    """How bad a finding is; only an error keeps a layer from having a shape."""

    ERROR = "error"
    WARNING = "warning"
    INFO = "info"


class Code(StrEnum):
    """The stable names of all findings: programs may rely on them, sentences may change."""

    # The drawing as a whole
    NO_INPUT = "no-input"
    SEVERAL_INPUTS = "several-inputs"
    UNCONNECTED_PORT = "unconnected-port"
    CYCLE = "cycle"
    # One layer and what reaches it
    KERNEL_TOO_LARGE = "kernel-too-large"
    PADDING_TOO_LARGE = "padding-too-large"
    GROUPS = "groups"
    VECTOR_EXPECTED = "vector-expected"
    VOLUME_EXPECTED = "volume-expected"
    ADD_SHAPES = "add-shapes"
    CONCAT_SHAPES = "concat-shapes"
    MERGE_SHAPES = "merge-shapes"
    EMPTY_OUTPUT = "empty-output"
    OUTPUT_PADDING = "output-padding"
    BLOCK_SIZE = "block-size"
    RESHAPE_SIZE = "reshape-size"
    SLICE_RANGE = "slice-range"
    CHANNEL_COUNT = "channel-count"
    VALUE_RANGE = "value-range"
    LABEL_COUNT = "label-count"
    UNKNOWN_CHANNELS = "unknown-channels"
    TOO_LARGE = "too-large"
    UNSUPPORTED = "unsupported"
    UNKNOWN_SHAPE = "unknown-shape"
    # The design (lint)
    STRIDE_REMAINDER = "stride-remainder"
    NO_NONLINEARITY = "no-nonlinearity"
    SOFTMAX_NOT_LAST = "softmax-not-last"
    DEAD_END = "dead-end"
    PARAMETER_HEAVY = "parameter-heavy"
    POOL_OVERLAP = "pool-overlap"
    POOL_PADDING = "pool-padding"


class Fix(msgspec.Struct, frozen=True):
    """An edit that removes the finding it belongs to; it was tried before it was offered."""

    title: str
    edit: Callable[[Graph], Graph]


class Diagnostic(msgspec.Struct, frozen=True):
    """One finding and its place: a node, one of its parameters, or an edge."""

    code: Code
    severity: Severity
    message: str
    node: str | None = None
    parameter: str | None = None
    port: int | None = None
    edge: Edge | None = None
    fixes: tuple[Fix, ...] = ()
