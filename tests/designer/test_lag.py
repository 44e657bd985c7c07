from designer.document import Document, Drag
from designer.lag import LAG_MS, Lag
from engine import Conv2D, Graph, Input, Network, Node


def opened(qapp) -> Document:
    graph = Graph().add(Node("image", Input())).add(Node("conv1", Conv2D())).connect("image", "conv1")
    document = Document()
    document.load(Network("small", graph))
    return document


def widen(document: Document, filters: int, merge_key: object = None) -> None:
    graph = document.graph
    layer = graph.node("conv1").layer.replace(filters=filters)
    document.edit("Change filters", graph.replace_layer("conv1", layer), merge_key=merge_key)


def test_an_edit_is_followed_at_once_and_a_drag_a_little_later(qapp, qtbot):
    document, seen = opened(qapp), []
    lag = Lag(lambda: seen.append(document.graph.node("conv1").layer.filters), document)
    document.changed.connect(lag.take)
    widen(document, 3)
    assert seen == [3]
    drag = Drag()
    for filters in (4, 5, 6):
        widen(document, filters, drag)
    assert seen == [3]
    qtbot.waitUntil(lambda: len(seen) == 2, timeout=40 * LAG_MS)
    assert seen == [3, 6]
    qtbot.wait(3 * LAG_MS)
    assert seen == [3, 6]


def test_the_step_after_a_drag_is_followed_once(qapp, qtbot):
    document, seen = opened(qapp), []
    lag = Lag(lambda: seen.append(document.graph.node("conv1").layer.filters), document)
    document.changed.connect(lag.take)
    widen(document, 4, Drag())
    document.undo_stack.undo()
    assert len(seen) == 1
    qtbot.wait(3 * LAG_MS)
    assert len(seen) == 1
