"""A drawing with a wire that is led by hand, to act on."""

from designer.canvas import CanvasView
from designer.canvas.geometry import CARD_HEIGHT, CARD_WIDTH
from designer.document import Document
from engine import Add, Conv2D, Edge, Input, Node, ReLU
from tests.designer.canvas.canvas_hands import show
from tests.engine.networks import chain, wired

WIRE, SIDE = Edge("image", "conv1"), Edge("conv1", "add", 1)
PLACES = {"image": (0.0, 0.0), "conv1": (0.0, 200.0), "relu1": (0.0, 300.0), "add": (0.0, 500.0)}
BESIDE = (340.0, 400.0)  # the dot on the wire beside the column
MIDDLE = (CARD_WIDTH / 2, (CARD_HEIGHT + 200) / 2)  # of the first wire, which is straight


def show_bent(view: CanvasView) -> Document:
    """Load the drawing into the view's document, and show it at 100 %."""
    graph = chain(image=Input(), conv1=Conv2D(), relu1=ReLU()).add(Node("add", Add()))
    graph = wired(graph, ("relu1", "add"), ("conv1", "add", 1))
    document = show(view, graph, PLACES, dots={SIDE: (BESIDE,)})
    view.zoom_reset()
    view.centerOn(150, 280)
    return document
