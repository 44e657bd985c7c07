import pytest

from designer.pictures.figure import Bar, Frame, Join, Line
from designer.pictures.painter import measure
from designer.pictures.pieces import Look
from designer.pictures.volumes import volumes
from engine import Add, Concat, Conv2D, Dense, Flatten, Graph, Input, MaxPool2D, Softmax, analyse
from tests.designer.pictures.figures import EXAMPLES, boxes, chained, drawn, example, faults, figure_of, texts

SAME = Conv2D(filters=8, padding="same")


@pytest.mark.parametrize("look", [Look(), Look(names=True, parameters=True), Look(shapes=False)], ids=str)
@pytest.mark.parametrize("name", EXAMPLES)
def test_nothing_lies_on_anything(resources, qapp, name, look):
    assert faults(figure_of(example(resources, name), look)) == []


@pytest.mark.parametrize("name", ["vgg16", "resnet18", "mobilenet_v2"])
def test_nothing_lies_on_anything_without_folding(resources, qapp, name):
    assert faults(figure_of(example(resources, name), fold=False)) == []


@pytest.mark.parametrize("name", EXAMPLES)
def test_every_layer_is_told_of(resources, qapp, name):
    network = example(resources, name)
    assert figure_of(network).layers == {node.id for node in network.graph.nodes}


@pytest.mark.parametrize("name", EXAMPLES)
def test_figures_fit_a_page(resources, qapp, name):
    figure = figure_of(example(resources, name))
    assert figure.width < (1280 if name == "unet" else 1060)
    assert figure.height < 2 * figure.width


def test_edges_have_the_proportions_of_the_volumes(resources, qapp):
    found = boxes(figure_of(example(resources, "lenet5")))
    unit = found["image"].height / 32
    for step, (channels, rows, columns) in {"conv1": (6, 28, 28), "pool1": (6, 14, 14), "conv2": (16, 10, 10)}.items():
        box = found[step]
        assert (box.depth, box.height, box.width) == pytest.approx((channels * unit, rows * unit, columns * unit))


def test_a_volume_that_is_not_square_is_drawn_so(qapp):
    graph = chained({"image": Input(height=20, width=60), "pool": MaxPool2D()})
    box = boxes(volumes("", analyse(graph), measure))["image"]
    assert box.width == pytest.approx(3 * box.height)


def test_windows_are_to_scale_and_their_sight_comes_together(resources, qapp):
    figure = figure_of(example(resources, "lenet5"))
    found = boxes(figure)
    image, conv = found["image"], found["conv1"]
    ((height, width, lower),) = image.windows
    assert height / image.height == pytest.approx(5 / 32)
    assert (width, lower) == (height, 0)
    ends = [mark.points[-1] for mark in figure.marks if isinstance(mark, Line) and mark.kind == "sight"]
    entry = (conv.x, (conv.bounds[1] + conv.bounds[3]) / 2)
    assert sum(end == pytest.approx(entry) for end in ends) == 4


def test_single_maps_are_told_apart_where_there_is_room(resources, qapp):
    found = boxes(figure_of(example(resources, "lenet5")))
    assert len(found["conv1"].cuts) == 5
    assert not boxes(figure_of(example(resources, "alexnet")))["image"].cuts


def test_sizes_stand_at_the_edges(resources, qapp):
    figure = figure_of(example(resources, "lenet5"))
    box = boxes(figure)["conv1"]
    below = [word for word in texts(figure) if word.text == "6" and box.x < word.x < box.x + box.depth]
    assert [word.bounds[1] > box.y + box.height for word in below] == [True]
    twenty_eights = [word for word in texts(figure) if word.text == "28"]
    assert len(twenty_eights) == 2  # height and width
    assert any(word.bounds[2] < box.x for word in twenty_eights)
    assert any(word.left > box.x + box.depth for word in twenty_eights)


def test_dense_layers_are_bars_with_their_units_and_the_last_one_has_classes(resources, qapp):
    figure = figure_of(example(resources, "lenet5"))
    bars = [mark for mark in figure.marks if isinstance(mark, Bar)]
    assert [bar.height / bars[0].height for bar in bars] == pytest.approx([1, 84 / 120, 10 / 120])
    words = [word.text for word in texts(figure)]
    assert {"120", "84", "dense, 120", "softmax", *"0123456789"} <= set(words)


def test_two_worked_examples_look_at_one_image(resources, qapp):
    found = boxes(figure_of(example(resources, "lecture_conv")))
    first, second = found["image"].windows
    assert first[2] < 0 < second[2]
    assert found["conv"].bounds[3] < found["conv10"].bounds[1]


def test_a_sum_has_a_circle_and_a_skip_above(resources, qapp):
    figure = figure_of(example(resources, "resnet18"))
    circles = [mark for mark in figure.marks if isinstance(mark, Join)]
    assert {circle.symbol for circle in circles} == {"+"}
    skips = [mark for mark in figure.marks if isinstance(mark, Line) and mark.kind == "skip" and mark.arrow]
    assert all(min(y for _, y in skip.points) < skip.points[0][1] for skip in skips)


def test_repeats_are_framed_and_counted(resources, qapp):
    figure = figure_of(example(resources, "resnet152"))
    assert [word.text for word in texts(figure) if word.role == "times"] == ["× 2", "× 7", "× 35", "× 2"]
    frames = [mark for mark in figure.marks if isinstance(mark, Frame)]
    assert len(frames) == 4
    assert all(
        any(f.left < c.x < f.right and f.top < c.y < f.bottom for c in figure.marks if isinstance(c, Join))
        for f in frames
    )


def test_small_networks_are_not_folded(qapp):
    graph = chained({"image": Input(), "conv1": SAME, "conv2": SAME})
    assert set(boxes(volumes("", analyse(graph), measure))) == {"image", "conv1", "conv2"}


def test_a_u_net_is_drawn_as_a_u(resources, qapp):
    figure = figure_of(example(resources, "unet"))
    found = boxes(figure)
    depth = [found[name].y for name in ("down1.conv2", "down2.conv2", "down3.conv2", "down4.conv2", "down5.conv2")]
    assert depth == sorted(depth)
    assert found["up1.conv2"].y < found["up2.conv2"].y < found["up3.conv2"].y < found["up4.conv2"].y
    straight = [m for m in figure.marks if isinstance(m, Line) and m.kind == "skip" and m.arrow]
    assert len(straight) == 4
    assert all(skip.points[0][1] == skip.points[-1][1] for skip in straight)


def test_a_concatenation_shows_its_parts(qapp):
    layers = {"image": Input(channels=4), "conv": Conv2D(filters=12, padding="same"), "all": Concat()}
    figure = volumes("", analyse(drawn(layers, ("image", "conv"), ("image", "all", 0), ("conv", "all", 1))), measure)
    box = boxes(figure)["all"]
    assert box.cuts == pytest.approx((box.depth / 4,))


def test_names_and_parameters_are_told_on_demand(resources, qapp):
    plain = {word.text for word in texts(figure_of(example(resources, "lenet5")))}
    full = {word.text for word in texts(figure_of(example(resources, "lenet5"), Look(names=True, parameters=True)))}
    assert {"conv1", "dense3", "156 params", "48.1 K params"} <= full - plain


def test_a_long_name_keeps_its_end(resources, qapp):
    words = texts(figure_of(example(resources, "densenet121"), Look(names=True)))
    assert any(word.text.startswith("…") and word.text.endswith("conv2") for word in words)


def test_long_chains_go_on_in_the_next_row(qapp):
    layers = {"image": Input(height=64, width=64)}
    for at in range(24):
        layers[f"conv{at}"] = Conv2D(filters=8 + at, padding="same")
    figure = volumes("", analyse(chained(layers)), measure)
    found = boxes(figure)
    assert found["conv23"].y > found["conv0"].bounds[3]
    assert faults(figure) == []


@pytest.mark.parametrize(
    "graph",
    [
        drawn(
            {"image": Input(), "conv": SAME, "alone": SAME, "pool": MaxPool2D()}, ("image", "conv"), ("alone", "pool")
        ),
        drawn({"image": Input(), "sum": Add(), "conv": SAME}, ("image", "sum"), ("sum", "conv"), ("conv", "sum", 1)),
        chained({"image": Input(), "dense": Dense(units=5), "conv": SAME}),
        drawn(
            {"left": Input(), "right": Input(), "sum": Add(), "flat": Flatten(), "dense": Dense(), "soft": Softmax()},
            *(("left", "sum", 0), ("right", "sum", 1), ("sum", "flat"), ("flat", "dense"), ("dense", "soft")),
        ),
        drawn(
            {"image": Input(), "a": SAME, "b": SAME, "p": Add(), "q": Add(), "end": Concat()},
            *(("image", "a"), ("image", "b"), ("a", "p", 0), ("b", "p", 1), ("b", "q", 0), ("a", "q", 1)),
            *(("p", "end", 0), ("q", "end", 1)),
        ),
    ],
    ids=["loose parts", "cycle", "mistake", "two inputs", "tangle"],
)
def test_unfinished_and_odd_networks_are_drawn_as_far_as_they_go(qapp, graph):
    figure = volumes("", analyse(graph), measure)
    assert boxes(figure)
    assert faults(figure) == []


def test_an_empty_network_has_an_empty_figure(qapp):
    assert volumes("", analyse(Graph()), measure).marks == ()


def test_a_selection_is_drawn_with_what_feeds_it(resources, qapp):
    network = example(resources, "lenet5")
    figure = volumes("", analyse(network.graph), measure, nodes=["conv2", "relu2"])
    assert set(boxes(figure)) == {"pool1", "conv2"}
