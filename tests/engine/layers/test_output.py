import numpy as np
import pytest

from engine import Code, LinearSVM, Severity, Shape, Softmax
from tests.engine.layers.rows import Row, check, derived, row

ABC = ("a", "b", "c")

ROWS = [
    row("softmax of ten scores", Softmax(), (Shape(10),), Shape(10)),
    row("softmax of each pixel of a volume", Softmax(labels=ABC), (Shape(3, 4, 5),), Shape(3, 4, 5)),
    row("three names for three classes", Softmax(labels=ABC), (Shape(3),), Shape(3)),
    row("three names for two classes", Softmax(labels=ABC), (Shape(2),), Shape(2), codes=(Code.LABEL_COUNT,)),
    row("three names for four maps", Softmax(labels=ABC), (Shape(4, 2, 2),), Shape(4, 2, 2), codes=(Code.LABEL_COUNT,)),
    row("a support vector machine", LinearSVM(), (Shape(84),), Shape(10), 840, 10, 840, 840),
    row(
        "one with too few names",
        LinearSVM(classes=5, labels=ABC),
        (Shape(4),),
        Shape(5),
        20,
        5,
        20,
        20,
        (Code.LABEL_COUNT,),
    ),
    row("one on a volume", LinearSVM(), (Shape(2, 3, 3),), None, codes=(Code.VECTOR_EXPECTED,)),
]


@pytest.mark.parametrize("expected", ROWS)
def test_a_head_has_the_shape_and_counts_worked_out_by_hand(expected: Row):
    check(expected)


def test_a_wrong_number_of_names_is_a_warning_that_can_be_mended_both_ways():
    (problem,) = Softmax(labels=ABC).infer((Shape(5),)).problems
    assert (problem.severity, problem.parameter) == (Severity.WARNING, "labels")
    assert problem.message == "There are 3 class names for 5 classes."
    assert [remedy.layer for remedy in problem.remedies] == [Softmax(labels=("a", "b", "c", "3", "4")), Softmax()]
    (problem,) = LinearSVM(classes=2, labels=ABC).infer((Shape(5),)).problems
    assert problem.remedies[0].layer == LinearSVM(classes=2, labels=("a", "b"))


def test_probabilities_are_positive_and_add_up_to_one_even_for_scores_that_exp_overflows_on():
    x = np.array([[0, np.log(3)], [1000, 1000], [-1000, 0]], np.float32)
    np.testing.assert_allclose(Softmax().forward((x,), {}), [[0.25, 0.75], [0.5, 0.5], [0, 1]], rtol=1e-6)


def test_the_channels_of_each_pixel_of_a_volume_compete():
    x = np.random.default_rng(0).normal(size=(2, 3, 4, 5)).astype(np.float32)
    out = Softmax().forward((x,), {})
    np.testing.assert_allclose(out.sum(axis=1), np.ones((2, 4, 5)), rtol=1e-6)
    np.testing.assert_allclose(out[1, :, 2, 3], Softmax().forward((x[1:, :, 2, 3],), {})[0], rtol=1e-6)


def test_margins_are_weighted_sums():
    weights = {"weight": np.array([[1, -1]], np.float32), "bias": np.array([-0.5], np.float32)}
    assert LinearSVM(classes=1).forward((np.array([[2, 3]], np.float32),), weights).tolist() == [[-1.5]]


def test_derivations_count_probabilities_and_margins():
    assert derived(Softmax(), Shape(10)) == {"values": "as many as come in = 10"}
    assert derived(LinearSVM(classes=3), Shape(4))["weights"] == "N₁·N₂ = 4·3 = 12"
    assert LinearSVM(classes=1000).brief() == "1,000 classes"
