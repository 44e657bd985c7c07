import pytest

from designer.pictures.wording import words
from engine import (
    LAYERS,
    AvgPool2D,
    BatchNorm2D,
    Conv2D,
    ConvTranspose2D,
    Dense,
    DepthwiseConv2D,
    Dropout,
    DropPath,
    Flatten,
    GlobalAvgPool2D,
    LeakyReLU,
    MaxPool2D,
    Softmax,
)


@pytest.mark.parametrize(
    ("layer", "told"),
    [
        (Conv2D(filters=6, kernel=(5, 5)), ("5×5 conv, 6",)),
        (Conv2D(filters=64, kernel=(7, 7), stride=(2, 2)), ("7×7 conv, 64, /2",)),
        (Conv2D(filters=8, kernel=(1, 7), stride=(1, 2)), ("7×1 conv, 8, /2×1",)),
        (Conv2D(filters=8, dilation=(2, 2), groups=4), ("3×3 conv, 8", "dilation 2×2", "groups 4")),
        (DepthwiseConv2D(kernel=(3, 3), stride=(2, 2)), ("3×3, /2 depthwise",)),
        (ConvTranspose2D(filters=64, kernel=(2, 2)), ("2×2 up-conv, 64",)),
        (MaxPool2D(), ("2×2 max pool",)),
        (MaxPool2D(kernel=(3, 3), stride=(2, 2)), ("3×3 max pool, /2",)),
        (AvgPool2D(kernel=(3, 3), stride=(1, 1)), ("3×3 avg pool, /1",)),
        (GlobalAvgPool2D(), ("global avg pool",)),
        (Dense(units=120), ("dense, 120",)),
        (BatchNorm2D(), ("BN",)),
        (LeakyReLU(), ("LeakyReLU",)),
        (Dropout(), ("dropout",)),
        (Softmax(), ("softmax",)),
        (Flatten(), ()),
        (DropPath(), ()),
    ],
)
def test_layers_are_told_of_as_papers_do(layer, told):
    assert words(layer) == told


@pytest.mark.parametrize("kind", LAYERS)
def test_every_layer_has_short_words(kind):
    told = words(kind())
    assert all(0 < len(line) < 40 for line in told)
