"""Where a network answers: probabilities or margins, one per class."""

from collections.abc import Mapping
from typing import Annotated, ClassVar

import msgspec

from engine.derivation import Derivation
from engine.diagnostics import Code, Severity
from engine.kernels import activation
from engine.layers.base import Array, Family, Inferred, Layer, Problem, Remedy, kept
from engine.layers.dense import Linear
from engine.layers.parameters import describe
from engine.shape import Shape


class Probabilities(Layer, frozen=True, kw_only=True):
    """What softmax and its logarithm share: one value for each class, and the classes' names."""

    family: ClassVar[Family] = "output"
    labels: Annotated[tuple[str, ...], describe("Class names", "One name per line, in the order of the outputs.")] = ()

    def infer(self, inputs: tuple[Shape, ...]) -> Inferred:
        """Return the input's shape; on a volume the channels are the classes, pixel by pixel."""
        (shape,) = inputs
        return Inferred(shape, problems=label_problems(self, self.labels, shape.channels))

    def derive(self, inputs: tuple[Shape, ...]) -> tuple[Derivation, ...]:
        """Say how many probabilities there are."""
        return kept(self.infer(inputs).output)


class Softmax(Probabilities, frozen=True, kw_only=True):
    """Scores to probabilities: positive, and together one."""

    title: ClassVar[str] = "Softmax"
    summary: ClassVar[str] = "Turns scores into probabilities that add up to 1."
    prefix: ClassVar[str] = "softmax"

    def forward(self, inputs: tuple[Array, ...], weights: Mapping[str, Array]) -> Array:
        """Return exp(x)/Σ exp(x) along the first axis after the batch."""
        return activation.softmax(inputs[0])


class LogSoftmax(Probabilities, frozen=True, kw_only=True):
    """The logarithms of softmax's probabilities."""

    title: ClassVar[str] = "LogSoftmax"
    summary: ClassVar[str] = "The logarithm of softmax: 0 for certainty, far below for what is unlikely."
    prefix: ClassVar[str] = "logsoftmax"

    def forward(self, inputs: tuple[Array, ...], weights: Mapping[str, Array]) -> Array:
        """Return x − log Σ exp(x) along the first axis after the batch."""
        return activation.log_softmax(inputs[0])


class LinearSVM(Linear, frozen=True, kw_only=True):
    """A linear support vector machine's head: one margin per class, one against the rest."""

    family: ClassVar[Family] = "output"
    title: ClassVar[str] = "Linear SVM"
    summary: ClassVar[str] = "One margin w·x + b per class (one against the rest); the largest margin decides."
    prefix: ClassVar[str] = "svm"

    classes: Annotated[int, describe("Classes", "Number of classes.", symbol="N₂", ge=1, le=1_000_000)] = 10
    labels: Annotated[tuple[str, ...], describe("Class names", "One name per line, in the order of the outputs.")] = ()

    @property
    def outputs(self) -> int:
        """Length of the output vector."""
        return self.classes

    def brief(self) -> str:
        """Return the number of classes."""
        return f"{self.classes:,} classes"

    def infer(self, inputs: tuple[Shape, ...]) -> Inferred:
        """Return a vector of margins."""
        inferred = super().infer(inputs)
        problems = inferred.problems + label_problems(self, self.labels, self.classes)
        return msgspec.structs.replace(inferred, problems=problems)


def label_problems(layer: Layer, labels: tuple[str, ...], classes: int) -> tuple[Problem, ...]:
    """Warn of a list of class names that is not as long as the list of classes."""
    if not labels or len(labels) == classes:
        return ()
    fitted = (*labels[:classes], *(str(number) for number in range(len(labels), classes)))
    message = f"There are {len(labels)} class names for {classes} classes."
    remedies = (
        Remedy(f"Fit the list to {classes} names", "replace", layer.replace(labels=fitted)),
        Remedy("Remove the class names", "replace", layer.replace(labels=())),
    )
    return (Problem(Code.LABEL_COUNT, message, Severity.WARNING, parameter="labels", remedies=remedies),)
