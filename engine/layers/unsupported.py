"""What a file of another program has and no layer here is: kept whole, shown, and written back; never computed."""

from collections.abc import Mapping
from math import prod
from typing import Annotated, ClassVar, cast

import msgspec
from msgspec import Meta

from engine.diagnostics import Code, Severity
from engine.language import tr, tr_noop
from engine.layers.base import WHOLE, Array, Family, Inferred, Layer, Ports, Problem, Remedy, WeightSpec
from engine.layers.explanation import Explanation
from engine.layers.parameters import describe
from engine.layers.region import Region
from engine.shape import Shape

WIRE = "wire"  # an input that comes from another layer
_BRIEF = 46  # characters of a brief

_KnownExtent = Annotated[int, Meta(ge=0, le=1 << 31)]


class ForeignAttribute(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """An attribute: its name, its value as a person reads it, and as the file has it (base64)."""

    name: str
    text: str
    data: str


class ForeignArray(msgspec.Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """A constant input: its name, shape and type; ``data`` (base64) is empty where the network's weights hold it."""

    name: str
    shape: tuple[_KnownExtent, ...] = ()
    type: str = "float32"
    data: str | None = None


class ForeignNode(msgspec.Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """One node of an ONNX file as the file has it, and which of its outputs a layer stands for."""

    operator: str = "Unknown"
    domain: str = ""
    opset: int = 1
    attributes: tuple[ForeignAttribute, ...] = ()
    inputs: tuple[str, ...] = (WIRE,)  # in the operator's order; else names of arrays, or nothing for what is left out
    captured: tuple[str, ...] = ()  # what graphs within attributes call the last of the inputs
    arrays: tuple[ForeignArray, ...] = ()
    outputs: tuple[str, ...] = ("float32",)  # the types of their values; nothing for what is left out
    shapes: tuple[tuple[_KnownExtent, ...], ...] = ()  # of the wired inputs for which the output's shape is known
    part: Annotated[int, Meta(ge=0, le=1023)] = 0
    batched: bool = True  # the first axis of the output is the batch's
    squeezed: bool = False  # the output has an axis less than is shown of it: one number, or one for each image
    assumed: bool = False  # the output's shape is not known, and that of the first input was taken for it
    reason: str = ""  # why no layer does what the node does

    @property
    def full_name(self) -> str:
        """The operator with its domain, where that is not ONNX's own."""
        return f"{self.domain}.{self.operator}" if self.domain else self.operator

    @property
    def main(self) -> int:
        """The number of the first output that there is."""
        return next((number for number, type in enumerate(self.outputs) if type), 0)


class _Wires:
    """The ports of the class, which takes any number of inputs, and of a layer, which takes those that its file had."""

    def __get__(self, layer: "Unsupported | None", owner: type) -> Ports:
        return Ports(1, None) if layer is None else Ports(layer.wires, layer.wires)


class Unsupported(Layer, frozen=True, kw_only=True):
    """An operator that no layer is. A further output of one is such a layer, too, behind that of the first output."""

    family: ClassVar[Family] = "unsupported"
    title: ClassVar[str] = tr_noop("Unsupported")
    summary: ClassVar[str] = tr_noop("An operator of an ONNX file that Convolab does not compute; it is kept as it is.")
    prefix: ClassVar[str] = "foreign"
    ports: ClassVar[Ports] = cast("Ports", _Wires())
    weighted: ClassVar[bool] = True
    computed: ClassVar[bool] = False

    node: Annotated[
        ForeignNode, describe(tr_noop("Operator"), tr_noop("The operator, its attributes and its constant inputs."))
    ] = ForeignNode()
    output: Annotated[
        tuple[_KnownExtent, ...],
        describe(
            tr_noop("Output shape"),
            tr_noop("The extents that come out, channels first; a 0 says that they are not known."),
        ),
    ] = (1,)

    @property
    def is_main(self) -> bool:
        """Whether this is the operator itself and not a further output of it."""
        return self.node.part <= self.node.main

    @property
    def value_type(self) -> str:
        """The type of the output's values."""
        types, part = self.node.outputs, self.node.part
        return types[part] if part < len(types) else "float32"

    @property
    def wires(self) -> int:
        """How many layers feed this one."""
        return max(1, self.node.inputs.count(WIRE)) if self.is_main else 1

    def brief(self) -> str:
        """Return the operator and as many of its attributes as there is room for."""
        operator = self.node.operator
        if not self.is_main:
            return _cut(tr("output {number} of {operator}", number=self.node.part + 1, operator=operator))
        attributes = ", ".join(f"{one.name} = {one.text}" for one in self.node.attributes)
        return _cut(f"{operator} · {attributes}" if attributes else operator)

    def infer(self, inputs: tuple[Shape, ...]) -> Inferred:
        """Return the shape that the file says, as long as what comes in is what it was there."""
        problem = self._problem(inputs)
        if problem is not None:
            return Inferred(None, self.weight_specs(), window=WHOLE, problems=(problem,))
        remarks = (self._remark(),) if self.is_main else ()
        return Inferred(Shape(*self.output), self.weight_specs(), window=WHOLE, problems=remarks)

    def forward(self, inputs: tuple[Array, ...], weights: Mapping[str, Array]) -> Array:
        """Refuse: a run leaves out what is not computed."""
        raise NotImplementedError(self.node.full_name)

    def explain(self, inputs: tuple[Array, ...], weights: Mapping[str, Array], index: tuple[int, ...]) -> Explanation:
        """Refuse: there is no value to explain."""
        raise NotImplementedError(self.node.full_name)

    def seen(self, region: Region, inputs: tuple[Shape, ...]) -> tuple[tuple[Region, ...], ...]:
        """Return everything: what an unknown operator looks at is not known."""
        return tuple((Region.all(shape),) for shape in inputs)

    def weight_specs(self) -> tuple[WeightSpec, ...]:
        """Return the arrays that the network's weights hold."""
        if not self.is_main:
            return ()
        named = {one.name: one for one in self.node.arrays if one.data is None and 0 not in one.shape}
        return tuple(
            WeightSpec(name, one.shape, "weight", "glorot", prod(one.shape[1:]), prod(one.shape[:1]))
            for name, one in named.items()
        )

    def _problem(self, inputs: tuple[Shape, ...]) -> Problem | None:
        """Return what keeps the output's shape from being known."""
        node = self.node
        if len(inputs) != self.wires:
            text = tr(
                "{operator} takes {wanted:,} inputs from other layers, and {given:,} are connected.",
                operator=node.full_name,
                wanted=self.wires,
                given=len(inputs),
            )
            return Problem(Code.UNSUPPORTED, text)
        if min(self.output) < 1:
            text = tr(
                "What shape comes out of {operator} is neither said in the file nor can it be worked out. Where you "
                "know it, write it under “Output shape”.",
                operator=node.full_name,
            )
            return Problem(Code.UNKNOWN_SHAPE, text, parameter="output")
        if self.is_main and node.shapes and inputs != node.shapes:
            given, known = _shapes(inputs), _shapes(node.shapes)
            text = tr(
                "The file says what comes out of {operator} for {known}, and {given} comes in now: what comes out of "
                "that is not known.",
                operator=node.full_name,
                known=known,
                given=given,
            )
            shape = Shape(*self.output).text()
            kept = self.replace(node=msgspec.structs.replace(node, shapes=inputs))
            remedy = Remedy(tr("Let it be {shape} still", shape=shape), "replace", kept)
            return Problem(Code.UNKNOWN_SHAPE, text, parameter="output", remedies=(remedy,))
        return None

    def _remark(self) -> Problem:
        reason = f" ({self.node.reason})" if self.node.reason else ""
        text = tr(
            "Convolab has no layer that does what {operator} does here{reason}. Its values, and all behind it, are "
            "not computed and its MACs not counted; the ONNX file that is exported has it as it was.",
            operator=self.node.full_name,
            reason=reason,
        )
        if self.node.assumed:
            text += " " + tr(
                "What shape comes out is not said; that of what comes in was taken. Where you know better, write it "
                "under “Output shape”."
            )
        return Problem(Code.UNSUPPORTED, text, Severity.WARNING)


def _shapes(shapes: tuple[tuple[int, ...], ...]) -> str:
    return ", ".join(Shape(*shape).text() for shape in shapes) or tr("nothing")


def _cut(text: str) -> str:
    text = " ".join(text.split())
    return text if len(text) <= _BRIEF else f"{text[: _BRIEF - 1]}…"
