"""The blocks that the palette offers, each fitted to the volume that it is put behind.

Every block's widths follow from the channels that come in, by the rule of the network that it is from; where that
network's blocks never see so few, the least it has ever used is taken.
"""

from collections.abc import Callable, Mapping

import msgspec

from engine.blocks.attention import squeeze_excite
from engine.blocks.branching import dense_block, fire, inception
from engine.blocks.drawing import Drawing
from engine.blocks.fragment import INPUT, Fragment
from engine.blocks.inverted import Inverted, inverted_residual
from engine.blocks.plain import vgg_stage
from engine.blocks.residual import basic, bottleneck
from engine.graph import Graph, Node
from engine.language import tr_noop
from engine.layers import ReLU, ReLU6, Sigmoid
from engine.shape import Shape

_ASSUMED = Shape(64, 56, 56)  # where nothing is known of the input: what the first blocks of ResNet get
_FEW = 16  # channels below which a shortcut would carry too little to be worth it
_INCEPTION = (64, 96, 128, 16, 32, 32)  # GoogLeNet's first module, which gets 192 channels
_GROWTH, _DEPTH = 32, 4

Draw = Callable[[Drawing, str, Shape, bool], str]  # drawing, prefix, input, whether that is known; to the exit


class Block(msgspec.Struct, frozen=True):
    """A ready sub-graph with a name of its own.

    ``name`` is unique among blocks and layer types, ``prefix`` that of its nodes' ids, and ``source`` the paper that
    proposed it. ``labels`` are names for nodes whose ids, which are torchvision's, say little.
    """

    name: str
    title: str
    summary: str
    source: str
    prefix: str
    draw: Draw
    labels: Mapping[str, str] = {}

    def __hash__(self) -> int:
        return hash(self.name)

    def build(self, inputs: Shape | None, prefix: str | None = None) -> Fragment:
        """Return the block for an input of some shape.

        Parameters
        ----------
        inputs
            What will feed it; None, or what is no volume, where that is not known yet. Where so many channels come in
            that the block would need more filters than a layer can have, it is as for an unknown input.
        prefix
            What the nodes' ids begin with; the block's own prefix unless told.
        """
        start = prefix or self.prefix
        if inputs is not None and inputs.is_volume:
            try:
                found = self._drawn(start, inputs, known=True)
            except ValueError:  # of so many channels it would make more than a layer can have
                found = self._drawn(start, _ASSUMED, known=False)
        else:
            found = self._drawn(start, _ASSUMED, known=False)
        nodes = tuple(self._labelled(node, start) for node in found.graph.nodes)
        return Fragment(Graph(nodes, found.graph.edges), found.entries, found.exit)

    def _drawn(self, prefix: str, inputs: Shape, *, known: bool) -> Fragment:
        drawing = Drawing()
        return Fragment.of(drawing, self.draw(drawing, prefix, inputs, known))

    def output(self, inputs: Shape) -> Shape | None:
        """Return what the block makes of a shape; None of what is no volume."""
        outputs: dict[str, Shape | None] = {INPUT: inputs}
        fragment = self.build(inputs)
        entries = dict(fragment.entries)
        for node in fragment.graph.nodes:  # in the order of drawing, so that each follows its sources
            sources = {edge.port: edge.source for edge in fragment.graph.incoming[node.id].values()}
            if node.id in entries:
                sources[entries[node.id]] = INPUT
            shapes = [outputs[sources[port]] for port in sorted(sources)]
            known = tuple(shape for shape in shapes if shape is not None)
            outputs[node.id] = node.layer.infer(known).output if len(known) == len(shapes) else None
        return outputs[fragment.exit]

    def fresh_prefix(self, graph: Graph) -> str:
        """Return the first of ``prefix1``, ``prefix2``, … that no id of a graph begins with."""
        taken = {node.id.partition(".")[0] for node in graph.nodes}
        number = 1
        while f"{self.prefix}{number}" in taken:
            number += 1
        return f"{self.prefix}{number}"

    def _labelled(self, node: Node, prefix: str) -> Node:
        label = self.labels.get(node.id.removeprefix(f"{prefix}."))
        return node if label is None else Node(node.id, node.layer, f"{prefix}.{label}")


def _vgg(net: Drawing, prefix: str, shape: Shape, known: bool) -> str:
    """Double the depth, from 64 to 512 filters, and halve the size as far as there is any."""
    channels, height, width = shape
    filters = min(512, max(64, 2 * channels)) if known else 64
    names = ("conv1", "relu1", "conv2", "relu2", "pool")
    stage = vgg_stage(filters, 2, (min(2, height), min(2, width)))
    return net.chain(INPUT, dict(zip(names, stage, strict=True)), f"{prefix}.")


def _residual(net: Drawing, prefix: str, shape: Shape, known: bool) -> str:
    """Keep the shape; few or unknown channels are brought to 64 by the block, its shortcut included."""
    keeps = known and shape.channels >= _FEW
    return basic(net, INPUT, prefix, shape.channels if keeps else 64, project=not keeps)


def _bottleneck(net: Drawing, prefix: str, shape: Shape, known: bool) -> str:
    """Keep the shape where the depth is a multiple of 4 and large enough; else go to 256 channels."""
    keeps = known and shape.channels >= 4 * _FEW and shape.channels % 4 == 0
    return bottleneck(net, INPUT, prefix, shape.channels // 4 if keeps else 64, project=not keeps)


def _inverted(net: Drawing, prefix: str, shape: Shape, known: bool) -> str:
    """Widen six times; keep the shape, or go to 16 channels, MobileNetV2's least."""
    channels = shape.channels if known else 32
    outputs = max(_FEW, channels)
    unit = Inverted(channels, 6 * channels, outputs, 3, 1, ReLU6())
    return inverted_residual(net, INPUT, prefix, "conv", unit, flat_end=True)


def _inception(net: Drawing, prefix: str, shape: Shape, known: bool) -> str:
    """Share GoogLeNet's widths out over the depth at hand, in steps of 8."""
    scale = max(shape.channels if known else 192, 48) / 192
    return inception(net, INPUT, prefix, tuple(max(8, 8 * round(width * scale / 8)) for width in _INCEPTION))


def _fire(net: Drawing, prefix: str, shape: Shape, known: bool) -> str:
    """Squeeze to an eighth and expand to the depth that came in; from 16 and 64 filters on, as SqueezeNet does."""
    channels = shape.channels if known else 128
    return fire(net, INPUT, prefix, max(16, channels // 8), max(64, channels // 2))


def _dense(net: Drawing, prefix: str, shape: Shape, known: bool) -> str:
    """Stack four times 32 maps."""
    return dense_block(net, INPUT, prefix, _DEPTH, _GROWTH)


def _squeeze(net: Drawing, prefix: str, shape: Shape, known: bool) -> str:
    """Squeeze to a sixteenth of the depth, but to no fewer than 4."""
    widths = (max(4, shape.channels // 16), shape.channels)
    return squeeze_excite(net, INPUT, prefix, widths, (ReLU(), Sigmoid()))


BLOCKS = (
    Block(
        "VGGBlock",
        tr_noop("VGG block"),
        tr_noop("Two 3×3 convolutions with ReLU, then pooling: twice the depth, half the size."),
        tr_noop("Simonyan and Zisserman, 2015"),
        "vgg",
        _vgg,
    ),
    Block(
        "ResidualBlock",
        tr_noop("Residual block"),
        tr_noop("Two 3×3 convolutions whose result is added to their input, so that they learn only the difference."),
        tr_noop("He et al., 2016 (ResNet-18)"),
        "residual",
        _residual,
        {"downsample.0": "shortcut.conv", "downsample.1": "shortcut.bn"},
    ),
    Block(
        tr_noop("Bottleneck"),
        tr_noop("Bottleneck"),
        tr_noop("1×1 to a quarter of the depth, 3×3, and 1×1 back; the result is added to the input."),
        tr_noop("He et al., 2016 (ResNet-50)"),
        "bottleneck",
        _bottleneck,
        {"downsample.0": "shortcut.conv", "downsample.1": "shortcut.bn"},
    ),
    Block(
        "InvertedResidual",
        tr_noop("Inverted residual"),
        tr_noop("1×1 to six times the depth, a 3×3 filter for each channel, and 1×1 back without an activation."),
        tr_noop("Sandler et al., 2018 (MobileNetV2)"),
        "inverted",
        _inverted,
        {
            **{"conv.0.0": "expand", "conv.0.1": "expand.bn", "conv.0.2": "expand.relu6"},
            **{"conv.1.0": "depthwise", "conv.1.1": "depthwise.bn", "conv.1.2": "depthwise.relu6"},
            **{"conv.2": "project", "conv.3": "project.bn"},
        },
    ),
    Block(
        "InceptionModule",
        tr_noop("Inception module"),
        tr_noop("Filters of 1×1, 3×3 and 5×5 and a pooling side by side; what each finds is stacked."),
        tr_noop("Szegedy et al., 2015 (GoogLeNet), with batch normalisation"),
        "inception",
        _inception,
        {
            f"{branch}.{part}": f"{name}.{part}"
            for branch, name in (
                *(("branch1", "1x1"), ("branch2.0", "3x3.reduce"), ("branch2.1", "3x3")),
                *(("branch3.0", "5x5.reduce"), ("branch3.1", "5x5"), ("branch4.1", "pool.1x1")),
            )
            for part in ("conv", "bn", "relu")
        }
        | {"branch4.0": "pool"},
    ),
    Block(
        "FireModule",
        tr_noop("Fire module"),
        tr_noop("A few 1×1 filters squeeze the depth; 1×1 and 3×3 ones side by side expand it again."),
        tr_noop("Iandola et al., 2016 (SqueezeNet)"),
        "fire",
        _fire,
    ),
    Block(
        "DenseBlock",
        tr_noop("Dense block"),
        tr_noop("Four layers, each of which sees the maps of all before it and adds 32 of its own."),
        tr_noop("Huang et al., 2017 (DenseNet)"),
        "dense",
        _dense,
        {
            f"denselayer{layer}.{part}": f"layer{layer}.{part}"
            for layer in range(1, _DEPTH + 1)
            for part in ("norm1", "relu1", "conv1", "norm2", "relu2", "conv2", "concat")
        },
    ),
    Block(
        "SqueezeExcite",
        tr_noop("Squeeze-and-excite"),
        tr_noop("Weighs each map by a factor between 0 and 1 that is found from the means of all maps."),
        tr_noop("Hu et al., 2018"),
        "squeeze",
        _squeeze,
    ),
)
