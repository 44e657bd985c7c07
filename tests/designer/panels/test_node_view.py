"""An operator of a file in the inspector and on its card: shown, and not to be edited."""

from PySide6.QtCore import Qt

from designer.canvas.card import card_of
from designer.document import Document
from designer.panels.inspector import Inspector
from designer.panels.node_view import NodeView
from engine import Graph, Input, Network, Node, Severity, Unsupported, analyse
from engine.layers.unsupported import ForeignArray, ForeignAttribute, ForeignNode

NODE = ForeignNode(
    "DeformableAttention",
    domain="com.example",
    opset=3,
    attributes=(ForeignAttribute("mode", "<b>wide</b>", ""), ForeignAttribute("heads", "4", "")),
    arrays=(ForeignArray("q", (8, 8)), ForeignArray("k", (), "int64", "AAAAAAAAAAA=")),
    outputs=("float32", "int64"),
)


def network(node: ForeignNode = NODE, output: tuple[int, ...] = (4, 6, 6)) -> Network:
    graph = Graph().add(Node("image", Input(channels=4, height=6, width=6)))
    graph = graph.add(Node("op", Unsupported(node=node, output=output))).connect("image", "op")
    return Network("n", graph)


def test_the_inspector_shows_the_operator_its_attributes_and_its_constants(qtbot):
    document = Document()
    inspector = Inspector(document)
    qtbot.addWidget(inspector)
    document.load(network())
    document.selection.select(["op"])
    (view,) = inspector.findChildren(NodeView)
    text = view.label.text().replace("&#8203;", "")
    for part in ("<b>DeformableAttention</b>", "com.example", "heads", "q", "8×8 float32", "one int64", "outputs"):
        assert part in text
    assert "&lt;b&gt;wide&lt;/b&gt;" in text
    assert view.value() == NODE
    assert view.label.textInteractionFlags() & Qt.TextInteractionFlag.TextSelectableByMouse
    assert document.undo_stack.isClean()


def test_several_operators_are_a_dash(qtbot):
    document = Document()
    inspector = Inspector(document)
    qtbot.addWidget(inspector)
    graph = network().graph.add(Node("other", Unsupported(node=ForeignNode("Erf")))).connect("op", "other")
    document.load(Network("n", graph))
    document.selection.select(["op", "other"])
    (view,) = inspector.findChildren(NodeView)
    assert view.label.text() == "—"


def test_the_card_names_the_operator_and_warns(qtbot):
    analysis = analyse(network().graph)
    card = card_of(analysis.graph, analysis.graph.node("op"), analysis.nodes["op"], analysis.nodes["op"].diagnostics)
    assert card.kind == "DeformableAttention · mode = <b>wide</b>, hea…"
    assert (card.family, card.shape, card.badge) == ("unsupported", "6×6×4", Severity.WARNING)
    assert len(card.inputs) == 1
    unknown = analyse(network(output=(0,)).graph)
    card = card_of(unknown.graph, unknown.graph.node("op"), unknown.nodes["op"], unknown.nodes["op"].diagnostics)
    assert (card.message, card.badge) == ("Output shape not known", Severity.ERROR)
