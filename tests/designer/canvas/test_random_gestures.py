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
        once += [self.dot, self.dot, self.drag_dot, self.drag_dot, self.take_dot, self.dot_by_keys]
        once += [self.quick_add, self.loose_wire, self.replace, self.clip, self.copy_by_drag, self.unplug, self.hover]
        deed = self.chance.choice([*often, *often, *once])
        deed()
        self.answer()
        return deed.__name__

    def answer(self) -> None:
        """Choose something in the popup, or nothing, where it is open."""
        if self.view.quick_add.popup is not None:
            typed = self.chance.choice(["", "conv", "bn", "fc", "input", "add", "pool", "flat", "xyzzy"])
            for _ in range(self.chance.randrange(4)):
                self.hands.type_into_popup("", Qt.Key.Key_Down)
            self.hands.type_into_popup(typed, self.chance.choice([Qt.Key.Key_Return, Qt.Key.Key_Escape]))
            self.view.quick_add.cancel()

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
        keys += [(arrow, modifiers) for arrow in ARROWS for modifiers in (NONE, SHIFT, CONTROL)]
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

    def quick_add(self) -> None:
        self.hands.move(self.spot())
        if self.chance.random() < 0.5:
            self.hands.key(Qt.Key.Key_Tab)
        else:
            self.hands.double_click(self.spot())

    def loose_wire(self) -> None:
        if node := self.node():
            start = self.chance.choice([self.hands.output(node), self.hands.input(node)])
            self.hands.drag(start, self.spot())

    def replace(self) -> None:
        if node := self.node():
            if self.chance.random() < 0.5:
                self.hands.drop((self.chance.choice(NAMES),), self.hands.card(node), SHIFT)
            else:
                self.document.selection.select(self.scene.seen.nodes(node)[:1])
                self.view.quick_add.ask_instead()

    def clip(self) -> None:
        self.hands.move(self.spot())
        self.hands.key(
            self.chance.choice([Qt.Key.Key_C, Qt.Key.Key_X, Qt.Key.Key_V, Qt.Key.Key_V, Qt.Key.Key_D]), CONTROL
        )

    def copy_by_drag(self) -> None:
        if node := self.node():
            start = self.hands.card(node)
            end = start + QPoint(self.chance.randint(-200, 200), self.chance.randint(-200, 200))
            self.hands.drag(start, end, ALT)

    def unplug(self) -> None:
        if self.scene.edges:
            edge = self.chance.choice(sorted(self.scene.edges))
            ports = [self.hands.wire(edge), self.hands.output(edge.source), self.hands.input(edge.target, edge.port)]
            self.hands.click(self.chance.choice(ports), ALT)

    def dot(self) -> None:
        """Put a dot on a wire; perhaps the button stays down, and drags it."""
        if self.scene.edges:
            at = self.hands.wire(self.chance.choice(sorted(self.scene.edges)))
            self.hands.double_click(at)
            if self.chance.random() < 0.3:
                self.hands.drag(at, at + QPoint(self.chance.randint(-90, 90), self.chance.randint(-90, 90)))

    def drag_dot(self) -> None:
        if self.scene.dots.items:
            dot = self.chance.choice(sorted(self.scene.dots.items))
            start = self.hands.dot(*dot)
            if self.chance.random() < 0.4:
                self.hands.click(start, self.chance.choice([CONTROL, SHIFT]))
            self.hands.drag(start, start + QPoint(self.chance.randint(-200, 200), self.chance.randint(-200, 200)))

    def take_dot(self) -> None:
        if self.scene.dots.items:
            at = self.hands.dot(*self.chance.choice(sorted(self.scene.dots.items)))
            if self.chance.random() < 0.5:
                self.hands.click(at, ALT)
            else:
                self.hands.click(at)
                self.hands.key(Qt.Key.Key_Delete)

    def dot_by_keys(self) -> None:
        for _ in range(self.chance.randint(1, 3)):
            self.hands.key(Qt.Key.Key_W)
        self.hands.key(Qt.Key.Key_Period)
        self.hands.key(self.chance.choice(ARROWS), self.chance.choice([NONE, CONTROL, CONTROL | SHIFT]))

    def hover(self) -> None:
        """Bring a layer over the canvas and away again, and a wire over cards and back."""
        for _ in range(3):
            self.hands.drag_in((self.chance.choice(NAMES),), self.spot(), self.chance.choice([NONE, SHIFT, ALT]))
        self.hands.drag_out()
        if node := self.node():
            start = self.hands.output(node)
            self.hands.press(start)
            self.hands.move(self.spot(), *(self.hands.card(one) for one in sorted(self.scene.nodes)[:6]))
            self.hands.key(Qt.Key.Key_Escape)
            self.hands.release(start)

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
        assert view.quick_add.popup is None, deeds
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
