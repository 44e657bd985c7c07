"""Whatever is done to the canvas, it shows the document, and every step can be undone and done again."""

import random

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest

from designer.canvas.name_editor import NameEditor
from engine import LAYERS, Add, Graph, Node
from tests.designer.canvas.canvas_hands import ALT, CONTROL, NONE, SHIFT, Hands, assert_in_step, show
from tests.engine.networks import lenet5

NAMES = [layer.__name__ for layer in LAYERS]
ARROWS = [Qt.Key.Key_Left, Qt.Key.Key_Right, Qt.Key.Key_Up, Qt.Key.Key_Down]


class Player:
    """Plays at random with a canvas."""

    def __init__(self, hands: Hands, seed: int) -> None:
        self.hands = hands
        self.view = hands.view
        self.scene = hands.view.canvas
        self.document = self.scene.document
        self.chance = random.Random(seed)

    def play(self) -> str:
        """Do one thing; return what."""
        often = [self.drag, self.wire, self.drop]
        once = [self.unwire, self.add, self.key, self.select, self.band, self.cancelled, self.zoom, self.undo, self.fix]
        once += [self.group, self.toggle, self.toggle, self.drag_frame, self.reveal]
        deed = self.chance.choice([*often, *often, *once])
        deed()
        return deed.__name__

    def node(self) -> str | None:
        return self.chance.choice(sorted(self.scene.nodes)) if self.scene.nodes else None

    def spot(self) -> QPoint:
        size = self.hands.canvas.size()
        return QPoint(self.chance.randrange(size.width()), self.chance.randrange(size.height()))

    def drag(self) -> None:
        if node := self.node():
            start = self.hands.card(node)
            self.hands.drag(start, start + QPoint(self.chance.randint(-200, 200), self.chance.randint(-200, 200)))

    def wire(self) -> None:
        source, target = self.node(), self.node()
        if source and target:
            self.hands.drag(self.hands.output(source), self.hands.card(target))

    def unwire(self) -> None:
        if self.scene.edges:
            edge = self.chance.choice(sorted(self.scene.edges))
            self.hands.drag(self.hands.input(edge.target, edge.port), self.spot())

    def drop(self) -> None:
        types = tuple(self.chance.choices(NAMES, k=self.chance.choice([1, 1, 2])))
        self.hands.drop(types, self.spot(), self.chance.choice([NONE, NONE, ALT]))

    def add(self) -> None:
        self.view.add_layers([self.chance.choice(NAMES)])

    def key(self) -> None:
        keys = [(Qt.Key.Key_Delete, NONE), (Qt.Key.Key_Delete, CONTROL), (Qt.Key.Key_L, CONTROL)]
        keys += [(arrow, modifiers) for arrow in ARROWS for modifiers in (NONE, SHIFT)]
        self.hands.key(*self.chance.choice(keys))

    def select(self) -> None:
        if node := self.node():
            self.hands.click(self.hands.card(node), self.chance.choice([NONE, CONTROL]))
        if self.scene.edges and self.chance.random() < 0.3:
            self.hands.click(self.hands.wire(self.chance.choice(sorted(self.scene.edges))))

    def band(self) -> None:
        self.hands.drag(self.spot(), self.spot())

    def cancelled(self) -> None:
        start, end = self.spot(), self.spot()
        self.hands.press(start)
        self.hands.move((start + end) / 2, end)
        self.hands.key(Qt.Key.Key_Escape)
        self.hands.release(end)

    def zoom(self) -> None:
        self.hands.wheel(self.spot(), angle=self.chance.choice([-240, -120, 120, 240]))
        if self.chance.random() < 0.3:
            self.view.fit_all()

    def group(self) -> None:
        nodes = sorted(self.document.graph.by_id)
        self.document.selection.select(self.chance.sample(nodes, min(2, len(nodes))))
        self.hands.key(Qt.Key.Key_G, self.chance.choice([CONTROL, CONTROL, CONTROL | SHIFT]))
        for line in self.view.viewport().findChildren(NameEditor):
            if line.isVisible():
                QTest.keyClicks(line, self.chance.choice("AB"))
                QTest.keyClick(line, self.chance.choice([Qt.Key.Key_Return, Qt.Key.Key_Escape]))
        if self.chance.random() < 0.1:
            self.view.groups.group_automatically()

    def toggle(self) -> None:
        groups = [fold.groups[0] for fold in self.scene.seen.folds.values()] + list(self.scene.frames)
        if groups:
            group = self.chance.choice(sorted(groups))
            point = self.hands.chevron(group)
            self.chance.choice([self.hands.click, self.hands.double_click])(point)

    def drag_frame(self) -> None:
        if self.scene.frames:
            start = self.hands.title(self.chance.choice(sorted(self.scene.frames)))
            self.hands.drag(start, start + QPoint(self.chance.randint(-200, 200), self.chance.randint(-200, 200)))

    def reveal(self) -> None:
        if self.document.graph.nodes:
            node = self.chance.choice(sorted(self.document.graph.by_id))
            self.view.reveal_node(node)
            assert node in self.scene.nodes

    def undo(self) -> None:
        stack = self.document.undo_stack
        self.chance.choice([stack.undo, stack.redo])()

    def fix(self) -> None:
        fixes = [fix for found in self.document.findings for fix in found.fixes]
        if fixes:
            self.view.apply_fix(self.chance.choice(fixes))


@pytest.mark.parametrize("seed", range(8))
def test_random_gestures_keep_the_scene_in_step_and_can_be_undone(view, hands, seed: int):
    start = lenet5() if seed % 2 else Graph().add(Node("add", Add()))
    document = show(view, start)
    first = document.network
    player = Player(hands, seed)
    deeds = []
    for _ in range(60):
        deeds.append(player.play())
        assert view.gesture is None, deeds
        assert_in_step(view)
    stack = document.undo_stack
    while stack.canRedo():
        stack.redo()
    last = document.network
    while stack.canUndo():
        stack.undo()
        assert_in_step(view)
    assert document.network == first
    while stack.canRedo():
        stack.redo()
    assert document.network == last
    assert_in_step(view)
