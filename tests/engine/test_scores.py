import numpy as np

from engine import Dense, LinearSVM, Softmax, top

VALUES = np.array([0.1, 0.6, 0.3], np.float32)


def test_the_best_classes_come_first_by_name():
    best, second = top(Softmax(labels=("cat", "dog", "owl")), VALUES, 2)
    assert (best.number, best.label, best.text) == (1, "dog", "60.00%")
    assert (second.number, second.label) == (2, "owl")
    assert best.value == float(np.float32(0.6))


def test_margins_show_their_sign():
    assert [one.text for one in top(LinearSVM(), np.array([-1.5, 2]), 2)] == ["+2", "-1.5"]


def test_without_a_name_for_each_class_the_numbers_stand_for_them():
    assert [one.label for one in top(Softmax(labels=("only",)), VALUES, 3)] == ["1", "2", "0"]
    assert [one.label for one in top(Dense(), VALUES, 1)] == ["1"]


def test_equal_values_keep_their_order():
    assert [one.number for one in top(Softmax(), np.array([0.2, 0.4, 0.2, 0.2]), 4)] == [1, 0, 2, 3]


def test_values_that_are_no_numbers_come_last():
    values = np.array([np.nan, -np.inf, np.inf, 0], np.float32)
    assert [one.number for one in top(Dense(), values, 4)][:2] == [2, 3]
    assert {one.number for one in top(Dense(), values, 4)[2:]} == {0, 1}


def test_no_more_than_there_are_and_no_fewer_than_none():
    assert len(top(Softmax(), VALUES, 99)) == 3
    assert top(Softmax(), VALUES, 0) == []
    assert top(Softmax(), VALUES, -1) == []


def test_what_is_no_number_is_written_as_in_the_panels():
    values = np.array([np.nan, np.inf, -np.inf, 2.5], np.float32)
    assert [one.text for one in top(LinearSVM(), values, 4)] == ["+∞", "+2.5", "−∞", "NaN"]
    assert [one.text for one in top(Softmax(), values[:1], 1)] == ["NaN"]
