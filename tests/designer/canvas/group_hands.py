"""Groups to act on, and what is done to them again and again."""

from designer.canvas import CanvasView
from designer.canvas.name_editor import NameEditor
from designer.canvas.visible import card_id
from engine import Group
from engine.groups import with_collapsed
from tests.designer.canvas.canvas_hands import CONTROL, NONE, Hands

UNIT = (Group("g", "First", ("conv1", "relu1", "pool1")),)
FOLDED = with_collapsed(UNIT, ["g"], True)
CARD = card_id("g")


def editor(view: CanvasView) -> NameEditor | None:
    """Return the open editor of a name."""
    found = [one for one in view.viewport().findChildren(NameEditor) if one.isVisible()]
    assert len(found) <= 1
    return found[0] if found else None


def select(hands: Hands, *nodes: str) -> None:
    for number, node in enumerate(nodes):
        hands.click(hands.card(node), CONTROL if number else NONE)
