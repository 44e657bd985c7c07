"""What a lesson can ask of a network: each check is a few fields, as a lesson's file writes them."""

from typing import Annotated, Any, Literal, get_args

import msgspec
from msgspec import Meta

MOST_IMAGES = 64  # that a check of the accuracy runs

Number = int | float
Share = Annotated[float, Meta(ge=0, le=1)]
Name = Annotated[str, Meta(min_length=1, max_length=200)]
Named = Annotated[str, Meta(min_length=1, max_length=200, description="The id or the name of a layer")]
Query = Annotated[
    str,
    Meta(min_length=1, max_length=400, description="Layers, as Edit ▸ Find takes them: type = Conv2D and stride = 2"),
]
File = Annotated[
    str,
    Meta(
        max_length=200,
        pattern=r"^(shipped:)?\w[\w .()+-]*(/\w[\w .()+-]*)*$",
        description="A file in the lesson's own folder, or shipped:… for one of Convolab's: shipped:images/cat.jpg",
    ),
]
ShapeText = Annotated[
    str,
    Meta(
        max_length=40,
        pattern=r"^(\d+|\*)([x×](\d+|\*))*$",
        description="Width × height × depth, or the length of a vector; * stands for any number: 28×28×6, 10, *×*×6",
    ),
]
AtLeast = Annotated[Number | None, Meta(description="The least value that is right")]
AtMost = Annotated[Number | None, Meta(description="The greatest value that is right")]
Exactly = Annotated[Number | None, Meta(description="The only value that is right")]
Sum = Literal["parameters", "weights", "biases", "trainable", "connections", "macs", "memory"]
Figure = Literal[
    "params", "weights", "biases", "connections", "macs", "channels", "height", "width", "values", "bytes", "field",
    "inputs", "outputs",
]  # fmt: skip


class _Check(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, tag_field="check"):
    """One thing that is so or is not."""


class _Bounded(_Check, frozen=True, kw_only=True):
    """A number with bounds; at least one of them is given."""

    equals: Exactly = msgspec.field(default=None, name="is")
    at_least: AtLeast = None
    at_most: AtMost = None

    @property
    def bounds(self) -> tuple[Number | None, Number | None, Number | None]:
        """The value wanted, the least, the greatest."""
        return self.equals, self.at_least, self.at_most


class Output(_Check, frozen=True, kw_only=True, tag="output"):
    """The shape of what leaves a layer, or of what the network gives."""

    shape: ShapeText = msgspec.field(name="is")
    layer: Named | None = None
    where: Query | None = None


class Total(_Bounded, frozen=True, kw_only=True, tag="total"):
    """A sum over all layers."""

    of: Sum


class NumberOf(_Bounded, frozen=True, kw_only=True, tag="number"):
    """A number of a layer; of several that match, one is enough. Of a field both sides count."""

    of: Figure
    layer: Named | None = None
    where: Query | None = None


class Setting(_Bounded, frozen=True, kw_only=True, tag="setting"):
    """A hyper-parameter of a layer; of several that match, one is enough."""

    of: Name
    equals: Annotated[Any, Meta(description='The value as a document writes it: 3, [5, 5], "same", true')] = (
        msgspec.field(default=None, name="is")
    )
    layer: Named | None = None
    where: Query | None = None


class Layers(_Bounded, frozen=True, kw_only=True, tag="layers"):
    """How many layers there are of a kind; at least one unless told."""

    where: Query
    called: Annotated[str, Meta(max_length=80, description="What people call them: Convolutions of 5×5")] = ""


class Order(_Check, frozen=True, kw_only=True, tag="order"):
    """Layers that follow each other along the wires."""

    types: Annotated[
        tuple[Name, ...],
        Meta(min_length=1, max_length=32, description="Types such as Conv2D, or families such as pool"),
    ]
    adjacent: Annotated[bool, Meta(description="Whether no other layer may be between them")] = False


class Sound(_Check, frozen=True, kw_only=True, tag="sound"):
    """Nothing is wrong with the network."""

    warnings: Annotated[bool, Meta(description="Whether warnings count, too")] = False


class Answer(_Check, frozen=True, kw_only=True, tag="answer"):
    """The class that the network gives to an image."""

    image: File
    label: Annotated[Name, Meta(description="The class's name, or its number from 0")] = msgspec.field(name="is")
    at_least: Annotated[Share | None, Meta(description="The least probability of it")] = None


class Accuracy(_Check, frozen=True, kw_only=True, tag="accuracy"):
    """The share of images that the network gives the right class."""

    images: Annotated[
        dict[File, Name], Meta(min_length=1, max_length=MOST_IMAGES, description="Each image's right class")
    ]
    at_least: Share


class AnyOf(_Check, frozen=True, kw_only=True, tag="any"):
    """One of several checks is enough."""

    of: Annotated[
        tuple[
            Output | Total | NumberOf | Setting | Layers | Order | Sound | Answer | Accuracy,
            ...,
        ],
        Meta(min_length=2, max_length=8),
    ]


class Used(_Check, frozen=True, kw_only=True, tag="used"):
    """A command was used since the step began."""

    command: Name


class Selected(_Check, frozen=True, kw_only=True, tag="selected"):
    """A layer is selected, alone."""

    layer: Named


class Ran(_Check, frozen=True, kw_only=True, tag="ran"):
    """An image has run through the network."""


Check = Output | Total | NumberOf | Setting | Layers | Order | Sound | Answer | Accuracy | AnyOf  # of a file alone
Condition = Check | Used | Selected | Ran  # of what a person does in the window, too
SUMS: tuple[str, ...] = get_args(Sum)


def runs_network(check: Condition) -> bool:
    """Whether a check runs images through the network, which takes its time."""
    if isinstance(check, AnyOf):
        return any(map(runs_network, check.of))
    return isinstance(check, Answer | Accuracy)
