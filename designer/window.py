"""The window: which panels there are, where they stand, and what the menus call."""

from functools import partial
from pathlib import Path

from PySide6.QtCore import QEvent, QSize, Qt, Signal, Slot
from PySide6.QtGui import QAction, QCloseEvent, QDragEnterEvent, QDropEvent, QKeyEvent, QShowEvent
from PySide6.QtWidgets import QApplication, QMainWindow, QMenu, QMessageBox, QToolBar, QVBoxLayout, QWidget

from designer import menus, theme
from designer.announcer import Announcer
from designer.arrangement import LEAST_CANVAS, Arrangement
from designer.camera_actions import CameraActions
from designer.canvas.view import CanvasView
from designer.commands import Commands
from designer.compare_actions import CompareActions
from designer.comparing.panel import ComparisonPanel
from designer.document import Change, Document
from designer.file_actions import FileActions
from designer.focus_ring import FocusRing
from designer.folder.evaluation_panel import EvaluationPanel
from designer.folder.panel import FolderPanel
from designer.folder_actions import FolderActions
from designer.gallery.offer import LessonOffer, TemplateOffer
from designer.kernel_actions import KernelActions
from designer.lesson_actions import LessonActions
from designer.lesson_guide import LessonGuide
from designer.lessons.lab import LabPanel
from designer.lessons.stepper import StepperPanel
from designer.map_actions import MapActions
from designer.map_export import MapExport
from designer.maps.channel_table import ChannelTable
from designer.maps.explorer import MapExplorer
from designer.maps.kernels.panel import KernelPanel
from designer.maps.panel import MapsPanel
from designer.maps.trace.panel import TracePanel
from designer.offers import offers
from designer.panels.command_palette import CommandPalette
from designer.panels.image_view import ImageView
from designer.panels.inspector import Inspector
from designer.panels.lesson.panel import LessonPanel
from designer.panels.outline import Outline
from designer.panels.palette import Palette
from designer.panels.problems import Problems
from designer.panels.scores import Scores
from designer.panels.shortcut_sheet import ShortcutSheet
from designer.panels.totals import Totals
from designer.report_actions import ReportActions
from designer.room_actions import RoomActions
from designer.run_actions import RunActions
from designer.shortcuts import sections
from designer.sight_actions import SightActions
from designer.theme_choice import ThemeChoice
from designer.trace_actions import TraceActions
from designer.twin.panel import TwinPanel
from designer.version_actions import VersionActions
from designer.view_choices import ViewChoices
from designer.weight_actions import WeightActions
from engine.formats import READABLE
from engine.images import SUFFIXES
from engine.language import tr


class MainWindow(QMainWindow):
    """Palette, canvas, maps, inspector, answer and problems around one document."""

    recovery_asked = Signal()  # by the menu: whether earlier sessions have left unsaved work

    def __init__(self) -> None:
        super().__init__()
        self.document = Document(self)
        self.canvas = CanvasView(self.document)
        self.palette_panel = Palette()
        self.inspector = Inspector(self.document)
        self.outline = Outline(self.document)
        self.maps = MapsPanel()
        self.explorer = MapExplorer()
        self.trace_panel = TracePanel()
        self.channel_table = ChannelTable()
        self.stepper, self.lab = StepperPanel(), LabPanel()
        self.comparison = ComparisonPanel()
        self.twin, self.folder, self.evaluation = TwinPanel(self.document), FolderPanel(), EvaluationPanel()
        self.lesson_panel = LessonPanel()
        self.kernel_panel = KernelPanel()
        self.problems = Problems(self.document)
        self.scores = Scores()
        self.image_view = ImageView()
        self.totals = Totals(self.document)
        self.files = FileActions(self.document, self)
        self.weights = WeightActions(self.document, self.files.proposal, self)
        self.runs = RunActions(self.document, self.maps, self.scores, self.image_view, self)
        self.rooms = RoomActions(self.document, self.runs, self.maps, self)
        self.themes = ThemeChoice(_application(), self)
        self.offer = TemplateOffer(self.canvas, self.document)
        self.lesson_offer = LessonOffer(self.canvas, self.document)
        self.bar = QToolBar(tr("Main"))
        self.recent_menu = QMenu(tr("Open &recent"), self)
        self.commands = Commands(self, self.bar)
        self.command_palette = CommandPalette(self, partial(offers, self))
        self.shortcut_sheet = ShortcutSheet(self, partial(sections, self))
        self.focus_ring = FocusRing(lambda: (self.canvas, *self.docks.values()), self)
        self.setWindowIcon(theme.icon("convolab"))
        self.setAcceptDrops(True)
        self.setCentralWidget(self.canvas)
        self.canvas.setMinimumWidth(LEAST_CANVAS)
        self.arrangement = Arrangement(self, self._panels())
        self.docks = self.arrangement.docks
        self.statusBar().addPermanentWidget(self.totals)
        self.statusBar().messageChanged.connect(self._on_message)
        self.announcer = Announcer(self.document, self.scores, self)
        self.looks = MapActions(self.maps, self.explorer, self.channel_table, self.docks["map"], self)
        self.traces = TraceActions(
            self.runs, self.maps, self.looks, self.image_view, self.trace_panel, self.docks["trace"], self
        )
        self.comparing = CompareActions(self.runs, self.explorer, self)
        self.map_export = MapExport(self.runs, self.maps, self)
        self.versions = VersionActions(self.document, self.runs, self.comparison, self.docks["compare"], self)
        self.reports = ReportActions(self.document, self.files.proposal, self)
        self.lessons = LessonActions(self.document, self.runs, self.maps, self.stepper, self.lab, self)
        self.folders = FolderActions(self.document, self.runs, self.folder, self.evaluation, self)
        self.camera = CameraActions(self.runs, self)
        self.guide = LessonGuide(self, self.lesson_panel)
        self.kernels = KernelActions(self.document, self.kernel_panel, self)
        self._add_menus()
        self.guide.attach(self.commands)
        self.view_choices = ViewChoices({name: self.commands[name] for name in menus.SIGHTS}, self)
        timed = self.commands["view.heat_time"]
        self.sights = SightActions(self.document, self.canvas, self.runs, self.maps, timed)
        self._connect()
        self._show_title()
        self.resize(1440, 900)

    # Composition

    def _panels(self) -> dict[str, tuple[str, QWidget]]:
        """Return all panels by the names of their docks, in the order of the menu."""
        answer = QWidget()
        column = QVBoxLayout(answer)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.image_view, 2)
        column.addWidget(self.scores, 3)
        return {
            "palette": (tr("Layers"), self.palette_panel),
            "outline": (tr("Outline"), self.outline),
            "maps": (tr("Feature maps"), self.maps),
            "inspector": (tr("Inspector"), self.inspector),
            "answer": (tr("Image and answer"), answer),
            "folder": (tr("Image folder"), self.folder),
            "problems": (tr("Problems"), self.problems),
            "channels": (tr("Channels"), self.channel_table),
            "map": (tr("Map"), self.explorer),
            "trace": (tr("Trace"), self.trace_panel),
            "stepper": (tr("Step by step"), self.stepper),
            "translation": (tr("Translation lab"), self.lab),
            "compare": (tr("Comparison"), self.comparison),
            "twin": (tr("CNN and MLP"), self.twin),
            "evaluation": (tr("Evaluation"), self.evaluation),
            "lesson": (tr("Lesson"), self.lesson_panel),
            "kernels": (tr("Kernels"), self.kernel_panel),
        }

    def _add_menus(self) -> None:
        self.bar.setObjectName("toolbar")
        self.bar.setMovable(False)
        self.bar.setIconSize(QSize(20, 20))
        self.addToolBar(self.bar)
        menus.fill(self, self.commands)
        self._fill_recent()

    def _connect(self) -> None:
        self.palette_panel.layer_activated.connect(self.canvas.add_layers)
        for panel in (self.problems, self.outline):
            panel.node_activated.connect(self.canvas.reveal_node)
        self.docks["outline"].toggleViewAction().triggered.connect(self._show_outline)
        self.offer.clicked.connect(self.files.new_from_template)
        self.lesson_offer.clicked.connect(self.guide.show_contents)
        self.canvas.activated.connect(lambda _: self.inspector.edit())
        self.canvas.kernels_asked.connect(self.kernels.open)
        self.explorer.kernel_asked.connect(self.kernels.open_at)
        self.canvas.figure_activated.connect(self.inspector.explainer.explain)
        self.canvas.sum_activated.connect(self.inspector.explainer.explain_sum)
        for explainer in (self.inspector.explainer, self.totals.explainer):
            explainer.node_chosen.connect(self.canvas.reveal_node)
        self.comparison.node_chosen.connect(self.canvas.reveal_node)
        self.maps.layer_activated.connect(lambda node: self.document.selection.select([node]))
        self.document.selection.changed.connect(self._on_selection)
        self.document.changed.connect(self._on_changed)
        self.document.file_changed.connect(self._show_title)
        self.files.recent_changed.connect(self._fill_recent)
        talkers = (self.files, self.weights, self.runs, self.canvas, self.map_export, self.comparing, self.traces)
        for actions in (*talkers, self.reports, self.versions, self.twin, self.folders, self.camera, self.kernels):
            actions.told.connect(self.tell)
        self.runs.went_on.connect(self.show_text)
        self.runs.settled.connect(self.announcer.run_settled)
        self.runs.shown.connect(self.looks.refresh)
        self.runs.shown.connect(self.traces.refresh)
        self.camera.stoppable_changed.connect(self.commands["run.stop"].setEnabled)
        for told in (self.commands["run.camera"].setChecked, self.announcer.hold_answers):
            self.camera.switched.connect(told)
        self.totals.clicked.connect(self.docks["problems"].show)

    # What happens

    @Slot(str)
    def tell(self, text: str) -> None:
        """Say a sentence in the status bar, and to screen readers."""
        self.show_text(text)
        self.announcer.tell(text)

    @Slot(str)
    def show_text(self, text: str) -> None:
        """Show a sentence in the status bar."""
        self.statusBar().showMessage(text, 8000)

    @Slot(str)
    def _on_message(self, text: str) -> None:
        """Let what the status bar has no room for be read under the pointer."""
        self.statusBar().setToolTip(text)

    @Slot(object)
    def _on_selection(self, nodes: tuple[str, ...]) -> None:
        if len(nodes) == 1:
            self.maps.reveal(nodes[0])
            self.looks.describe(nodes[0])

    @Slot(object)
    def _on_changed(self, change: Change) -> None:
        if change.after.name != change.before.name:
            self._show_title()

    @Slot(bool)
    def _show_outline(self, shown: bool) -> None:
        """Put the outline in front of the palette, wide enough for its columns."""
        dock = self.docks["outline"]
        if shown:
            dock.raise_()
            self.outline.tree.setFocus(Qt.FocusReason.ShortcutFocusReason)
            self.arrangement.widen("outline", self.outline.width_in(self.width()))

    def _show_title(self) -> None:
        name = self.document.path.name if self.document.path is not None else self.document.network.name
        self.setWindowTitle(f"{name}[*] – Convolab")
        self.setWindowModified(self.document.modified)

    def _fill_recent(self) -> None:
        self.recent_menu.clear()
        for path in self.files.recent():
            action = QAction(path.name, self.recent_menu)
            action.setToolTip(str(path))
            action.triggered.connect(lambda _, path=path: self.files.open_guarded(path))
            self.recent_menu.addAction(action)
        self.recent_menu.setEnabled(not self.recent_menu.isEmpty())

    def about(self) -> None:
        """Say what this program is."""
        QMessageBox.about(
            self,
            tr("About Convolab"),
            tr(
                "<b>Convolab</b><br>Draw a convolutional network, see every shape and count as you draw, "
                "run an image through it, and look at every feature map."
            ),
        )

    # Events

    def changeEvent(self, event: QEvent) -> None:
        """Draw the icons anew in the colours of another theme."""
        if event.type() == QEvent.Type.PaletteChange:
            self.commands.restyle()
        super().changeEvent(event)

    def showEvent(self, event: QShowEvent) -> None:
        """Share the window out once it has its size."""
        super().showEvent(event)
        if not event.spontaneous():
            self.arrangement.share_out()
            self.canvas.fit_all()

    def closeEvent(self, event: QCloseEvent) -> None:
        """Keep unsaved work, then end the worker thread."""
        if not self.files.may_leave():
            event.ignore()
            return
        self.arrangement.remember()
        self.lessons.close()
        self.folders.close()
        self.camera.close()
        self.guide.close()
        self.runs.close()
        self.map_export.close()
        self.versions.close()
        event.accept()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Lead back to the canvas with Escape, where no panel has a use for it."""
        if event.key() == Qt.Key.Key_Escape:
            self.canvas.setFocus(Qt.FocusReason.ShortcutFocusReason)
        else:
            super().keyPressEvent(event)

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        """Take a network, an image or a folder of images from the desktop."""
        if _dropped(event) is not None:
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:
        """Open the network, the image or the folder that was dropped."""
        path = _dropped(event)
        if path is None:
            return
        event.acceptProposedAction()
        if path.is_dir():
            self.folders.open(path)
        elif path.suffix.lower() not in READABLE:
            self.runs.open_image(path)
        elif not self.guide.open_if_lesson(path):
            self.files.open_guarded(path)


def _application() -> QApplication:
    app = QApplication.instance()
    assert isinstance(app, QApplication)
    return app


def _dropped(event: QDropEvent) -> Path | None:
    urls = event.mimeData().urls()
    path = Path(urls[0].toLocalFile()) if len(urls) == 1 and urls[0].isLocalFile() else None
    if path is not None and (path.suffix.lower() in (*READABLE, *SUFFIXES) or path.is_dir()):
        return path
    return None
