"""Running statistics beside parameters, fields of maps that grow, and an ONNX writer for every layer."""

from engine import (
    LAYERS,
    BatchNorm2D,
    Conv2D,
    ConvTranspose2D,
    Graph,
    Input,
    Layer,
    MaxPool2D,
    Node,
    Upsample2D,
    analyse,
    initialise,
)
from engine.formats.onnx_nodes import WRITERS
from engine.receptive_field import Span
from engine.summary import layer_rows, table


def sequence(*layers: Layer) -> Graph:
    graph = Graph().add(Node("image", Input(channels=3, height=32, width=32)))
    for number, layer in enumerate(layers):
        before = graph.nodes[-1].id
        graph = graph.add(Node(f"n{number}", layer)).connect(before, f"n{number}")
    return graph


def test_running_statistics_are_counted_apart_from_parameters():
    analysis = analyse(sequence(Conv2D(filters=4, bias=False), BatchNorm2D()))
    norm, totals = analysis.nodes["n1"], analysis.totals
    assert (norm.parameters, norm.trainable, norm.non_trainable, norm.total_parameters) == (8, 8, 8, 16)
    assert (totals.parameters, totals.trainable, totals.non_trainable, totals.total_parameters) == (116, 116, 8, 124)
    assert (norm.connections, norm.macs, totals.macs) == (0, 0, 30 * 30 * 27 * 4)
    assert "116 parameters, 116 trainable and 8 running statistics" in table("n", analysis)


def test_new_statistics_change_nothing():
    weights = initialise(sequence(BatchNorm2D()))["n0"]
    assert {name: set(array.tolist()) for name, array in weights.items()} == {
        "weight": {1.0},
        "bias": {0.0},
        "running_mean": {0.0},
        "running_var": {1.0},
    }


def test_fields_come_closer_where_maps_grow_again():
    analysis = analyse(sequence(MaxPool2D(), Upsample2D(), Conv2D(padding="same"), ConvTranspose2D(), Upsample2D()))
    spans = [analysis.receptive_fields[f"n{number}"].y for number in range(5)]
    assert spans[0] == Span(2, 2, 0, 0, 32)
    assert spans[1] == Span(2, 1, 0, 0, 32)
    assert spans[2] == Span(4, 1, -1, 0, 32)
    assert (spans[3].size, float(spans[3].jump)) == (4, 0.5)
    assert (spans[4].size, float(spans[4].jump)) == (4, 0.25)
    assert analysis.receptive_fields["n4"].box(5, 0)[:2] == (0, 4)
    assert layer_rows(analysis)[-1]["receptive_field"]["jump"] == [0.25, 0.25]


def test_every_layer_but_the_input_can_be_written_as_onnx():
    assert set(LAYERS) - {Input} == WRITERS.keys()
