"""The camera as the source: its newest frame runs as soon as the one before is done."""

from collections.abc import Callable
from typing import Protocol

from PIL import Image
from PySide6.QtCore import QObject, Qt, Signal, SignalInstance, Slot
from PySide6.QtGui import QImage

from designer.camera import MOST_PIXELS, Camera, CameraError
from designer.run_actions import RunActions
from designer.runner import Frame
from engine.language import tr


class FrameSource(Protocol):
    """What gives frames: a `Camera`, or what stands in for one."""

    framed: SignalInstance
    failed: SignalInstance

    def start(self) -> None:
        """Begin to give frames."""

    def stop(self) -> None:
        """Give no more."""


class CameraActions(QObject):
    """Switches the camera on and off. Another image, or a folder, takes its place."""

    told = Signal(str)  # a sentence for the status bar
    switched = Signal(bool)  # whether it is on now
    stoppable_changed = Signal(bool)  # whether there is something to stop: a run, or the frames that follow

    def __init__(self, runs: RunActions, parent: QObject, opened: Callable[[QObject], FrameSource] = Camera) -> None:
        super().__init__(parent)
        self._runs, self._open = runs, opened
        self._source: FrameSource | None = None
        self._busy = False
        self._expected: object = None  # the image that runs, unless somebody has opened another
        runs.settled.connect(self._on_settled)
        runs.stopped.connect(self._on_stopped)
        runs.busy_changed.connect(self._on_busy)

    @property
    def on(self) -> bool:
        """Whether frames run."""
        return self._source is not None

    def switch(self, on: bool) -> None:
        """Switch the camera on or off."""
        if on == self.on:
            return
        if not on:
            self._stop()
            return
        try:
            self._source = self._open(self)
        except CameraError as problem:
            self.told.emit(str(problem))
            self.switched.emit(False)
            return
        self._busy, self._expected = False, self._runs.image
        self._source.framed.connect(self._on_frame)
        self._source.failed.connect(self._on_failed)
        self._source.start()
        self.switched.emit(self.on)
        self._on_busy(False)

    def _stop(self) -> None:
        source, self._source = self._source, None
        if source is not None:
            source.framed.disconnect(self._on_frame)
            source.failed.disconnect(self._on_failed)
            source.stop()
            if isinstance(source, QObject):
                source.deleteLater()
            self.switched.emit(False)
            self._on_busy(self._busy)

    def close(self) -> None:
        """Switch the camera off."""
        self._stop()

    @Slot(object)
    def _on_frame(self, image: QImage) -> None:
        # A newer request would cancel the run that is under way, and a slow network would never come to its end.
        if self._busy or not self._still_on():
            return
        self._busy = True
        self._expected = frame = Frame(tr("Camera"), picture_of(image))
        self._runs.run_frame(frame)

    def _still_on(self) -> bool:
        """Whether frames run; switches the camera off where somebody has opened another image."""
        if self.on and self._runs.image is not self._expected:
            self._stop()
        return self.on

    @Slot(str)
    def _on_failed(self, reason: str) -> None:
        self._stop()
        self.told.emit(tr("The camera stopped: {reason}", reason=reason))

    @Slot()
    def _on_stopped(self) -> None:
        """Run no more frames: who stops what runs does not mean this frame alone."""
        if self.on:
            self._stop()
            self.told.emit(tr("Stopped, and the camera is off"))

    @Slot(bool)
    def _on_busy(self, busy: bool) -> None:
        self.stoppable_changed.emit(busy or self.on)

    @Slot(bool)
    def _on_settled(self, completed: bool) -> None:
        self._busy = False
        self._still_on()


def picture_of(image: QImage) -> Image.Image:
    """Return a Qt image as RGB with memory of its own, no larger than a network looks at."""
    if max(image.width(), image.height()) > MOST_PIXELS:
        image = image.scaled(
            MOST_PIXELS,
            MOST_PIXELS,
            Qt.AspectRatioMode.KeepAspectRatio,
            Qt.TransformationMode.SmoothTransformation,
        )
    plain = image.convertToFormat(QImage.Format.Format_RGB888)
    data = bytes(plain.constBits())
    return Image.frombytes("RGB", (plain.width(), plain.height()), data, "raw", "RGB", plain.bytesPerLine(), 1)
