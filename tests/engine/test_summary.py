import pytest

from engine import Add, Conv2D, Dropout, Graph, Input, ReLU, analyse
from engine.summary import layer_rows, table
from tests.engine.networks import chain, lenet5, wired


def test_rows_come_in_the_order_of_evaluation_with_cycles_last():
    graph = wired(chain(add=Add(), relu=ReLU()), ("relu", "add", 1)).add(chain(image=Input()).nodes[0])
    assert [row["id"] for row in layer_rows(analyse(graph))] == ["image", "add", "relu"]


def test_what_is_not_known_is_none():
    (_, row) = layer_rows(analyse(chain(image=Input(), conv=Conv2D(kernel=(40, 40)))))
    assert row == {
        "id": "conv",
        "type": "Conv2D",
        "output": None,
        "parameters": 0,
        "weights": 0,
        "biases": 0,
        "non_trainable": 0,
        "connections": 0,
        "macs": 0,
        "receptive_field": None,
    }


def test_the_table_is_aligned_and_leaves_out_zeros():
    text = table("Two", analyse(chain(image=Input(), conv=Conv2D(), drop=Dropout())))
    assert [line.rstrip() for line in text.splitlines()] == [
        "Two",
        "─" * 75,
        "layer  type             output  weights  biases  connections    MACs  field",
        "─" * 75,
        "image  Input gray      32×32×1                                          1×1",
        "conv   Conv2D 8 @ 3×3  30×30×8       72       8       64,800  64,800    3×3",
        "drop   Dropout 0.5     30×30×8                                          3×3",
        "─" * 75,
        "total                                72       8       64,800  64,800",
        "80 parameters, 80 trainable; maps of one image take 60.25 KiB",
    ]


def test_all_lines_of_cells_have_one_width():
    lines = table("LeNet", analyse(lenet5())).splitlines()[1:-1]
    assert len({len(line) for line in lines}) == 1


@pytest.mark.parametrize(("side", "text"), [(1, "4 B"), (16, "1 KiB"), (512, "1 MiB"), (16384, "1 GiB")])
def test_bytes_are_written_in_the_unit_that_fits(side: int, text: str):
    assert table("One", analyse(chain(image=Input(height=side, width=side)))).endswith(f"maps of one image take {text}")


def test_an_empty_drawing_has_a_table_too():
    assert table("None", analyse(Graph())).splitlines()[-1] == ("0 parameters, 0 trainable; maps of one image take 0 B")
