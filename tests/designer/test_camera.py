"""The camera: what stands in for one drives the same interface; Qt's own part is stood in for, too."""

from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest
from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtGui import QColor, QImage
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from designer import camera
from designer.camera import Camera, CameraError
from designer.camera_actions import CameraActions, picture_of
from designer.runner import Frame
from designer.window import MainWindow
from engine import Conv2D, Input, open_image
from tests.engine.networks import chain

PATIENCE_MS = 60_000


class Film(QObject):
    """A camera that shows what it is told to."""

    framed = Signal(object)
    failed = Signal(str)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.running = False

    def start(self) -> None:
        self.running = True

    def stop(self) -> None:
        self.running = False


@pytest.fixture
def film(window: MainWindow) -> Film:
    """Return the camera of a window, which its menu switches on."""
    made = Film()
    window.camera._open = lambda _: made
    return made


@pytest.fixture
def digit(resources: Path) -> QImage:
    return QImage(str(min((resources / "images" / "digits").glob("7_*.png"))))


def show(window: MainWindow, film: Film, image: QImage, qtbot: QtBot) -> None:
    with qtbot.waitSignal(window.runs.settled, timeout=PATIENCE_MS):
        film.framed.emit(image)


def test_frames_run_and_the_answer_follows(window: MainWindow, film: Film, digit: QImage, resources: Path, qtbot):
    window.files.open_example("lenet5.json")
    action = window.commands["run.camera"]
    action.trigger()
    assert film.running
    assert action.isChecked()
    show(window, film, digit, qtbot)
    assert window.scores.answers[0].name == "7"
    assert window.image_view._name == "Camera"
    two = QImage(str(min((resources / "images" / "digits").glob("2_*.png"))))
    show(window, film, two, qtbot)
    assert window.scores.answers[0].name == "2"
    action.trigger()
    assert not film.running
    assert not action.isChecked()
    film.framed.emit(digit)
    assert isinstance(window.runs.image, Frame)
    assert window.scores.answers[0].name == "2"


def test_a_frame_waits_until_the_one_before_is_done(window: MainWindow, film: Film, digit: QImage, qtbot: QtBot):
    window.files.open_example("lenet5.json")
    window.commands["run.camera"].trigger()
    with qtbot.waitSignal(window.runs.settled, timeout=PATIENCE_MS):
        film.framed.emit(digit)
        first = window.runs.image
        film.framed.emit(digit)
        assert window.runs.image is first
    show(window, film, digit, qtbot)
    assert window.runs.image is not first


def test_another_image_takes_its_place(window: MainWindow, film: Film, digit: QImage, resources: Path, qtbot: QtBot):
    window.files.open_example("lenet5.json")
    window.commands["run.camera"].trigger()
    show(window, film, digit, qtbot)
    with qtbot.waitSignal(window.runs.settled, timeout=PATIENCE_MS):
        window.runs.open_image(min((resources / "images" / "digits").glob("4_*.png")))
        film.framed.emit(digit)  # comes too late
    assert not film.running
    assert not window.commands["run.camera"].isChecked()
    assert window.scores.answers[0].name == "4"


def test_edits_run_again_on_the_frame_at_hand(window: MainWindow, film: Film, digit: QImage, qtbot: QtBot):
    window.document.edit("Draw", chain(image=Input(channels=3, height=9, width=15), conv=Conv2D(filters=2)))
    window.commands["run.camera"].trigger()
    show(window, film, digit, qtbot)
    with qtbot.waitSignal(window.runs.settled, timeout=PATIENCE_MS):
        window.document.edit("Change", window.document.graph.replace_layer("conv", Conv2D(filters=5)))
    assert window.runs.result is not None
    assert window.runs.result.maps["conv"].shape == (5, 7, 13)
    assert film.running


def test_stop_is_the_end_of_all_frames(window: MainWindow, film: Film, digit: QImage, qtbot: QtBot):
    window.files.open_example("lenet5.json")
    stop = window.commands["run.stop"]
    assert not stop.isEnabled()
    window.commands["run.camera"].trigger()
    assert stop.isEnabled()
    show(window, film, digit, qtbot)
    assert stop.isEnabled()  # between two frames, too
    film.framed.emit(digit)
    qtbot.keyClick(window.canvas, Qt.Key.Key_F5, Qt.KeyboardModifier.ShiftModifier)
    assert not film.running
    assert not window.commands["run.camera"].isChecked()
    assert not stop.isEnabled()
    assert window.statusBar().currentMessage() == "Stopped, and the camera is off"
    last = window.runs.image
    film.framed.emit(digit)
    assert window.runs.image is last


def test_answers_of_frames_are_not_spoken(window: MainWindow, film: Film, digit: QImage, qtbot: QtBot, spoken):
    window.files.open_example("lenet5.json")
    window.commands["run.camera"].trigger()
    spoken.clear()
    show(window, film, digit, qtbot)
    assert not spoken
    window.commands["run.camera"].trigger()
    show_file = window.runs.run
    with qtbot.waitSignal(window.runs.settled, timeout=PATIENCE_MS):
        show_file()
    assert not spoken  # the same answer as before


def test_a_camera_that_fails_is_switched_off(window: MainWindow, film: Film):
    said: list[str] = []
    window.camera.told.connect(said.append)
    window.commands["run.camera"].trigger()
    film.failed.emit("it was unplugged")
    assert said == ["The camera stopped: it was unplugged"]
    assert not window.commands["run.camera"].isChecked()
    assert not film.running


def test_closing_the_window_switches_it_off(window: MainWindow, film: Film):
    window.commands["run.camera"].trigger()
    window.close()
    assert not film.running


# Pictures of frames


def test_a_frame_is_the_picture_that_a_file_would_be(tmp_path: Path):
    image = QImage(7, 5, QImage.Format.Format_RGB32)  # whose lines have no whole number of words in RGB
    for y in range(5):
        for x in range(7):
            image.setPixelColor(x, y, QColor(30 * x, 50 * y, 9 * x * y))
    image.save(str(tmp_path / "frame.png"))
    assert np.array_equal(np.asarray(picture_of(image)), np.asarray(open_image(tmp_path / "frame.png")))


def test_large_frames_are_made_smaller():
    image = QImage(1920, 1080, QImage.Format.Format_ARGB32)
    image.fill(QColor("orange"))
    found = picture_of(image)
    assert (found.size, found.getpixel((300, 200))) == ((640, 360), (255, 165, 0))


# Qt's part


def test_without_qts_multimedia_part_a_sentence_says_what_is_missing(window: MainWindow, monkeypatch):
    def missing(name: str) -> Any:
        raise ImportError(f"No module named '{name}'")

    monkeypatch.setattr(camera, "import_module", missing)
    said: list[str] = []
    window.camera.told.connect(said.append)
    window.commands["run.camera"].trigger()
    assert "pip install 'convolab[camera]'" in said[0]
    assert "No module named 'PySide6.QtMultimedia'" in said[0]
    assert not window.commands["run.camera"].isChecked()


class Sink(QObject):
    videoFrameChanged = Signal(object)  # noqa: N815 - Qt's name


class Device(QObject):
    errorOccurred = Signal(object, str)  # noqa: N815 - Qt's name

    def __init__(self, device: object, parent: QObject) -> None:
        super().__init__(parent)
        self.calls: list[str] = []

    def start(self) -> None:
        self.calls.append("start")

    def stop(self) -> None:
        self.calls.append("stop")


def multimedia(*, present: bool = True) -> SimpleNamespace:
    """Return what stands in for Qt's multimedia part, with the names that a camera uses."""
    device = SimpleNamespace(isNull=lambda: not present)
    session = SimpleNamespace(setCamera=lambda _: None, setVideoSink=lambda _: None)
    return SimpleNamespace(
        QMediaDevices=SimpleNamespace(defaultVideoInput=lambda: device),
        QCamera=Device,
        QVideoSink=Sink,
        QMediaCaptureSession=lambda _: session,
    )


def test_no_camera(qapp: QApplication, monkeypatch):
    monkeypatch.setattr(camera, "import_module", lambda _: multimedia(present=False))
    with pytest.raises(CameraError, match="There is no camera"):
        Camera()


def test_frames_and_errors_are_handed_on(qapp: QApplication, qtbot: QtBot, monkeypatch):
    monkeypatch.setattr(camera, "import_module", lambda _: multimedia())
    made = Camera()
    frames: list[object] = []
    failures: list[str] = []
    made.framed.connect(frames.append)
    made.failed.connect(failures.append)
    made.start()
    image = QImage(4, 3, QImage.Format.Format_RGB32)
    made._sink.videoFrameChanged.emit(SimpleNamespace(isValid=lambda: True, toImage=lambda: image))
    made._sink.videoFrameChanged.emit(SimpleNamespace(isValid=lambda: False))
    made._camera.errorOccurred.emit(1, "unplugged")
    made.stop()
    assert frames == [image]
    assert failures == ["unplugged"]
    assert made._camera.calls == ["start", "stop"]


def test_a_system_that_does_not_allow_it(qapp: QApplication, monkeypatch):
    monkeypatch.setattr(camera, "import_module", lambda _: multimedia())
    made, failures = Camera(), []
    made.failed.connect(failures.append)
    made._start_if(Qt.PermissionStatus.Denied)
    assert failures == ["The system does not allow the use of the camera"]
    assert made._camera.calls == []


def test_switching_twice_does_nothing(window: MainWindow, film: Film):
    actions: CameraActions = window.camera
    actions.switch(False)
    actions.switch(True)
    actions.switch(True)
    assert actions.on
