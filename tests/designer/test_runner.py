import threading
import weakref
from pathlib import Path

import pytest
from PySide6.QtCore import QCoreApplication, QEvent, QObject, Qt, QThread

from designer.runner import Runner, RunResult
from engine import Cancelled, Conv2D, Graph, Input, Network, Node, analyse, initialise, load_image, run
from engine.kernels.channels_last import PlanarConv


@pytest.fixture
def runner(qapp):
    runner = Runner()
    yield runner
    runner.close()


def network(filters: int = 4) -> Network:
    graph = Graph().add(Node("image", Input())).add(Node("conv1", Conv2D(filters=filters)))
    return Network("small", graph.connect("image", "conv1"))


@pytest.fixture
def digit(resources: Path) -> Path:
    return min((resources / "images" / "digits").glob("7_*.png"))


def test_a_run_gives_what_the_engine_gives(runner, qtbot, digit, monkeypatch):
    monkeypatch.setattr("designer.runner.MOMENT", 0.0)  # tells of each layer at once
    asked = network()
    steps = []
    runner.progressed.connect(steps.extend)
    with qtbot.waitSignals([runner.image_loaded, runner.finished]):
        runner.request(asked, analyse(asked.graph), digit)
    qtbot.waitUntil(lambda: len(steps) == 2)
    assert [step.node for step in steps] == ["image", "conv1"]
    layer = asked.graph.node("image").layer
    assert isinstance(layer, Input)
    expected = run(asked.graph, initialise(asked.graph), load_image(digit, layer))
    assert (steps[1].values == expected["conv1"]).all()


def test_results_arrive_on_the_thread_of_the_window(runner, qtbot, digit):
    threads = []
    runner.finished.connect(lambda _: threads.append(QThread.currentThread()))
    with qtbot.waitSignal(runner.finished):
        runner.request(network(), analyse(network().graph), digit)
    assert threads == [runner.thread()]


def test_of_a_burst_of_requests_the_last_one_is_heard(runner, qtbot, digit):
    results: list[RunResult] = []
    runner.finished.connect(results.append)
    before = threading.active_count()
    for filters in range(1, 60):
        asked = network(filters)
        runner.request(asked, analyse(asked.graph), digit)
    qtbot.waitUntil(lambda: bool(results))
    qtbot.wait(50)
    assert [len(result.maps["conv1"]) for result in results] == [59]
    assert threading.active_count() <= before + 1  # the engine's helper, where this is the first run


def test_an_edit_reuses_what_it_does_not_reach(runner, qtbot, digit):
    first, second = network(4), network(5)
    results: list[RunResult] = []
    runner.finished.connect(results.append)
    for asked in (first, second):
        with qtbot.waitSignal(runner.finished):
            runner.request(asked, analyse(asked.graph), digit)
    one, two = (result.maps.result("image") for result in results)
    assert one is two


def test_a_file_that_is_no_image_is_told_of(runner, qtbot, tmp_path):
    broken = tmp_path / "broken.png"
    broken.write_bytes(b"no image")
    with qtbot.waitSignal(runner.failed) as told:
        runner.request(network(), analyse(network().graph), broken)
    assert "broken.png" in told.args[0]
    with qtbot.waitSignal(runner.failed) as told:
        runner.request(network(), analyse(network().graph), tmp_path / "gone.png")
    assert "gone.png" in told.args[0]


def test_a_bug_in_a_layer_does_not_end_the_thread(runner, qtbot, digit, monkeypatch):
    asked = network(filters=7)
    with monkeypatch.context() as patch:
        patch.setattr(PlanarConv, "calls", lambda *_: 1 / 0)
        with qtbot.waitSignal(runner.failed) as told:
            runner.request(asked, analyse(asked.graph), digit)
        assert "division by zero" in told.args[0]
    with qtbot.waitSignal(runner.finished):
        runner.request(asked, analyse(asked.graph), digit)


def test_nothing_is_heard_after_cancel(runner, qtbot, digit):
    heard = []
    runner.finished.connect(heard.append)
    runner.request(network(), analyse(network().graph), digit)
    runner.cancel()
    qtbot.wait(100)
    assert not heard


def test_close_ends_the_thread(qapp):
    runner = Runner()
    runner.close()
    assert not runner._thread.is_alive()


def test_what_a_small_network_answers_is_there_before_the_next_frame(runner, qtbot, digit, monkeypatch):
    """An edit and its maps are painted together: the answer comes before what is posted at a lower priority."""
    monkeypatch.setattr("designer.runner.MOMENT", 30.0)  # however busy the machine is
    asked = network()
    with qtbot.waitSignal(runner.finished):
        runner.request(asked, analyse(asked.graph), digit)
    qtbot.waitUntil(lambda: runner._brief)
    order = []

    class Frame(QObject):
        def event(self, event: QEvent) -> bool:
            order.append("painted")
            return True

    frame = Frame()
    runner.finished.connect(lambda _: order.append("answered"))
    QCoreApplication.postEvent(frame, QEvent(QEvent.Type.User), Qt.EventPriority.LowEventPriority.value)
    runner.request(asked, analyse(asked.graph), digit)
    order.append("edited")
    qtbot.waitUntil(lambda: "painted" in order)
    assert order == ["edited", "answered", "painted"]


def test_what_takes_longer_than_a_moment_begins_after_the_frame(runner, qtbot, digit, monkeypatch):
    order = []

    class Frame(QObject):
        def event(self, event: QEvent) -> bool:
            threading.Event().wait(0.02)  # time enough for a worker that would begin too soon
            order.append("painted")
            return True

    frame, real = Frame(), runner._work.run
    monkeypatch.setattr(runner._work, "run", lambda *given: order.append("begun") or real(*given))
    QCoreApplication.postEvent(frame, QEvent(QEvent.Type.User), Qt.EventPriority.LowEventPriority.value)
    assert not runner._brief  # nothing has run yet
    with qtbot.waitSignal(runner.finished):
        runner.request(network(), analyse(network().graph), digit)
        order.append("edited")
    assert order == ["edited", "painted", "begun"]


def test_a_run_that_was_given_up_does_not_make_the_window_wait_for_the_next(runner, qtbot, digit, monkeypatch):
    asked, started = network(), threading.Event()

    def slow(request, progress, cancelled):
        started.set()
        while not cancelled():
            threading.Event().wait(0.001)
        raise Cancelled

    monkeypatch.setattr(runner._work, "run", slow)
    runner.request(asked, analyse(asked.graph), digit)
    qtbot.waitUntil(started.is_set)
    runner.cancel()
    qtbot.waitUntil(runner._answered.is_set)
    assert not runner._brief


def test_the_limit_is_asked_for_on_the_worker_thread(runner, qtbot, digit):
    asked, threads = network(), []

    def limit() -> int:
        threads.append(threading.current_thread())
        return 10

    with qtbot.waitSignal(runner.too_large) as told:
        runner.request(asked, analyse(asked.graph), digit, limit=limit)
    assert [thread.name for thread in threads] == ["convolab-runner"]
    assert told.args[0].problem.limit == 10


@pytest.mark.parametrize("closed", [False, True])
def test_what_a_run_brought_is_freed_on_the_worker_thread(runner, qtbot, digit, closed):
    freed = []
    with qtbot.waitSignal(runner.finished) as told:
        runner.request(network(), analyse(network().graph), digit)
    weakref.finalize(told.args[0], lambda: freed.append(threading.current_thread().name))
    told.args.clear()
    if closed:
        runner.let_go()
    else:
        with qtbot.waitSignal(runner.finished):
            runner.request(network(), analyse(network().graph), digit)
    qtbot.waitUntil(lambda: bool(freed))
    assert freed == ["convolab-runner"]
