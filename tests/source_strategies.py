"""Networks under names that people, files and mischief give, in groups and in paths, for writers of source code."""

from hypothesis import strategies as st
from hypothesis.strategies import DrawFn

from engine import EditError, Graph, Group, Layer, Network, Node, analyse
from engine.groups import grouped
from tests.strategies import INNER, networks

HOSTILE = (
    "conv",
    "0",
    "1",
    "forward",
    "class",
    "self",
    "x",
    "nn",
    "__init__",
    "größe",
    "ﬁlter",
    "卷积",
    "🙂",
    "",
    " ",
    "a b",
    "3x3",
    "T" * 90,
    '"""; import os; """',
    "'); __import__('os').system('echo') #",
    "line\nbreak",
    "back\\slash",
    "\u2028para\x0cfeed\r\n#",
    "\u202eright",
    "{x}",
    "%s",
)
words = st.sampled_from(HOSTILE) | st.text(max_size=4)


@st.composite
def dressed(draw: DrawFn, kinds: tuple[type[Layer], ...] = INNER, most: int = 10) -> Network:
    """Draw a network whose layers, groups and title are called anything at all."""
    graph = draw(networks(kinds, most))
    paths = draw(st.booleans())
    ids: dict[str, str] = {}
    for number, node in enumerate(graph.nodes):
        fresh = ".".join(draw(st.lists(words, min_size=2, max_size=4))) if paths else draw(words)
        ids[node.id] = fresh if fresh and fresh not in ids.values() else f"{fresh}{number}"
    while len(set(ids.values())) < len(ids):
        ids = {old: f"{new}{number}" for number, (old, new) in enumerate(ids.items())}
    named = Graph(
        tuple(Node(ids[node.id], node.layer, draw(words) if draw(st.booleans()) else "") for node in graph.nodes)
    )
    for edge in graph.edges:
        named = named.connect(ids[edge.source], ids[edge.target], edge.port)
    groups: tuple[Group, ...] = ()
    order = analyse(named).order
    for _ in range(draw(st.integers(0, 3))):
        first, last = sorted((draw(st.integers(0, len(order))), draw(st.integers(0, len(order)))))
        try:
            groups, _ = grouped(groups, named, order[first:last], draw(words))
        except EditError:
            continue
    return Network(draw(words), named, groups=groups)
