"""What a lesson puts on the canvas: its networks and images, and what was there before, which comes back."""

from __future__ import annotations

import warnings
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Slot
from PySide6.QtWidgets import QMessageBox

from designer.course import Course
from designer.document import Change
from designer.runner import Frame
from engine import FormatError, FormatWarning, Network
from engine.language import tr
from engine.lessons import start_of

if TYPE_CHECKING:
    from designer.window import MainWindow


@dataclass(frozen=True)
class Earlier:
    """What was open before a lesson."""

    network: Network
    path: Path | None
    image: Path | Frame | None


class LessonDesk(QObject):
    """Opens what the steps of lessons need, as any document is opened: what is not saved is asked about."""

    def __init__(self, window: MainWindow) -> None:
        super().__init__(window)
        self._window, self._document, self._files, self._runs = window, window.document, window.files, window.runs
        self._earlier: Earlier | None = None
        self._opened: str | None = None  # which lesson's document is open
        self._loading = False
        self._document.changed.connect(self._on_changed)

    @property
    def is_strange(self) -> bool:
        """Whether another network was opened in the place of the lesson's."""
        return self._opened is None

    def open(self, course: Course, number: int) -> bool:
        """Open the network of a step, where it is not open; what is there now and no lesson's is remembered.

        Returns
        -------
        bool
            False where the person would rather keep what is on the canvas, or the network can't be read.
        """
        wanted = course.lesson.document_at(number)
        name = f"{course.entry.key}\n{wanted}"
        if wanted is None or name == self._opened:
            return True
        with warnings.catch_warnings(record=True) as caught:
            warnings.simplefilter("always", FormatWarning)
            try:
                network = start_of(course.lesson, number, course.places)
            except FormatError as problem:
                QMessageBox.warning(self._window, tr("The lesson's network can't be opened"), str(problem))
                return False
        if network is None or not self._files.may_leave():
            return False
        if self._opened is None:
            self._earlier = self._before() or self._earlier
        self._load(network)
        self._opened = name
        for one in caught:
            self._window.tell(str(one.message))
        return True

    def open_image(self, course: Course) -> None:
        """Run the image of the step at hand, where it is not the one that runs."""
        name = course.lesson.image_at(course.number)
        if name is None:
            return
        try:
            image = course.places.path(name)
        except FormatError as problem:
            self._window.tell(str(problem))
            return
        if image != self._runs.image:
            self._runs.open_image(image)

    def clear(self) -> bool:
        """Bring back what was open before the lessons; returns whether the person agrees."""
        earlier = self._earlier
        if earlier is not None and not self._files.may_leave():
            return False
        self._earlier = self._opened = None
        if earlier is not None:
            if earlier.path is None or not self._files.open(earlier.path):
                self._load(earlier.network)
            if isinstance(earlier.image, Frame):
                self._runs.run_frame(earlier.image)
            elif earlier.image is not None:
                self._runs.open_image(earlier.image)
        return True

    def _before(self) -> Earlier | None:
        """Return what is open; None for an empty canvas, and for what the person has just discarded."""
        document = self._document
        lost = document.modified and document.path is None
        if lost or (document.path is None and not document.graph.nodes):
            return None
        return Earlier(document.network, document.path, self._runs.image)

    def _load(self, network: Network) -> None:
        self._loading = True
        try:
            self._files.show(network)
        finally:
            self._loading = False

    @Slot(object)
    def _on_changed(self, change: Change) -> None:
        if change.loaded and not self._loading:
            self._opened = None
