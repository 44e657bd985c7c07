import pytest

from designer.matching import score


def fit(query: str, text: str, *words: str) -> float:
    found = score(query, text, words)
    assert found is not None
    return found


def test_the_kinds_of_match_have_an_order():
    start = fit("max", "Max pooling")
    word = fit("pool", "Max pooling")
    initials = fit("mp", "Max pooling")
    inside = fit("ooli", "Max pooling")
    letters = fit("mxpl", "Max pooling")
    assert start > word > initials > inside > letters > 0


@pytest.mark.parametrize("query", ["xyz", "conv3", "max zoom"])
def test_what_does_not_fit_has_no_score(query):
    assert score(query, "Max pooling") is None


def test_an_empty_query_fits_everything():
    assert score("  ", "Max pooling") == 0.0


def test_every_word_of_the_query_must_fit():
    assert score("pool max", "Max pooling") is not None
    assert score("pool zip", "Max pooling") is None


def test_case_does_not_matter_and_a_class_name_is_read_as_words():
    assert fit("POOL", "MaxPool2D") == fit("pool", "maxPool2D")
    assert fit("pool", "MaxPool2D") > fit("ool", "MaxPool2D")
    assert score("", "") == 0.0


def test_a_shorter_text_is_preferred():
    assert fit("add", "Add") > fit("add", "Add Conv2D")


def test_further_words_count_less_than_the_text():
    assert fit("relu", "Rectifier", "ReLU") < fit("relu", "ReLU")
    assert score("rlu", "Rectifier", ["ReLU"]) is None  # letters that only follow each other fit too much


def test_letters_close_together_are_preferred():
    assert fit("cvd", "xcvdx") > fit("cvd", "conv2d")
