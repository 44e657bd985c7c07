"""A layer played step by step: over random networks what is shown at the last term is the map's value."""

from typing import Any

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from engine import (
    LAYERS,
    Add,
    AvgPool2D,
    Conv2D,
    ConvExplanation,
    ConvTranspose2D,
    CopyExplanation,
    Dense,
    Flatten,
    GlobalAvgPool2D,
    Grain,
    Input,
    MaxExplanation,
    MaxPool2D,
    ReLU,
    Softmax,
    Steps,
    run,
)
from engine.feature_maps import Result
from engine.steps import activation_after, grains, ring
from tests.engine.networks import chain, lenet5, wired
from tests.engine.traced import around, ran
from tests.strategies import networks


def result_of(layer: Any, *shape: int, seed: int = 0) -> Result:
    graph = chain(image=Input(channels=shape[0], height=shape[1], width=shape[2]), layer=layer)
    found = ran(graph, seed)[2].result("layer")
    assert found is not None
    return found


def check(result: Result, data: st.DataObject) -> None:
    """Check a step: its last term makes the map's value, and the terms before it their sum or largest."""
    values = result.values
    channel = data.draw(st.integers(0, len(values) - 1)) if values.ndim == 3 else 0
    for grain in grains(result):
        steps = Steps(result, channel, grain)
        assert steps.grain is grain
        position = data.draw(st.integers(0, steps.positions - 1))
        last = steps[position * steps.terms + steps.terms - 1]
        assert last.finished
        assert last.done == position + 1
        assert last.index == steps.index(position)
        magnitude = max(1.0, last.explanation.magnitude)
        assert abs(last.running - float(values[last.index])) <= 1e-5 * magnitude
        if steps.terms > 1:
            before = steps[last.number - 1]
            assert not before.finished
            assert before.done == position
            assert before.index == last.index
            step = before.running if isinstance(last.explanation, MaxExplanation) else None
            assert step is None or step <= last.running


@pytest.mark.parametrize("kind", LAYERS)
@settings(max_examples=10)
@given(data=st.data())
def test_the_last_term_is_the_maps_value_for_every_layer(kind, data):
    graph = data.draw(networks(kinds=around(kind), most=4))
    _, _, maps = ran(graph)
    assume(all(np.isfinite(one).all() for one in maps.values()))
    for node in maps:
        found = maps.result(node)
        assert found is not None
        check(found, data)


@pytest.mark.parametrize("grain", Grain)
def test_every_step_of_a_small_convolution_fills_the_map(grain):
    result = result_of(Conv2D(filters=2, kernel=(2, 3), stride=(1, 2), padding=(1, 0, 2, 1)), 2, 3, 5)
    steps = Steps(result, 1, grain)
    filled = np.full(result.values[1].shape, np.nan)
    for number in range(len(steps)):
        step = steps[number]
        assert step.number == number
        assert step.done == np.isfinite(filled).sum() + step.finished
        if step.finished:
            filled[step.index[1:]] = step.running
    assert filled == pytest.approx(result.values[1], abs=1e-5)
    assert steps.terms == {Grain.VALUE: 1, Grain.CHANNEL: 3, Grain.PRODUCT: 13}[grain]


def test_terms_are_summed_channel_by_channel_and_the_bias_comes_last():
    steps = Steps(result_of(Conv2D(filters=1, kernel=(3, 3)), 3, 4, 4), 0, Grain.CHANNEL)
    found = steps[0].explanation
    assert isinstance(found, ConvExplanation)
    sums = [steps[term].running for term in range(4)]
    assert sums == pytest.approx([*np.cumsum(found.partial_sums), found.total])


def test_without_a_bias_nothing_is_added():
    assert Steps(result_of(Conv2D(filters=1, kernel=(1, 1), bias=False), 3, 2, 2), 0, Grain.CHANNEL).terms == 3


def test_a_maximum_runs_over_the_window():
    steps = Steps(result_of(MaxPool2D(), 1, 4, 4), 0, Grain.PRODUCT)
    window = steps.result.inputs[0][0, :2, :2].ravel()
    assert [steps[term].running for term in range(4)] == pytest.approx(list(np.maximum.accumulate(window)))


def test_a_mean_grows_to_its_value_and_padding_takes_part_only_where_it_counts():
    result = result_of(AvgPool2D(kernel=(3, 3), stride=(2, 2), padding=(1, 1, 1, 1)), 1, 4, 6)
    steps = Steps(result, 0, Grain.PRODUCT)
    assert steps[8].running == pytest.approx(float(result.inputs[0][0, :2, :2].mean()))


def test_windows_of_many_sizes_are_shown_whole():
    result = result_of(ConvTranspose2D(filters=1, kernel=(3, 3), stride=(2, 2)), 2, 3, 3)
    assert grains(result) == (Grain.VALUE, Grain.CHANNEL)
    assert Steps(result, 0, Grain.PRODUCT).grain is Grain.VALUE


def test_a_click_on_the_output_or_the_input_leads_to_its_step():
    steps = Steps(result_of(Conv2D(filters=2, kernel=(3, 3), stride=(2, 2), padding="same"), 1, 9, 11), 1)
    assert steps[steps.at_output(2, 3)].index == (1, 2, 3)
    for y, x in np.ndindex(9, 11):
        number = steps.at_input(0, y, x)
        assert number is not None
        found = steps[number].explanation
        assert isinstance(found, ConvExplanation)
        middle = int(found.patch.rows[1]), int(found.patch.columns[1])
        assert abs(middle[0] - y) <= 1
        assert abs(middle[1] - x) <= 1


def test_a_pixel_leads_to_its_place_in_the_vector():
    steps = Steps(result_of(Flatten(), 3, 4, 5))
    for channel, y, x in np.ndindex(3, 4, 5):
        number = steps.at_input(channel, y, x)
        assert number is not None
        found = steps[number].explanation
        assert isinstance(found, CopyExplanation)
        assert found.origin is not None
        assert found.origin.index == (channel, y, x)
        assert steps[number].index == (channel * 20 + y * 5 + x,)


def test_values_that_lead_nowhere_of_their_own():
    dense = ran(chain(image=Input(height=2, width=2), flat=Flatten(), dense=Dense(units=3)))[2].result("dense")
    assert dense is not None
    assert Steps(dense).at_input(0, 0, 0) is None
    assert Steps(result_of(GlobalAvgPool2D(), 3, 4, 4)).at_input(2, 1, 1) == 2


def test_a_softmax_is_filled_class_by_class():
    found = ran(chain(image=Input(height=1, width=5), flat=Flatten(), classes=Softmax()))[2].result("classes")
    assert found is not None
    steps = Steps(found)
    assert sum(steps[number].running for number in range(len(steps))) == pytest.approx(1)
    assert steps.at_input(3, 0, 0) == 3


def test_convolution_and_rectifier_are_shown_as_one():
    graph = lenet5()
    _, _, maps = ran(graph)
    follower = activation_after(graph, "conv1")
    assert follower == "relu1"
    steps = Steps(maps.result("conv1"), 2, Grain.CHANNEL, maps.result(follower))
    step = steps[steps.at_output(5, 7)]
    assert step.after is not None
    assert step.after.total == pytest.approx(float(maps["relu1"][2, 5, 7]))
    assert steps[step.number - 1].after is None


def test_only_what_is_all_that_a_layer_feeds_is_shown_with_it():
    graph = chain(image=Input(height=4, width=4), conv=Conv2D(filters=1), relu=ReLU())
    assert activation_after(graph, "image") is None
    assert activation_after(graph, "relu") is None
    branched = wired(graph.add(chain(sum=Add()).nodes[0]), ("conv", "sum", 0), ("relu", "sum", 1))
    assert activation_after(branched, "conv") is None


def test_the_ring_is_the_padding_that_windows_reach():
    assert ring(result_of(Conv2D(filters=1, kernel=(3, 3), padding=(1, 0, 2, 3)), 1, 5, 5)) == (1, 0, 2, 3)
    assert ring(result_of(MaxPool2D(kernel=(3, 3), stride=(2, 2), ceil_mode=True), 1, 4, 4)) == (0, 1, 0, 1)
    assert ring(result_of(ReLU(), 1, 4, 4)) == (0, 0, 0, 0)


def test_nan_and_infinity_are_shown():
    graph = chain(image=Input(height=4, width=4), conv=Conv2D(filters=1, kernel=(3, 3)))
    _, weights, _ = ran(graph)
    image = np.ones((1, 4, 4), np.float32)
    image[0, 0, 0], image[0, 3, 3] = np.nan, np.inf
    found = run(graph, weights, image).result("conv")
    assert found is not None
    steps = Steps(found, 0, Grain.PRODUCT)
    assert np.isnan(steps[steps.at_output(0, 0)].running)
    assert np.isinf(steps[steps.at_output(1, 1)].running)


def test_what_can_not_be_played():
    result = result_of(ReLU(), 2, 3, 3)
    with pytest.raises(ValueError, match="no map 2 among 2"):
        Steps(result, 2)
    with pytest.raises(ValueError, match="One image"):
        Steps(result._replace(values=result.values[None]))
    with pytest.raises(IndexError, match="no step 9 among 9"):
        Steps(result)[9]
