import numpy as np
import pytest

from designer import theme
from designer.panels.answers import rank, score_text
from designer.panels.scores import Scores

DIGITS = [str(digit) for digit in range(10)]


@pytest.fixture
def scores(shown) -> Scores:
    return shown(Scores(), 300, 300)


def test_probabilities_are_listed_best_first(scores):
    values = np.full(10, 0.001, np.float32)
    values[7], values[1] = 0.99, 0.002
    scores.show_scores(values, DIGITS, "probability", "softmax1")
    assert [(answer.name, answer.text) for answer in scores.answers[:3]] == [
        ("7", "99.0%"),
        ("1", "0.2%"),
        ("0", "0.1%"),
    ]
    assert scores.accessibleDescription().startswith("It is 7. 7 99.0%, 1 0.2%")


def test_margins_keep_their_sign():
    ranking = rank(np.array([-1.234, 0.5, -0.001]), ["cat", "dog", "cow"], "margin")
    assert [(answer.name, answer.text) for answer in ranking.answers] == [
        ("dog", "+0.50"),
        ("cow", "0.00"),
        ("cat", "−1.23"),
    ]


@pytest.mark.parametrize(
    ("values", "kind", "lead"),
    [
        ([0.6, 0.4], "probability", "It is"),
        ([0.4, 0.3, 0.3], "probability", "Most likely"),
        ([1.0, -1.0], "margin", "It is"),
        ([-2.0, -1.0], "margin", "Closest to"),
        ([np.nan, np.nan], "probability", "No answer: the scores are not numbers"),
        ([], "probability", "No answer: the scores are not numbers"),
    ],
)
def test_the_headline_says_no_more_than_is_known(values, kind, lead):
    assert rank(np.array(values), [], kind).lead == lead


def test_not_a_number_comes_last(scores):
    scores.show_scores(np.array([np.nan, 0.5, np.inf, -np.inf]), [], "margin", "svm1")
    assert [(answer.name, answer.text) for answer in scores.answers] == [
        ("2", "+∞"),
        ("1", "+0.50"),
        ("3", "−∞"),
        ("0", "NaN"),
    ]
    scores.grab()


def test_names_that_are_missing_are_numbers():
    ranking = rank(np.array([0.2, 0.5, 0.3]), ["cat", ""], "probability")
    assert [answer.name for answer in ranking.answers] == ["1", "2", "cat"]


@pytest.mark.parametrize(
    ("value", "text"),
    [(0.0, "0%"), (0.0001, "<0.1%"), (0.5, "50.0%"), (0.99999, ">99.9%"), (1.0, "100%")],
)
def test_percents_are_neither_nothing_nor_certain_by_rounding(value, text):
    assert score_text(value, "probability") == text


@pytest.mark.parametrize(("height", "count"), [(120, 5), (260, 8), (600, 10)])
def test_as_many_bars_as_fit_are_shown(scores, height, count):
    scores.show_scores(np.linspace(0, 1, 100), [], "probability", "softmax1")
    scores.resize(300, height)
    assert len(scores.answers) == count


def test_a_sentence_replaces_the_answer(scores):
    scores.show_scores(np.array([1.0]), [], "probability", "softmax1")
    scores.clear("No image yet.")
    assert scores.answers == ()
    assert scores.accessibleDescription() == "No image yet."


@pytest.mark.parametrize("kind", ["probability", "margin"])
@pytest.mark.parametrize(
    "values",
    [np.zeros(3), np.full(3, np.nan), np.array([5.0]), np.empty(0), np.full((12, 1, 1), -1e30, np.float32)],
)
def test_all_is_painted(qapp, scores, values, kind):
    for colours in (theme.LIGHT, theme.DARK):
        theme.apply(qapp, colours)
        scores.show_scores(values, ["a name that is far too long for the panel it is in"], kind, "softmax1")
        assert not scores.grab().isNull()
