"""NodeGraphQt with one node per layer, where it and a binding that it knows are installed."""

import sys

from canvas_frames import SIZE, drawing, frames, milliseconds, tell
from NodeGraphQt import BaseNode, NodeGraph
from PySide6.QtCore import QPoint
from PySide6.QtWidgets import QApplication, QWidget


class LayerNode(BaseNode):
    """One layer: two inputs, one output, and its facts in its name."""

    __identifier__ = "benchmark"
    NODE_NAME = "layer"

    def __init__(self) -> None:
        super().__init__()
        self.add_input("in")
        self.add_input("shortcut")
        self.add_output("out")


def build(graph: NodeGraph, count: int) -> None:
    """Fill a graph."""
    graph.register_node(LayerNode)
    made = []
    for node in drawing(count):
        item = graph.create_node(
            "benchmark.LayerNode",
            name=f"{node.name} {node.kind}",
            pos=[node.x, node.y * 2],
            selected=False,
            push_undo=False,
        )
        made.append(item)
        for port, source in enumerate(node.sources):
            item.set_input(port, made[source].output(0))


def main() -> None:
    """Measure."""
    app = QApplication(sys.argv)
    graph = NodeGraph()
    took = milliseconds(lambda: build(graph, int(sys.argv[1])))
    window: QWidget = graph.widget
    window.resize(*SIZE)
    window.show()
    view = graph.viewer()

    def pan(way: QPoint) -> None:
        view._set_viewer_pan(way.x(), way.y())

    figures = frames(
        view, graph.fit_to_selection, graph.reset_zoom, pan, lambda factor: graph.set_zoom(graph.get_zoom() + 0.02)
    )
    tell({"build": took, **figures})
    del app


if __name__ == "__main__":
    main()
