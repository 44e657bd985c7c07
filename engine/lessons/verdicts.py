"""Judging a network by the checks of a lesson: met or not, and a sentence with the network's own numbers."""

from collections.abc import Callable
from typing import NamedTuple

from engine.diagnostics import Severity
from engine.language import tr, tr_choice, tr_count, tr_noop, tr_number
from engine.layers import LAYERS
from engine.lessons.case import Case
from engine.lessons.checks import (
    Accuracy,
    Answer,
    AnyOf,
    Check,
    Layers,
    NumberOf,
    Order,
    Output,
    Setting,
    Sound,
    Total,
)
from engine.lessons.measured import layers_wanted, number_of, setting, total
from engine.lessons.places import LessonError
from engine.shape import Shape


class Verdict(NamedTuple):
    """What a check came to: whether it is met, why, and the layer that it is about, if it is about one."""

    met: bool
    text: str
    node: str | None = None


def judge(check: Check, case: Case) -> Verdict:
    """Return what a check comes to on a network; never raises for what can be drawn.

    Raises
    ------
    Cancelled
        Where the case's ``cancelled()`` returned true while an image ran.
    """
    if isinstance(check, AnyOf):
        found = [judge(one, case) for one in check.of]
        return next((one for one in found if one.met), Verdict(False, tr_choice([one.text for one in found])))
    return _JUDGES[type(check)](check, case)


# One function for each kind of check


def _output(check: Output, case: Case) -> Verdict:
    if check.layer is None and check.where is None:
        if len(case.ends) != 1:
            return Verdict(False, _ends(case))
        nodes: tuple[str, ...] = case.ends
    else:
        nodes = case.matching(check.layer, check.where)
    if not nodes:
        return Verdict(False, _nothing(check.layer, check.where))
    found = [(node, case.analysis.nodes[node].output) for node in nodes]
    wanted = check.shape.replace("x", "×")
    met = [(node, shape) for node, shape in found if shape is not None and _has(shape, wanted)]
    node, shape = met[0] if met else found[0]
    label = case.label(node)
    if shape is None:
        return Verdict(False, tr("{layer} has no output yet: a mistake there or before it.", layer=label), node)
    if met:
        return Verdict(True, tr("{layer} gives {shape}.", layer=label, shape=shape.text()), node)
    text = tr("{layer} gives {shape}; it should give {wanted}.", layer=label, shape=shape.text(), wanted=wanted)
    return Verdict(False, text, node)


def _total(check: Total, case: Case) -> Verdict:
    return Verdict(*total(check, case))


def _number(check: NumberOf, case: Case) -> Verdict:
    return _of_layers(check, case, lambda node: number_of(check, case, node))


def _setting(check: Setting, case: Case) -> Verdict:
    return _of_layers(check, case, lambda node: setting(check, case, node))


def _of_layers(check: NumberOf | Setting, case: Case, measure: Callable[[str], tuple[bool, str]]) -> Verdict:
    """Return the verdict of the first layer that meets the check, else of the last: it comes closest, as a rule."""
    nodes = case.matching(check.layer, check.where)
    if not nodes:
        return Verdict(False, _nothing(check.layer, check.where))
    found = [Verdict(*measure(node), node) for node in nodes]
    return next((one for one in found if one.met), found[-1])


def _layers(check: Layers, case: Case) -> Verdict:
    nodes = case.matching(None, check.where)
    met, text = layers_wanted(check, len(nodes))
    return Verdict(met, text, nodes[0] if len(nodes) == 1 else None)


def _order(check: Order, case: Case) -> Verdict:
    best, chain = 0, [_title(one) for one in check.types]
    reached: dict[str, set[int]] = {}
    for node in case.analysis.order:
        before = {0}.union(*(reached[wire.source] for wire in case.graph.incoming[node].values()))
        layer = case.graph.by_id[node].layer
        grown = {
            count + 1
            for count in before
            if count < len(check.types) and check.types[count] in (layer.type, layer.family)
        }
        reached[node] = {0} | grown | (set() if check.adjacent else before)
        best = max(best, *reached[node])
    if best == len(chain):
        return Verdict(True, tr("{chain} follow each other.", chain=" → ".join(chain)))
    if not best:
        return Verdict(False, tr("There is no {layer} yet.", layer=chain[0]))
    begun, missing = " → ".join(chain[:best]), chain[best]
    if check.adjacent:
        return Verdict(False, tr("Right behind {chain}, {layer} is missing.", chain=begun, layer=missing))
    return Verdict(False, tr("Behind {chain}, {layer} is missing.", chain=begun, layer=missing))


def _sound(check: Sound, case: Case) -> Verdict:
    if not case.graph.nodes:
        return Verdict(False, tr("The canvas is empty."))
    counted = (Severity.ERROR, Severity.WARNING) if check.warnings else (Severity.ERROR,)
    found = [one for one in case.findings if one.severity in counted]
    if not found:
        return Verdict(True, tr("No mistakes and no warnings.") if check.warnings else tr("No mistakes."))
    text, others = found[0].message, len(found) - 1
    if others:
        text = tr_count("{finding} And one more.", "{finding} And {count} more.", others, finding=text)
    return Verdict(False, text, found[0].node)


def _answer(check: Answer, case: Case) -> Verdict:
    try:
        best = case.answer(check.image)
    except LessonError as problem:
        return Verdict(False, str(problem))
    image = check.image.rpartition("/")[2]
    right = check.label in (best.label, str(best.number))
    if not right:
        text = tr(
            "{image} is taken for “{label}” ({value}); it should be “{wanted}”.",
            image=image, label=best.label, value=best.text, wanted=check.label,
        )  # fmt: skip
        return Verdict(False, text)
    if check.at_least is not None and best.value < check.at_least:
        text = tr(
            "{image} is taken for “{label}”, but only with {value}; {wanted} are wanted.",
            image=image, label=best.label, value=best.text, wanted=tr_number(check.at_least, ".0%"),
        )  # fmt: skip
        return Verdict(False, text)
    return Verdict(
        True, tr("{image} is taken for “{label}” ({value}).", image=image, label=best.label, value=best.text)
    )


def _accuracy(check: Accuracy, case: Case) -> Verdict:
    try:
        answers = {image: case.answer(image) for image in check.images}
    except LessonError as problem:
        return Verdict(False, str(problem))
    right = sum(check.images[image] in (best.label, str(best.number)) for image, best in answers.items())
    met = right / len(answers) >= check.at_least
    if met:
        return Verdict(True, tr("{right} of {count} images are answered right.", right=right, count=len(answers)))
    text = tr(
        "{right} of {count} images are answered right; {wanted} are wanted.",
        right=right,
        count=len(answers),
        wanted=tr_number(check.at_least, ".0%"),
    )
    return Verdict(False, text)


_JUDGES: dict[type, Callable[..., Verdict]] = {
    Output: _output,
    Total: _total,
    NumberOf: _number,
    Setting: _setting,
    Layers: _layers,
    Order: _order,
    Sound: _sound,
    Answer: _answer,
    Accuracy: _accuracy,
}

# Words

_FAMILIES = {
    "io": tr_noop("input"),
    "conv": tr_noop("convolution"),
    "activation": tr_noop("activation"),
    "pool": tr_noop("pooling"),
    "dense": tr_noop("fully connected"),
    "output": tr_noop("output"),
    "merge": tr_noop("merging"),
    "reshape": tr_noop("rearranging"),
    "normalization": tr_noop("normalization"),
    "regularization": tr_noop("regularization"),
}


def _nothing(layer: str | None, where: str | None) -> str:
    if where is not None:
        return tr("No layer is “{query}”.", query=where)
    return tr("There is no layer “{layer}”.", layer=layer)


def _ends(case: Case) -> str:
    if not case.ends:
        return tr("The network has no output yet.")
    names = ", ".join(case.label(node) for node in case.ends[:4]) + ("…" if len(case.ends) > 4 else "")
    count = len(case.ends)
    return tr("The network ends in {count:,} places ({names}); it should end in one.", count=count, names=names)


def _title(kind: str) -> str:
    """Return what people call a type or a family."""
    if kind in _FAMILIES:
        return tr(_FAMILIES[kind])
    return next(layer.title for layer in LAYERS if layer.__name__ == kind)


def _has(shape: Shape, wanted: str) -> bool:
    """Whether a shape is of the form ``28×28×6``, in which ``*`` stands for any number."""
    parts = wanted.split("×")
    own = shape.text().split("×")
    return len(parts) == len(own) and all(part in ("*", number) for part, number in zip(parts, own, strict=True))
