"""Every layer's share of a measure: numbers, colours, cards, legend."""

from itertools import pairwise

import pytest
from PySide6.QtCore import QPoint, QRect
from PySide6.QtGui import QColor, QFont, QFontMetricsF

from designer import theme
from designer.canvas.heat import Heat, Measure, Scale, heat_colour, heat_of, ink_on, scale_of, share_text
from designer.canvas.heat_painter import LEGEND, block_colour
from designer.canvas.lettering import font
from designer.canvas.tooltips import tooltip_at
from engine import Conv2D, Dense, Input, ReLU, analyse
from tests.designer.canvas.canvas_hands import show
from tests.engine.networks import chain, lenet5


def luminance(colour: str) -> float:
    channels = [QColor(colour).redF(), QColor(colour).greenF(), QColor(colour).blueF()]
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one: str, other: str) -> float:
    lighter, darker = sorted((luminance(one), luminance(other)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


def test_parameters_of_lenet():
    heat = heat_of(Measure.PARAMETERS, analyse(lenet5()), {})
    assert heat.total == 61_706
    assert heat.marks["dense1"].position == 1
    assert heat.marks["dense1"].text == "78%"
    assert heat.marks["conv2"].text == "4%"
    assert heat.marks["conv1"].text == "<1%"
    assert (heat.marks["relu1"].position, heat.marks["relu1"].text) == (0, "0")
    assert heat.told("dense1") == "78% of all parameters"


@pytest.mark.parametrize(
    ("measure", "total", "largest"),
    [(Measure.MACS, 416_520, "conv2"), (Measure.MEMORY, 16_036 * 4, "conv1")],
)
def test_totals_and_largest(measure: Measure, total: int, largest: str):
    heat = heat_of(measure, analyse(lenet5()), {})
    assert heat.total == total
    assert max(heat.values, key=lambda node: heat.values[node]) == largest


def test_times_are_of_those_layers_that_ran():
    heat = heat_of(Measure.TIME, analyse(lenet5()), {"conv1": 0.003, "gone": 1.0})
    assert list(heat.marks) == ["conv1"]
    assert heat.told("conv1") == "100% of the last run’s time"
    assert heat.told("relu1") == ""


def test_next_to_nothing_is_not_nothing():
    heat = heat_of(Measure.TIME, analyse(lenet5()), {"conv1": 1e-9, "conv2": 1.0, "relu1": 0.0})
    assert (heat.marks["conv1"].text, heat.marks["relu1"].text) == ("<1%", "0")
    assert heat.marks["conv1"].position > heat.marks["relu1"].position == 0


def test_nothing_to_compare():
    for measure in Measure:
        heat = heat_of(measure, analyse(chain(relu=ReLU())), {})
        assert heat.total == 0
        assert heat.marks == {}
        assert heat.told("relu") == ""
    assert heat_of(None, analyse(lenet5()), {}) == Heat()


def test_a_scale_is_linear_as_long_as_enough_can_be_told_apart():
    assert scale_of({"a": 1.0, "b": 50.0, "c": 100.0}) == Scale(0.0, 100.0, logarithmic=False)
    assert scale_of({}) == Scale(0.0, 0.0, logarithmic=False)


def test_a_scale_is_logarithmic_where_one_layer_dwarfs_all_others():
    values = {str(i): 10.0 + i for i in range(29)} | {"huge": 1e6}
    scale = scale_of(values)
    assert scale == Scale(10.0, 1e6, logarithmic=True)
    assert scale.position(1e6) == pytest.approx(1)
    assert scale.position(1e4) == pytest.approx(0.6)
    assert scale.position(10.0) == 0.02
    assert scale.position(0.0) == 0


@pytest.mark.parametrize(
    ("share", "text"),
    [(0, "0%"), (0.0004, "<0.1%"), (0.042, "4.2%"), (0.0996, "10%"), (0.38, "38%"), (1, "100%")],
)
def test_shares_in_words(share: float, text: str):
    assert share_text(share) == text


@pytest.mark.parametrize("look", theme.THEMES.values(), ids=theme.THEMES)
def test_more_is_always_further_from_the_paper(look: theme.Theme):
    """Lightness alone tells the order: so it is read without seeing colours, too."""
    steps = [luminance(heat_colour(step / 20, look.dark)) for step in range(21)]
    assert all((b > a) == look.dark for a, b in pairwise(steps))
    assert contrast(heat_colour(1, look.dark), look.raised) > 7


@pytest.mark.parametrize("dark", [False, True])
def test_numbers_on_every_colour_are_legible(dark: bool):
    for step in range(101):
        fill = heat_colour(step / 100, dark)
        assert contrast(ink_on(fill), fill) >= 4.5


def test_cards_show_shares_only_while_something_is_compared(view):
    document = show(view, lenet5())
    cards = {node: item.card for node, item in view.canvas.nodes.items()}
    view.sights.compare(Measure.PARAMETERS)
    assert view.canvas.nodes["dense1"].card.heat.text == "78%"
    document.edit("Shrink", document.graph.replace_layer("dense1", Dense(units=10)))
    assert view.canvas.nodes["dense1"].card.heat.text == "48%"
    document.undo_stack.undo()
    view.sights.compare(None)
    assert {node: item.card for node, item in view.canvas.nodes.items()} == cards


def test_a_share_is_told_when_the_pointer_rests_on_a_card(view, hands):
    show(view, lenet5())
    at = view.mapToScene(hands.card("dense1"))
    assert "Share" not in tooltip_at(view.canvas, at)
    view.sights.compare(Measure.PARAMETERS)
    assert "78% of all parameters" in tooltip_at(view.canvas, at)


def test_the_words_of_the_legend_do_not_run_into_each_other(qapp):
    metrics = QFontMetricsF(font(11, QFont.Weight.DemiBold, tabular=True))
    for measure, most in ((Measure.TIME, 12.34), (Measure.MEMORY, 9.9 * 2**40), (Measure.PARAMETERS, 999e9)):
        title, whole = f"{measure.title}, log", f"{measure.text(most)} in all"
        assert metrics.horizontalAdvance(title + whole) < LEGEND.width() - 32
        scale = measure.text(most / 1e6) + f"{measure.text(most)} · 9.9%"
        assert metrics.horizontalAdvance(scale) < LEGEND.width() - 40


def pixels(view, rect) -> set[str]:
    picture = view.viewport().grab(rect).toImage()
    return {picture.pixelColor(x, y).name() for x in range(picture.width()) for y in range(picture.height())}


def test_colours_are_on_the_cards_and_in_the_legend(view):
    show(view, lenet5())
    hottest, port = heat_colour(1.0, dark=False), view.viewport().rect()
    assert hottest not in pixels(view, port)
    view.sights.compare(Measure.PARAMETERS)
    card = view.mapFromScene(view.canvas.nodes["dense1"].sceneBoundingRect()).boundingRect()
    assert hottest in pixels(view, card)
    box = QRect(QPoint(), LEGEND)
    box.moveBottomLeft(port.bottomLeft())
    legend = pixels(view, box.translated(12, -12))
    assert len(legend) > 100  # a gradient


def test_the_fitted_network_leaves_room_for_the_legend(view):
    show(view, lenet5())
    before = view.zoom
    view.sights.compare(Measure.MACS)
    assert view.zoom < before
    lowest = view.mapFromScene(view.canvas.content_rect().bottomLeft()).y()
    assert lowest <= view.viewport().height() - LEGEND.height() - 12
    view.sights.compare(None)
    assert view.zoom == before


def test_from_afar_blocks_have_the_colours_of_their_shares(view):
    show(view, lenet5())
    view.sights.compare(Measure.PARAMETERS)
    view.zoom_by(0.2 / view.zoom)
    marks = view.canvas.heat.marks
    shown = pixels(view, view.viewport().rect())
    assert {block_colour(marks["dense1"]), block_colour(marks["dense2"]), block_colour(marks["relu1"])} <= shown


def test_a_network_without_parameters_says_so(view):
    show(view, chain(image=Input(), relu=ReLU()))
    view.sights.compare(Measure.PARAMETERS)
    view.sights.compare(Measure.TIME)
    assert view.canvas.heat.total == 0
    document = view.canvas.document
    document.edit("Add", document.graph.replace_layer("relu", Conv2D(filters=2, kernel=(3, 3))))
    assert view.canvas.heat.total == 0
    view.sights.set_seconds({"image": 0.001, "relu": 0.003})
    assert view.canvas.nodes["relu"].card.heat.text == "75%"
