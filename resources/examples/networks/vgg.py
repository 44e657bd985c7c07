"""AlexNet and VGG: convolutions one behind the other, and three fully connected layers that hold most parameters."""

from engine import AdaptiveAvgPool2D, Conv2D, Dense, Dropout, Flatten, Layer, MaxPool2D, Network, ReLU, Softmax
from engine.blocks import conv, vgg_stage

from .builder import CLASSES, imagenet

_VGG16 = ((64, 2), (128, 2), (256, 3), (512, 3), (512, 3))  # configuration D: filters and convolutions of each stage
_VGG19 = ((64, 2), (128, 2), (256, 4), (512, 4), (512, 4))  # configuration E


def alexnet() -> Network:
    """AlexNet on one column (Krizhevsky, 2014, “One weird trick”), without local response normalisation."""
    net, source = imagenet("AlexNet")
    features: list[Layer] = [
        *(Conv2D(filters=64, kernel=(11, 11), stride=(4, 4), padding=(2, 2, 2, 2)), ReLU(), MaxPool2D(kernel=(3, 3))),
        *(conv(192, 5, bias=True), ReLU(), MaxPool2D(kernel=(3, 3))),
        *(conv(384, bias=True), ReLU(), conv(256, bias=True), ReLU(), conv(256, bias=True), ReLU()),
        MaxPool2D(kernel=(3, 3)),
    ]
    source = net.sequence(source, "features", features)
    source = net.chain(source, {"avgpool": AdaptiveAvgPool2D(output=(6, 6)), "flatten": Flatten()})
    wide: list[Layer] = [Dropout(), Dense(units=4096), ReLU(), Dropout(), Dense(units=4096), ReLU()]
    source = net.sequence(source, "classifier", [*wide, Dense(units=CLASSES)])
    net.add("softmax", Softmax(), source)
    return net.network()


def vgg16() -> Network:
    """VGG with 16 weighted layers: configuration D of Simonyan and Zisserman (2015)."""
    return _vgg("VGG-16", _VGG16)


def vgg19() -> Network:
    """VGG with 19 weighted layers: configuration E of Simonyan and Zisserman (2015)."""
    return _vgg("VGG-19", _VGG19)


def _vgg(name: str, stages: tuple[tuple[int, int], ...]) -> Network:
    net, source = imagenet(name)
    features: list[Layer] = []
    for filters, depth in stages:
        features += vgg_stage(filters, depth)
    source = net.sequence(source, "features", features)
    source = net.chain(source, {"avgpool": AdaptiveAvgPool2D(output=(7, 7)), "flatten": Flatten()})
    wide: list[Layer] = [Dense(units=4096), ReLU(), Dropout(), Dense(units=4096), ReLU(), Dropout()]
    source = net.sequence(source, "classifier", [*wide, Dense(units=CLASSES)])
    net.add("softmax", Softmax(), source)
    return net.network()
