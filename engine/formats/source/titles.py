"""What a part of a network is called in source: by the field's name for such a block, or by what it is made of."""

from engine.block_names import group_name
from engine.formats.source.names import camel
from engine.formats.source.regions import Grouping, Leaf, Part
from engine.graph import Graph

_SHORT = 3  # layers that a part is named after one by one
_PLAIN = ("Block", "Branches")  # names of blocks that say little
_SHORTCUT = ("Inverted residual", "Bottleneck", "Residual block", "ConvNeXt block")


def part_title(graph: Graph, part: Part, grouping: Grouping) -> str:
    """Return what a part is called, as the name of a class: ``Bottleneck``, ``ConvBnRelu``, ``Down``."""
    leaves = [*part.leaves()]
    if part.is_chain and len(leaves) == len(part.items) <= _SHORT:
        return "".join(graph.by_id[leaf.node].layer.prefix.capitalize() for leaf in leaves)
    token = part.token.strip("0123456789")
    if grouping == "groups":
        return camel(token, "Block")
    name = group_name(graph, [leaf.node for leaf in leaves])
    if name not in _PLAIN and "+" not in name and not name[:1].isdigit():
        return camel(_qualified(graph, part, name), "Block")
    return camel(token.rpartition(".")[2], "Block") if len(token) > 1 else "Block"


def snake(name: str) -> str:
    """Return the name of a class as that of a variable: ``conv_bn_relu``."""
    return "".join(f"_{sign.lower()}" if sign.isupper() and at else sign.lower() for at, sign in enumerate(name))


def _qualified(graph: Graph, part: Part, name: str) -> str:
    """Return a residual block's name, with what it does otherwise than most."""
    leaves = [item for item in part.items if isinstance(item, Leaf)]
    adds = [leaf for leaf in leaves if graph.by_id[leaf.node].layer.type == "Add"]
    if not adds and name in _SHORTCUT:
        return f"Plain {name}"
    if adds and not any(set(part.inputs) & set(leaf.inputs) for leaf in adds):
        return f"Projection {name}"
    return name
