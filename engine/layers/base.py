"""What every layer is: a value with hyper-parameters, a shape rule, counts, derivations and a forward call."""

from collections.abc import Callable, Mapping
from fractions import Fraction
from typing import Any, ClassVar, Literal, NamedTuple, Self

import msgspec
import numpy as np
from numpy.typing import NDArray

from engine.derivation import Derivation
from engine.diagnostics import Code, Severity
from engine.language import tr, tr_noop
from engine.layers.explanation import Explanation
from engine.layers.parameters import check, parameters
from engine.layers.region import Region
from engine.shape import Shape

Array = NDArray[np.float32]
Family = Literal[
    "io",
    "conv",
    "activation",
    "pool",
    "normalization",
    "reshape",
    "dense",
    "output",
    "regularization",
    "merge",
    "unsupported",
]


class Ports(NamedTuple):
    """How many inputs a layer takes; ``most`` is None where there is no limit."""

    least: int
    most: int | None


class WeightSpec(msgspec.Struct, frozen=True):
    """One weight array that a layer needs.

    ``fan_in`` and ``fan_out`` are the inputs of one output neuron and the outputs of one input neuron, as the
    initialisers of He and of Glorot use them. Weights and biases are learned by gradients; a statistic is gathered
    while a network is trained (a batch normalisation's running mean). ``value`` is what the initialiser ``constant``
    fills the array with.
    """

    name: str
    shape: tuple[int, ...]
    kind: Literal["weight", "bias", "statistic"]
    initialiser: Literal["he", "glorot", "zeros", "constant"]
    fan_in: int = 1
    fan_out: int = 1
    value: float = 0.0

    @property
    def size(self) -> int:
        """Number of values."""
        return Shape(*self.shape).size

    @property
    def trainable(self) -> bool:
        """Whether training by gradients changes it."""
        return self.kind != "statistic"


class Window(NamedTuple):
    """What one output pixel sees of its input, per axis (y, x): extent, stride, padding before the first pixel.

    All are in pixels of the input; where a layer makes maps larger, its stride is a fraction of one.
    """

    extent: tuple[int, int]
    stride: tuple[int | Fraction, int | Fraction]
    before: tuple[int, int]


POINT = Window((1, 1), (1, 1), (0, 0))  # an output pixel sees the pixel at its own place
WHOLE = None  # an output value sees everything


class Remedy(msgspec.Struct, frozen=True):
    """A proposal to mend a problem, tried by the analysis before anybody sees it.

    ``action`` is ``"replace"`` (this layer by ``layer``), ``"insert"`` (``layer`` before ``port``) or ``"bypass"``
    (connect ``port`` to what feeds the node before it).
    """

    title: str
    action: Literal["replace", "insert", "bypass"]
    layer: "Layer | None" = None
    port: int = 0


class Problem(msgspec.Struct, frozen=True):
    """A finding of one layer on its inputs; the analysis adds the place and tries the remedies."""

    code: Code
    message: str
    severity: Severity = Severity.ERROR
    parameter: str | None = None
    port: int | None = None
    remedies: tuple[Remedy, ...] = ()


class Inferred(msgspec.Struct, frozen=True):
    """What a layer makes of its input shapes. ``output`` is None where a problem is an error.

    ``connections`` (without the bias) and ``macs`` are those of convolutions and fully connected layers, as published
    figures count them; scaling, pooling and activation add none.
    """

    output: Shape | None
    weights: tuple[WeightSpec, ...] = ()
    connections: int = 0
    macs: int = 0
    window: Window | None = POINT
    problems: tuple[Problem, ...] = ()


class Layer(msgspec.Struct, frozen=True, kw_only=True, tag=True, tag_field="type", forbid_unknown_fields=True):
    """The base of all layers: an immutable value; its type name is its class name.

    Raises
    ------
    ValueError
        On construction, when a hyper-parameter is outside the bounds that its field states.
    """

    family: ClassVar[Family]
    title: ClassVar[str]
    summary: ClassVar[str]
    prefix: ClassVar[str]  # of generated ids: "conv" gives conv1, conv2, …
    ports: ClassVar[Ports] = Ports(1, 1)
    weighted: ClassVar[bool] = False  # has weights, whose number follows from the input's shape
    computed: ClassVar[bool] = True  # takes part in a run

    def __post_init__(self) -> None:
        check(self)

    @property
    def type(self) -> str:
        """The name under which the layer is saved and listed."""
        return type(self).__name__

    def brief(self) -> str:
        """Return the hyper-parameters that matter, in a few characters; empty where there are none."""
        return ""

    def infer(self, inputs: tuple[Shape, ...]) -> Inferred:
        """Return the output shape, counts and problems for given input shapes; never raises."""
        raise NotImplementedError

    def derive(self, inputs: tuple[Shape, ...]) -> tuple[Derivation, ...]:
        """Return how the numbers of `infer` come about; empty where there is nothing to compute."""
        return ()

    def forward(self, inputs: tuple[Array, ...], weights: Mapping[str, Array]) -> Array:
        """Compute the output ``(N, …)`` from inputs ``(N, …)``, float32, and the weights by name."""
        raise NotImplementedError

    def explain(self, inputs: tuple[Array, ...], weights: Mapping[str, Array], index: tuple[int, ...]) -> Explanation:
        """Show how the output value at ``index`` comes about, from inputs without the batch axis."""
        raise NotImplementedError

    def seen(self, region: Region, inputs: tuple[Shape, ...]) -> tuple[tuple[Region, ...], ...]:
        """Return what a region of the output depends on; by default the same region of every input.

        For each input these are regions that say it together; none where nothing of that input counts. Where
        nothing but padding is seen, a region without positions says so.
        """
        return ((region,),) * len(inputs)

    def replace(self, **changes: Any) -> Self:
        """Return this layer with some hyper-parameters changed."""
        return msgspec.structs.replace(self, **changes)

    def attempt(self, **changes: Any) -> Self | None:
        """Return this layer with some hyper-parameters changed; None where that is outside their bounds."""
        try:
            return self.replace(**changes)
        except ValueError:
            return None

    def adopting(self, other: "Layer") -> Self:
        """Return this layer with the hyper-parameters of another that mean the same here and are within bounds.

        Names mean the same within a family, and between all layers that slide a window: kernel, stride, padding.
        """
        windows = "kernel" in self.__struct_fields__ and "kernel" in other.__struct_fields__
        if self.family != other.family and not windows:
            return self
        theirs = {parameter.name: parameter.kind for parameter in parameters(type(other))}
        taken = self
        for parameter in parameters(type(self)):
            if theirs.get(parameter.name) == parameter.kind:
                taken = taken.attempt(**{parameter.name: getattr(other, parameter.name)}) or taken
        return taken

    def fitted(self, inputs: tuple[Shape, ...]) -> Self:
        """Return this layer, or the nearest of its type that works on inputs of these shapes, where it proposes one."""
        found = self.infer(inputs)
        if found.output is not None:
            return self
        for problem in found.problems:
            for remedy in problem.remedies:
                other = remedy.layer
                if remedy.action == "replace" and isinstance(other, type(self)) and other.infer(inputs).output:
                    return other
        return self


def replacements(*options: tuple[str, Layer | None]) -> tuple[Remedy, ...]:
    """Return the remedies that put another layer in this one's place; None stands for one that can't be made."""
    return tuple(Remedy(title, "replace", layer) for title, layer in options if layer is not None)


SLIDES = tr_noop("{layer} slides over the height and width of a volume")


def volume_problem(layer: Layer, shape: Shape, works: str = SLIDES) -> Problem:
    """Return the problem of a layer that works on volumes, as the text ``works`` has it, and gets something else."""
    bypass = Remedy(tr("Connect to the layer before the flattening one"), "bypass")
    return Problem(
        Code.VOLUME_EXPECTED,
        tr(
            "{works}, but it receives a vector of {size:,} values, which has neither.",
            works=tr(works, layer=layer.title),
            size=shape.size,
        ),
        port=0,
        remedies=(bypass,),
    )


def kept(output: Shape | None) -> tuple[Derivation, ...]:
    """Return the derivation of a layer that keeps every value; none where it has no output."""
    return (Derivation("values", tr("as many as come in"), output.text(), output.size),) if output is not None else ()


def divisors(number: int, accept: Callable[[int], bool]) -> list[int]:
    """Return the divisors of ``number`` that are accepted, in rising order."""
    small = [d for d in range(1, int(number**0.5) + 1) if number % d == 0]
    both = {*small, *(number // d for d in small)}
    return sorted(d for d in both if accept(d))
