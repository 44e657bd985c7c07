"""U-Net (Ronneberger et al., 2015), the original: it tells cells from background in a microscope's image.

Its convolutions have no padding, so that a gray image of 572×572 pixels gives the classes of the 388×388 in its middle.
"""

from engine import Concat, Conv2D, ConvTranspose2D, Crop2D, Dropout, Input, MaxPool2D, Network, ReLU, Softmax

from .builder import Drawing

SIZE = 572
FILTERS = (64, 128, 256, 512, 1024)  # level by level, from the image down
CLASSES = 2  # cell and background


def unet() -> Network:
    """U-Net with two classes."""
    net = Drawing("U-Net (original: unpadded, 572×572 to 388×388)", Input(height=SIZE, width=SIZE, fit="crop"))
    source, size, skipped = "image", SIZE, []
    for level, filters in enumerate(FILTERS, 1):
        source = double_conv(net, source, f"down{level}", filters)
        size -= 4
        if level >= len(FILTERS) - 1:  # the end of the way down
            source = net.add(f"down{level}.dropout", Dropout(), source)
        if level < len(FILTERS):
            skipped.append((source, size))
            source, size = net.add(f"pool{level}", MaxPool2D(), source), size // 2
    for level in range(len(FILTERS) - 1, 0, -1):
        size *= 2
        skip, before = skipped.pop()
        source = up(net, source, skip, f"up{level}", FILTERS[level - 1], (before - size) // 2)
        size -= 4
    net.chain(source, {"classes": Conv2D(filters=CLASSES, kernel=(1, 1)), "softmax": Softmax()})
    return net.network()


def double_conv(net: Drawing, source: str, prefix: str, filters: int) -> str:
    """Add two 3×3 convolutions without padding; each takes two pixels off height and width."""
    convolution = Conv2D(filters=filters)
    layers = {"conv1": convolution, "relu1": ReLU(), "conv2": convolution, "relu2": ReLU()}
    return net.chain(source, layers, f"{prefix}.")


def up(net: Drawing, source: str, skip: str, prefix: str, filters: int, border: int) -> str:
    """Double the size, and put the maps of the way down, cropped by ``border`` at each side, in front of it."""
    crop = net.add(f"{prefix}.crop", Crop2D(cropping=(border,) * 4), skip)
    raised = net.add(f"{prefix}.upconv", ConvTranspose2D(filters=filters), source)
    joined = net.add(f"{prefix}.concat", Concat(), crop, raised)
    return double_conv(net, joined, prefix, filters)
