"""Where a network answers: probabilities or margins, one per class."""

from collections.abc import Mapping
from typing import Annotated, ClassVar

import msgspec
import numpy as np

from engine.derivation import Derivation
from engine.diagnostics import Code, Severity
from engine.kernels import activation
from engine.language import tr, tr_noop
from engine.layers.base import POINT, WHOLE, Array, Family, Inferred, Layer, Problem, Remedy, kept
from engine.layers.dense import Linear
from engine.layers.explanation import Precise, read_only
from engine.layers.parameters import describe
from engine.layers.region import Region
from engine.layers.value_explanation import LogSoftmaxExplanation, SoftmaxExplanation
from engine.shape import Shape


class Probabilities(Layer, frozen=True, kw_only=True):
    """What softmax and its logarithm share: one value for each class, and the classes' names."""

    family: ClassVar[Family] = "output"
    labels: Annotated[
        tuple[str, ...], describe(tr_noop("Class names"), tr_noop("One name per line, in the order of the outputs."))
    ] = ()

    def infer(self, inputs: tuple[Shape, ...]) -> Inferred:
        """Return the input's shape; on a volume the channels are the classes, pixel by pixel."""
        (shape,) = inputs
        window = POINT if shape.is_volume else WHOLE
        return Inferred(shape, window=window, problems=label_problems(self, self.labels, shape.channels))

    def derive(self, inputs: tuple[Shape, ...]) -> tuple[Derivation, ...]:
        """Say how many probabilities there are."""
        return kept(self.infer(inputs).output)

    def seen(self, region: Region, inputs: tuple[Shape, ...]) -> tuple[tuple[Region, ...], ...]:
        """Return the scores of all classes, at the same pixels of a volume."""
        (shape,) = inputs
        return ((Region.all(shape) if shape.is_vector else region.on(np.arange(shape.channels)),),)


class Softmax(Probabilities, frozen=True, kw_only=True):
    """Scores to probabilities: positive, and together one."""

    title: ClassVar[str] = "Softmax"
    summary: ClassVar[str] = tr_noop("Turns scores into probabilities that add up to 1.")
    prefix: ClassVar[str] = "softmax"

    def forward(self, inputs: tuple[Array, ...], weights: Mapping[str, Array]) -> Array:
        """Return exp(x)/Σ exp(x) along the first axis after the batch."""
        return activation.softmax(inputs[0])

    def explain(
        self, inputs: tuple[Array, ...], weights: Mapping[str, Array], index: tuple[int, ...]
    ) -> SoftmaxExplanation:
        """Show the scores of all classes, their exponentials, and the quotient for the class ``index[0]``."""
        chosen, *position = index
        scores, powers = _powers(inputs[0], position)
        return SoftmaxExplanation(
            total=float(powers[chosen] / powers.sum()),
            scores=read_only(scores),
            largest=float(scores.max()),
            powers=read_only(powers),
            sum=float(powers.sum()),
            chosen=chosen,
            position=tuple(position),
        )


class LogSoftmax(Probabilities, frozen=True, kw_only=True):
    """The logarithms of softmax's probabilities."""

    title: ClassVar[str] = "LogSoftmax"
    summary: ClassVar[str] = tr_noop("The logarithm of softmax: 0 for certainty, far below for what is unlikely.")
    prefix: ClassVar[str] = "logsoftmax"

    def forward(self, inputs: tuple[Array, ...], weights: Mapping[str, Array]) -> Array:
        """Return x − log Σ exp(x) along the first axis after the batch."""
        return activation.log_softmax(inputs[0])

    def explain(
        self, inputs: tuple[Array, ...], weights: Mapping[str, Array], index: tuple[int, ...]
    ) -> LogSoftmaxExplanation:
        """Show the scores of all classes, their exponentials, and the logarithm for the class ``index[0]``."""
        chosen, *position = index
        scores, powers = _powers(inputs[0], position)
        above = np.float64(scores[chosen]) - scores.max()
        return LogSoftmaxExplanation(
            total=float(above - np.log(powers.sum())),
            scores=read_only(scores),
            largest=float(scores.max()),
            powers=read_only(powers),
            sum=float(powers.sum()),
            chosen=chosen,
            position=tuple(position),
        )


class LinearSVM(Linear, frozen=True, kw_only=True):
    """A linear support vector machine's head: one margin per class, one against the rest."""

    family: ClassVar[Family] = "output"
    title: ClassVar[str] = "Linear SVM"
    summary: ClassVar[str] = tr_noop("One margin w·x + b per class (one against the rest); the largest margin decides.")
    prefix: ClassVar[str] = "svm"

    classes: Annotated[
        int, describe(tr_noop("Classes"), tr_noop("Number of classes."), symbol="N₂", ge=1, le=1_000_000)
    ] = 10
    labels: Annotated[
        tuple[str, ...], describe(tr_noop("Class names"), tr_noop("One name per line, in the order of the outputs."))
    ] = ()

    @property
    def outputs(self) -> int:
        """Length of the output vector."""
        return self.classes

    def brief(self) -> str:
        """Return the number of classes."""
        return tr("{classes:,} classes", classes=self.classes)

    def infer(self, inputs: tuple[Shape, ...]) -> Inferred:
        """Return a vector of margins."""
        inferred = super().infer(inputs)
        problems = inferred.problems + label_problems(self, self.labels, self.classes)
        return msgspec.structs.replace(inferred, problems=problems)


def _powers(x: Array, position: list[int]) -> tuple[Array, Precise]:
    """Return the scores of all classes at one pixel, and exp(score − largest) of each."""
    pixel: tuple[slice | int, ...] = (slice(None), *position)
    scores = x[pixel]
    return scores, np.exp(scores.astype(np.float64) - scores.max())


def label_problems(layer: Layer, labels: tuple[str, ...], classes: int) -> tuple[Problem, ...]:
    """Warn of a list of class names that is not as long as the list of classes."""
    if not labels or len(labels) == classes:
        return ()
    fitted = (*labels[:classes], *(str(number) for number in range(len(labels), classes)))
    message = tr("There are {count} class names for {classes} classes.", count=len(labels), classes=classes)
    remedies = (
        Remedy(tr("Fit the list to {classes} names", classes=classes), "replace", layer.replace(labels=fitted)),
        Remedy(tr("Remove the class names"), "replace", layer.replace(labels=())),
    )
    return (Problem(Code.LABEL_COUNT, message, Severity.WARNING, parameter="labels", remedies=remedies),)
