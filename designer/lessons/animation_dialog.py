"""The dialog that writes an animation: which steps, how fast, how large, with progress and a way out."""

from pathlib import Path

from PySide6.QtCore import QSettings, QSize, Qt, Signal
from PySide6.QtGui import QCloseEvent
from PySide6.QtWidgets import (
    QDialog,
    QDialogButtonBox,
    QFileDialog,
    QFormLayout,
    QLabel,
    QMessageBox,
    QProgressBar,
    QVBoxLayout,
    QWidget,
)

from designer.fields import ComboBox
from designer.lessons.animation import GifWriter
from designer.lessons.player import Player
from designer.lessons.scene import Scene
from designer.number_fields import SpinBox
from engine.language import tr, tr_count, tr_number

MOST_FRAMES = 600
_PROPOSED = 150  # frames: a few seconds, a few megabytes
_WIDTHS = (640, 960, 1280)
_RATES = (1, 2, 4, 5, 10, 20)  # frames a second; a GIF counts in hundredths


class AnimationDialog(QDialog):
    """Asks for steps, speed and size, then for a file, and writes it.

    Signals
    -------
    written
        The path of a file that is complete.
    """

    written = Signal(object)

    def __init__(self, scene: Scene, size: QSize, player: Player, name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle(tr("Export animation"))
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self._scene, self._size, self._name = scene, size, name
        self.writer: GifWriter | None = None
        count = player.count
        whole = count <= MOST_FRAMES
        self.first_box = SpinBox(1, count)
        self.first_box.setValue(1 if whole else player.step + 1)
        self.last_box = SpinBox(1, count)
        self.last_box.setValue(count if whole else min(count, player.step + _PROPOSED))
        self.every_box = SpinBox(1, max(1, count))
        self.every_box.setValue(max(1, -(-(self.last_box.value() - self.first_box.value() + 1) // _PROPOSED)))
        self.rate_box = ComboBox(tuple(tr_count("{count} frame/s", "{count} frames/s", rate) for rate in _RATES))
        nearest = min(range(len(_RATES)), key=lambda number: abs(_RATES[number] - player.speed))
        self.rate_box.setCurrentIndex(nearest)
        self.width_box = ComboBox(tuple(f"{width} px" for width in _WIDTHS))
        self.width_box.setCurrentIndex(1)
        self.summary = QLabel()
        self.summary.setProperty("role", "muted")
        self.progress = QProgressBar()
        self.progress.setAccessibleName(tr("Frames written"))
        self.progress.hide()
        self.buttons = QDialogButtonBox()
        self.save_button = self.buttons.addButton(tr("Save…"), QDialogButtonBox.ButtonRole.AcceptRole)
        self.cancel_button = self.buttons.addButton(QDialogButtonBox.StandardButton.Cancel)
        self._lay_out()
        self._connect()
        self._sum_up()

    def _lay_out(self) -> None:
        form = QFormLayout()
        form.setVerticalSpacing(8)
        for title, box in (
            (tr("First step"), self.first_box),
            (tr("Last step"), self.last_box),
            (tr("Every so many steps"), self.every_box),
            (tr("Speed"), self.rate_box),
            (tr("Width"), self.width_box),
        ):
            form.addRow(title, box)
            box.setAccessibleName(title)
        column = QVBoxLayout(self)
        column.setSpacing(12)
        column.addLayout(form)
        column.addWidget(self.summary)
        column.addWidget(self.progress)
        column.addWidget(self.buttons)
        self.setMinimumWidth(340)

    def _connect(self) -> None:
        for box in (self.first_box, self.last_box, self.every_box):
            box.valueChanged.connect(lambda _: self._sum_up())
        for choice in (self.rate_box, self.width_box):
            choice.currentIndexChanged.connect(lambda _: self._sum_up())
        self.buttons.accepted.connect(self._save)
        self.buttons.rejected.connect(self.reject)

    @property
    def frames(self) -> list[int]:
        """The steps that become frames; the last one is always among them."""
        first, last = self.first_box.value() - 1, self.last_box.value() - 1
        made = list(range(first, last + 1, self.every_box.value()))
        return made if not made or made[-1] == last else [*made, last]

    @property
    def milliseconds(self) -> int:
        """How long a frame is shown."""
        return 1000 // _RATES[self.rate_box.currentIndex()]

    @property
    def pixels(self) -> tuple[int, int]:
        """Width and height, in the proportions of the stage."""
        width = _WIDTHS[self.width_box.currentIndex()]
        return width, max(1, round(width * self._size.height() / max(1, self._size.width())))

    def _sum_up(self) -> None:
        count = len(range(self.first_box.value() - 1, self.last_box.value(), self.every_box.value()))
        fits = 0 < count <= MOST_FRAMES
        self.save_button.setEnabled(fits)
        if not count:
            self.summary.setText(tr("The first step comes after the last one"))
        elif not fits:
            self.summary.setText(
                tr(
                    "{count:,} frames are more than {most}: take fewer steps",
                    count=count,
                    most=MOST_FRAMES,
                )
            )
        else:
            seconds = len(self.frames) * self.milliseconds / 1000
            frames = tr_count("{count:,} frame", "{count:,} frames", len(self.frames))
            self.summary.setText(f"{frames}, {tr_number(seconds, '.1f')} s, {self.pixels[0]}×{self.pixels[1]} px")

    def _save(self) -> None:
        folder = Path(str(QSettings().value("animation folder", str(Path.home()))))
        file, _ = QFileDialog.getSaveFileName(
            self, tr("Export animation"), str(folder / f"{self._name}.gif"), tr("Animations (*.gif)")
        )
        if not file:
            return
        path = Path(file) if Path(file).suffix else Path(file).with_suffix(".gif")
        QSettings().setValue("animation folder", str(path.parent))
        self.save_button.setEnabled(False)
        for box in (self.first_box, self.last_box, self.every_box, self.rate_box, self.width_box):
            box.setEnabled(False)
        self.progress.setRange(0, len(self.frames))
        self.progress.show()
        self.writer = GifWriter(self._scene, self._size, self.pixels[0], self.frames, self.milliseconds, path, self)
        self.writer.progressed.connect(self.progress.setValue)
        self.writer.finished.connect(lambda problem: self._end(problem, path))
        self.writer.start()

    def _end(self, problem: str, path: Path) -> None:
        assert self.writer is not None
        self.writer.wait()
        self.writer = None
        if problem:
            QMessageBox.warning(self, tr("Export animation"), problem)
            self.reject()
            return
        self.written.emit(path)
        self.accept()

    def reject(self) -> None:
        """Give up what is being written, and close."""
        self._stop()
        super().reject()

    def closeEvent(self, event: QCloseEvent) -> None:
        """Give up what is being written."""
        self._stop()
        super().closeEvent(event)

    def _stop(self) -> None:
        if self.writer is not None:
            self.writer.cancel()
            self.writer.wait()
            self.writer = None
