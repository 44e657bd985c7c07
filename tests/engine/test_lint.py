from typing import NamedTuple

import pytest
from hypothesis import given, settings

from engine import (
    Add,
    AvgPool2D,
    Code,
    Conv2D,
    Dense,
    Diagnostic,
    Dropout,
    Edge,
    Flatten,
    Graph,
    Input,
    LinearSVM,
    MaxPool2D,
    Node,
    ReLU,
    Severity,
    Softmax,
    SumPool2D,
    analyse,
    lint,
)
from tests.engine.networks import chain, lenet5, wired
from tests.strategies import drawings, extreme_layers


class Case(NamedTuple):
    """A drawing with one remark: its code, place, words and the titles of its fixes."""

    graph: Graph
    code: Code
    node: str
    message: str
    fixes: tuple[str, ...] = ()
    severity: Severity = Severity.WARNING
    parameter: str | None = None
    edge: Edge | None = None


GRAY8 = Input(height=8, width=8)
CONV = Conv2D(filters=4)
HALF = {"kernel": (3, 3), "stride": (2, 2)}
RESIDUE = chain(image=Input(), flat=Flatten(), soft=Softmax()).add(Node("conv", CONV)).add(Node("relu", ReLU()))

FOUND = [
    Case(
        chain(image=Input(height=6, width=8), conv=Conv2D(**HALF)),
        Code.STRIDE_REMAINDER,
        "conv",
        "The stride leaves 1 column at the right and 1 row at the bottom of the 8×6 input unused, "
        "because the division in the formula is rounded down.",
        ("Pad 1 at the bottom and 1 at the right", "Make the window 4×4"),
        parameter="stride",
    ),
    Case(
        chain(image=Input(height=9, width=11), pool=MaxPool2D(kernel=(3, 4), stride=(3, 4))),
        Code.STRIDE_REMAINDER,
        "pool",
        "The stride leaves 3 columns at the right of the 11×9 input unused, "
        "because the division in the formula is rounded down.",
        ("Pad 0 at the bottom and 1 at the right", "Make the window 7×3"),
        parameter="stride",
    ),
    Case(
        chain(image=GRAY8, one=CONV, drop=Dropout(), mean=AvgPool2D(), two=CONV),
        Code.NO_NONLINEARITY,
        "two",
        "There is no non-linearity between “one” and “two”: two linear layers in a row can do no more than one.",
        ("Insert ReLU between them",),
        edge=Edge("one", "drop"),
    ),
    Case(
        chain(image=GRAY8, flat=Flatten(), soft=Softmax(), dense=Dense()),
        Code.SOFTMAX_NOT_LAST,
        "soft",
        "Softmax makes probabilities, the network's answer, but “dense” follows it.",
        ("Remove “soft” and reconnect",),
    ),
    Case(
        wired(RESIDUE, ("image", "conv"), ("conv", "relu")),
        Code.DEAD_END,
        "relu",
        "Nothing uses the output of “relu”: the branch ends before it reaches the network's answer.",
        ("Remove the 2 layers of this branch",),
    ),
    Case(
        wired(RESIDUE.remove(["relu"]), ("image", "conv")),
        Code.DEAD_END,
        "conv",
        "Nothing uses the output of “conv”: the branch ends before it reaches the network's answer.",
        ("Remove “conv”",),
    ),
    Case(
        chain(image=GRAY8, conv=CONV, relu=ReLU(), flat=Flatten(), a=Dense(units=90), b=ReLU(), c=Dense()),
        Code.PARAMETER_HEAVY,
        "a",
        "“a” holds 93% of all parameters (13,050 of 14,000). Pooling before it, or fewer units, would make it lighter.",
        severity=Severity.INFO,
    ),
    Case(
        chain(image=GRAY8, pool=MaxPool2D(kernel=(2, 4))),
        Code.POOL_OVERLAP,
        "pool",
        "The windows overlap: 4×2 every 2 across and 2 down. Usually a pooling window moves by its own size.",
        ("Stride 4×2",),
        Severity.INFO,
        "stride",
    ),
    Case(
        chain(image=GRAY8, pool=SumPool2D(padding=(0, 0, 1, 1))),
        Code.POOL_PADDING,
        "pool",
        "The input is padded before pooling, which is unusual: pooling is meant to make maps smaller.",
        (),
        Severity.INFO,
        "padding",
    ),
]

# What looks like each finding and is none.
FINE = [
    pytest.param(Code.STRIDE_REMAINDER, chain(image=Input(height=7, width=9), conv=Conv2D(**HALF)), id="no rest"),
    pytest.param(
        Code.STRIDE_REMAINDER,
        chain(image=Input(height=56, width=56), conv=Conv2D(**HALF, padding=(1, 1, 1, 1))),
        id="ResNet's, where only padding is left over",
    ),
    pytest.param(
        Code.STRIDE_REMAINDER,
        chain(image=Input(height=56, width=56), conv=Conv2D(kernel=(1, 1), stride=(2, 2))),
        id="a stride that skips pixels on purpose",
    ),
    pytest.param(
        Code.STRIDE_REMAINDER,
        chain(image=Input(height=2, width=2), conv=Conv2D(**HALF)),
        id="a window that fits nowhere",
    ),
    pytest.param(Code.NO_NONLINEARITY, chain(image=GRAY8, one=CONV, relu=ReLU(), two=CONV), id="a rectifier between"),
    pytest.param(
        Code.NO_NONLINEARITY, chain(image=GRAY8, one=CONV, pool=MaxPool2D(), two=CONV), id="a maximum between"
    ),
    pytest.param(
        Code.NO_NONLINEARITY,
        chain(image=GRAY8, squeeze=CONV, relu=ReLU(), depth=Conv2D(filters=4, groups=4), point=Conv2D(kernel=(1, 1))),
        id="depthwise, then pointwise",
    ),
    pytest.param(
        Code.NO_NONLINEARITY,
        wired(chain(image=GRAY8, one=CONV, add=Add(), two=CONV), ("one", "add", 1)),
        id="a sum between, which other branches may enter",
    ),
    pytest.param(Code.SOFTMAX_NOT_LAST, lenet5(), id="at the end"),
    pytest.param(Code.DEAD_END, chain(image=GRAY8, conv=CONV), id="no answer drawn yet"),
    pytest.param(Code.DEAD_END, RESIDUE.disconnect(Edge("image", "flat")), id="an answer that no image reaches yet"),
    pytest.param(Code.DEAD_END, lenet5(), id="one answer"),
    pytest.param(
        Code.DEAD_END,
        wired(chain(image=GRAY8, flat=Flatten(), a=Softmax()).add(Node("b", LinearSVM())), ("flat", "b")),
        id="two answers",
    ),
    pytest.param(Code.PARAMETER_HEAVY, chain(image=GRAY8, one=CONV, relu=ReLU(), two=CONV), id="two layers"),
    pytest.param(
        Code.PARAMETER_HEAVY,
        chain(image=Input(channels=4), one=CONV, r=ReLU(), two=CONV, s=ReLU(), three=CONV),
        id="a third each",
    ),
    pytest.param(Code.POOL_OVERLAP, chain(image=GRAY8, pool=MaxPool2D(stride=(2, 3))), id="steps beyond the window"),
    pytest.param(Code.POOL_PADDING, chain(image=GRAY8, pool=MaxPool2D(padding=(0, 0, 0, 0))), id="a ring of nothing"),
]


def found(graph: Graph, code: Code) -> list[Diagnostic]:
    return [one for one in lint(graph) if one.code is code]


@pytest.mark.parametrize("case", FOUND, ids=lambda case: f"{case.code.value}-{case.node}")
def test_a_remark_names_its_numbers_and_its_place(case: Case):
    (one,) = found(case.graph, case.code)
    assert one.message == case.message
    assert (one.severity, one.node, one.parameter, one.edge) == (case.severity, case.node, case.parameter, case.edge)
    assert tuple(fix.title for fix in one.fixes) == case.fixes


@pytest.mark.parametrize("case", FOUND, ids=lambda case: f"{case.code.value}-{case.node}")
def test_every_fix_of_a_remark_removes_it_and_breaks_nothing(case: Case):
    (one,) = found(case.graph, case.code)
    before = analyse(case.graph).errors
    for fix in one.fixes:
        fixed = fix.edit(case.graph)
        assert found(fixed, case.code) == [], fix.title
        assert analyse(fixed).errors == before, fix.title


@pytest.mark.parametrize(("code", "graph"), FINE)
def test_a_design_that_only_looks_like_it_draws_no_remark(code: Code, graph: Graph):
    assert found(graph, code) == []


def test_every_code_of_lint_is_tried_both_ways():
    assert {case.code for case in FOUND} == {case.values[0] for case in FINE}


def test_nothing_is_remarked_on_lenet5_but_its_heavy_dense_layer():
    assert [(one.code, one.node) for one in lint(lenet5())] == [(Code.PARAMETER_HEAVY, "dense1")]


def test_of_two_dead_ends_on_one_stem_each_fix_removes_its_own_end():
    graph = wired(RESIDUE.add(Node("drop", Dropout())), ("image", "conv"), ("conv", "relu"), ("conv", "drop"))
    first, second = found(graph, Code.DEAD_END)
    assert [fix.title for one in (first, second) for fix in one.fixes] == ["Remove “relu”", "Remove “drop”"]
    left = first.fixes[0].edit(graph)
    assert [one.node for one in found(left, Code.DEAD_END)] == ["drop"]
    assert analyse(left).errors == ()


def test_a_fix_that_the_bounds_forbid_is_not_offered():
    (one,) = found(chain(image=Input(height=3000, width=3000), pool=MaxPool2D(kernel=(2000, 2000))), Code.POOL_OVERLAP)
    assert one.fixes == ()
    graph = chain(image=Input(height=5000, width=5000), conv=Conv2D(kernel=(4096, 4096), stride=(7, 7)))
    assert [fix.title for fix in found(graph, Code.STRIDE_REMAINDER)[0].fixes] == [
        "Pad 6 at the bottom and 6 at the right"
    ]


def test_an_analysis_at_hand_is_used():
    graph = FOUND[0].graph
    assert lint(graph, analyse(graph)) == lint(graph)


@settings(max_examples=100)
@given(drawings() | drawings(extreme_layers))
def test_lint_never_raises_and_every_fix_removes_its_finding(graph: Graph):
    for one in lint(graph):
        for fix in one.fixes:
            left = lint(fix.edit(graph))
            assert (one.code, one.node) not in [(other.code, other.node) for other in left]
