"""Pressing what stands for a group: the title of its frame, and the chevron that collapses or expands it."""

from collections.abc import Callable

from designer.canvas.editor import Editor
from designer.canvas.gestures.base import At
from designer.canvas.gestures.move import MoveGesture
from designer.canvas.scene import CanvasScene


class FrameGesture(MoveGesture):
    """The cards of a frame, all of them, follow its title."""

    def __init__(self, scene: CanvasScene, editor: Editor, group: str, at: At) -> None:
        self._group = group
        super().__init__(scene, editor, scene.seen.frames[group].cards[0], at)

    def _shown(self, scene: CanvasScene) -> tuple[str, ...]:
        return tuple(node for card in scene.seen.frames[self._group].cards for node in scene.seen.nodes(card))


class ChevronGesture(MoveGesture):
    """A click on a card's chevron expands; a drag moves the card, as from anywhere else."""

    def __init__(self, scene: CanvasScene, editor: Editor, card: str, at: At, toggle: Callable[[], object]) -> None:
        super().__init__(scene, editor, card, at)
        self._toggle = toggle

    def click(self) -> None:
        """Expand."""
        self._toggle()


class FrameChevronGesture(FrameGesture):
    """A click on a frame's chevron collapses; a drag moves the frame."""

    def __init__(self, scene: CanvasScene, editor: Editor, group: str, at: At, toggle: Callable[[], object]) -> None:
        super().__init__(scene, editor, group, at)
        self._toggle = toggle

    def click(self) -> None:
        """Collapse."""
        self._toggle()
