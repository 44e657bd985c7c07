import pytest

from designer.pictures.steps import Step, steps_of
from designer.pictures.structure import Chain, Repeat, Skip, Split, Tangle, fold, members, nesting, structure
from engine import Add, Concat, Conv2D, Input, MaxPool2D, analyse
from tests.designer.pictures.figures import EXAMPLES, chained, drawn, example

SAME = Conv2D(filters=8, padding="same")


def parsed(graph) -> Chain:
    return structure(steps_of(analyse(graph)))


def kinds(chain: Chain) -> list[str]:
    return [item.id if isinstance(item, Step) else type(item).__name__ for item in chain]


def test_a_chain_is_its_steps(resources):
    chain = parsed(example(resources, "lenet5").graph)
    assert kinds(chain) == ["image", "conv1", "pool1", "conv2", "pool2", "dense1", "dense2", "dense3"]


def test_a_residual_block_is_a_branch_and_a_skip():
    wires = [("image", "conv"), ("conv", "next"), ("next", "sum", 0), ("conv", "sum", 1)]
    chain = parsed(drawn({"image": Input(), "conv": SAME, "next": SAME, "sum": Add()}, *wires))
    assert kinds(chain) == ["image", "conv", "Split", "sum"]
    split = chain[2]
    assert isinstance(split, Split)
    assert isinstance(split.branches[0], tuple)
    assert kinds(split.branches[0]) == ["next"]
    assert split.branches[1] == Skip()


def test_a_sum_of_one_thing_with_itself_has_two_skips():
    chain = parsed(drawn({"image": Input(), "sum": Add()}, ("image", "sum", 0), ("image", "sum", 1)))
    assert chain[1] == Split((Skip(), Skip()))


def test_branches_stand_in_the_order_in_which_they_join():
    layers = {"image": Input(), "a": SAME, "b": SAME, "c": MaxPool2D(kernel=(1, 1), stride=(1, 1)), "all": Concat()}
    wires = [("image", one) for one in "abc"] + [("c", "all", 0), ("a", "all", 1), ("b", "all", 2)]
    split = parsed(drawn(layers, *wires))[1]
    assert isinstance(split, Split)
    assert [kinds(branch) for branch in split.branches if not isinstance(branch, Skip)] == [["c"], ["a"], ["b"]]


def test_what_has_no_lanes_is_a_tangle_in_ranks():
    layers = {"image": Input(), "a": SAME, "b": SAME, "p": Add(), "q": Add(), "end": Concat()}
    crossed = [("a", "p", 0), ("b", "p", 1), ("b", "q", 0), ("a", "q", 1), ("p", "end", 0), ("q", "end", 1)]
    chain = parsed(drawn(layers, ("image", "a"), ("image", "b"), *crossed))
    assert kinds(chain) == ["image", "Tangle", "end"]
    tangle = chain[1]
    assert isinstance(tangle, Tangle)
    assert [[step.id for step in rank] for rank in tangle.ranks] == [["a", "b"], ["p", "q"]]
    assert tangle.leaving == {"p", "q"}


def test_equal_steps_in_a_row_are_folded():
    graph = chained({"image": Input(), "conv1": SAME, "conv2": SAME, "conv3": SAME, "pool": MaxPool2D()})
    chain = fold(parsed(graph))
    assert kinds(chain) == ["image", "Repeat", "pool"]
    assert isinstance(chain[1], Repeat)
    assert (chain[1].times, members(chain[1])) == (3, ("conv1", "conv2", "conv3"))


def test_a_repeated_pattern_of_several_steps_is_folded():
    wide = Conv2D(filters=16, padding="same")
    graph = chained({"image": Input(), **{f"conv{at}": (SAME, wide)[at % 2] for at in range(6)}})
    chain = fold(parsed(graph))
    assert kinds(chain) == ["image", "Repeat"]
    assert isinstance(chain[1], Repeat)
    assert (chain[1].times, len(chain[1].items)) == (3, 2)


@pytest.mark.parametrize(
    ("name", "times"),
    [("resnet50", [2, 3, 5, 2]), ("resnet152", [2, 7, 35, 2]), ("densenet121", [6, 12, 24, 16])],
)
def test_blocks_of_deep_networks_are_folded(resources, name, times):
    chain = fold(parsed(example(resources, name).graph))
    assert [item.times for item in chain if isinstance(item, Repeat)] == times


def test_only_a_u_net_skips_within_skips(resources):
    deep = {name: nesting(parsed(example(resources, name).graph)) for name in ("lenet5", "resnet18", "unet")}
    assert deep == {"lenet5": 0, "resnet18": 1, "unet": 4}


@pytest.mark.parametrize("name", EXAMPLES)
def test_nothing_is_lost_or_told_twice(resources, name):
    graph = example(resources, name).graph
    told = [member for item in fold(parsed(graph)) for member in members(item)]
    assert sorted(told) == sorted(node.id for node in graph.nodes)


def test_convolutions_that_lose_their_border_are_folded_but_not_those_that_stride():
    plain, striding = Conv2D(filters=8), Conv2D(filters=8, stride=(2, 2))
    graph = chained({"image": Input(), "a": plain, "b": plain, "c": striding, "d": striding})
    assert kinds(fold(parsed(graph))) == ["image", "Repeat", "c", "d"]
