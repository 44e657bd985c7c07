import pytest

from tests.faults.fuzz.loop import go
from tests.faults.fuzz.targets import TARGETS

COUNT = 300


@pytest.mark.parametrize("name", TARGETS)
def test_damaged_files_are_opened_or_refused_in_a_sentence(name: str):
    outcome = go(TARGETS[name], COUNT, first=10**6)
    assert outcome.count == COUNT
    assert not outcome.defects, outcome.defects
    assert 0 < outcome.taken < COUNT


# Files that did harm once, by their numbers: a name that is no text, a list of 134 million numbers, an attribute
# without a value, an axis beyond all axes, a list of a million factors, values of five axes where the model ends.
FOUND = [
    ("npz", 10),
    ("npz", 39),
    ("npz", 412),
    ("onnx", 11287),
    ("onnx", 11462),
    ("onnx", 44680),
    ("onnx", 59644),
    ("onnx", 66653),
    ("onnx", 88140),
    ("safetensors", 2216),
    ("keras", 1695),
]


@pytest.mark.parametrize(("name", "number"), FOUND)
def test_files_that_did_harm_once_do_no_more(name: str, number: int):
    assert not go(TARGETS[name], 1, first=number).defects
