import re

import pytest
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPainterPath, QPen, QPolygonF
from PySide6.QtSvg import QSvgRenderer

from designer import theme
from designer.pictures.export import svg
from designer.pictures.painter import measure
from designer.pictures.picture import Options, picture_of
from designer.pictures.svg import SvgPainter
from designer.pictures.volumes import volumes
from engine import analyse
from tests.designer.pictures.drawings import NAMES, letters, parsed, viewbox
from tests.designer.pictures.figures import EXAMPLES, example, texts


def drawing(paint) -> tuple[list, SvgPainter]:
    """Return the elements that some painting makes."""
    painter = SvgPainter()
    painter.setPen(Qt.PenStyle.NoPen)
    paint(painter)
    painter.end()
    root = parsed(painter.document(100, 50, ("100px", "50px"), "A & B", "<none>").encode())
    return [child for child in root if child.tag.split("}")[1] not in ("title", "desc", "defs")], root


@pytest.mark.parametrize("name", EXAMPLES)
def test_it_holds_every_line_of_letters_and_names_every_layer(resources, qapp, name):
    network = example(resources, name)
    root = parsed(svg(picture_of(network, Options(style="volumes"))))
    figure = volumes(network.name, analyse(network.graph), measure)
    assert sorted(letters(root)) == sorted(
        [*(word.text for word in texts(figure)), *("C" for mark in figure.marks if getattr(mark, "symbol", "") == "C")]
    )
    described = root.find("svg:desc", NAMES).text
    assert all(f"{node.label} (" in described for node in network.graph.nodes)
    assert root.find("svg:title", NAMES).text == network.name


@pytest.mark.parametrize("style", ["canvas", "volumes"])
def test_the_same_network_gives_the_same_bytes(resources, qapp, style):
    network = example(resources, "resnet18")
    first, second = (svg(picture_of(network, Options(style=style))) for _ in range(2))
    assert first == second


@pytest.mark.parametrize("style", ["canvas", "volumes"])
def test_it_is_small_and_everything_in_it_is_inside(resources, qapp, style):
    data = svg(picture_of(example(resources, "lenet5"), Options(style=style)))
    assert len(data) < 60_000
    root = parsed(data)
    left, top, width, height = viewbox(root)
    assert (left, top) == (0, 0)
    for rect in root.iterfind("svg:rect", NAMES):
        x, y, w, h = (float(rect.attrib[key]) for key in ("x", "y", "width", "height"))
        assert -0.01 <= x <= x + w <= width + 0.01
        assert -0.01 <= y <= y + h <= height + 0.01


def test_every_reference_leads_somewhere(resources, qapp):
    text = svg(picture_of(example(resources, "unet"), Options())).decode()
    wanted, given = set(re.findall(r'href="#([^"]+)"', text)), re.findall(r'id="([^"]+)"', text)
    assert wanted <= set(given)
    assert len(given) == len(set(given))
    assert QSvgRenderer(text.encode()).isValid()


def test_shapes_are_written_through_the_painters_transform(qapp):
    def paint(painter):
        painter.translate(10, 20)
        painter.scale(2, 2)
        painter.setBrush(QColor(10, 20, 30, 51))
        painter.drawRoundedRect(QRectF(1, 2, 3, 4), 1.5, 1.5)
        painter.setPen(QPen(QColor("#ff0000"), 1.5, Qt.PenStyle.DashLine))
        painter.drawEllipse(QPointF(5, 5), 2, 2)
        painter.drawPolygon(QPolygonF([QPointF(0, 0), QPointF(1, 0), QPointF(0, 1)]))

    (rect, circle, path), _ = drawing(paint)
    assert rect.attrib == {
        **{"x": "12", "y": "24", "width": "6", "height": "8", "rx": "3"},
        **{"fill": "#0a141e", "fill-opacity": "0.2"},
    }
    assert (circle.attrib["cx"], circle.attrib["r"], circle.attrib["stroke-width"]) == ("20", "4", "3")
    assert circle.attrib["stroke-dasharray"] == "12 6"
    assert path.attrib["d"] == "M10 20 L12 20 L10 22 Z"


def test_open_paths_stay_open_and_curves_are_cubic(qapp):
    def paint(painter):
        path = QPainterPath(QPointF(0, 0))
        path.cubicTo(1, 0, 2, 1, 2, 2)
        path.lineTo(3, 3)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.setPen(QPen(QColor("#00ff00"), 1))
        painter.drawPath(path)
        painter.drawPolyline([QPointF(0, 0), QPointF(4, 4), QPointF(8, 0)])

    (path, line), _ = drawing(paint)
    assert (line.attrib["d"], line.attrib["fill"]) == ("M0 0 L4 4 L8 0", "none")
    assert path.attrib["d"] == "M0 0 C1 0 2 1 2 2 L3 3"
    assert path.attrib["fill"] == "none"


@pytest.mark.parametrize(
    ("flag", "left"),
    [(Qt.AlignmentFlag.AlignLeft, 0.0), (Qt.AlignmentFlag.AlignHCenter, 0.5), (Qt.AlignmentFlag.AlignRight, 1.0)],
)
def test_letters_are_aligned_outlines(qapp, flag, left):
    def paint(painter):
        painter.setFont(theme.font())
        font = painter.font()
        font.setPixelSize(10)
        painter.setFont(font)
        painter.setPen(QColor("#123456"))
        painter.drawText(QRectF(0, 0, 100, 20), flag | Qt.AlignmentFlag.AlignVCenter, "a&a")

    (group,), root = drawing(paint)
    assert group.attrib["aria-label"] == "a&a"
    assert group.attrib["fill"] == "#123456"
    x = float(re.match(r"translate\(([\d.-]+)", group.attrib["transform"])[1])
    wide = measure("a&a", 10, False)
    assert x == pytest.approx((100 - wide) * left, abs=0.8)
    uses = group.findall("svg:use", NAMES)
    assert len(uses) == 3
    assert uses[0].attrib["href"] == uses[2].attrib["href"]  # each outline is held once
    assert len(root.find("svg:defs", NAMES)) == 2


def test_title_and_description_are_escaped(qapp):
    _, root = drawing(lambda painter: None)
    assert (root.find("svg:title", NAMES).text, root.find("svg:desc", NAMES).text) == ("A & B", "<none>")
    assert root.attrib["role"] == "img"
