"""Layers that move values, and merges, in PyTorch."""

from engine.formats.torch_code.steps import (
    Arg,
    Given,
    Merge,
    Module,
    Operation,
    Steps,
    Writer,
    first,
    pair,
    sides,
    simple,
    zeros,
)
from engine.layers import (
    Add,
    Average,
    ChannelShuffle,
    Concat,
    Crop2D,
    DepthToSpace,
    Flatten,
    Layer,
    Maximum,
    Minimum,
    Multiply,
    Permute,
    Reshape,
    Resize2D,
    Slice,
    SpaceToDepth,
    Subtract,
    Upsample2D,
    ZeroPad2D,
)

_PADDING = {"reflect": "nn.ReflectionPad2d", "edge": "nn.ReplicationPad2d"}


def _reshape(given: Given) -> Steps:
    flat = Module("nn.Flatten")
    if not given.output.is_volume:
        return (flat,)
    laid_out = Module("nn.Unflatten", (first("dim", 1), first("unflattened_size", tuple(given.output))))
    return (flat._replace(suffix="flat"), laid_out) if given.shape.is_volume else (laid_out,)


def _permute(given: Given) -> Steps:
    assert isinstance(given.layer, Permute)
    axes = tuple(1 + axis for axis in given.layer.axis_order)
    return (Module("Permute", (first("dims", (0, *axes)),)),)


def _pad(given: Given) -> Steps:
    layer = given.layer
    assert isinstance(layer, ZeroPad2D)
    padding = first("padding", sides(layer.padding))
    if layer.mode != "constant":
        return (Module(_PADDING[layer.mode], (padding,)),)
    if layer.value:
        return (Module("nn.ConstantPad2d", (padding, first("value", layer.value))),)
    return (Module("nn.ZeroPad2d", (padding,)),)


def _crop(given: Given) -> Steps:
    assert isinstance(given.layer, Crop2D)
    top, bottom, left, right = given.layer.cropping
    cut = zeros((-top, -bottom, -left, -right), "negative padding cuts off")
    return tuple(one._replace(suffix="") for one in cut) or (Module("nn.Identity"),)


def _slice(given: Given) -> Steps:
    layer = given.layer
    assert isinstance(layer, Slice)
    kept = layer.kept(given.shape[layer.axis_index])
    span = (first("start", kept.start), first("stop", kept.stop), Arg("step", kept.step, 1))
    return (Module("Slice", (*span, Arg("dim", 1 + layer.axis_index, 1))),)


def _resize(given: Given) -> Steps:
    layer = given.layer
    assert isinstance(layer, Upsample2D | Resize2D)
    size = Arg("scale_factor", pair(layer.factor)) if isinstance(layer, Upsample2D) else Arg("size", pair(layer.output))
    args = [size, Arg("mode", layer.mode, "nearest")]
    if layer.mode == "bilinear":
        args.append(Arg("align_corners", layer.align_corners, False))
    return (Module("nn.Upsample", tuple(args)),)


def _blocks(given: Given) -> Steps:
    layer = given.layer
    assert isinstance(layer, DepthToSpace | SpaceToDepth)
    if layer.order == "CRD":
        call = "nn.PixelShuffle" if isinstance(layer, DepthToSpace) else "nn.PixelUnshuffle"
    else:
        call = layer.type
    return (Module(call, (first("block", layer.block),)),)


def _channel_shuffle(given: Given) -> Steps:
    assert isinstance(given.layer, ChannelShuffle)
    call = "nn.ChannelShuffle" if given.shape.is_volume else "ChannelShuffle"
    return (Module(call, (first("groups", given.layer.groups),)),)


def _merge(operation: Operation) -> Writer:
    def write(given: Given) -> Steps:
        volumes = any(shape.is_volume for shape in given.shapes)
        return Merge(operation, tuple(volumes and not shape.is_volume for shape in given.shapes))

    return write


WRITERS: dict[type[Layer], Writer] = {
    Flatten: simple("nn.Flatten"),
    Reshape: _reshape,
    Permute: _permute,
    ZeroPad2D: _pad,
    Crop2D: _crop,
    Slice: _slice,
    Upsample2D: _resize,
    Resize2D: _resize,
    DepthToSpace: _blocks,
    SpaceToDepth: _blocks,
    ChannelShuffle: _channel_shuffle,
    Add: _merge("add"),
    Subtract: _merge("subtract"),
    Multiply: _merge("multiply"),
    Maximum: _merge("maximum"),
    Minimum: _merge("minimum"),
    Average: _merge("average"),
    Concat: _merge("concat"),
}
