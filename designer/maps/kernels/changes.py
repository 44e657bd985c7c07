"""What the kernel editor's buttons do, with their names and why they sometimes can't."""

from dataclasses import dataclass

from engine.kernel_edits import (
    Change,
    filled,
    mirrored,
    negated,
    preset,
    rotated,
    sum_to_one,
    unit_norm,
    upturned,
    zero_mean,
)
from engine.language import tr_noop


@dataclass(frozen=True)
class Operation:
    """A change of kernels.

    Attributes
    ----------
    title
        On its button.
    step
        As the Edit menu names it.
    help
        What it does.
    change
        Does it.
    why_not
        Why it could not be done, where that can be.
    """

    title: str
    step: str
    help: str
    change: Change
    why_not: str = ""


OPERATIONS = (
    Operation(
        tr_noop("Sum 1"),
        tr_noop("Scale kernel to sum 1"),
        tr_noop("Scale so that all numbers add up to 1: an even surface keeps its brightness"),
        sum_to_one,
        tr_noop("The numbers add up to 0, or one of them is not finite: they can't be scaled to add up to 1"),
    ),
    Operation(
        tr_noop("Mean 0"),
        tr_noop("Shift kernel to mean 0"),
        tr_noop("Shift so that the mean is 0: an even surface becomes 0, edges remain"),
        zero_mean,
        tr_noop("One of the numbers is not finite: there is no mean"),
    ),
    Operation(
        tr_noop("Norm 1"),
        tr_noop("Scale kernel to norm 1"),
        tr_noop("Scale so that the squares add up to 1"),
        unit_norm,
        tr_noop("All numbers are 0, or one of them is not finite: there is nothing to scale"),
    ),
    Operation(
        tr_noop("Rotate"),
        tr_noop("Rotate kernel"),
        tr_noop("Turn by 90° clockwise"),
        rotated,
        tr_noop("Only a square kernel can be turned by 90°"),
    ),
    Operation(tr_noop("Flip ↔"), tr_noop("Flip kernel"), tr_noop("Swap left and right"), mirrored),
    Operation(tr_noop("Flip ↕"), tr_noop("Flip kernel"), tr_noop("Swap top and bottom"), upturned),
    Operation(tr_noop("Negate"), tr_noop("Negate kernel"), tr_noop("Change the sign of every number"), negated),
    Operation(tr_noop("Clear"), tr_noop("Clear kernel"), tr_noop("Make every number 0"), filled(0.0)),
)

_TOO_SMALL = tr_noop("The kernel is too small for it")
_STEP = tr_noop("Use named kernel")
PRESETS = {
    name: Operation(title, _STEP, text, preset(name), _TOO_SMALL)
    for name, title, text in (
        ("identity", tr_noop("Identity"), tr_noop("Passes the map on as it is")),
        ("blur", tr_noop("Blur"), tr_noop("The mean of all neighbours")),
        ("gaussian", tr_noop("Gaussian"), tr_noop("A mean in which near neighbours count more")),
        ("sharpen", tr_noop("Sharpen"), tr_noop("Lifts what differs from its neighbours")),
        ("edge", tr_noop("Edges"), tr_noop("Answers to edges of all directions")),
        ("laplacian", tr_noop("Laplacian"), tr_noop("The second derivative: answers where slopes begin and end")),
        ("sobel x", tr_noop("Sobel x"), tr_noop("The slope to the right: answers to upright edges")),
        ("sobel y", tr_noop("Sobel y"), tr_noop("The slope downwards: answers to level edges")),
        ("emboss", tr_noop("Emboss"), tr_noop("Light from the upper left, shadow at the lower right")),
        ("gabor", tr_noop("Gabor"), tr_noop("Answers to stripes; each filter to another direction")),
    )
}
