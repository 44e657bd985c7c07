"""Mistakes that single layers find in themselves and in what they receive."""

from typing import NamedTuple

from engine import (
    Clip,
    Code,
    Conv2D,
    ConvTranspose2D,
    Crop2D,
    DepthToSpace,
    Edge,
    Graph,
    Input,
    Multiply,
    Normalization,
    Reshape,
    Severity,
    Slice,
)
from tests.engine.networks import chain, wired

SMALL = Input(channels=4, height=6, width=6)


class Case(NamedTuple):
    """A drawing with one finding: its code, place, words and the titles of its fixes."""

    graph: Graph
    code: Code
    node: str | None
    message: str
    fixes: tuple[str, ...] = ()
    severity: Severity = Severity.ERROR
    parameter: str | None = None
    port: int | None = None
    edge: Edge | None = None


LAYER_CASES = (
    Case(
        chain(image=SMALL, d2s=DepthToSpace(block=3)),
        Code.BLOCK_SIZE,
        "d2s",
        "The 4 input channels can't be dealt out to blocks of 3×3 = 9 pixels.",
        ("Use blocks of 2×2",),
        parameter="block",
    ),
    Case(
        chain(image=SMALL, norm=Normalization(mean=(0.5, 0.4), deviation=(0.2,))),
        Code.CHANNEL_COUNT,
        "norm",
        "There are 2 means for 4 input channels.",
        ("Fit the list to 4 numbers", "Use the first for all"),
        parameter="mean",
    ),
    Case(
        wired(chain(image=SMALL, conv=Conv2D(filters=2, padding="same"), mul=Multiply()), ("image", "mul", 1)),
        Code.MERGE_SHAPES,
        "mul",
        "Multiply needs inputs of one shape, but it receives 6×6×2 and 6×6×4.",
        ("Insert a 1×1 Conv2D that makes input 2 6×6×2", "Insert a 1×1 Conv2D that makes input 1 6×6×4"),
        port=1,
        edge=Edge("image", "mul", 1),
    ),
    Case(
        chain(image=SMALL, reshape=Reshape(shape=(5, -1, 6))),
        Code.RESHAPE_SIZE,
        "reshape",
        "The shape 6×-1×5 does not fit: the input has 144 values (6×6×4), which is not a multiple of 30.",
        ("Make it a volume of 1×1×144",),
        parameter="shape",
    ),
    Case(
        chain(image=SMALL, slice=Slice(start=2, length=4)),
        Code.SLICE_RANGE,
        "slice",
        "The slice reaches number 5, but there are 4 channels, numbered from 0 to 3.",
        ("Keep all up to the end", "Keep all"),
        parameter="length",
    ),
    Case(
        chain(image=SMALL, crop=Crop2D(cropping=(3, 3, 0, 0))),
        Code.EMPTY_OUTPUT,
        "crop",
        "Cutting 6 rows and 0 columns off leaves nothing of the 6×6 input.",
        ("Cut nothing off",),
        parameter="cropping",
    ),
    Case(
        chain(image=SMALL, up=ConvTranspose2D(output_padding=(2, 1))),
        Code.OUTPUT_PADDING,
        "up",
        "The output padding (2 rows, 1 columns) must be smaller than the stride or the dilation, here at most 1 and 1: "
        "beyond, nothing reaches.",
        ("Use 1 and 1",),
        parameter="output_padding",
    ),
    Case(
        chain(image=SMALL, clip=Clip(minimum=2, maximum=1)),
        Code.VALUE_RANGE,
        "clip",
        "The minimum 2 is above the maximum 1, so no value is in between.",
        ("Clip from 1 to 2",),
        parameter="minimum",
    ),
)
