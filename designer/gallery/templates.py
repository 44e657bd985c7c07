"""The templates: the shipped examples, who proposed each network and when, and what is remarkable about it."""

from dataclasses import dataclass
from functools import lru_cache

from designer import resources
from engine import Analysis, Network, analyse, load
from engine.language import tr, tr_noop


@dataclass(frozen=True)
class Template:
    """One network to begin with; ``by`` and ``year`` are empty and 0 for those of the lecture."""

    file: str
    title: str
    by: str
    year: int
    about: str

    @property
    def origin(self) -> str:
        """Who and when, as papers are cited."""
        return f"{self.by}, {self.year}" if self.year else tr(self.by)

    @property
    def heading(self) -> str:
        """Its title; networks keep the names that their papers gave them."""
        return self.title if self.year else tr(self.title)

    def matches(self, text: str) -> bool:
        """Whether every word of a search is found in what is said of the template."""
        said = f"{self.heading} {self.origin} {tr(self.about)}".casefold()
        # People write ResNet50 and ResNet-50.
        return all(word in said or word in said.replace("-", "") for word in text.casefold().split())


@dataclass(frozen=True)
class Facts:
    """A template's network, and what the analysis says of it."""

    network: Network
    analysis: Analysis

    @property
    def input_text(self) -> str:
        """The size of its image."""
        image = self.network.graph.image
        return image.shape.text() if image is not None else ""


_LECTURE = tr_noop("From the lecture")

# The lecture's in its order, then all others by year.
TEMPLATES = (
    Template(
        "lecture_outline.json",
        tr_noop("Outline of a CNN"),
        _LECTURE,
        0,
        tr_noop("Convolution, ReLU and pooling, twice."),
    ),
    Template(
        "lecture_conv.json",
        tr_noop("Convolution and pooling"),
        _LECTURE,
        0,
        tr_noop("The two worked examples of the lecture."),
    ),
    Template(
        "kernels.json", tr_noop("Six classic filters"), _LECTURE, 0, tr_noop("Blur, edges, Sobel, sharpen and emboss.")
    ),
    Template(
        "lenet5.json",
        "LeNet-5",
        "LeCun et al.",
        1998,
        tr_noop("Reads handwritten digits, with trained weights."),
    ),
    Template(
        "alexnet.json",
        "AlexNet",
        "Krizhevsky",
        2014,
        tr_noop("The network that won ImageNet in 2012, on one column."),
    ),
    Template(
        "googlenet.json",
        "GoogLeNet",
        "Szegedy et al.",
        2015,
        tr_noop("Inception modules: several scales side by side."),
    ),
    Template(
        "unet.json",
        "U-Net",
        "Ronneberger et al.",
        2015,
        tr_noop("Labels every pixel of a microscope's image."),
    ),
    Template(
        "vgg16.json",
        "VGG-16",
        "Simonyan and Zisserman",
        2015,
        tr_noop("Nothing but 3×3 convolutions and pooling."),
    ),
    Template(
        "vgg19.json",
        "VGG-19",
        "Simonyan and Zisserman",
        2015,
        tr_noop("VGG-16 with three convolutions more."),
    ),
    Template(
        "resnet18.json",
        "ResNet-18",
        "He et al.",
        2016,
        tr_noop("Residual blocks learn what to add to their input."),
    ),
    Template("resnet50.json", "ResNet-50", "He et al.", 2016, tr_noop("Bottlenecks make depth affordable.")),
    Template("resnet152.json", "ResNet-152", "He et al.", 2016, tr_noop("Fifty bottlenecks deep.")),
    Template(
        "squeezenet1_1.json",
        "SqueezeNet 1.1",
        "Iandola et al.",
        2016,
        tr_noop("Fire modules: few parameters."),
    ),
    Template(
        "inception_v3.json",
        "Inception v3",
        "Szegedy et al.",
        2016,
        tr_noop("Large filters taken apart into small ones."),
    ),
    Template(
        "densenet121.json",
        "DenseNet-121",
        "Huang et al.",
        2017,
        tr_noop("Every layer sees the maps of all before it."),
    ),
    Template(
        "mobilenet_v2.json",
        "MobileNetV2",
        "Sandler et al.",
        2018,
        tr_noop("Inverted residuals for small devices."),
    ),
    Template(
        "shufflenet_v2_x1_0.json",
        "ShuffleNet V2",
        "Ma et al.",
        2018,
        tr_noop("Half the channels pass by; all shuffle."),
    ),
    Template(
        "mobilenet_v3_large.json",
        "MobileNetV3-Large",
        "Howard et al.",
        2019,
        tr_noop("Found by automatic search."),
    ),
    Template(
        "efficientnet_b0.json",
        "EfficientNet-B0",
        "Tan and Le",
        2019,
        tr_noop("Depth, width and size scaled together."),
    ),
    Template(
        "convnext_tiny.json",
        "ConvNeXt-T",
        "Liu et al.",
        2022,
        tr_noop("Convolutions with a transformer's habits."),
    ),
)


@lru_cache(maxsize=len(TEMPLATES))
def facts(file: str) -> Facts:
    """Return a template's network and its analysis; large ones take a tenth of a second the first time."""
    network = load(resources.path("examples", file))
    return Facts(network, analyse(network.graph))
