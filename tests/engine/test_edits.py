from collections.abc import Callable

import pytest

from engine import Conv2D, Edge, Flatten, Graph, Input, Node, ReLU
from engine.edits import AddLayer, BypassLayer, Connect, Disconnect, InsertLayer, RemoveLayers, ReplaceLayer
from tests.engine.networks import chain

LINE = chain(image=Input(), conv=Conv2D(), relu=ReLU())
LONE = LINE.add(Node("relu1", ReLU()))


@pytest.mark.parametrize(
    ("edit", "expected"),
    [
        (ReplaceLayer("conv", Conv2D(filters=3)), LINE.replace_layer("conv", Conv2D(filters=3))),
        (InsertLayer(Edge("conv", "relu"), Flatten()), LINE.insert(Edge("conv", "relu"), Node("flatten1", Flatten()))),
        (AddLayer(ReLU()), LONE),
        (AddLayer(ReLU(), "conv"), LONE.connect("relu1", "conv")),
        (Connect(Edge("image", "relu")), LINE.connect("image", "relu")),
        (Disconnect(Edge("conv", "relu")), LINE.disconnect(Edge("conv", "relu"))),
        (RemoveLayers(("conv", "relu")), LINE.remove(["conv", "relu"])),
        (BypassLayer("conv"), LINE.bypass("conv")),
    ],
)
def test_an_edit_is_a_value_that_does_what_its_name_says(edit: Callable[[Graph], Graph], expected: Graph):
    assert edit(LINE) == expected
    assert hash(edit) == hash(edit)


def test_edits_are_equal_when_they_do_the_same():
    assert ReplaceLayer("a", ReLU()) == ReplaceLayer("a", ReLU())
    assert ReplaceLayer("a", ReLU()) != ReplaceLayer("b", ReLU())
