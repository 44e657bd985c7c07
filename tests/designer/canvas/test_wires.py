"""Wires on the scene: all have their way at last, however many have to be looked for."""

import random
import time

import msgspec
import pytest

from designer.canvas import wires as wiring
from designer.canvas.occupancy import Occupancy
from designer.canvas.router import Router, plain_route
from designer.canvas.scene import CanvasScene
from designer.document import Document
from engine import Concat, Graph, Network, Node
from tests.designer.canvas.canvas_hands import assert_in_step, show
from tests.designer.canvas.test_router import crossed, scattered


@pytest.fixture(scope="module")
def mess() -> Network:
    chance, graph = random.Random(1), Graph(tuple(Node(f"n{number}", Concat()) for number in range(120)))
    for _ in range(240):
        source, target = (f"n{number}" for number in chance.sample(range(120), 2))
        graph = graph.connect(source, target, graph.port_count(target))
    return Network("Mess", graph, layout=scattered(graph, chance, 0.15))


def at_last(network: Network) -> dict:
    """Return the ways that are found where time is no matter."""
    graph, places = network.graph, network.layout
    return Router(Occupancy(places)).routes(graph, places, graph.edges)


def routes(scene: CanvasScene) -> dict:
    return {edge: item.route for edge, item in scene.edges.items()}


def test_ways_that_there_was_no_time_for_come_in_a_moment(view, qtbot, mess, monkeypatch):
    monkeypatch.setattr(wiring, "_AT_ONCE", 0.0)
    show(view, mess.graph, mess.layout)
    scene = view.canvas
    wanted = at_last(mess)
    assert not scene.wires.at_rest
    waiting = [edge for edge, route in routes(scene).items() if route != wanted[edge]]
    assert waiting
    qtbot.waitUntil(lambda: scene.wires.at_rest, timeout=30_000)
    assert routes(scene) == wanted
    still = [edge for edge, route in routes(scene).items() if crossed(route, scene.places)]
    assert len(still) < len([edge for edge in waiting if wanted[edge].way])
    assert_in_step(view)


def test_the_window_answers_between_portions(view, qtbot, mess, monkeypatch):
    monkeypatch.setattr(wiring, "_AT_ONCE", 0.0)
    show(view, mess.graph, mess.layout)
    scene, portions = view.canvas, []
    route_on = scene.wires._route_on

    def timed() -> None:
        begin = time.process_time()
        route_on()
        portions.append(time.process_time() - begin)

    scene.wires._late.timeout.disconnect()
    scene.wires._late.timeout.connect(timed)
    qtbot.waitUntil(lambda: scene.wires.at_rest, timeout=30_000)
    assert len(portions) > 5
    assert sorted(portions)[len(portions) // 2] < 0.02


def test_a_change_in_between_begins_anew(view, qtbot, mess, monkeypatch):
    monkeypatch.setattr(wiring, "_AT_ONCE", 0.0)
    document = show(view, mess.graph, mess.layout)
    gone = document.graph.edges[0]
    document.edit("Move", document.graph.disconnect(gone), {"n0": (-400.0, -400.0)})
    qtbot.waitUntil(lambda: view.canvas.wires.at_rest, timeout=30_000)
    assert routes(view.canvas) == at_last(document.network)
    assert_in_step(view)


@pytest.mark.parametrize("some", [0, 60])
def test_until_there_is_time_wires_end_where_their_cards_are_and_others_keep_their_ways(
    view, qtbot, mess, monkeypatch, some: int
):
    monkeypatch.setattr(wiring, "_SOME", some)
    document = show(view, mess.graph, mess.layout)
    scene = view.canvas
    scene.wires.settle()
    before = routes(scene)
    monkeypatch.setattr(wiring, "_AT_ONCE", 0.0)
    monkeypatch.setattr(wiring, "_FIRST", 1)
    document.edit("Move", document.graph, {"n3": (-400.0, -400.0)})
    assert not scene.wires.at_rest
    shown = routes(scene)
    assert shown.keys() == set(document.graph.edges)
    for edge, route in shown.items():
        plain = plain_route(document.graph, scene.places, edge)
        assert (route.start, route.end) == (plain.start, plain.end)
    changed = {edge for edge, route in shown.items() if route != before[edge]}
    own = {edge for edge in shown if "n3" in (edge.source, edge.target)}
    assert own <= changed
    assert len(changed - own) <= 1  # the first step
    scene.wires.settle()
    assert routes(scene) == at_last(document.network)


def test_many_steps_at_a_change_do_not_hold_up_the_window(view, mess, monkeypatch):
    """What is done before the frame is a few steps, on a computer on which time is over at once."""
    taken = []
    real = Router.one_by_one

    def counting(*arguments: object, **named: object):
        for step in real(*arguments, **named):
            taken.append(step)
            yield step

    monkeypatch.setattr(Router, "one_by_one", counting)
    monkeypatch.setattr(wiring, "_AT_ONCE", 0.0)
    monkeypatch.setattr(wiring, "_IN_A_DRAG", (8, 0.0))
    document = show(view, mess.graph, mess.layout)
    assert 0 < len(taken) <= 2 * wiring._FIRST
    taken.clear()
    document.edit("Move", document.graph, {"n3": (-400.0, -400.0)})
    assert 0 < len(taken) <= 2 * wiring._FIRST
    taken.clear()
    view.canvas.preview({"n3": (-300.0, -300.0)})
    assert 0 < len(taken) <= 2 * wiring._FIRST


def test_a_drag_has_all_ways_as_soon_as_the_pointer_rests(view, qtbot, mess, monkeypatch):
    monkeypatch.setattr(wiring, "_IN_A_DRAG", (0, 0.0))
    document = show(view, mess.graph, mess.layout)
    scene = view.canvas
    qtbot.waitUntil(lambda: scene.wires.at_rest, timeout=30_000)
    x, y = mess.layout["n3"]
    scene.preview({"n3": (x + 60, y + 40)})
    assert not scene.wires.at_rest
    qtbot.waitUntil(lambda: scene.wires.at_rest, timeout=30_000)
    there = msgspec.structs.replace(mess, layout={**mess.layout, "n3": (x + 60, y + 40)})
    assert routes(scene) == at_last(there)
    scene.preview({"n3": (x, y)})
    qtbot.waitUntil(lambda: scene.wires.at_rest, timeout=30_000)
    assert routes(scene) == at_last(document.network)


def test_a_picture_waits_for_all_ways(qapp, mess, monkeypatch):
    monkeypatch.setattr(wiring, "_AT_ONCE", 0.0)
    document = Document()
    document.load(mess)
    scene = CanvasScene(document, document)
    assert not scene.wires.at_rest
    scene.wires.settle()
    assert scene.wires.at_rest
    assert routes(scene) == at_last(mess)
