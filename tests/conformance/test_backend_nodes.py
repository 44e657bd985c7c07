import numpy as np
import pytest
from onnx.backend.test.case.test_case import TestCase

from tests.conformance.backend_excuses import EXCUSED
from tests.conformance.backend_nodes import OPERATORS, cases, computed


def failure(case: TestCase) -> str:
    """Return what is wrong with our outputs; empty where nothing is."""
    for inputs, outputs in case.data_sets:
        with np.errstate(all="ignore"):
            ours, theirs = computed(case, inputs), outputs[0]
        if (ours.shape, ours.dtype) != (theirs.shape, np.float32):
            return f"{ours.dtype} {ours.shape} in the place of {theirs.shape}"
        if not np.allclose(ours, theirs, rtol=case.rtol, atol=1e-6):
            return f"values differ by {np.abs(ours - theirs).max()}"
    return ""


@pytest.mark.parametrize("operator", sorted(OPERATORS))
def test_an_operator_passes_all_cases_of_the_onnx_package_but_the_excused(operator: str):
    excused = EXCUSED.get(operator, {})
    run = cases(operator).keys() - excused.keys()
    failures = {name: found for name in sorted(run) if (found := failure(cases(operator)[name]))}
    assert failures == {}
    assert len(run) + len(excused) == len(cases(operator)), "an excuse for a case that is not there"
    assert run
    assert all(excused.values())


def test_excuses_are_for_operators_that_are_run():
    assert EXCUSED.keys() <= OPERATORS.keys()
