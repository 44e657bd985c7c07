"""What a comparison's rows say, and in which order."""

import pytest

from designer import theme
from designer.comparing.model import (
    MACS,
    MAPS,
    NAME,
    OUTPUT,
    PARAMETERS,
    STATUS,
    WHAT,
    ComparisonModel,
    cell_text,
    colour,
)
from designer.comparing.rows import SIGNS, Row, Status, rows_of, totals_of
from engine import BatchNorm2D, Conv2D, Dense, Flatten, Graph, Input, Network, Node, ReLU
from engine.diff import MapDifference, differ
from tests.engine.networks import chain

BEFORE = chain(
    image=Input(height=8, width=8),
    conv=Conv2D(filters=2),
    relu=ReLU(),
    flat=Flatten(),
    hidden=Dense(units=5),
    last=Dense(),
)


def edited() -> Graph:
    graph = BEFORE.replace_layer("conv", Conv2D(filters=3)).rename("last", "classes")
    wire = next(edge for edge in graph.edges if edge.target == "flat")
    return graph.insert(wire, Node("bn", BatchNorm2D())).remove(["hidden"]).connect("flat", "last")


def rows(*maps: MapDifference) -> dict[str, Row]:
    found = rows_of(differ(Network("a", BEFORE), Network("b", edited())), maps)
    return {row.name: row for row in found}


def test_rows_come_in_order_and_what_is_gone_where_it_was():
    assert list(rows()) == ["image", "conv", "relu", "bn", "flat", "hidden", "classes"]
    assert [row.status.value for row in rows().values()] == [
        "unchanged",
        "changed",
        "affected",
        "added",
        "changed",
        "removed",
        "changed",
    ]


def test_cells_say_before_and_after():
    found = rows(MapDifference("image", "image", 0.0, 0.0, 1.0), MapDifference("last", "last", 0.25, 2.0, 0.5))
    conv, hidden, last = found["conv"], found["hidden"], found["classes"]
    assert cell_text(conv, STATUS) == "≠  changed"
    assert cell_text(conv, WHAT) == "filters 2 → 3"
    assert cell_text(conv, OUTPUT) == "6×6×2 → 6×6×3"
    assert cell_text(conv, PARAMETERS) == "20 → 30"
    assert cell_text(hidden, PARAMETERS) == "365"
    assert cell_text(hidden, WHAT) == "Dense 5 units"
    assert cell_text(last, WHAT) == "last → classes, input 1: “hidden” → “flat”"
    assert cell_text(last, MAPS) == "25%"
    assert cell_text(found["image"], MAPS) == "equal"
    assert cell_text(found["image"]._replace(maps=MapDifference("a", "b", None, None, None)), MAPS) == "other shape"
    assert not found["image"].differs
    assert found["image"]._replace(maps=MapDifference("a", "b", 0.1, 1.0, 1.0)).differs
    assert cell_text(found["bn"], MACS) == ""


def test_totals_are_those_of_both():
    found = totals_of(differ(Network("a", BEFORE), Network("b", edited())))
    assert found["Layers"] == (6, 6)
    assert found["Parameters"] == (20 + 365 + 60, 30 + 6 + 1090)


@pytest.mark.parametrize("colours", [theme.LIGHT, theme.DARK], ids=lambda one: one.name)
def test_no_status_is_told_by_its_colour_alone(colours, qapp):
    theme.apply(qapp, colours)
    assert len(set(SIGNS.values())) == len(Status)
    assert len({colour(status) for status in (Status.ADDED, Status.REMOVED, Status.CHANGED)}) == 3
    theme.apply(qapp, theme.LIGHT)


def test_the_model_keeps_its_place_where_the_layers_are_the_same(qtbot):
    model = ComparisonModel()
    model.show(list(rows().values()))
    with qtbot.waitSignal(model.dataChanged), qtbot.assertNotEmitted(model.modelReset):
        model.show(list(rows(MapDifference("last", "last", 0.25, 2.0, 0.5)).values()))
    hint = model.data(model.index(6, MAPS), 3)
    assert hint == (
        "The norm of the difference is 25% of that of the maps before; no value differs by more than 2; "
        "the correlation is 0.5000."
    )
    assert model.columnCount() == 7
    assert model.data(model.index(0, NAME), 0) == "image"
