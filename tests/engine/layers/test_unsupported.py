"""An operator that no layer is: what it says of itself, and of what it does not know."""

import numpy as np
import pytest

from engine import Code, Conv2D, Graph, Input, Node, ReLU, Severity, Shape, Unsupported, Weights, analyse, run
from engine.layers.unsupported import ForeignArray, ForeignAttribute, ForeignNode
from tests.engine.layers.rows import Row, check, row

ERF = ForeignNode("Erf", opset=17, shapes=((4, 6, 6),))
MIX = ForeignNode(
    "Mix",
    domain="com.example",
    attributes=(ForeignAttribute("alpha", "0.5", ""), ForeignAttribute("mode", "a\nb", "")),
    inputs=("wire", "w", "", "wire", "small"),
    arrays=(ForeignArray("w", (4, 4)), ForeignArray("small", (2,), "int64", "AAAA")),
    outputs=("float32", "", "int64"),
)
FURTHER = ForeignNode("Mix", outputs=("float32", "int64"), part=1)
VOLUME = Shape(4, 6, 6)

ROWS = [
    row("as in its file", Unsupported(node=ERF, output=(4, 6, 6)), (VOLUME,), VOLUME, codes=(Code.UNSUPPORTED,)),
    row("a shape not known", Unsupported(node=ERF, output=(4, 0, 6)), (VOLUME,), None, codes=(Code.UNKNOWN_SHAPE,)),
    row("another input", Unsupported(node=ERF, output=(4, 6, 6)), (Shape(4, 7, 7),), None, codes=(Code.UNKNOWN_SHAPE,)),
    row("weights", Unsupported(node=MIX, output=(9,)), (VOLUME, VOLUME), Shape(9), 16, codes=(Code.UNSUPPORTED,)),
    row("an input too few", Unsupported(node=MIX, output=(9,)), (VOLUME,), None, 16, codes=(Code.UNSUPPORTED,)),
    row("a further output", Unsupported(node=FURTHER), (VOLUME,), Shape(1)),
]


@pytest.mark.parametrize("expected", ROWS)
def test_what_comes_out_is_what_the_file_says(expected: Row):
    check(expected)


def test_the_brief_has_the_operator_and_its_attributes_on_one_line():
    assert Unsupported(node=MIX).brief() == "Mix · alpha = 0.5, mode = a b"
    assert Unsupported(node=ForeignNode("TopK", outputs=("float32", "int64"), part=1)).brief() == "output 2 of TopK"
    many = ForeignNode("Mix", attributes=(ForeignAttribute("offsets", "1, " * 40, ""),))
    assert len(Unsupported(node=many).brief()) == 46


def test_the_remark_says_why_and_what_follows():
    layer = Unsupported(node=ForeignNode("Resize", reason="whole factors only"), output=(1,))
    (problem,) = layer.infer((VOLUME,)).problems
    assert problem.severity is Severity.WARNING
    assert problem.message.startswith("Convolab has no layer that does what Resize does here (whole factors only).")
    assumed = Unsupported(node=ForeignNode("Mix", "com.example", assumed=True))
    assert "that of what comes in was taken" in assumed.infer((VOLUME,)).problems[0].message


def drawn(layer: Unsupported, height: int = 6) -> Graph:
    graph = Graph().add(Node("image", Input(channels=4, height=height, width=6))).add(Node("op", layer))
    graph = graph.connect("image", "op").add(Node("relu", ReLU())).connect("op", "relu")
    return graph.add(Node("side", Conv2D(filters=2, kernel=(1, 1)))).connect("image", "side")


def test_what_does_not_depend_on_it_runs_and_what_does_is_left_out():
    graph = drawn(Unsupported(node=ERF, output=(4, 6, 6)))
    analysis = analyse(graph)
    assert not analysis.errors
    assert analysis.nodes["relu"].output == VOLUME
    given = {"side": {"weight": Shape(2, 4, 1, 1), "bias": Shape(2)}}
    weights = Weights({node: {name: np.ones(s, np.float32) for name, s in own.items()} for node, own in given.items()})
    maps = run(graph, weights, np.ones(VOLUME, np.float32))
    assert list(maps) == ["image", "side"]
    batch = run(graph, weights, np.ones((2, *VOLUME), np.float32))
    assert list(batch) == ["image", "side"]


def test_another_image_makes_the_shape_unknown_until_one_says_that_it_stays():
    graph = drawn(Unsupported(node=ERF, output=(4, 6, 6)), height=8)
    (error,) = analyse(graph).errors
    assert "for 6×6×4, and 6×8×4 comes in now" in error.message
    (fix,) = error.fixes
    mended = analyse(fix.edit(graph))
    assert not mended.errors
    assert mended.nodes["relu"].output == VOLUME


def test_it_has_the_ports_that_its_file_had():
    layer = Unsupported(node=MIX)
    assert (layer.ports.least, layer.ports.most) == (2, 2)
    graph = Graph().add(Node("op", layer))
    assert graph.port_count("op") == 2


def test_a_value_that_is_none_of_a_file_is_refused():
    with pytest.raises(ValueError, match=r"Unsupported\.node: 'Relu' is not a node of a file"):
        Unsupported(node="Relu")
