"""What can be done with groups: each is one step that can be undone, and changes no architecture."""

from __future__ import annotations

import time
from collections.abc import Collection, Iterable
from typing import TYPE_CHECKING

import msgspec
from PySide6.QtCore import QObject, QRect, Signal
from PySide6.QtWidgets import QApplication

from designer.canvas.dots import State, slid
from designer.canvas.dots import arranged as dots_arranged
from designer.canvas.folding import regrouped
from designer.canvas.framing import arranged, layout_with, stored_places
from designer.canvas.geometry import CARD_WIDTH, card_rect
from designer.canvas.name_editor import NameEditor
from designer.canvas.visible import Visible, card_id, visible
from engine import EditError, Groups, groups, propose
from engine.block_names import group_name
from engine.language import tr
from engine.network import Layout

if TYPE_CHECKING:
    from designer.canvas.hits import Hit
    from designer.canvas.scene import CanvasScene
    from designer.canvas.zoom_view import ZoomView
    from designer.document import Document

_NAME_LEFT = 42.0  # where the name begins on the card of a collapsed group


class GroupCommands(QObject):
    """The commands, and the name that is edited in place.

    Signals
    -------
    told
        A sentence for the status bar.
    """

    told = Signal(str)

    def __init__(self, document: Document, scene: CanvasScene) -> None:
        super().__init__()
        self._document = document
        self._scene = scene
        self._view: ZoomView | None = None
        self._toggled = 0.0  # when a chevron was clicked

    def attach(self, view: ZoomView) -> None:
        """Note the view on which names are edited."""
        self._view = view
        self.setParent(view)

    # Commands

    def group(self) -> None:
        """Put the selected layers in a group, and let its name be edited."""
        selected = self._document.selection.nodes
        graph, old = self._document.graph, self._document.network.groups
        try:
            new, group = groups.grouped(old, graph, selected, group_name(graph, selected))
        except EditError as refusal:
            self.told.emit(f"{refusal}." if selected else tr("Select the layers to group first."))
            return
        self._apply(tr("Group"), new, selected)
        self.rename(group)

    def ungroup(self) -> None:
        """Dissolve the groups that are selected; where none is, the group around what is selected."""
        gone = self._selected_groups()
        if not gone:
            self.told.emit(tr("Select a group to dissolve."))
            return
        forest = groups.Forest(self._document.network.groups)
        nodes = [node for group in gone for node in forest.members(group)]
        self._apply(tr("Ungroup"), groups.ungrouped(self._document.network.groups, gone), nodes)

    def can_ungroup(self) -> bool:
        """Whether there is a group to dissolve."""
        return bool(self._selected_groups())

    def toggle(self, changed: Collection[str]) -> None:
        """Collapse some groups, or expand them where the first is collapsed."""
        forest = groups.Forest(self._document.network.groups)
        first = forest.by_id[next(iter(changed))]
        name = first.name
        text = tr("Expand {group}", group=name) if first.collapsed else tr("Collapse {group}", group=name)
        self._set_collapsed(changed, not first.collapsed, text)

    def toggle_at(self, found: Hit) -> None:
        """Collapse the group of a frame, or expand the one of a card."""
        self._toggled = time.monotonic()
        if found.frame is not None:
            self.toggle([found.frame])
        elif found.node is not None and found.node in self._scene.seen.folds:
            self.toggle(self._scene.seen.folds[found.node].groups[:1])

    def double_clicked(self, found: Hit) -> bool:
        """Collapse or expand what was double-clicked; return whether it stands for a group.

        The second click on a chevron, whose group the first one has changed already, does nothing.
        """
        waited = (time.monotonic() - self._toggled) * 1000
        if self._toggled and waited < QApplication.doubleClickInterval():
            self._toggled = 0.0
            return True
        if found.port is not None or (found.frame is None and found.node not in self._scene.seen.folds):
            return False
        self.toggle_at(found)
        self._toggled = 0.0
        return True

    def expand_around(self, node: str) -> None:
        """Expand every collapsed group that hides a node."""
        if node not in self._document.graph:
            return
        forest = groups.Forest(self._document.network.groups)
        hiding = [group for group in forest.around(node) if forest.by_id[group].collapsed]
        if hiding:
            self._set_collapsed(hiding, False, tr("Expand {group}", group=forest.by_id[hiding[-1]].name))

    def collapse_all(self, collapsed: bool) -> None:
        """Collapse all groups, or expand them."""
        all_groups = [group.id for group in self._document.network.groups]
        if all_groups:
            text = tr("Collapse all groups") if collapsed else tr("Expand all groups")
            self._set_collapsed(all_groups, collapsed, text)

    def group_automatically(self) -> None:
        """Put the blocks and stages of the network in groups, in the place of those that there are."""
        found = propose(self._document.graph, self._document.analysis)
        if not found:
            self.told.emit(tr("There is nothing to group: no blocks, and no convolutions one behind the other."))
        elif found == self._document.network.groups:
            self.told.emit(tr("The network is grouped like that already."))
        else:
            self._arrange(tr("Group automatically"), found)

    def rename(self, group: str) -> None:
        """Let the name of a group be edited where it stands."""
        forest = groups.Forest(self._document.network.groups)
        rect = self._name_rect(group)
        if self._view is None or rect is None:
            return
        editor = NameEditor(self._view, forest.by_id[group].name, rect)
        editor.named.connect(lambda name: self._set_name(group, name))
        self._scene.changing.connect(editor.abandon)

    # Helpers

    def _set_name(self, group: str, name: str) -> None:
        network = self._document.network
        fold = self._scene.seen.folds.get(card_id(group))
        same = (group,) if fold is None else fold.groups  # repeats that one card shows keep one name
        renamed = groups.renamed(network.groups, same, name)
        self._document.apply(tr("Rename group to {name}", name=name), msgspec.structs.replace(network, groups=renamed))

    def _set_collapsed(self, changed: Collection[str], collapsed: bool, text: str) -> None:
        old = self._document.network.groups
        new = groups.with_collapsed(old, changed, collapsed)
        forest = groups.Forest(old)
        if new != old:
            self._apply(text, new, [node for group in changed for node in forest.members(group)])

    def _apply(self, text: str, new: Groups, nodes: Iterable[str]) -> None:
        """Make a change of groups; cards that take each other's place make room, or close up."""
        network, before = self._document.network, self._scene.seen
        after = visible(network.graph, new)
        layout = regrouped(before, after, tuple(dict.fromkeys(nodes)), self._scene.places, network.layout)
        dots = slid(network.dots, *self._states(after, layout))
        self._document.apply(text, msgspec.structs.replace(network, groups=new, layout=layout, dots=dots))

    def _arrange(self, text: str, new: Groups) -> None:
        """Make a change of all groups and lay out the network anew."""
        network = self._document.network
        after = visible(network.graph, new)
        known = layout_with(self._scene.seen, self._scene.places, network.layout)
        layout = layout_with(after, arranged(after), known)
        dots = dots_arranged(network.dots, *self._states(after, layout), after.graph.by_id)
        self._document.apply(text, msgspec.structs.replace(network, groups=new, layout=layout, dots=dots))

    def _states(self, after: Visible, layout: Layout) -> tuple[State, State]:
        """Return what is shown, and what will be with another layout."""
        shown = State(self._scene.seen, self._scene.places, self._document.network.layout)
        return shown, State(after, stored_places(after, layout), layout)

    def _selected_groups(self) -> list[str]:
        """Return the outermost groups of which everything is selected, else the innermost around the selection."""
        selected = set(self._document.selection.nodes)
        if not selected:
            return []
        forest = groups.Forest(self._document.network.groups)
        whole = [group for group in forest.by_id if selected.issuperset(forest.members(group))]
        outermost = [group for group in whole if forest.by_id[group].parent not in whole]
        around = forest.shared(selected)
        return outermost or ([around] if around is not None else [])

    def _name_rect(self, group: str) -> QRect | None:
        """Return where a group's name is on the view."""
        if self._view is None:
            return None
        card = card_id(group)
        if group in self._scene.frames:
            area = self._scene.frames[group].name_rect
        elif card in self._scene.places:
            area = card_rect(self._scene.places[card]).adjusted(_NAME_LEFT, 2, 0, 0)
            area.setWidth(CARD_WIDTH - _NAME_LEFT - 8)
            area.setHeight(24)
        else:
            return None
        return self._view.mapFromScene(area).boundingRect()
