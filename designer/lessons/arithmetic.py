"""The line of arithmetic below a scene: how the value at work comes about, with its numbers in it."""

from collections.abc import Sequence
from functools import singledispatch

import numpy as np

from designer.lessons.marks import Word
from designer.tiles.numbers import number_text
from engine import (
    ActivationExplanation,
    ConvExplanation,
    CopyExplanation,
    Explanation,
    LinearExplanation,
    LocalResponseExplanation,
    LogSoftmaxExplanation,
    LpExplanation,
    MaxExplanation,
    MeanExplanation,
    MergeExplanation,
    NormalizationExplanation,
    ReLUExplanation,
    ScaleExplanation,
    SeparableExplanation,
    SoftmaxExplanation,
    Step,
    SumExplanation,
)
from engine.language import tr, tr_noop, tr_number

_SIGNS = {"sum": "+", "difference": "−", "product": "×"}
_MOST = 12  # summands that are written


def words(step: Step) -> tuple[Word, ...]:
    """Return the arithmetic of a step: what is summed so far, then what it comes to, then the activation."""
    if not step.finished:
        if isinstance(step.explanation, MaxExplanation):
            text = tr_noop("Largest of the first {terms:,} of {count:,}:")
        else:
            text = tr_noop("Sum of the first {terms:,} of {count:,}:")
        said = tr(text, terms=step.terms, count=step.of) + "  "
        return Word(said, "muted"), Word(_number(step.running), "accent")
    with np.errstate(all="ignore"):  # sums of inf and nan are shown as what they are
        made = [*terms(step.explanation, step)]
    made += [Word("  =  ", "muted"), Word(_number(step.explanation.total), "accent")]
    if step.after is not None:
        made += [*_then(step.after), Word(_number(step.after.total), "accent")]
    return tuple(made)


def _then(after: Explanation) -> tuple[Word, ...]:
    name = after.function if isinstance(after, ActivationExplanation) else tr("then")
    return Word("   →  ", "muted"), Word(name), Word("  →  ", "muted")


@singledispatch
def terms(found: Explanation, step: Step) -> Sequence[Word]:
    """Return what a value is computed from."""
    return [Word(_number(float(value))) for value in found.numbers.ravel()[:_MOST]]


@terms.register
def _(found: ConvExplanation, step: Step) -> Sequence[Word]:
    sums = [float(one) for one in found.partial_sums]
    named = tr("Σ products") if len(sums) == 1 else tr("Σ of the channels")
    return [Word(f"{named}:  ", "muted"), *_sum(sums), *_bias(found.bias)]


@terms.register
def _(found: SeparableExplanation, step: Step) -> Sequence[Word]:
    return [
        Word(tr("each channel filtered, times its weight:") + "  ", "muted"),
        *_sum([float(one) for one in found.products]),
        *_bias(found.bias),
    ]


@terms.register
def _(found: MaxExplanation, step: Step) -> Sequence[Word]:
    values = [_number(float(value)) for value in found.patch.values[~found.patch.padding]]
    return [Word("max(", "muted"), *_listed(values), Word(")", "muted")]


@terms.register
def _(found: SumExplanation, step: Step) -> Sequence[Word]:
    return _sum([float(value) for value in found.patch.values[~found.patch.padding]])


@terms.register
def _(found: MeanExplanation, step: Step) -> Sequence[Word]:
    values = [float(value) for value in found.patch.values[~found.patch.padding]]
    return [Word("("), *_sum(values), Word(")"), Word(f"  ÷  {tr_number(found.count)}", "muted")]


@terms.register
def _(found: LpExplanation, step: Step) -> Sequence[Word]:
    values = [_number(float(value)) for value in found.patch.values[~found.patch.padding]]
    return [Word(tr("(Σ |x|^{p})^(1/{p}) of", p=found.p) + " ", "muted"), *_listed(values)]


@terms.register
def _(found: LinearExplanation, step: Step) -> Sequence[Word]:
    rest = float(np.sum(found.products))
    count = tr("Σ of {count:,} inputs × weights:", count=len(found.products)) + "  "
    return [Word(count, "muted"), Word(_number(rest)), *_bias(found.bias)]


@terms.register
def _(found: ActivationExplanation, step: Step) -> Sequence[Word]:
    settings = "".join(f",  {name} = {_number(value)}" for name, value in found.settings)
    return [Word(f"{found.function}(", "muted"), Word(_number(found.before)), Word(f"{settings})", "muted")]


@terms.register
def _(found: ReLUExplanation, step: Step) -> Sequence[Word]:
    return [Word("max(0, ", "muted"), Word(_number(found.before)), Word(")", "muted")]


@terms.register
def _(found: ScaleExplanation, step: Step) -> Sequence[Word]:
    return [
        Word(_number(found.before)),
        Word("  ×  ", "muted"),
        Word(_number(found.factor)),
        Word("  +  ", "muted"),
        Word(_number(found.offset)),
    ]


@terms.register
def _(found: NormalizationExplanation, step: Step) -> Sequence[Word]:
    return [
        Word(tr("(x − mean) ÷ deviation × scale + shift:") + "  ", "muted"),
        Word(f"({_number(found.before)} − {_signed(found.mean)})"),
        Word("  ÷  ", "muted"),
        Word(_number(found.deviation)),
        Word("  ×  ", "muted"),
        Word(_number(found.scale)),
        Word("  +  ", "muted"),
        Word(_number(found.shift)),
    ]


@terms.register
def _(found: LocalResponseExplanation, step: Step) -> Sequence[Word]:
    power = f"{_number(found.base)}^{_number(found.beta)}"
    return [Word(_number(float(found.neighbours[found.chosen]))), Word("  ÷  ", "muted"), Word(power)]


@terms.register
def _(found: SoftmaxExplanation, step: Step) -> Sequence[Word]:
    score, power = float(found.scores[found.chosen]), float(found.powers[found.chosen])
    return [
        Word("e^", "muted"),
        Word(f"({_number(score)} − {_signed(found.largest)})"),
        Word("  ÷  Σ  =  ", "muted"),
        Word(_number(power)),
        Word("  ÷  ", "muted"),
        Word(_number(found.sum)),
    ]


@terms.register
def _(found: LogSoftmaxExplanation, step: Step) -> Sequence[Word]:
    score = float(found.scores[found.chosen])
    return [
        Word(f"{_number(score)} − {_signed(found.largest)}"),
        Word("  −  ln ", "muted"),
        Word(_number(found.sum)),
    ]


@terms.register
def _(found: MergeExplanation, step: Step) -> Sequence[Word]:
    values = [_number(float(value)) for value in found.values]
    if found.operation in _SIGNS:
        made = [Word(values[0])]
        for value in values[1:]:
            made += [Word(f"  {_SIGNS[found.operation]}  ", "muted"), Word(value)]
        return made
    name = {"maximum": "max", "minimum": "min"}.get(found.operation) or tr("mean")
    return [Word(f"{name}(", "muted"), *_listed(values), Word(")", "muted")]


@terms.register
def _(found: CopyExplanation, step: Step) -> Sequence[Word]:
    if found.origin is None:
        return [Word(tr("comes from no other layer"), "muted")]
    place, to = ", ".join(map(str, found.origin.index)), ", ".join(map(str, step.index))
    if len(found.origin.index) == 3:
        origin = [Word(tr("(channel, y, x)") + " = ", "muted"), Word(f"({place})")]
    else:
        origin = [Word(tr("element {number}", number=place))]
    target = f"({to})" if len(step.index) == 3 else tr("element {number}", number=to)
    return [*origin, Word("  " + tr("goes to") + "  ", "muted"), Word(target)]


def _sum(values: Sequence[float]) -> list[Word]:
    """Return values with signs between them; of many, the first and the rest's sum."""
    shown, rest = list(values[:_MOST]), list(values[_MOST:])
    made = [Word(_number(shown[0]))] if shown else [Word("0")]
    for value in shown[1:]:
        made += [Word("  −  " if value < 0 else "  +  ", "muted"), Word(_number(abs(value)))]
    if rest:
        with np.errstate(all="ignore"):
            made += [
                Word("  +  ", "muted"),
                Word(tr("({sum} of {count:,} more)", sum=_number(float(np.sum(rest))), count=len(rest))),
            ]
    return made


def _listed(values: Sequence[str]) -> list[Word]:
    shown = list(values[:_MOST])
    more = [tr("… {count:,} more", count=len(values) - _MOST)] if len(values) > _MOST else []
    return [Word(",  ".join((*shown, *more)))]


def _bias(bias: float) -> list[Word]:
    return [Word("  −  " if bias < 0 else "  +  ", "muted"), Word(tr("bias") + " ", "muted"), Word(_number(abs(bias)))]


def _number(value: float) -> str:
    return number_text(value + 0.0, 3)  # no −0


def _signed(value: float) -> str:
    """Return a number as it stands behind a minus sign."""
    return f"({_number(value)})" if value < 0 else _number(value)
