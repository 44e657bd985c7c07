"""Where cards and the frames of expanded groups are: frames around cards, and the automatic layout with both."""

from collections.abc import Iterable, Mapping

import msgspec
from PySide6.QtCore import QRectF

from designer.canvas.auto_layout import Size, arrange
from designer.canvas.geometry import CARD_HEIGHT, CARD_WIDTH, PITCH, Place, Places, card_rect
from designer.canvas.placement import complete, make_room
from designer.canvas.visible import FOLDED, Visible
from designer.canvas.visible import visible as visible_of
from engine import Edge, Graph, Network, Node, dots
from engine.network import Layout

_BLOCK = "▾ "  # before a group's id: the id of its block
TITLE = 30.0  # height of a frame's title
_GAP = PITCH - CARD_HEIGHT  # between a frame and the card below it
SIDE = 30.0  # between a frame and what is in it
ABOVE = TITLE + 10.0  # the same at its top edge, and
BELOW = 30.0  # at its lower one


def frame_rects(visible: Visible, places: Places) -> dict[str, QRectF]:
    """Return the rectangle of every frame; outer ones first."""
    rects: dict[str, QRectF] = {}
    for group in reversed(list(visible.frames)):  # inner frames come behind those that they are in
        frame = visible.frames[group]
        inside = [card_rect(places[card]) for card in frame.cards if card in places]
        inside += [rects[inner] for inner in frame.inner]
        rects[group] = united(inside).adjusted(-SIDE, -ABOVE, SIDE, BELOW)
    return {group: rects[group] for group in visible.frames}


def united(rects: Iterable[QRectF]) -> QRectF:
    """Return the rectangle around some others."""
    whole = QRectF()
    for rect in rects:
        whole = whole.united(rect)
    return whole


def stored_places(visible: Visible, layout: Layout) -> dict[str, Place]:
    """Return where a layout has the cards; a collapsed group's is where the first of its nodes is."""
    places = {card: visible.nodes(card)[0] for card in visible.graph.by_id}
    return {card: layout[node] for card, node in places.items() if node in layout}


def layout_with(visible: Visible, places: Places, layout: Layout) -> dict[str, Place]:
    """Return a layout with the cards at some places; what is hidden keeps its place beside the first hidden node."""
    result = dict(layout)
    for card, (x, y) in places.items():
        nodes = visible.nodes(card)
        left, top = layout.get(nodes[0], (x, y))
        for node in nodes:
            if node in layout:
                result[node] = (layout[node][0] + x - left, layout[node][1] + y - top)
        result[nodes[0]] = (x, y)
    return result


def placed(visible: Visible, places: Places, wanted: Mapping[str, Place] | None = None) -> dict[str, Place]:
    """Return a place for every card, the known ones where they are; see `complete`."""
    if not wanted and not any(card in places for card in visible.graph.by_id):
        return dict(arranged(visible))
    return complete(visible.graph, places, wanted)


def settled(network: Network) -> Network:
    """Return a network with a place for every card."""
    seen = visible_of(network.graph, network.groups)
    places = placed(seen, stored_places(seen, network.layout))
    return msgspec.structs.replace(network, layout=layout_with(seen, places, network.layout))


def shifted(piece: Network, across: float, down: float) -> Network:
    """Return a network with all cards and dots moved by the same."""
    layout = {node: (x + across, y + down) for node, (x, y) in piece.layout.items()}
    return msgspec.structs.replace(piece, layout=layout, dots=dots.shifted(piece.dots, across, down))


def frame_at(visible: Visible, places: Places, at: Place) -> str | None:
    """Return the innermost group whose frame holds a card that is put at a place."""
    middle = card_rect(at).center()
    rects = frame_rects(visible, places)
    return next((group for group in reversed(list(rects)) if rects[group].contains(middle)), None)


def clear_of_frames(visible: Visible, places: Places, before: Places) -> dict[str, Place]:
    """Return the places, cards that were not there before moved below frames that they do not belong in."""
    result = dict(places)
    for card in [card for card in places if card not in before] if visible.frames else ():
        for group, rect in frame_rects(visible, result).items():
            if card not in visible.frames[group].cards and rect.intersects(card_rect(result[card])):
                result = make_room(visible.graph, result, card, rect.bottom() + _GAP)
    return result


def arranged(visible: Visible) -> Layout:
    """Return the automatic layout of all cards, those of each frame kept together in a block."""
    if not visible.frames:
        return arrange(visible.graph)
    return _Arrangement(visible).places(None)


class _Arrangement:
    """The automatic layout of what lies in a group, or in the drawing itself, from the inside out."""

    def __init__(self, visible: Visible) -> None:
        self._visible = visible
        self._home: dict[str, str] = {}  # the innermost frame of each card, and the frame around each frame
        for group, frame in visible.frames.items():
            self._home |= dict.fromkeys(frame.cards, group)  # inner frames come later, and prevail
        self._around = {inner: group for group, frame in visible.frames.items() for inner in frame.inner}
        self._inside: dict[str | None, dict[str, None]] = {}  # the cards and frames right in each frame
        for node in visible.graph.nodes:
            self._register(node.id)

    def places(self, group: str | None) -> Layout:
        """Return the places of all cards in a group, the topmost at the top edge."""
        vertices = list(self._inside.get(group, ()))
        blocks = {vertex: self._block(vertex) for vertex in vertices if vertex not in self._visible.graph}
        corners = arrange(self._quotient(group, vertices), {vertex: block[1] for vertex, block in blocks.items()})
        result: dict[str, Place] = {}
        for vertex, (x, y) in corners.items():
            if vertex in blocks:
                inner, _ = blocks[vertex]
                result |= {card: (x + left, y + top) for card, (left, top) in inner.items()}
            else:
                result[vertex] = (x, y)
        return result

    def _register(self, card: str) -> None:
        """Note a card in its frame, and that frame in the one around it."""
        vertex, home = card, self._home.get(card)
        while vertex not in self._inside.setdefault(home, {}):
            self._inside[home][vertex] = None
            if home is None:
                return
            vertex, home = _block_id(home), self._around.get(home)

    def _block(self, vertex: str) -> tuple[Layout, Size]:
        """Return the cards of a frame within its block, and the block's size.

        The block is as wide to the left of the column in which it begins as to the right: its wires run straight.
        """
        group = vertex.removeprefix(_BLOCK)
        inner = self.places(group)
        rect = self._rect(group, inner)
        column = min(inner.values(), key=lambda place: (place[1], place[0]))[0] + CARD_WIDTH / 2
        half = max(column - rect.left(), rect.right() - column)
        moved = {card: (x - column + half, y - rect.top()) for card, (x, y) in inner.items()}
        return moved, (2 * half, rect.height())

    def _rect(self, group: str, places: Places) -> QRectF:
        """Return the rectangle of a frame whose cards are at some places."""
        frame = self._visible.frames[group]
        inside = [self._rect(inner, places) for inner in frame.inner]
        inside += [card_rect(places[card]) for card in frame.cards]
        return united(inside).adjusted(-SIDE, -ABOVE, SIDE, BELOW)

    def _quotient(self, group: str | None, vertices: list[str]) -> Graph:
        """Return the graph of what lies right in a group, each frame as one node."""
        inside = set(vertices)
        ports: dict[str, int] = {}
        edges = []
        for edge in self._visible.graph.edges:
            source, target = self._vertex(edge.source, group), self._vertex(edge.target, group)
            if source == target or source not in inside or target not in inside:
                continue
            port = edge.port
            if target != edge.target:
                port = ports[target] = ports.get(target, -1) + 1
            edges.append(Edge(source, target, port))
        return Graph(tuple(Node(vertex, FOLDED) for vertex in vertices), tuple(edges))

    def _vertex(self, card: str, group: str | None) -> str:
        """Return what stands for a card right in a group: itself, or the block that it is in."""
        vertex, home = card, self._home.get(card)
        while home is not None and home != group:
            vertex, home = _block_id(home), self._around.get(home)
        return vertex if home == group else ""


def _block_id(group: str) -> str:
    return _BLOCK + group
