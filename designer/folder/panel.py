"""The folder as a panel: where one is in it, what is filtered, and the strip."""

from collections.abc import Callable, Sequence
from pathlib import Path

from PySide6.QtCore import QEvent, QSize, Qt, Signal
from PySide6.QtGui import QPalette
from PySide6.QtWidgets import QHBoxLayout, QLabel, QPushButton, QStackedWidget, QToolButton, QVBoxLayout, QWidget

from designer import theme
from designer.folder.strip import Strip
from designer.folder.strip_model import Mark, StripModel
from designer.folder.thumbnails import Thumbnails
from engine import ImageFolder
from engine.folders import Picture
from engine.language import tr, tr_count

_ICON = 16


class FolderPanel(QWidget):
    """The images of a folder to step through.

    Signals
    -------
    chosen
        The file of the image that was stepped to.
    folder_requested
        The person wants to open a folder.
    evaluation_requested
        The person wants to know how often the network is right on it.
    """

    chosen = Signal(object)  # Path
    folder_requested = Signal()
    evaluation_requested = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.folder: ImageFolder | None = None
        self._filter = ""
        self.thumbnails = Thumbnails(self)
        self.model = StripModel(self.thumbnails)
        self.strip = Strip(self.model)
        self.back_button = _arrow(tr("Previous image"))
        self.on_button = _arrow(tr("Next image"))
        self.place = QLabel()
        self.filter_button = QPushButton()
        self.evaluate_button = QPushButton(tr("Evaluate"))
        self.sentence = QLabel()
        self.open_button = QPushButton(tr("Open image folder…"))
        self.pages = QStackedWidget()
        self._lay_out()
        self._connect()
        self._restyle()
        self.show_sentence(tr("Open a folder of images to step through them"))

    def _lay_out(self) -> None:
        line = QHBoxLayout()
        line.setContentsMargins(8, 5, 10, 3)
        line.setSpacing(4)
        line.addWidget(self.back_button)
        line.addWidget(self.on_button)
        line.addSpacing(6)
        line.addWidget(self.place, 1)
        line.addWidget(self.filter_button)
        line.addSpacing(4)
        line.addWidget(self.evaluate_button)
        strip = QWidget()
        column = QVBoxLayout(strip)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addLayout(line)
        column.addWidget(self.strip)
        column.addStretch(1)
        self.sentence.setProperty("role", "muted")
        self.sentence.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.sentence.setWordWrap(True)
        empty = QWidget()
        middle = QVBoxLayout(empty)
        middle.setContentsMargins(24, 10, 24, 10)
        middle.addStretch(1)
        middle.addWidget(self.sentence)
        middle.addWidget(self.open_button, 0, Qt.AlignmentFlag.AlignHCenter)
        middle.addStretch(1)
        self.pages.addWidget(empty)
        self.pages.addWidget(strip)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.addWidget(self.pages)
        self.filter_button.setProperty("role", "link")
        self.filter_button.setAccessibleName(tr("Show all images"))
        self.filter_button.setToolTip(tr("Show all images of the folder again"))
        self.evaluate_button.setToolTip(tr("Run all images and compare the answers with their sub-folders"))
        self.setAutoFillBackground(True)
        self.setBackgroundRole(QPalette.ColorRole.Base)

    def _connect(self) -> None:
        self.strip.chosen.connect(self._on_chosen)
        self.back_button.clicked.connect(lambda: self.step(-1))
        self.on_button.clicked.connect(lambda: self.step(1))
        self.filter_button.clicked.connect(self.show_all)
        self.evaluate_button.clicked.connect(self.evaluation_requested)
        self.open_button.clicked.connect(self.folder_requested)

    # What is shown

    def show_folder(self, folder: ImageFolder) -> None:
        """Show a folder's images; the first becomes the current one."""
        self.folder, self._filter = folder, ""
        self.thumbnails.clear()
        self.model.set_marks({})
        self.model.show_pictures(folder, folder.pictures)
        if not folder.pictures:
            self.show_sentence(tr("There are no images in “{folder}”", folder=folder.path.name or str(folder.path)))
            return
        self.evaluate_button.setVisible(bool(folder.classes))
        self.pages.setCurrentIndex(1)
        self.strip.go(0)
        self._tell_place()

    def show_sentence(self, text: str, *, button: bool = True) -> None:
        """Show a sentence in the place of images."""
        self.sentence.setText(text)
        self.open_button.setVisible(button)
        self.pages.setCurrentIndex(0)

    def show_only(self, wanted: Callable[[Picture], bool], text: str) -> int:
        """Leave only some images in the strip and say which; returns how many there are, of which the first is shown.

        Where there are none, all stay.
        """
        if self.folder is None:
            return 0
        shown = tuple(picture for picture in self.folder.pictures if wanted(picture))
        if shown:
            self._filter = text
            self._show(shown, 0)
        return len(shown)

    def show_all(self) -> None:
        """Show all images again; the current one stays."""
        if self.folder is not None:
            path = self.model.path(self.strip.currentIndex().row())
            self._filter = ""
            at = next((row for row, one in enumerate(self.folder.pictures) if one.path == path), 0)
            self._show(self.folder.pictures, at)
            self.strip.setFocus(Qt.FocusReason.OtherFocusReason)

    def set_marks(self, marks: dict[Path, Mark]) -> None:
        """Mark images with what the network answered."""
        self.model.set_marks(marks)

    def step(self, count: int) -> bool:
        """Go some images on, or back; returns whether there is one."""
        return self.folder is not None and self.strip.step(count)

    @property
    def current(self) -> Path | None:
        """The image that was stepped to."""
        return self.model.path(self.strip.currentIndex().row()) if self.folder is not None else None

    def sizeHint(self) -> QSize:
        """Return room for the strip."""
        return QSize(600, 154)

    def minimumSizeHint(self) -> QSize:
        """Return room for the strip and a few images."""
        return QSize(260, 152)

    def changeEvent(self, event: QEvent) -> None:
        """Draw the arrows in the colours of another theme."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.PaletteChange:
            self._restyle()

    def _show(self, shown: Sequence[Picture], at: int) -> None:
        self.model.show_pictures(self.folder, shown)
        self.strip.go(at)
        self._tell_place()

    def _on_chosen(self, path: Path) -> None:
        self._tell_place()
        self.chosen.emit(path)

    def _tell_place(self) -> None:
        row, count = self.strip.currentIndex().row(), self.model.rowCount()
        path = self.model.path(row)
        name = path.name if path is not None else ""
        self.place.setText(tr("{place:,} of {count:,} · {name}", place=row + 1, count=count, name=name))
        self.back_button.setEnabled(row > 0)
        self.on_button.setEnabled(row + 1 < count)
        self.filter_button.setVisible(bool(self._filter))
        self.filter_button.setText(f"{self._filter}  ✕")

    def _restyle(self) -> None:
        self.back_button.setIcon(theme.icon("step-back"))
        self.on_button.setIcon(theme.icon("step-forward"))


def counted_images(count: int) -> str:
    """Return a number of images in words."""
    return tr_count("{count:,} image", "{count:,} images", count)


def _arrow(name: str) -> QToolButton:
    button = QToolButton()
    button.setToolTip(name)
    button.setAccessibleName(name)
    button.setIconSize(QSize(_ICON, _ICON))
    button.setAutoRepeat(True)
    button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
    return button
