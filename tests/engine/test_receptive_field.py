"""Receptive fields against the plainest oracle: change one pixel of the image and see which values change."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.strategies import DrawFn

from engine import (
    Add,
    Analysis,
    AvgPool2D,
    Concat,
    Conv2D,
    Dense,
    Flatten,
    Graph,
    Input,
    MaxPool2D,
    ReLU,
    SumPool2D,
    Weights,
    analyse,
    run,
)
from tests.engine.networks import chain, lenet5, wired
from tests.strategies import networks

Box = tuple[int, int, int, int]  # top, bottom, left, right; bottom and right excluded
WINDOWS = (Conv2D, MaxPool2D, AvgPool2D, SumPool2D)


def influence(graph: Graph) -> dict[str, np.ndarray]:
    """Return for every map which pixel changes which value: ``(H·W, height, width)``, true where it does.

    All weights are one, so nothing cancels; a pixel that is infinite shows in all that it reaches and nowhere else.
    """
    analysis = analyse(graph)
    shape = analysis.input.layer.shape
    pixels = shape[1] * shape[2]
    batch = np.ones((pixels, *shape), np.float32)
    batch.reshape(pixels, shape[0], pixels)[np.arange(pixels), :, np.arange(pixels)] = np.inf
    arrays = {
        node: {spec.name: np.ones(spec.shape, np.float32) for spec in entry.inferred.weights}
        for node, entry in analysis.nodes.items()
    }
    maps = run(graph, Weights(arrays), batch, analysis=analysis)
    return {node: np.isinf(values).any(axis=1) for node, values in maps.items() if values.ndim == 4}


def hull(reached: np.ndarray, image: Input) -> Box | None:
    """Return the box around the pixels ``(H·W,)`` that are marked; None where none is."""
    rows, columns = np.nonzero(reached.reshape(image.height, image.width))
    if not len(rows):
        return None
    return int(rows.min()), int(rows.max()) + 1, int(columns.min()), int(columns.max()) + 1


def places(values: np.ndarray) -> list[tuple[int, int]]:
    return [(y, x) for y in range(values.shape[1]) for x in range(values.shape[2])]


@st.composite
def plain_chains(draw: DrawFn) -> Graph:
    """Draw windows in a row that leave no gaps: no dilation, strides within the window, padding less than it."""
    layers = {"image": Input(height=draw(st.integers(1, 11)), width=draw(st.integers(1, 11)))}
    for number in range(draw(st.integers(1, 4))):
        kernel = draw(st.integers(1, 4)), draw(st.integers(1, 4))
        stride = draw(st.integers(1, kernel[0])), draw(st.integers(1, kernel[1]))
        pads = [draw(st.integers(0, size - 1)) for size in (kernel[0], kernel[0], kernel[1], kernel[1])]
        padding = draw(st.sampled_from(["same", "valid", tuple(pads)]))
        kind = draw(st.sampled_from(WINDOWS))
        layers[f"n{number}"] = kind(kernel=kernel, stride=stride, padding=padding)
    return chain(**layers)


@settings(max_examples=80)
@given(plain_chains())
def test_a_field_within_the_part_that_is_seen_is_the_box_of_the_pixels_that_matter(graph: Graph):
    analysis = analyse(graph)
    image = analysis.input.layer
    for node, reached in influence(graph).items():
        field = analysis.receptive_fields[node]
        for y, x in places(reached):
            top, bottom, left, right = field.box(y, x)
            clipped = (
                max(top, field.y.first),
                min(bottom, field.y.last),
                max(left, field.x.first),
                min(right, field.x.last),
            )
            assert hull(reached[:, y, x], image) == clipped, (node, y, x)
        whole = hull(reached.any(axis=(1, 2)), image)
        assert whole == (field.y.first, field.y.last, field.x.first, field.x.last), node


def jumps_agree(analysis: Analysis, node: str) -> bool:
    """Whether all branches that lead to a node move over the image in equal steps."""
    for other in analysis.order:
        sources = [edge.source for edge in analysis.graph.incoming[other].values()]
        if (
            node in analysis.graph.descendants(other)
            and len({analysis.receptive_fields[source].jump for source in sources}) > 1
        ):
            return False
    return True


@settings(max_examples=80)
@given(networks((*WINDOWS, Add, Concat, ReLU), most=7))
def test_a_field_holds_all_pixels_that_matter_and_is_tight_away_from_the_border(graph: Graph):
    analysis = analyse(graph)
    image = analysis.input.layer
    for node, reached in influence(graph).items():
        field = analysis.receptive_fields[node]
        seen = hull(reached.any(axis=(1, 2)), image)
        if seen is not None:
            assert field.y.first <= seen[0] < seen[1] <= field.y.last
            assert field.x.first <= seen[2] < seen[3] <= field.x.last
        if not jumps_agree(analysis, node):
            continue
        for y, x in places(reached):
            found = hull(reached[:, y, x], image)
            if found is None:
                continue
            top, bottom, left, right = field.box(y, x)
            assert top <= found[0] < found[1] <= bottom
            assert left <= found[2] < found[3] <= right
            if top >= 0 and bottom <= image.height:
                assert (top, bottom) == found[:2], (node, y, x)
            if left >= 0 and right <= image.width:
                assert (left, right) == found[2:], (node, y, x)


@pytest.mark.parametrize(
    ("node", "size", "jump"),
    [
        ("image", 1, 1),
        ("conv1", 5, 1),
        ("relu1", 5, 1),
        ("pool1", 6, 2),
        ("conv2", 14, 2),
        ("pool2", 16, 4),
        ("flatten", 16, 4),
        ("dense1", 32, 0),
        ("softmax", 32, 0),
    ],
)
def test_the_fields_of_lenet5_grow_as_araujo_et_al_compute_them(node: str, size: int, jump: int):
    field = analyse(lenet5()).receptive_fields[node]
    assert (field.size, field.jump, field.offset) == ((size, size), (jump, jump), (0, 0))


def test_padding_moves_a_field_before_the_image():
    graph = chain(image=Input(height=8, width=6), conv=Conv2D(kernel=(3, 5), stride=(2, 1), padding=(1, 1, 3, 1)))
    field = analyse(graph).receptive_fields["conv"]
    assert field.box(0, 0) == (-1, 2, -3, 2)
    assert field.box(2, 4) == (3, 6, 1, 6)


def test_dilation_widens_a_field():
    graph = chain(image=Input(), conv=Conv2D(dilation=(2, 3)))
    assert analyse(graph).receptive_fields["conv"].size == (5, 7)


def test_a_dense_layer_sees_what_the_maps_before_it_see_and_no_more():
    # Windows of 3 by steps of 3 over 8 pixels leave the last two out.
    graph = chain(
        image=Input(height=8, width=8),
        far=Conv2D(kernel=(3, 3), stride=(3, 3)),
        near=Conv2D(kernel=(3, 3), padding="same"),
        flat=Flatten(),
        dense=Dense(),
    )
    field = analyse(graph).receptive_fields["dense"]
    assert (field.size, field.jump, field.offset) == ((6, 6), (0, 0), (0, 0))


def test_branches_of_equal_steps_are_joined_to_the_box_around_both():
    graph = chain(image=Input(), wide=Conv2D(kernel=(7, 3), padding="same"), add=Add())
    graph = wired(graph.replace_layer("wide", graph.by_id["wide"].layer.replace(filters=1)), ("image", "add", 1))
    assert analyse(graph).receptive_fields["add"].box(5, 5) == (2, 9, 4, 7)


def test_where_the_steps_of_branches_differ_the_larger_stands_for_both():
    graph = chain(image=Input(height=6, width=6), half=MaxPool2D(), add=Add()).add(
        chain(crop=MaxPool2D(kernel=(4, 4), stride=(1, 1))).nodes[0]
    )
    field = analyse(wired(graph, ("image", "crop"), ("crop", "add", 1))).receptive_fields["add"]
    assert (field.size, field.jump, field.offset) == ((4, 4), (2, 2), (0, 0))
    assert (field.y.first, field.y.last) == (0, 6)
