"""What becomes of one layer: modules one behind the other, or an operation on several values."""

from collections.abc import Callable
from typing import Literal, NamedTuple

from engine.analysis import NodeAnalysis
from engine.layers import Layer
from engine.layers.window import Pads
from engine.shape import Shape

Value = int | float | bool | str | tuple[int | float, ...]
Operation = Literal["add", "subtract", "multiply", "maximum", "minimum", "average", "concat"]


class Arg(NamedTuple):
    """An argument of a constructor; without a name it is given by its place. What equals the default goes unsaid."""

    name: str
    value: Value
    default: Value | None = None
    counts_depth: bool = False  # channels, or values of a vector
    positional: bool = False


class Module(NamedTuple):
    """A module: what is called, with which arguments.

    ``suffix`` is added to the layer's name where the layer is several modules, and ``arrays`` says under which of our
    names the module keeps its own: ``(ours, the module's)``.
    """

    call: str
    args: tuple[Arg, ...] = ()
    suffix: str = ""
    arrays: tuple[tuple[str, str], ...] = ()
    remark: str = ""


class Merge(NamedTuple):
    """An operation on several values; those that are vectors among volumes are told apart."""

    operation: Operation
    vectors: tuple[bool, ...] = ()


class Given(NamedTuple):
    """A layer with the shapes that come in and go out, and the names of its arrays."""

    layer: Layer
    shapes: tuple[Shape, ...]
    output: Shape
    arrays: tuple[str, ...]

    @classmethod
    def of(cls, entry: NodeAnalysis) -> "Given":
        """Return what an analysis says of a layer without errors."""
        assert entry.output is not None
        shapes = tuple(shape for shape in entry.inputs if shape is not None)
        return cls(entry.layer, shapes, entry.output, tuple(spec.name for spec in entry.inferred.weights))

    @property
    def shape(self) -> Shape:
        """The first input's shape."""
        return self.shapes[0]

    @property
    def same_arrays(self) -> tuple[tuple[str, str], ...]:
        """All arrays under their own names."""
        return tuple((name, name) for name in self.arrays)


Steps = tuple[Module, ...] | Merge
Writer = Callable[[Given], Steps]


def depth(name: str, value: int) -> Arg:
    """Return a number of channels, by its place."""
    return Arg(name, value, None, counts_depth=True, positional=True)


def first(name: str, value: Value) -> Arg:
    """Return an argument that is given by its place."""
    return Arg(name, value, None, positional=True)


def pair(numbers: tuple[int, int]) -> int | tuple[int, int]:
    """Return two numbers as one where they are the same."""
    return numbers[0] if numbers[0] == numbers[1] else numbers


def sides(pads: Pads) -> tuple[int, ...]:
    """Return top, bottom, left, right in PyTorch's order: left, right, top, bottom."""
    return (*pads[2:], *pads[:2])


def zeros(pads: Pads, remark: str) -> tuple[Module, ...]:
    """Return the module that puts zeros around a volume; none where nothing is to be put there."""
    if not any(pads):
        return ()
    return (Module("nn.ZeroPad2d", (first("padding", sides(pads)),), "pad", remark=remark),)


def simple(call: str, *args: Arg) -> Writer:
    """Return the writer of a layer that is one module, always the same, without weights."""

    def write(given: Given) -> Steps:
        return (Module(call, args),)

    return write
