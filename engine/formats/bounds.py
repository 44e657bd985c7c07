"""What a network may have at most that is opened: more than anybody draws, and less than would hold up the window."""

from engine.formats.errors import FormatError
from engine.language import tr
from engine.network import Network

MOST_LAYERS = 20_000
LONGEST_TEXT = 1_000  # letters of an id, a name or a label


def too_many(count: int) -> str:
    """Return why a network with so many layers is not opened."""
    return tr("There are {count:,} layers; networks of up to {most:,} are opened", count=count, most=MOST_LAYERS)


def check(network: Network) -> None:
    """Raise where a network has more layers, or longer texts, than a window can show.

    Raises
    ------
    FormatError
        Which names the layer.
    """
    if len(network.graph.nodes) > MOST_LAYERS:
        raise FormatError(too_many(len(network.graph.nodes)))
    _check_length(network.name, tr("The network’s name"))
    for node in network.graph.nodes:
        _check_length(node.id, tr("A layer’s id"))
        _check_length(node.name, tr("The name of layer {id!r}", id=node.id))
        for label in getattr(node.layer, "labels", ()):
            _check_length(label, tr("A label of layer {id!r}", id=node.id))
    for group in network.groups:
        _check_length(group.name, tr("The name of group {id!r}", id=group.id))


def _check_length(text: str, what: str) -> None:
    if len(text) > LONGEST_TEXT:
        raise FormatError(
            tr(
                "{what} has {count:,} letters; up to {most:,} can be shown: {start!r}…",
                what=what,
                count=len(text),
                most=LONGEST_TEXT,
                start=text[:40],
            )
        )
