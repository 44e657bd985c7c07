"""The canvas as a picture: what is on it, and that making one leaves the window alone."""

from designer import theme
from designer.pictures.export import svg
from designer.pictures.picture import Options, picture_of
from designer.pictures.pieces import Look
from engine import Dense, Edge, Group, Input, Network
from tests.designer.pictures.drawings import letters, parsed
from tests.designer.pictures.figures import chained, example
from tests.engine.networks import lenet5

FULL = Look(names=True, parameters=True)


def words(network, look: Look = FULL, nodes: tuple[str, ...] | None = None) -> list[str]:
    return letters(parsed(svg(picture_of(network, Options(style="canvas", look=look, nodes=nodes)))))


def test_cards_say_what_they_say_on_the_canvas(resources, qapp):
    network = example(resources, "lenet5")
    said = words(network)
    for node in network.graph.nodes:
        assert node.label in said
    assert {"28×28×6", "Conv2D · 6 @ 5×5", "156 params"} <= set(said)


def test_only_what_is_wanted_is_said(resources, qapp):
    said = words(example(resources, "lenet5"), look=Look(shapes=False))
    assert {"Conv2D", "6 @ 5×5"} <= set(said)
    assert not {"conv1", "28×28×6", "156 params"} & set(said)


def test_a_selection_is_cut_out_with_the_wires_inside_it(resources, qapp):
    network = example(resources, "lenet5")
    chosen = picture_of(network, Options(nodes=("conv1", "relu1")))
    whole = picture_of(network, Options())
    assert chosen.height < whole.height / 4
    assert set(words(network, nodes=("conv1", "relu1"))) >= {"conv1", "relu1"}
    assert "pool1" not in words(network, nodes=("conv1", "relu1"))


def test_the_theme_is_the_pictures_own(resources, qapp):
    network = example(resources, "lenet5")
    dark = svg(picture_of(network, Options(colours=theme.DARK))).decode()
    assert theme.DARK.raised in dark
    assert theme.LIGHT.surface not in dark
    assert theme.current() is theme.LIGHT


def test_icons_are_shapes_that_the_file_holds_once(resources, qapp):
    text = svg(picture_of(example(resources, "lenet5"), Options())).decode()
    assert text.count('<symbol id="icon-family-conv"') == 1
    assert text.count('href="#icon-family-conv"') == 2
    assert "<image" not in text


def test_mistakes_are_seen(qapp):
    network = Network("Wrong", chained({"image": Input(), "dense": Dense()}))
    assert any("flatten" in word for word in words(network))


def test_groups_are_shown_as_on_the_canvas(qapp):
    graph = lenet5()
    groups = (Group("g", "First", ("conv1", "relu1")), Group("h", "Second", ("conv2", "relu2"), collapsed=True))
    network = Network("Groups", graph, groups=groups)
    assert {"First", "conv1", "Second"} <= set(words(network))
    assert "conv2" not in words(network)
    assert "First" in words(network, nodes=("conv1", "relu1"))
    assert "First" not in words(network, nodes=("conv1", "pool1"))
    assert "Second" in words(network, Look(names=False))


def test_wires_go_through_their_dots_which_are_not_painted(qapp):
    graph, wire = lenet5(), Edge("image", "conv1")
    plain = svg(picture_of(Network("N", graph), Options())).decode()
    bent = picture_of(Network("N", graph, dots={wire: ((700.0, 52.0),)}), Options())
    assert bent.width > picture_of(Network("N", graph), Options()).width + 300
    text = svg(bent).decode()
    for mark in ("<path", "<circle", "<ellipse", "<rect"):
        assert text.count(mark) == plain.count(mark)
