from typing import Annotated

import msgspec
import pytest

from engine import AvgPool2D, Conv2D, Dropout, Input, Parameter, Softmax, parameters
from engine.layers.parameters import describe


def test_a_number_carries_symbol_unit_and_bounds():
    filters = parameters(Conv2D)[0]
    assert filters == Parameter(
        name="filters",
        kind="integer",
        title="Filters",
        help="How many filters; each makes one feature map.",
        default=8,
        symbol="K",
        unit="",
        minimum=1,
        maximum=65536,
    )


def test_hyper_parameters_come_in_the_order_of_their_definition():
    assert [(one.name, one.kind) for one in parameters(Conv2D)] == [
        ("filters", "integer"),
        ("kernel", "pair"),
        ("stride", "pair"),
        ("padding", "padding"),
        ("dilation", "pair"),
        ("groups", "integer"),
        ("bias", "boolean"),
    ]
    assert [(one.name, one.kind) for one in parameters(AvgPool2D)] == [
        ("kernel", "pair"),
        ("stride", "pair"),
        ("padding", "padding"),
        ("ceil_mode", "boolean"),
        ("dilation", "pair"),
        ("count_padding", "boolean"),
    ]


def test_the_bounds_of_a_pair_and_of_padding_are_those_of_their_numbers():
    bounds = {one.name: (one.minimum, one.maximum) for one in parameters(Conv2D)}
    assert (bounds["kernel"], bounds["stride"], bounds["padding"]) == ((1, 4096), (1, 1024), (0, 4096))


def test_choices_labels_and_numbers_are_told_apart():
    kinds = {one.name: (one.kind, one.choices) for kind in (Input, Softmax, Dropout) for one in parameters(kind)}
    assert kinds["scaling"] == ("choice", ("0 to 255", "0 to 1", "-1 to 1"))
    assert kinds["fit"] == ("choice", ("stretch", "crop", "pad"))
    assert kinds["invert"] == ("boolean", ())
    assert kinds["labels"] == ("labels", ())
    assert kinds["rate"] == ("number", ())


def test_a_field_without_words_is_a_mistake_of_the_programmer():
    class Wordless(msgspec.Struct):
        size: int = 1

    with pytest.raises(TypeError, match=r"'size' needs describe"):
        parameters(Wordless)


def test_a_field_that_no_form_can_show_is_a_mistake_of_the_programmer():
    class Odd(msgspec.Struct):
        odd: Annotated[complex, describe("Odd", "Odd.")] = 1j

    with pytest.raises(TypeError, match="No form field"):
        parameters(Odd)
