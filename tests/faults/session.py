"""A person who edits without a pause, to be killed: ``python -m tests.faults.session SEED FOLDER``.

Every state is written to ``FOLDER/journal`` before anything else sees it. The document is saved now and then, with
weights, into ``FOLDER/work.json``; unsaved work is kept in ``FOLDER/recovery``.
"""

import os
import random
import sys
import time
from pathlib import Path

import msgspec
import numpy as np
from PySide6.QtCore import QObject, QSettings, QTimer, Slot
from PySide6.QtWidgets import QApplication, QWidget

from designer import resources
from designer.document import Change, Document
from designer.file_actions import FileActions
from designer.recovery.session import RecoverySession
from engine import Conv2D, EditError, Group, Node, ReLU, Weights, initialise, load
from engine.groups import add as add_group
from tests.faults.states import digest


class Editor(QObject):
    """Makes one random edit after the other, at a hurried person's pace."""

    def __init__(self, seed: int, folder: Path, window: QWidget) -> None:
        super().__init__(window)
        self._random, self._folder = random.Random(seed), folder
        self._journal = os.open(folder / "journal", os.O_WRONLY | os.O_CREAT | os.O_APPEND)
        self.document = Document(self)
        self.document.changed.connect(self._write_down)  # first of all that listen
        self.files = FileActions(self.document, window)
        self.safety = RecoverySession(self.document, self.files, window, folder / "recovery")
        self._edits = (self.add, self.remove, self.change, self.move, self.group, self.weigh, self.undo, self.save)
        self._timer = QTimer(self, singleShot=True)
        self._timer.timeout.connect(self._step)

    def start(self) -> None:
        """Open the example and begin."""
        self.files.open_example("lenet5.json")
        self._timer.start(0)

    @Slot(object)
    def _write_down(self, change: Change) -> None:
        os.write(self._journal, f"{time.time():.6f} {digest(change.after)}\n".encode())

    @Slot()
    def _step(self) -> None:
        often = (16, 8, 16, 24, 4, 6, 8, 1)
        self._random.choices(self._edits, often)[0]()
        self._timer.start(self._random.randrange(5, 90))

    def _any(self) -> str:
        return self._random.choice(self.document.graph.nodes).id

    def add(self) -> None:
        """Put a layer behind another."""
        graph, node = self.document.graph, self.document.graph.fresh_id("extra")
        source = self._any()
        made = graph.add(Node(node, ReLU(), f"név {self._random.random()}")).connect(source, node)
        self.document.edit("Add", made, {node: (self._random.uniform(-500, 500), self._random.uniform(0, 900))})

    def remove(self) -> None:
        """Take a layer away, but leave some."""
        if len(self.document.graph.nodes) > 8:
            self.document.edit("Remove", self.document.graph.remove([self._any()]))

    def change(self) -> None:
        """Give a convolution another number of filters."""
        found = [node for node in self.document.graph.nodes if isinstance(node.layer, Conv2D)]
        if found:
            node = self._random.choice(found)
            layer = msgspec.structs.replace(node.layer, filters=self._random.randrange(1, 64))
            self.document.edit("Change", self.document.graph.replace_layer(node.id, layer), merge_key=node.id)

    def move(self) -> None:
        """Move a card; quick ones after each other are one step back."""
        place = (self._random.uniform(-500, 500), float(self._random.randrange(900)))
        self.document.edit("Move", self.document.graph, {self._any(): place}, merge_key="move")

    def group(self) -> None:
        """Put two layers into a group, where they have none."""
        network, name = self.document.network, f"g{self._random.randrange(10**9)}"
        chosen = Group(name, f"Block {name}", tuple({self._any(), self._any()}))
        try:
            groups = add_group(network.groups, network.graph, chosen)
        except EditError:
            return
        self.document.apply("Group", msgspec.structs.replace(network, groups=groups))

    def weigh(self) -> None:
        """Change one array, or begin anew with all of them."""
        given = self.document.network.weights
        if given is None or self._random.random() < 0.3:
            made: Weights = initialise(self.document.graph, self._random.randrange(1000))
        else:
            node = self._random.choice(sorted(given))
            name = self._random.choice(sorted(given[node]))
            made = given.replaced(node, name, given[node][name] + np.float32(self._random.random()))
        self.document.set_weights("Weights", made)

    def undo(self) -> None:
        """Go back some steps, or forth."""
        stack = self.document.undo_stack
        for _ in range(self._random.randrange(1, 4)):
            stack.undo() if self._random.random() < 0.7 else stack.redo()

    def save(self) -> None:
        """Save; the first time it names the file."""
        if self.document.path is None:
            assert self.files._save_to(self._folder / "work.json")
        else:
            assert self.files.save()


def main(seed: int, folder: Path) -> None:
    """Edit until killed."""
    app = QApplication(sys.argv[:1])
    app.setOrganizationName("Convolab tests")
    app.setApplicationName("Convolab tests")
    QSettings.setDefaultFormat(QSettings.Format.IniFormat)
    QSettings.setPath(QSettings.Format.IniFormat, QSettings.Scope.UserScope, str(folder / "settings"))
    assert load(resources.path("examples", "lenet5.json")).weights is not None
    window = QWidget()
    editor = Editor(seed, folder, window)
    editor.start()
    app.exec()


if __name__ == "__main__":
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    main(int(sys.argv[1]), Path(sys.argv[2]))
