"""Blocks: the sub-graphs that the classic networks repeat, drawn once for both networks and palette.

`BLOCKS` are those that fit themselves to the volume they are put behind; the functions beside it draw the same blocks
with any widths.
"""

from engine.blocks.attention import squeeze_excite
from engine.blocks.branching import dense_block, dense_layer, fire, inception
from engine.blocks.catalogue import BLOCKS, Block
from engine.blocks.drawing import Drawing, conv, conv_bn_relu, depthwise, pair, ring
from engine.blocks.fragment import INPUT, Fragment
from engine.blocks.inverted import Inverted, inverted_residual
from engine.blocks.plain import vgg_stage
from engine.blocks.residual import basic, bottleneck

# fmt: off
__all__ = [
    "BLOCKS", "INPUT", "Block", "Drawing", "Fragment", "Inverted", "basic", "bottleneck", "conv", "conv_bn_relu",
    "dense_block", "dense_layer", "depthwise", "fire", "inception", "inverted_residual", "pair", "ring",
    "squeeze_excite", "vgg_stage",
]
# fmt: on
