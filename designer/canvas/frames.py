"""The frames on the scene: one item for every expanded group that is seen."""

from __future__ import annotations

from collections.abc import Collection, Mapping

from PySide6.QtWidgets import QGraphicsScene

from designer.canvas.card import count_texts
from designer.canvas.fold_card import flow
from designer.canvas.frame_item import FrameFace, FrameItem
from designer.canvas.framing import frame_rects
from designer.canvas.geometry import CARD_WIDTH, Places
from designer.canvas.visible import Frame, Visible
from engine import NodeAnalysis
from engine.language import tr


class Frames:
    """Keeps the frames in step with what is seen.

    Attributes
    ----------
    items
        The items by group; outer frames first.
    """

    def __init__(self, scene: QGraphicsScene) -> None:
        self._scene = scene
        self.items: dict[str, FrameItem] = {}

    def show(self, seen: Visible, nodes: Mapping[str, NodeAnalysis], wrong: Collection[str]) -> None:
        """Bring frames in step with the groups; ``wrong`` are the cards with an error."""
        for group in [group for group in self.items if group not in seen.frames]:
            self._scene.removeItem(self.items.pop(group))
        depths: dict[str, int] = {}
        for group, frame in seen.frames.items():
            depths[group] = depths.get(frame.group.parent or "", -1) + 1
            face = _face(seen, frame, nodes, depths[group], not set(wrong).isdisjoint(frame.cards))
            item = self.items.pop(group, None)
            if item is None:
                item = FrameItem(group, face)
                self._scene.addItem(item)
            item.show_face(face)
            self.items[group] = item

    def place(self, seen: Visible, places: Places) -> None:
        """Put frames around their cards."""
        for group, rect in frame_rects(seen, places).items():
            if group in self.items:
                inside = [(y, x + CARD_WIDTH / 2) for x, y in (places[card] for card in seen.frames[group].cards)]
                self.items[group].place(rect, (min(inside)[1], max(inside)[1]))

    def select(self, seen: Visible, selected: Collection[str]) -> None:
        """Outline the frames whose cards are all selected."""
        for group, item in self.items.items():
            item.set_state(selected=set(selected).issuperset(seen.frames[group].cards))

    def hover(self, group: str | None) -> None:
        """Answer the pointer on the title of one frame, or of none."""
        for one, item in self.items.items():
            item.set_state(hovered=one == group)


def _face(seen: Visible, frame: Frame, nodes: Mapping[str, NodeAnalysis], depth: int, wrong: bool) -> FrameFace:
    inside = dict.fromkeys(node for card in frame.cards for node in seen.nodes(card))
    graph = seen.whole
    sources = dict.fromkeys(
        edge.source for node in inside for edge in graph.incoming[node].values() if edge.source not in inside
    )
    outputs = [node for node in inside if any(edge.target not in inside for edge in graph.outgoing[node])]
    outputs = outputs or [node for node in inside if not graph.outgoing[node]]
    counts = count_texts(sum(nodes[node].parameters for node in inside))
    flows = (flow(nodes, sources, outputs), flow(nodes, (), outputs))
    facts = [text for shapes in flows for text in (*(f"{shapes} · {count}" for count in counts), shapes)]
    macs = sum(nodes[node].macs for node in inside)
    if macs:
        facts.insert(0, f"{facts[0]} · " + tr("{count:,} MACs", count=macs))
    return FrameFace(frame.group.name, tuple(facts), depth, wrong)
