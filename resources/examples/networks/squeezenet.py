"""SqueezeNet 1.1 (Iandola et al., 2016): few parameters, for most filters are 1×1 and see a squeezed depth."""

from engine import Conv2D, Dropout, GlobalAvgPool2D, MaxPool2D, Network, ReLU, Softmax
from engine.blocks import conv, fire

from .builder import CLASSES, imagenet

# Filters of the squeezing layer and of each expanding one; None is a pooling layer.
_FIRES = ((16, 64), (16, 64), None, (32, 128), (32, 128), None, (48, 192), (48, 192), (64, 256), (64, 256))


def squeezenet1_1() -> Network:
    """SqueezeNet 1.1, which pools earlier than 1.0 and so needs less than half its work."""
    net, source = imagenet("SqueezeNet 1.1")
    pool = MaxPool2D(kernel=(3, 3), ceil_mode=True)
    source = net.sequence(source, "features", [Conv2D(filters=64, stride=(2, 2)), ReLU(), pool])
    for number, widths in enumerate(_FIRES, 3):
        prefix = f"features.{number}"
        source = net.add(prefix, pool, source) if widths is None else fire(net, source, prefix, *widths)
    head = [Dropout(), conv(CLASSES, 1, bias=True), ReLU(), GlobalAvgPool2D()]
    net.add("softmax", Softmax(), net.sequence(source, "classifier", head))
    return net.network()
