"""Every kind of arithmetic has a view, and the view shows the numbers that the engine computed."""

import numpy as np
import pytest
from PySide6.QtWidgets import QApplication

from designer import theme
from designer.maps.trace.block_view import BlockView
from designer.maps.trace.blocks import Channels, Chip, Equation, Note, Terms, Window
from designer.maps.trace.panel import view_of
from designer.maps.trace.parts import SHOWN
from designer.maps.trace.views import VIEWS, card, place_text
from engine import Conv2D, Dense, Explanation, LayerNorm, LinearExplanation, MaxPool2D, Softmax, WindowExplanation
from tests.engine.layers import test_explanation, test_explanation_of_layers
from tests.engine.layers.explained import Example, array, name

CASES = (*test_explanation.CASES, *test_explanation_of_layers.CASES)  # every layer is in one of them
NAN, INF = float("nan"), float("inf")


def explained(case: Example) -> Explanation:
    layer, inputs, weights, index, *_ = case
    return layer.explain(inputs, weights, index)


def results(shown: object) -> list[float]:
    return [
        item.value
        for block in shown.blocks
        if isinstance(block, Equation)
        for item in block.items
        if isinstance(item, Chip) and item.role == "result"
    ]


def kinds(base: type[Explanation]) -> set[type[Explanation]]:
    return {base, *(found for kind in base.__subclasses__() for found in kinds(kind))}


def test_every_kind_of_explanation_has_a_view():
    assert set(VIEWS) == kinds(Explanation) - {Explanation, WindowExplanation}


@pytest.mark.parametrize("case", CASES, ids=name)
def test_every_layer_is_shown_with_its_result(case: Example):
    found = explained(case)
    shown = card(found, ("a", "b", "c"))
    assert results(shown) == [pytest.approx(found.total)]
    cells = [item.cell for block in shown.blocks if isinstance(block, Equation) for item in block.items if chip(item)]
    for cell in (*cells, shown.strongest):
        if cell is not None:
            found.source(cell)  # raises where there is no such number


def chip(item: object) -> bool:
    return isinstance(item, Chip)


@pytest.mark.parametrize("case", CASES, ids=name)
@pytest.mark.parametrize("colours", [theme.LIGHT, theme.DARK], ids=lambda one: one.name)
def test_every_block_is_painted_and_its_numbers_can_be_pointed_at(
    case: Example, colours: theme.Theme, qtbot, qapp: QApplication
):
    theme.apply(qapp, colours)
    found = explained(case)
    for block in card(found, ("a", "b")).blocks:
        view = view_of(block, "viridis", lambda cell: found.source(cell) is not None)
        qtbot.addWidget(view)
        view.resize(520, 80)
        view.show()
        assert not view.grab().isNull()
        if isinstance(view, BlockView):
            assert view.accessibleName()
            assert all(view.rect().contains(spot.rect.toRect()) for spot in view.spots)
            assert all(spot.text for spot in view.spots)


def test_a_convolution_shows_patch_kernel_products_and_sums():
    found = explained(next(case for case in CASES if isinstance(case[0], Conv2D)))
    equation, channels = card(found, ("image",)).blocks
    assert isinstance(channels, Channels)
    np.testing.assert_array_equal(channels.products.sum(axis=(1, 2)), channels.sums)
    np.testing.assert_array_equal(channels.patch * channels.kernel, channels.products)
    assert isinstance(equation, Equation)
    shown = [item.value for item in equation.items if isinstance(item, Chip)]
    assert sum(shown[:-1]) == pytest.approx(shown[-1])


def test_channels_are_sorted_by_what_they_add_and_faults_come_first():
    sums = np.array([0.5, -3, NAN, 1])
    empty = np.zeros((4, 1, 1))
    block = Channels("", empty, empty, empty, sums, np.zeros((1, 1), bool), 7)
    assert block.order().tolist() == [2, 1, 3, 0]
    assert [block.name(i) for i in (0, 3)] == ["channel 7", "channel 10"]


def test_a_dense_layer_lists_the_largest_and_says_how_many_are_left_out():
    inputs = np.linspace(-1, 1, 50, dtype=np.float32)
    weights = {"weight": np.ones((1, 50), np.float32), "bias": array([2])}
    found = Dense(units=1).explain((inputs,), weights, (0,))
    assert isinstance(found, LinearExplanation)
    terms = next(block for block in card(found, ("x",)).blocks if isinstance(block, Terms))
    assert len(terms.rows) == SHOWN
    assert terms.left_out == 50 - SHOWN
    assert sum(row.value for row in terms.rows) + terms.rest == pytest.approx(found.total - 2)
    assert [abs(row.value) for row in terms.rows] == sorted((abs(row.value) for row in terms.rows), reverse=True)


def test_a_softmax_lists_the_chosen_class_however_unlikely():
    found = Softmax().explain((np.arange(100, dtype=np.float32),), {}, (3,))
    terms = next(block for block in card(found, ("x",)).blocks if isinstance(block, Terms))
    assert [row.label for row in terms.rows if row.chosen] == ["class 3"]


def test_pooling_shows_which_one_won():
    found = MaxPool2D().explain((array([[[1, 5], [2, 3]]]),), {}, (0, 0, 0))
    window = card(found, ("x",)).blocks[0]
    assert isinstance(window, Window)
    assert (window.chosen, window.reason) == ((0, 1), "won")


def test_a_normalised_vector_is_shown_in_rows_that_name_every_value_once():
    values = np.arange(40, dtype=np.float32)
    weights = {"weight": np.ones(40, np.float32), "bias": np.zeros(40, np.float32)}
    found = LayerNorm().explain((values,), weights, (37,))
    window = card(found, ("x",)).blocks[0]
    assert isinstance(window, Window)
    cells = [window.cell(int(y), int(x)) for y, x in np.argwhere(~window.padding)]
    assert cells == [(i,) for i in range(40)]
    assert window.values[window.chosen] == 37


@pytest.mark.parametrize("values", [[NAN] * 4, [INF, -INF, 0, 1], [0] * 4, [3.4e38] * 4, [1e-45] * 4])
def test_odd_values_are_shown_without_a_warning(values: list[float], qtbot):
    volume = array(values).reshape(1, 2, 2)
    weights = {"weight": np.ones((1, 1, 2, 2), np.float32), "bias": array([0])}
    flat = array(values)
    with np.errstate(all="ignore"):  # as `trace` does
        found = (
            Conv2D(filters=1, kernel=(2, 2)).explain((volume,), weights, (0, 0, 0)),
            MaxPool2D().explain((volume,), {}, (0, 0, 0)),
            Dense(units=1).explain((flat,), {"weight": np.ones((1, 4), np.float32), "bias": array([0])}, (0,)),
            LayerNorm().explain((flat,), {"weight": np.ones(4, np.float32), "bias": np.zeros(4, np.float32)}, (1,)),
            Softmax().explain((flat,), {}, (1,)),
        )
    for one in found:
        for block in card(one, ("x",)).blocks:
            view = view_of(block, "diverging", lambda _: True)
            qtbot.addWidget(view)
            view.resize(400, 50)
            view.show()
            view.grab()


def test_a_sentence_says_where_the_way_ends():
    image = next(case for case in CASES if case[0].type == "Input")
    notes = [block.text for block in card(explained(image), ()).blocks if isinstance(block, Note)]
    assert notes == ["A value of the image: the way ends here."]


def test_places_in_words():
    assert place_text((2, 4, 5)) == "map 2 (y 4, x 5)"
    assert place_text((7,)) == "element 7"
