"""Numbers in a few letters."""

import pytest

from designer.wording import duration, memory, percent, rounded


@pytest.mark.parametrize(
    ("seconds", "text"),
    [(0, "0 µs"), (4e-7, "0.4 µs"), (85e-6, "85 µs"), (0.0032, "3.2 ms"), (0.9, "900.0 ms"), (1.25, "1.25 s")],
)
def test_durations(seconds: float, text: str):
    assert duration(seconds) == text


@pytest.mark.parametrize(
    ("count", "text"),
    [(0, "0"), (850, "850"), (1000, "1.0 K"), (48_120, "48.1 K"), (2_359_808, "2.4 M"), (4_089_184_256, "4.1 G")],
)
def test_counts(count: int, text: str):
    assert rounded(count) == text


@pytest.mark.parametrize(("nbytes", "text"), [(512, "512 B"), (10_035, "9.8 KiB"), (64_144, "63 KiB")])
def test_sizes(nbytes: int, text: str):
    assert memory(nbytes) == text


@pytest.mark.parametrize(
    ("share", "text", "whole"),
    [
        (0, "0%", "0%"),
        (1, "100%", "100%"),
        (1e-5, "<0.1%", "<1%"),
        (0.99999, ">99.9%", ">99%"),
        (0.4967, "49.7%", "50%"),
        (-0.012, "−1.2%", "−1%"),
        (float("nan"), "NaN", "NaN"),
    ],
)
def test_a_share_is_never_none_or_all_but_where_it_is(share: float, text: str, whole: str):
    assert (percent(share), percent(share, 0)) == (text, whole)
