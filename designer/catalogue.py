"""The layers and blocks on offer, in the order of the lecture's outline, and how they are searched."""

from collections.abc import Iterable
from dataclasses import dataclass, replace

from designer.matching import Subject, best
from engine import BLOCKS, LAYERS, Layer
from engine.language import tr, tr_noop

# The lecture's layers come first, in its order, and fit one look; all others follow by family.
_LECTURE = {
    tr_noop("Input"): ("Input",),
    tr_noop("Convolution"): ("Conv2D",),
    tr_noop("Activation"): ("ReLU",),
    tr_noop("Pooling"): ("MaxPool2D", "AvgPool2D", "SumPool2D"),
    tr_noop("Fully connected"): ("Flatten", "Dense", "Dropout"),
    tr_noop("Output"): ("Softmax", "LinearSVM"),
    tr_noop("Merge"): ("Add", "Concat"),
}
_FURTHER = {
    "io": tr_noop("Preprocessing"),
    "conv": tr_noop("More convolutions"),
    "activation": tr_noop("More activations"),
    "pool": tr_noop("More pooling"),
    "normalization": tr_noop("Normalization"),
    "reshape": tr_noop("Rearranging"),
    "regularization": tr_noop("More regularization"),
    "output": tr_noop("More outputs"),
    "merge": tr_noop("More merging"),
}
# What other programs, papers and people call a layer.
_OTHER_NAMES = {
    "Input": ("image", "placeholder", "data"),
    "Rescaling": ("scale", "rescale"),
    "Normalization": ("standardize", "mean std", "normalize"),
    "Conv2D": ("convolution", "conv", "filter"),
    "DepthwiseConv2D": ("dw", "dwconv", "depthwise convolution"),
    "SeparableConv2D": ("depthwise separable", "xception"),
    "ConvTranspose2D": ("transposed convolution", "deconv", "deconvolution", "upconv", "Conv2DTranspose"),
    "ReLU": ("rectifier", "rectified linear"),
    "SiLU": ("swish",),
    "HardSwish": ("h-swish",),
    "Sigmoid": ("logistic",),
    "Clip": ("clamp", "hardtanh"),
    "MaxPool2D": ("maxpool", "max pooling"),
    "AvgPool2D": ("avgpool", "average pooling", "mean pooling"),
    "SumPool2D": ("sumpool", "sum pooling"),
    "GlobalAvgPool2D": ("gap", "global average pooling"),
    "GlobalMaxPool2D": ("gmp", "global max pooling"),
    "BatchNorm2D": ("bn", "batchnorm", "batch normalization"),
    "LayerNorm": ("ln", "layer normalization"),
    "GroupNorm": ("gn", "group normalization"),
    "InstanceNorm2D": ("instance normalization",),
    "LocalResponseNorm": ("lrn", "local response normalization"),
    "Flatten": ("vectorize",),
    "Reshape": ("view",),
    "Permute": ("transpose",),
    "ZeroPad2D": ("pad", "padding", "border"),
    "Slice": ("narrow", "split"),
    "Upsample2D": ("upsample", "upsampling", "unpool", "interpolate"),
    "Resize2D": ("resize", "interpolate", "scale", "resizing"),
    "DepthToSpace": ("pixel shuffle",),
    "SpaceToDepth": ("pixel unshuffle",),
    "Identity": ("noop", "pass"),
    "Dense": ("fc", "linear", "fully connected", "affine", "gemm", "inner product"),
    "Softmax": ("probabilities",),
    "LinearSVM": ("svm", "hinge"),
    "DropPath": ("stochastic depth",),
    "Add": ("residual", "shortcut", "skip", "sum", "plus"),
    "Subtract": ("minus", "difference"),
    "Multiply": ("times", "product", "gate", "scale channels"),
    "Average": ("mean",),
    "Concat": ("concatenate", "cat", "stack"),
}


@dataclass(frozen=True)
class Entry:
    """One row: its layer types are placed one after the other, wired; or the one block that it names."""

    title: str
    group: str
    family: str
    types: tuple[str, ...]
    summary: str


_CONV_RELU = Entry(
    "Conv + ReLU",
    tr_noop("Convolution"),
    "conv",
    ("Conv2D", "ReLU"),
    tr_noop("A convolution and the rectifier after it: together, what the lecture calls a convolution layer."),
)


def entries(layers: Iterable[type[Layer]] = LAYERS) -> tuple[Entry, ...]:
    """Return the entries of all groups in order; a layer of a family without a group gets a group of that name."""
    return tuple(map(_translated, _entries(layers)))


def _entries(layers: Iterable[type[Layer]]) -> list[Entry]:
    group_of = {name: group for group, names in _LECTURE.items() for name in names}
    made = [
        Entry(
            layer.title,
            group_of.get(layer.__name__, _FURTHER.get(layer.family, layer.family.capitalize())),
            layer.family,
            (layer.__name__,),
            layer.summary,
        )
        for layer in layers
    ]
    offered = {name for entry in made for name in entry.types}
    if offered.issuperset(_CONV_RELU.types):
        made.append(_CONV_RELU)
    order = list(dict.fromkeys((*_LECTURE, *_FURTHER.values(), *(entry.group for entry in made))))
    return sorted(made, key=lambda entry: order.index(entry.group))


def _translated(entry: Entry) -> Entry:
    return replace(entry, group=tr(entry.group), summary=tr(entry.summary))


def palette_entries() -> tuple[Entry, ...]:
    """Return the entries of all layers, with the blocks between the lecture's layers and all others."""
    layers = entries()
    lecture = sum(entry.group in _LECTURE for entry in _entries(LAYERS))
    return (*layers[:lecture], *block_entries(), *layers[lecture:])


def block_entries() -> tuple[Entry, ...]:
    """Return the entries of the blocks."""
    return tuple(
        Entry(tr(one.title), tr("Blocks"), "block", (one.name,), f"{tr(one.summary)} {tr(one.source)}.")
        for one in BLOCKS
    )


def search(among: Iterable[Entry], text: str) -> list[Entry]:
    """Return the entries that match every word of ``text``, the best match first."""
    return best(among, text, subject)


def subject(entry: Entry) -> Subject:
    """Return what can be typed to find an entry."""
    others = [name for kind in entry.types for name in _OTHER_NAMES.get(kind, ())] if len(entry.types) == 1 else []
    return Subject(entry.title, (*others, "+".join(entry.types)), (entry.family, entry.group), entry.summary)
