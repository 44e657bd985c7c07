"""What must hold of every figure of volumes, whatever the network."""

from functools import cache
from itertools import combinations, pairwise
from pathlib import Path

import msgspec

from designer.pictures.figure import Bar, Box, Figure, Join, Rect, Text
from designer.pictures.painter import measure
from designer.pictures.pieces import Look
from designer.pictures.volumes import VolumeOptions, volumes
from engine import Graph, Layer, Network, Node, analyse, load

_TOUCH = 0.5  # pixels that two rectangles may share
EXAMPLES = sorted(path.stem for path in (Path(__file__).parents[3] / "resources" / "examples").glob("*.json"))


@cache
def example(resources: Path, name: str) -> Network:
    return load(resources / "examples" / f"{name}.json")


def flat(network: Network) -> Network:
    """Return a network without groups, all of whose layers are seen."""
    return msgspec.structs.replace(network, groups=())


def figure_of(network: Network, look: Look | None = None, **options: bool) -> Figure:
    return volumes(network.name, analyse(network.graph), measure, VolumeOptions(look or Look(), **options))


def drawn(layers: dict[str, Layer], *wires: tuple[str, str] | tuple[str, str, int]) -> Graph:
    graph = Graph()
    for name, layer in layers.items():
        graph = graph.add(Node(name, layer))
    for wire in wires:
        graph = graph.connect(*wire)
    return graph


def chained(layers: dict[str, Layer]) -> Graph:
    return drawn(layers, *pairwise(layers))


def overlap(one: Rect, other: Rect) -> bool:
    across = min(one[2], other[2]) - max(one[0], other[0])
    down = min(one[3], other[3]) - max(one[1], other[1])
    return across > _TOUCH and down > _TOUCH


def texts(figure: Figure) -> list[Text]:
    return [mark for mark in figure.marks if isinstance(mark, Text)]


def boxes(figure: Figure) -> dict[str, Box]:
    return {mark.step: mark for mark in figure.marks if isinstance(mark, Box)}


def faults(figure: Figure) -> list[str]:
    """Return what a reader of a figure would complain of; best none."""
    said = []
    words = texts(figure)
    for one, other in combinations(words, 2):
        if overlap(one.bounds, other.bounds):
            said.append(f"{one.text!r} lies on {other.text!r}")
    solid = [mark for mark in figure.marks if isinstance(mark, (Box, Bar, Join))]
    fronts = [(m.x, m.y, m.x + m.depth, m.y + m.height) if isinstance(m, Box) else m.bounds for m in solid]
    for one, other in combinations(range(len(solid)), 2):
        if overlap(solid[one].bounds, solid[other].bounds):
            said.append(f"{solid[one].step} lies on {solid[other].step}")
    for word in words:
        inside = [mark for mark, front in zip(solid, fronts, strict=True) if overlap(word.bounds, front)]
        if inside and word.text != "?":
            said.append(f"{word.text!r} lies on {inside[0].step}")
    for mark in figure.marks:
        left, top, right, bottom = mark.bounds
        if left < 0 or top < 0 or right > figure.width or bottom > figure.height:
            said.append(f"{mark} is outside")
    return said
