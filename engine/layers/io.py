"""Where an image enters the network."""

from collections.abc import Mapping
from typing import Annotated, ClassVar, Literal

from engine.language import tr, tr_noop
from engine.layers.base import Array, Family, Inferred, Layer, Ports
from engine.layers.parameters import describe
from engine.layers.value_explanation import CopyExplanation
from engine.shape import Shape

Scaling = Literal["0 to 255", "0 to 1", "-1 to 1"]
Fit = Literal["stretch", "crop", "pad"]


class Input(Layer, frozen=True, kw_only=True):
    """The image: its channels, its size, and how pixel values 0-255 are scaled."""

    family: ClassVar[Family] = "io"
    title: ClassVar[str] = "Input"
    summary: ClassVar[str] = tr_noop(
        "The image that enters: a volume of pixel values, one channel for gray, three for RGB."
    )
    prefix: ClassVar[str] = "image"
    ports: ClassVar[Ports] = Ports(0, 0)

    channels: Annotated[
        int,
        describe(
            tr_noop("Channels"),
            tr_noop("The depth of the image: 1 for gray, 3 for red, green and blue, 4 with transparency."),
            symbol="D₁",
            ge=1,
            le=65536,
        ),
    ] = 1
    height: Annotated[
        int, describe(tr_noop("Height"), tr_noop("Rows of pixels."), symbol="H₁", unit="px", ge=1, le=16384)
    ] = 32
    width: Annotated[
        int, describe(tr_noop("Width"), tr_noop("Columns of pixels."), symbol="W₁", unit="px", ge=1, le=16384)
    ] = 32
    scaling: Annotated[
        Scaling, describe(tr_noop("Value scaling"), tr_noop("The range that pixel values 0 to 255 are brought to."))
    ] = "0 to 1"
    fit: Annotated[
        Fit,
        describe(
            tr_noop("Fit"),
            tr_noop(
                "How an image of another size is fitted: stretched, cropped at its centre, or padded with black "
                "(a smaller image keeps its size, a larger one is shrunk first)."
            ),
        ),
    ] = "stretch"
    invert: Annotated[
        bool,
        describe(
            tr_noop("Invert"),
            tr_noop("Swap light and dark, for dark strokes on light paper where the network knows light ones."),
        ),
    ] = False

    @property
    def shape(self) -> Shape:
        """The volume ``(C, H, W)`` that a loaded image becomes."""
        return Shape(self.channels, self.height, self.width)

    def brief(self) -> str:
        """Return what kind of image this is."""
        if self.channels in (3, 4):
            return "RGBA"[: self.channels]
        return tr("gray") if self.channels == 1 else tr("{count} channels", count=self.channels)

    def infer(self, inputs: tuple[Shape, ...]) -> Inferred:
        """Return the image's shape."""
        return Inferred(self.shape)

    def forward(self, inputs: tuple[Array, ...], weights: Mapping[str, Array]) -> Array:
        """Return the image itself, which the forward pass hands in."""
        return inputs[0]

    def explain(
        self, inputs: tuple[Array, ...], weights: Mapping[str, Array], index: tuple[int, ...]
    ) -> CopyExplanation:
        """Show the pixel, scaled as the network gets it."""
        return CopyExplanation(total=float(inputs[0][index]), origin=None)
