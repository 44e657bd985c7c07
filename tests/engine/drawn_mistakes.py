"""Drawings with one mistake each: its words, its place, and its fixes."""

from typing import NamedTuple

from engine import (
    Add,
    Clip,
    Code,
    Concat,
    Conv2D,
    ConvTranspose2D,
    Crop2D,
    Dense,
    DepthToSpace,
    Dropout,
    Edge,
    Flatten,
    Graph,
    Input,
    LinearSVM,
    MaxPool2D,
    Multiply,
    Node,
    Normalization,
    ReLU,
    Reshape,
    Severity,
    Slice,
    SpaceToDepth,
    Subtract,
    Unsupported,
)
from engine.layers.unsupported import ForeignNode
from tests.engine.networks import chain, wired

SMALL = Input(channels=4, height=6, width=6)
ERROR, WARNING, INFO = Severity


class Case(NamedTuple):
    """A drawing with one finding: its code, place, words and the titles of its fixes."""

    graph: Graph
    code: Code
    node: str | None
    message: str
    fixes: tuple[str, ...] = ()
    severity: Severity = ERROR
    parameter: str | None = None
    port: int | None = None
    edge: Edge | None = None


CASES = [
    Case(
        chain(conv=Conv2D()),
        Code.NO_INPUT,
        None,
        "The network has no Input layer, so no image can enter it.",
        ("Add an Input before “conv”",),
    ),
    Case(Graph(), Code.NO_INPUT, None, "The network has no Input layer, so no image can enter it.", ("Add an Input",)),
    Case(
        Graph((Node("a", Input()), Node("b", Input(), "second"))),
        Code.SEVERAL_INPUTS,
        "b",
        "The network has 2 Input layers (“a”, “second”), but one image enters it.",
        ("Keep “a” alone", "Keep “second” alone"),
    ),
    Case(
        Graph((Node("image", Input()), Node("relu", ReLU()))),
        Code.UNCONNECTED_PORT,
        "relu",
        "ReLU has no input: connect the output of another layer to it.",
        ("Connect “image”",),
        port=0,
    ),
    Case(
        wired(chain(image=Input(), add=Add()).add(Node("drop", Dropout())), ("image", "drop")),
        Code.UNCONNECTED_PORT,
        "add",
        "Add needs at least 2 inputs; its input 2 is not connected.",
        ("Connect “drop”",),
        port=1,
    ),
    Case(
        wired(chain(image=Input(), add=Add(), relu=ReLU(), drop=Dropout()), ("drop", "add", 1)),
        Code.CYCLE,
        "add",
        "add → relu → drop → add is a cycle: a layer would need its own output before it could compute it.",
        (
            "Remove the wire from “drop” to “add”",
            "Remove the wire from “relu” to “drop”",
            "Remove the wire from “add” to “relu”",
        ),
        port=1,
        edge=Edge("drop", "add", 1),
    ),
    Case(
        chain(image=SMALL, pool=MaxPool2D(kernel=(9, 7))),
        Code.KERNEL_TOO_LARGE,
        "pool",
        "The window is 7×9, larger than the input of 6×6 with its padding (6×6), so it fits nowhere.",
        ("Make the window 6×6", "Padding 2 top, 1 bottom, 1 left, 0 right fits", "Padding “same” fits"),
        parameter="kernel",
    ),
    Case(
        chain(image=SMALL, conv=Conv2D(kernel=(4, 4), dilation=(3, 3))),
        Code.KERNEL_TOO_LARGE,
        "conv",
        "The kernel is 10×10 (with its dilation), larger than the input of 6×6 with its padding (6×6), "
        "so it fits nowhere.",
        ("Make the kernel 2×2", "Padding 2 fits", "Padding “same” fits"),
        parameter="kernel",
    ),
    Case(
        chain(image=SMALL, pool=MaxPool2D(padding=(2, 0, 0, 0))),
        Code.PADDING_TOO_LARGE,
        "pool",
        "The padding (2 top, 0 bottom, 0 left, 0 right) must be smaller than the 2×2 window, "
        "or some windows hold nothing but padding.",
        ("Make the padding smaller than the window", "Use no padding"),
        parameter="padding",
    ),
    Case(
        chain(image=SMALL, conv=Conv2D(filters=5, groups=2)),
        Code.GROUPS,
        "conv",
        "The 5 filters can't be split into 2 equal groups.",
        ("Use 6 filters", "Use groups 1"),
        parameter="groups",
    ),
    Case(
        chain(image=SMALL, dense=Dense()),
        Code.VECTOR_EXPECTED,
        "dense",
        "Dense connects every value of a vector, but it receives a volume of 6×6×4; "
        "flattened, that is a vector of 144 values.",
        ("Insert Flatten",),
        port=0,
        edge=Edge("image", "dense"),
    ),
    Case(
        chain(image=SMALL, flat=Flatten(), conv=Conv2D()),
        Code.VOLUME_EXPECTED,
        "conv",
        "Conv2D slides over the height and width of a volume, but it receives a vector of 144 values, "
        "which has neither.",
        ("Connect to the layer before the flattening one",),
        port=0,
        edge=Edge("flat", "conv"),
    ),
    Case(
        wired(chain(image=SMALL, conv=Conv2D(filters=2), add=Add()), ("image", "add", 1)),
        Code.ADD_SHAPES,
        "add",
        "Add needs inputs of one shape, but it receives 4×4×2 and 6×6×4.",
        (),
        port=1,
        edge=Edge("image", "add", 1),
    ),
    Case(
        wired(chain(image=SMALL, conv=Conv2D(filters=2, padding="same"), add=Add()), ("image", "add", 1)),
        Code.ADD_SHAPES,
        "add",
        "Add needs inputs of one shape, but it receives 6×6×2 and 6×6×4.",
        (
            "Insert a 1×1 Conv2D that makes input 2 6×6×2",
            "Insert a 1×1 Conv2D that makes input 1 6×6×4",
        ),
        port=1,
        edge=Edge("image", "add", 1),
    ),
    Case(
        wired(chain(image=SMALL, pool=MaxPool2D(), concat=Concat()), ("image", "concat", 1)),
        Code.CONCAT_SHAPES,
        "concat",
        "Concat stacks volumes of one width and height, but it receives 3×3×4 and 6×6×4.",
        ("Insert a 1×1 Conv2D that makes input 2 3×3×4",),
        port=1,
        edge=Edge("image", "concat", 1),
    ),
    Case(
        wired(chain(image=SMALL, conv=Conv2D(filters=2, padding="same"), product=Multiply()), ("image", "product", 1)),
        Code.MERGE_SHAPES,
        "product",
        "Multiply needs inputs of one shape, but it receives 6×6×2 and 6×6×4.",
        (
            "Insert a 1×1 Conv2D that makes input 2 6×6×2",
            "Insert a 1×1 Conv2D that makes input 1 6×6×4",
        ),
        port=1,
        edge=Edge("image", "product", 1),
    ),
    Case(
        wired(chain(image=SMALL, pool=MaxPool2D(), rest=Subtract()), ("image", "rest", 1)),
        Code.MERGE_SHAPES,
        "rest",
        "Subtract needs inputs of one shape, but it receives 3×3×4 and 6×6×4.",
        ("Insert a 1×1 Conv2D that makes input 2 3×3×4",),
        port=1,
        edge=Edge("image", "rest", 1),
    ),
    Case(
        chain(image=SMALL, crop=Crop2D(cropping=(4, 2, 1, 2))),
        Code.EMPTY_OUTPUT,
        "crop",
        "Cutting 6 rows and 3 columns off leaves nothing of the 6×6 input.",
        ("Cut nothing off",),
        parameter="cropping",
    ),
    Case(
        chain(image=SMALL, upconv=ConvTranspose2D(padding=(7, 6, 1, 0))),
        Code.EMPTY_OUTPUT,
        "upconv",
        "The padding cuts 1 columns and 13 rows away, and the output has only 12×12: nothing is left of it.",
        ("Use no padding",),
        parameter="padding",
    ),
    Case(
        chain(image=SMALL, upconv=ConvTranspose2D(kernel=(3, 3), stride=(2, 3), output_padding=(4, 1))),
        Code.OUTPUT_PADDING,
        "upconv",
        "The output padding (4 rows, 1 columns) must be smaller than the stride or the dilation, "
        "here at most 1 and 2: beyond, nothing reaches.",
        ("Use 1 and 1",),
        parameter="output_padding",
    ),
    Case(
        chain(image=SMALL, shuffle=DepthToSpace(block=3)),
        Code.BLOCK_SIZE,
        "shuffle",
        "The 4 input channels can't be dealt out to blocks of 3×3 = 9 pixels.",
        ("Use blocks of 2×2",),
        parameter="block",
    ),
    Case(
        chain(image=SMALL, gather=SpaceToDepth(block=4)),
        Code.BLOCK_SIZE,
        "gather",
        "The 6×6 input can't be cut into blocks of 4×4 pixels without a rest.",
        ("Use blocks of 3×3",),
        parameter="block",
    ),
    Case(
        chain(image=SMALL, volume=Reshape(shape=(5, 9, 4))),
        Code.RESHAPE_SIZE,
        "volume",
        "The shape 4×9×5 does not fit: the input has 144 values (6×6×4), which is not 180.",
        ("Make it 4×9×4", "Make it a volume of 1×1×144"),
        parameter="shape",
    ),
    Case(
        chain(image=SMALL, flat=Flatten(), rows=Reshape(shape=(12, 12))),
        Code.RESHAPE_SIZE,
        "rows",
        "The shape 12×12 has 2 numbers; a volume has three, a vector one.",
        ("Make it a volume of 1×1×144",),
        parameter="shape",
    ),
    Case(
        chain(image=SMALL, part=Slice(start=2, length=2, step=3)),
        Code.SLICE_RANGE,
        "part",
        "The slice reaches number 5, but there are 4 channels, numbered from 0 to 3.",
        ("Keep all up to the end", "Keep all"),
        parameter="length",
    ),
    Case(
        chain(image=SMALL, part=Slice(axis="height", start=7)),
        Code.SLICE_RANGE,
        "part",
        "The slice reaches number 7, but there are 6 rows, numbered from 0 to 5.",
        ("Keep all",),
        parameter="start",
    ),
    Case(
        chain(image=SMALL, scaled=Normalization(mean=(0.1, 0.2, 0.3))),
        Code.CHANNEL_COUNT,
        "scaled",
        "There are 3 means for 4 input channels.",
        ("Fit the list to 4 numbers", "Use the first for all"),
        parameter="mean",
    ),
    Case(
        chain(image=SMALL, clip=Clip(minimum=6, maximum=-0.5)),
        Code.VALUE_RANGE,
        "clip",
        "The minimum 6 is above the maximum -0.5, so no value is in between.",
        ("Clip from -0.5 to 6",),
        parameter="minimum",
    ),
    Case(
        chain(image=SMALL, flat=Flatten(), svm=LinearSVM(classes=2, labels=("a", "b", "c"))),
        Code.LABEL_COUNT,
        "svm",
        "There are 3 class names for 2 classes.",
        ("Fit the list to 2 names", "Remove the class names"),
        WARNING,
        "labels",
    ),
    Case(
        chain(image=SMALL, pool=MaxPool2D(kernel=(9, 9)), drop=Dropout(), conv=Conv2D()),
        Code.UNKNOWN_CHANNELS,
        "conv",
        "The number of channels that reach Conv2D is unknown, because “drop” before it has no output shape yet; "
        "its weights can't be counted.",
        (),
        INFO,
        port=0,
    ),
    Case(
        chain(image=Input(channels=65536, height=256, width=256), relu=ReLU()),
        Code.TOO_LARGE,
        "image",
        "The output of Input would take 16.0 GiB, more than the 4 GiB that one array may take.",
    ),
    Case(
        chain(image=Input(height=1024, width=1024), flat=Flatten(), dense=Dense(units=1_000_000)),
        Code.TOO_LARGE,
        "dense",
        "The array “weight” of Dense would take 3,906.2 GiB, more than the 4 GiB that one array may take.",
    ),
    Case(
        chain(image=SMALL, erf=Unsupported(node=ForeignNode("Erf"), output=(4, 6, 6))),
        Code.UNSUPPORTED,
        "erf",
        "Convolab has no layer that does what Erf does here. Its values, and all behind it, are not computed and its "
        "MACs not counted; the ONNX file that is exported has it as it was.",
        severity=WARNING,
    ),
    Case(
        chain(image=SMALL, nonzero=Unsupported(node=ForeignNode("NonZero"), output=(0,))),
        Code.UNKNOWN_SHAPE,
        "nonzero",
        "What shape comes out of NonZero is neither said in the file nor can it be worked out. Where you know it, "
        "write it under “Output shape”.",
        parameter="output",
    ),
    Case(
        chain(image=SMALL, erf=Unsupported(node=ForeignNode("Erf", shapes=((4, 8, 8),)), output=(4, 8, 8))),
        Code.UNKNOWN_SHAPE,
        "erf",
        "The file says what comes out of Erf for 8×8×4, and 6×6×4 comes in now: what comes out of that is not known.",
        ("Let it be 8×8×4 still",),
        parameter="output",
    ),
]
