"""The open network: one value, its analysis, its undo history and its file; views listen to ``changed``."""

import time
import weakref
from collections.abc import Hashable, Iterable
from dataclasses import dataclass
from pathlib import Path

import msgspec
from PySide6.QtCore import QObject, Signal, Slot
from PySide6.QtGui import QUndoCommand, QUndoStack

from engine import Analysis, Diagnostic, Graph, Network, Weights, analyse, dots, lint
from engine.groups import carried
from engine.language import tr
from engine.network import Layout

MERGE_SECONDS = 1.0  # edits of one thing within this time of each other are one step back


class Drag:
    """The merge key of one drag: its steps become one step back, however long the pointer rests in between."""


@dataclass(frozen=True)
class Change:
    """What ``Document.changed`` carries.

    ``loaded`` says that another network was opened instead of this one edited, ``dragged`` that it is a step of a drag,
    with more to come.
    """

    before: Network
    after: Network
    analysis: Analysis
    findings: tuple[Diagnostic, ...]
    loaded: bool = False
    dragged: bool = False


class Selection(QObject):
    """The node ids that are selected, shared by canvas, inspector, maps and problems."""

    changed = Signal(object)  # tuple[str, ...]

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._nodes: tuple[str, ...] = ()

    @property
    def nodes(self) -> tuple[str, ...]:
        """The selected node ids, in the order of selection."""
        return self._nodes

    @property
    def only(self) -> str | None:
        """The selected node where there is exactly one."""
        return self._nodes[0] if len(self._nodes) == 1 else None

    def select(self, nodes: Iterable[str]) -> None:
        """Select exactly these nodes."""
        wanted = tuple(nodes)
        if wanted != self._nodes:
            self._nodes = wanted
            self.changed.emit(wanted)


def blank() -> Network:
    """Return a network that nothing has been drawn in yet."""
    return Network(tr("Untitled"))


class Document(QObject):
    """One network and the one way to change it: `apply`.

    ``changed`` is emitted once for each step (edit, undo, redo, load) with a `Change`; a listener repaints and never
    edits. ``file_changed`` says that the path or the unsaved state may be another.
    """

    changed = Signal(object)
    file_changed = Signal()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.selection = Selection(self)
        self.undo_stack = QUndoStack(self)
        self.undo_stack.cleanChanged.connect(self._on_clean_changed)
        self.path: Path | None = None
        self._network = blank()
        self._analysis = analyse(self._network.graph)
        self._findings: tuple[Diagnostic, ...] = ()
        self._dragged = False

    @property
    def network(self) -> Network:
        """The network as it stands."""
        return self._network

    @property
    def graph(self) -> Graph:
        """The network's graph."""
        return self._network.graph

    @property
    def analysis(self) -> Analysis:
        """Shapes, counts and mistakes of the graph."""
        return self._analysis

    @property
    def findings(self) -> tuple[Diagnostic, ...]:
        """The analysis' diagnostics and the linter's, worst first."""
        return self._findings

    @property
    def modified(self) -> bool:
        """Whether there are edits that no file has."""
        return not self.undo_stack.isClean()

    def apply(self, text: str, network: Network, merge_key: Hashable | None = None) -> None:
        """Make ``network`` the document's, as one step that can be undone.

        Parameters
        ----------
        text
            What the step did, as the Edit menu names it: "Add Conv2D".
        network
            The network after the step.
        merge_key
            Steps with the same key in quick succession become one; those of a `Drag` do in any case.
        """
        if network != self._network:
            self._dragged = isinstance(merge_key, Drag)
            self.undo_stack.push(_Step(self, text, self._network, network, merge_key))
            self._dragged = False

    def edit(self, text: str, graph: Graph, layout: Layout | None = None, *, merge_key: Hashable | None = None) -> None:
        """Apply a new graph, with some positions added or changed; positions of nodes that went are dropped.

        Groups lose the nodes that went, and gain those that were put between nodes of theirs; dots go with their wires.
        """
        merged = {**self._network.layout, **(layout or {})}
        kept = {node: place for node, place in merged.items() if node in graph}
        before = self._network
        groups = carried(before.groups, before.graph, graph)
        left = dots.carried(before.dots, before.graph, graph)
        network = msgspec.structs.replace(before, graph=graph, layout=kept, groups=groups, dots=left)
        self.apply(text, network, merge_key)

    def set_weights(self, text: str, weights: Weights | None) -> None:
        """Apply other weights."""
        self.apply(text, msgspec.structs.replace(self._network, weights=weights))

    def load(self, network: Network, path: Path | None = None) -> None:
        """Show another network; the history starts anew."""
        self.undo_stack.clear()
        self.selection.select(())
        self.path = path
        self.show_network(network, loaded=True)
        self.file_changed.emit()

    def restore(self, network: Network, path: Path | None) -> None:
        """Show a network with edits that no file has, although there is no step to go back by."""
        self.load(network, path)
        self.undo_stack.resetClean()

    def mark_saved(self, path: Path) -> None:
        """Note that the network as it stands is in a file."""
        self.path = path
        self.undo_stack.setClean()
        self.file_changed.emit()

    def show_network(self, network: Network, *, loaded: bool = False) -> None:
        """Put a network in force and tell the views; only the undo history and `load` call this."""
        before = self._network
        self._network = network
        if network.graph is not before.graph:
            self._analysis = analyse(network.graph, self._analysis)
            self._findings = _findings(network.graph, self._analysis)
        self.selection.select(node for node in self.selection.nodes if node in network.graph)
        self.changed.emit(Change(before, network, self._analysis, self._findings, loaded, self._dragged))

    # A slot and no lambda: Qt cuts it off before the undo stack, in going, says a last time that it is clean.
    @Slot(bool)
    def _on_clean_changed(self, clean: bool) -> None:
        self.file_changed.emit()


def _findings(graph: Graph, analysis: Analysis) -> tuple[Diagnostic, ...]:
    """Return all findings, worst first; an empty canvas is a beginning, not a mistake."""
    if not graph.nodes:
        return ()
    rank = {"error": 0, "warning": 1, "info": 2}
    return tuple(sorted((*analysis.diagnostics, *lint(graph, analysis)), key=lambda found: rank[found.severity]))


class _Step(QUndoCommand):
    """The network before and after: undo and redo have nothing to compute and so can't fail."""

    def __init__(
        self, document: Document, text: str, before: Network, after: Network, merge_key: Hashable | None
    ) -> None:
        super().__init__(text)  # never with a parent: clearing the stack would use it after it is freed
        # Weakly: a step that kept its document would be freed with it in the garbage collector's order, not in Qt's.
        self._show = weakref.WeakMethod(document.show_network)
        self._before = before
        self._after = after
        self._merge_key = merge_key
        self._time = time.monotonic()

    def id(self) -> int:
        """Return the number that lets Qt ask `mergeWith`; -1 never does."""
        return -1 if self._merge_key is None else 1

    def mergeWith(self, other: QUndoCommand) -> bool:
        """Take a later step of the same thing into this one."""
        if not isinstance(other, _Step) or other._merge_key != self._merge_key:
            return False
        if other._time - self._time > MERGE_SECONDS and not isinstance(self._merge_key, Drag):
            return False
        self._after, self._time = other._after, other._time
        self.setObsolete(self._after == self._before)
        return True

    def redo(self) -> None:
        """Show the network after the step."""
        self._show_network(self._after)

    def undo(self) -> None:
        """Show the network before the step."""
        self._show_network(self._before)

    def _show_network(self, network: Network) -> None:
        show = self._show()
        if show is not None:
            show(network)
