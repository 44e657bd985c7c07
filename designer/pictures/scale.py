"""To scale: how long an edge of a figure is for a number of pixels, maps or units."""

from collections.abc import Collection
from dataclasses import dataclass

from designer.pictures.steps import Step
from engine.language import tr, tr_noop

# The shortest edges that are still told apart: of a side (but for a single pixel), of a window, of a depth, of a bar.
_LEAST_SIDE, _LEAST_WINDOW, _LEAST_DEPTH, _LEAST_BAR = 12.0, 3.0, 1.5, 4.0
_EXPONENTS = ((1.0, ""), (1 / 2, tr_noop("square root")), (1 / 3, tr_noop("cube root")))


@dataclass(frozen=True)
class Rule:
    """Length = factor · number ** exponent."""

    factor: float
    exponent: float
    root: str  # what the exponent is called; empty where lengths are in proportion

    def __call__(self, number: float) -> float:
        """Return the length of an edge."""
        return float(self.factor * number**self.exponent)


@dataclass(frozen=True)
class Scale:
    """The rules of one figure: of height and width, of depth, and of vectors."""

    side: Rule
    depth: Rule
    units: Rule
    note: str


def scale_of(steps: Collection[Step], side: float, depth: float, units: float) -> Scale:
    """Return the scale at which the largest edges have the given lengths and the smallest are seen still.

    Lengths are in proportion where that leaves the shortest edge visible, else they grow with the square root of
    what they stand for, or with the cube root.
    """
    drawn = [step.shape for step in steps if step.parts or not step.joins]
    shapes = [shape for shape in drawn if shape is not None]
    volumes = [shape for shape in shapes if shape.is_volume]
    sides = [number for shape in volumes for number in shape[1:]]
    depths = [shape.channels for shape in volumes]
    vectors = [shape.size for shape in shapes if not shape.is_volume]
    areas = [number for number in sides if number > 1] or sides
    windows = [max(step.window) for step in steps if max(step.window) > 1]
    rules = (
        _rule(
            areas,
            side,
            (min(areas, default=1), _LEAST_SIDE),
            (min(windows, default=max(areas, default=1)), _LEAST_WINDOW),
        ),
        _rule(depths, depth, (min(depths, default=1), _LEAST_DEPTH)),
        _rule(vectors, units, (min(vectors, default=1), _LEAST_BAR)),
    )
    if sides and not rules[0].root and max(depths) * rules[0].factor <= depth:
        longest = rules[0].factor  # all three edges at one scale, as in a drawing of a real thing
        if min(depths) * longest >= _LEAST_DEPTH:
            rules = rules[0], Rule(longest, 1.0, ""), rules[2]
    return Scale(*rules, _note(rules, bool(volumes), bool(vectors)))


def _rule(numbers: list[int], longest: float, *seen: tuple[int, float]) -> Rule:
    """Return the rule that is nearest to proportion and gives each of some numbers the length that it needs."""
    if not numbers:
        return Rule(1.0, 1.0, "")
    rules = [Rule(longest / max(numbers) ** exponent, exponent, root) for exponent, root in _EXPONENTS]
    return next((rule for rule in rules if all(rule(number) >= least for number, least in seen)), rules[-1])


def _note(rules: tuple[Rule, Rule, Rule], volumes: bool, vectors: bool) -> str:
    """Say in a sentence or two what is to scale and how."""
    side, depth, units = rules
    said = []
    if volumes and side == depth:
        said.append(tr("Width, height and depth are drawn to one scale."))
    elif volumes and side.root and side.root == depth.root:
        said.append(tr("Edges grow with the {root} of their sizes; depth has a scale of its own.", root=tr(side.root)))
    elif volumes and not side.root and not depth.root:
        said.append(tr("Width and height are to scale, and so is depth, on a scale of its own."))
    elif volumes:
        said.append(
            tr(
                "The side of a volume {side}; depth {depth}, on a scale of its own.",
                side=_grow(side),
                depth=_grow(depth),
            )
        )
    if vectors:
        said.append(tr("The length of a bar {rule}.", rule=_grow(units)))
    return " ".join(said)


def _grow(rule: Rule) -> str:
    return tr("grows with the {root}", root=tr(rule.root)) if rule.root else tr("is to scale")
