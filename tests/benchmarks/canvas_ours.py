"""Convolab's canvas: the drawing's frames, or ResNet-152 opened and edited."""

import sys

import msgspec
import numpy as np
from canvas_frames import SIZE, drawing, frames, milliseconds, tell
from PySide6.QtWidgets import QApplication

from designer import resources, theme
from designer.canvas import CanvasView
from designer.canvas.heat import Measure
from designer.document import Document
from designer.shield import raise_shields
from engine import Add, Conv2D, Edge, Graph, Input, Network, Node, load


def network(count: int) -> Network:
    """Return the drawing as a network whose shapes are all known."""
    nodes, edges, layout = [], [], {}
    conv = Conv2D(filters=64, kernel=(3, 3), padding="same")
    for number, spot in enumerate(drawing(count)):
        layer = Input(channels=64, height=56, width=56) if number == 0 else Add() if len(spot.sources) > 1 else conv
        nodes.append(Node(spot.name, layer))
        layout[spot.name] = (spot.x, spot.y)
        edges += [Edge(f"layer{source}", spot.name, port) for port, source in enumerate(spot.sources)]
    return Network(graph=Graph(tuple(nodes), tuple(edges)), layout=layout)


def measure(count: int, shown: str) -> dict[str, float]:
    """Time the frames of a large drawing, plain or with what the canvas can show beside it."""
    document = Document()
    view = CanvasView(document)
    view.resize(*SIZE)
    view.show()
    QApplication.processEvents()
    built = network(count)
    took = milliseconds(lambda: document.load(built))
    view.canvas.wires.settle()  # frames are those of a canvas at rest
    if shown == "heat":
        view.sights.compare(Measure.MEMORY)
    elif shown == "maps":
        maps = np.random.default_rng(0).normal(size=(64, 56, 56)).astype(np.float32)
        view.sights.set_maps({node.id: maps for node in built.graph.nodes})
    return {"build": took, **frames(view, view.fit_all, view.zoom_reset, view.pan, view.zoom_by)}


def stories() -> dict[str, float]:
    """Time the opening of ResNet-152 and an edit at its top."""
    document = Document()
    view = CanvasView(document)
    view.resize(*SIZE)
    view.show()
    QApplication.processEvents()
    file = resources.path("examples", "resnet152.json")
    opened = milliseconds(lambda: document.load(msgspec.structs.replace(load(file), groups=())))  # all 517 cards
    first = document.analysis.order[0]
    image = document.graph.by_id[first].layer
    assert isinstance(image, Input)
    sides = iter(range(226, 400, 2))

    def edit() -> None:
        side = next(sides)
        layer = Input(channels=image.channels, height=side, width=side)
        document.edit("Change", document.graph.replace_layer(first, layer))

    fitted = min(milliseconds(edit) for _ in range(5))
    view.zoom_reset()
    view.reveal_node(first)
    milliseconds(lambda: None)
    close = min(milliseconds(edit) for _ in range(5))
    return {"open": opened, "edit": close, "edit, fitted": fitted}


def main() -> None:
    """Measure."""
    app = QApplication(sys.argv)
    raise_shields()
    theme.apply(app, theme.LIGHT)
    tell(stories() if sys.argv[1] == "resnet152" else measure(int(sys.argv[1]), sys.argv[2]))
    del app


if __name__ == "__main__":
    main()
