"""The networks that the benchmarks run, written with our own layers."""

from collections.abc import Callable

from engine import (
    Add,
    BatchNorm2D,
    Conv2D,
    Dense,
    Flatten,
    GlobalAvgPool2D,
    Graph,
    Input,
    Layer,
    MaxPool2D,
    Node,
    ReLU,
    ReLU6,
    Softmax,
)


class Builder:
    """Appends layers to a graph, each behind the one before unless told otherwise."""

    def __init__(self, image: Input) -> None:
        self.graph = Graph().add(Node("image", image))
        self.last = "image"

    def __call__(self, layer: Layer, *sources: str, name: str = "") -> str:
        """Append a layer; returns its id."""
        node = name or self.graph.fresh_id(layer.prefix)
        self.graph = self.graph.add(Node(node, layer))
        for port, source in enumerate(sources or (self.last,)):
            self.graph = self.graph.connect(source, node, port)
        self.last = node
        return node


def lenet5() -> Graph:
    """LeCun et al. (1998), with ReLU and max pooling."""
    add = Builder(Input(channels=1, height=32, width=32))
    for filters in (6, 16):
        add(Conv2D(filters=filters, kernel=(5, 5)))
        add(ReLU())
        add(MaxPool2D())
    add(Flatten())
    for units in (120, 84):
        add(Dense(units=units))
        add(ReLU())
    add(Dense(units=10))
    add(Softmax())
    return add.graph


def vgg16() -> Graph:
    """Simonyan and Zisserman (2015), configuration D."""
    add = Builder(Input(channels=3, height=224, width=224))
    for block, (filters, depth) in enumerate(((64, 2), (128, 2), (256, 3), (512, 3), (512, 3)), start=1):
        for number in range(1, depth + 1):
            add(Conv2D(filters=filters, kernel=(3, 3), padding="same"), name=f"conv{block}_{number}")
            add(ReLU(), name=f"relu{block}_{number}")
        add(MaxPool2D(), name=f"pool{block}")
    add(Flatten())
    for number in (6, 7):
        add(Dense(units=4096), name=f"fc{number}")
        add(ReLU(), name=f"relu{number}")
    add(Dense(units=1000), name="fc8")
    add(Softmax())
    return add.graph


def resnet50() -> Graph:
    """He et al. (2016), the stride in the 3×3 convolutions as in torchvision."""
    add = Builder(Input(channels=3, height=224, width=224))
    _conv_norm(add, 64, 7, stride=2)
    add(ReLU())
    add(MaxPool2D(kernel=(3, 3), stride=(2, 2), padding=(1, 1, 1, 1)))
    for stage, (width, depth) in enumerate(((64, 3), (128, 4), (256, 6), (512, 3))):
        for block in range(depth):
            stride = 2 if stage and not block else 1
            shortcut = add.last
            for filters, kernel, step in ((width, 1, 1), (width, 3, stride)):
                _conv_norm(add, filters, kernel, stride=step)
                add(ReLU())
            branch = _conv_norm(add, 4 * width, 1)
            if not block:
                shortcut = _conv_norm(add, 4 * width, 1, shortcut, stride=stride)
            add(Add(), branch, shortcut)
            add(ReLU())
    add(GlobalAvgPool2D())
    add(Dense(units=1000))
    add(Softmax())
    return add.graph


def mobilenet_v2() -> Graph:
    """Sandler et al. (2018)."""
    add = Builder(Input(channels=3, height=224, width=224))
    _conv_norm(add, 32, 3, stride=2)
    add(ReLU6())
    depth = 32
    for expansion, filters, repeats, first_stride in (
        (1, 16, 1, 1), (6, 24, 2, 2), (6, 32, 3, 2), (6, 64, 4, 2), (6, 96, 3, 1), (6, 160, 3, 2), (6, 320, 1, 1),
    ):  # fmt: skip
        for number in range(repeats):
            stride, entrance = (first_stride if number == 0 else 1), add.last
            wide = depth * expansion
            if expansion > 1:
                _conv_norm(add, wide, 1)
                add(ReLU6())
            _conv_norm(add, wide, 3, stride=stride, groups=wide)
            add(ReLU6())
            branch = _conv_norm(add, filters, 1)
            if stride == 1 and depth == filters:
                add(Add(), entrance, branch)
            depth = filters
    _conv_norm(add, 1280, 1)
    add(ReLU6())
    add(GlobalAvgPool2D())
    add(Dense(units=1000))
    add(Softmax())
    return add.graph


def _conv_norm(add: Builder, filters: int, kernel: int, *sources: str, stride: int = 1, groups: int = 1) -> str:
    ring = kernel // 2
    window = {"kernel": (kernel, kernel), "stride": (stride, stride), "padding": (ring,) * 4}
    add(Conv2D(filters=filters, groups=groups, bias=False, **window), *sources)
    return add(BatchNorm2D())


NETWORKS: dict[str, Callable[[], Graph]] = {
    "LeNet-5": lenet5,
    "MobileNetV2": mobilenet_v2,
    "ResNet-50": resnet50,
    "VGG-16": vgg16,
}
