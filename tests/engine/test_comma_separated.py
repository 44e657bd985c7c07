import csv
import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.comma_separated import comma_separated


@given(st.lists(st.lists(st.text(max_size=8), min_size=2, max_size=4), max_size=5))
def test_cells_are_read_back_whatever_is_in_them(rows: list[list[str]]):
    assert list(csv.reader(io.StringIO(comma_separated(rows), newline=""))) == rows


@pytest.mark.parametrize("cell", ["\r", "a\rb", "\n", "\r\n", "a,b", 'say "so"', ""])
def test_ends_of_lines_stay_within_their_cell(cell: str):
    text = comma_separated([[cell, 1], ["next", 2.5]])
    assert list(csv.reader(io.StringIO(text, newline=""))) == [[cell, "1"], ["next", "2.5"]]
    assert text.endswith("\nnext,2.5\n")
