"""What a camera sees, by way of Qt's multimedia part, which is an extra that need not be installed."""

from importlib import import_module
from typing import Any

from PySide6.QtCore import QCameraPermission, QObject, Qt, Signal
from PySide6.QtWidgets import QApplication

from engine.language import tr

MOST_PIXELS = 640  # of the long side of a frame: no network in reach looks at more


class CameraError(Exception):
    """A camera that can't be used; the message is one sentence."""


class Camera(QObject):
    """A camera that is off until it is started; ``framed`` carries a ``QImage``, ``failed`` why there will be none.

    Raises
    ------
    CameraError
        Where Qt's multimedia part or a camera is missing.
    """

    framed = Signal(object)
    failed = Signal(str)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        multimedia = _multimedia()
        device = multimedia.QMediaDevices.defaultVideoInput()
        if device.isNull():
            raise CameraError(tr("There is no camera"))
        self._camera = multimedia.QCamera(device, self)
        self._sink = multimedia.QVideoSink(self)
        self._session = multimedia.QMediaCaptureSession(self)
        self._session.setCamera(self._camera)
        self._session.setVideoSink(self._sink)
        self._sink.videoFrameChanged.connect(self._on_frame)
        self._camera.errorOccurred.connect(lambda _, text: self.failed.emit(text))

    def start(self) -> None:
        """Switch the camera on, once the system, or the person that it asks, allows it."""
        app, wanted = QApplication.instance(), QCameraPermission()
        assert isinstance(app, QApplication)
        if app.checkPermission(wanted) == Qt.PermissionStatus.Undetermined:
            app.requestPermission(wanted, self, lambda _: self._start_if(app.checkPermission(wanted)))
        else:
            self._start_if(app.checkPermission(wanted))

    def stop(self) -> None:
        """Switch the camera off."""
        self._camera.stop()

    def _start_if(self, status: Qt.PermissionStatus) -> None:
        if status == Qt.PermissionStatus.Granted:
            self._camera.start()
        else:
            self.failed.emit(tr("The system does not allow the use of the camera"))

    def _on_frame(self, frame: Any) -> None:
        if frame.isValid():
            self.framed.emit(frame.toImage())


def _multimedia() -> Any:
    try:
        return import_module("PySide6.QtMultimedia")
    except ImportError as problem:
        raise CameraError(
            tr("The camera needs Qt's multimedia part: pip install 'convolab[camera]' ({problem})", problem=problem)
        ) from problem
