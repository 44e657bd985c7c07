"""The translation lab: move the image, and see which layers' maps move with it and which hardly change."""

from PySide6.QtCore import QEvent, QSize, Qt, Slot
from PySide6.QtWidgets import (
    QFrame,
    QHBoxLayout,
    QLabel,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)

from designer.fields import ComboBox
from designer.lessons.demonstration import Demonstration, rule
from designer.lessons.lab_curve import ShiftCurve
from designer.lessons.lab_moves import MoveForm
from designer.lessons.lab_picture import MovedPicture
from designer.lessons.lab_rows import LEAST_WIDTH, LayerRows
from designer.lessons.lab_scores import ScorePair
from designer.lessons.lab_worker import REACH, CurveKey, LabWorker, Subject
from engine import Comparison, Likeness, LinearSVM, LogSoftmax, Softmax
from engine.language import tr

_HEADS = (Softmax, LogSoftmax, LinearSVM)


class LabPanel(Demonstration):
    """The moved image with its sliders, the layers, the curve of one of them, and the answer."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.subject: Subject | None = None
        self.comparison: Comparison | None = None
        self._curves: dict[CurveKey, dict[int, dict[str, Likeness]]] = {}
        self.worker = LabWorker(self)
        self.picture = MovedPicture()
        self.moves = MoveForm()
        self.rows = LayerRows()
        self.axis_box = ComboBox((tr("Shift to the right"), tr("Shift down")))
        self.curve = ShiftCurve()
        self.scores = ScorePair()
        self._lay_out()
        self._connect()
        self.clear(tr("Open an image first: the lab moves it and runs it through the network"), image=True)

    def sizeHint(self) -> QSize:
        """Return room for all three columns."""
        return QSize(1160, 680)

    # Composition

    def _lay_out(self) -> None:
        page = QWidget()
        row = QHBoxLayout(page)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(0)
        row.addWidget(self._left())
        row.addWidget(rule(upright=True))
        scroll = QScrollArea()
        scroll.setWidgetResizable(True)
        scroll.setFrameShape(QFrame.Shape.NoFrame)
        scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        scroll.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        scroll.setWidget(self.rows)
        scroll.setMinimumWidth(LEAST_WIDTH)
        self._scroll = scroll
        row.addWidget(scroll, 3)
        row.addWidget(rule(upright=True))
        row.addWidget(self._right(), 2)
        self.set_page(page)

    def _left(self) -> QWidget:
        side = QWidget()
        side.setFixedWidth(268)
        column = QVBoxLayout(side)
        column.setContentsMargins(14, 14, 14, 12)
        column.setSpacing(10)
        column.addWidget(self.picture, 1)
        column.addWidget(self.moves)
        return side

    def _right(self) -> QWidget:
        side = QWidget()
        column = QVBoxLayout(side)
        column.setContentsMargins(10, 12, 6, 12)
        column.setSpacing(8)
        self.axis_box.setAccessibleName(tr("Axis of the curve"))
        self.axis_box.setMinimumContentsLength(9)
        head = QHBoxLayout()
        title = QLabel(tr("Over the shift"))
        title.setProperty("role", "heading")
        head.addSpacing(8)
        head.addWidget(title, 1)
        head.addWidget(self.axis_box)
        head.addSpacing(8)
        column.addLayout(head)
        column.addWidget(self.curve, 3)
        column.addWidget(self.scores, 2)
        return side

    def _connect(self) -> None:
        self.moves.changed.connect(self._move)
        self.moves.border_changed.connect(self.resume)
        self.axis_box.activated.connect(lambda _: self._ask_curve())
        self.picture.dragged.connect(self.moves.set_shift)
        self.picture.reset_requested.connect(self.moves.reset)
        self.rows.chosen.connect(self._choose)
        self.curve.shift_chosen.connect(self._choose_shift)
        self.worker.compared.connect(self._on_compared)
        self.worker.point_done.connect(self._on_point)
        self.worker.failed.connect(self._on_failed)

    # What is shown

    @property
    def key(self) -> CurveKey:
        """Which curve is shown."""
        return CurveKey("xy"[self.axis_box.currentIndex()], self.moves.border)

    def show_subject(self, subject: Subject) -> None:
        """Move another image, or move it through another network; the move stays."""
        same = self.subject is not None and (
            subject.graph is self.subject.graph
            and subject.weights is self.subject.weights
            and subject.image is self.subject.image
        )
        if same:
            return
        self.subject = subject
        self._curves.clear()
        self.show_page(self.picture)
        self.resume()

    def clear(self, text: str, *, image: bool = False) -> None:
        """Show nothing but a sentence, and the button that opens an image where one is missing."""
        self.worker.cancel()
        self.subject = self.comparison = None
        self._curves.clear()
        self.rows.show_comparison(None, None)
        self.say(text, image=image)

    def pause(self) -> None:
        """Give up what is at work; `resume` takes it up again."""
        self.worker.cancel()

    def resume(self) -> None:
        """Work out what is missing."""
        if self.subject is not None:
            self._move()
            self._ask_curve()

    def set_colour_map(self, name: str) -> None:
        """Show maps in other colours."""
        self.rows.set_colour_map(name)

    def close_worker(self) -> None:
        """End the thread."""
        self.worker.close()

    def changeEvent(self, event: QEvent) -> None:
        """Paint in the colours of a new theme."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.PaletteChange:
            self.rows.set_colour_map(self.rows.colour_map)

    # What is chosen

    def _move(self) -> None:
        move = self.moves.move_at_hand
        if self.subject is not None:
            self.picture.show_image(self.subject.image, move)
            self.worker.request(self.subject, move)
            self._show_curve()

    def _choose_shift(self, shift: int) -> None:
        self.moves.sliders["dx" if self.key.axis == "x" else "dy"].setValue(shift)

    def _ask_curve(self) -> None:
        """Work out the points of the curve that are not known, from the middle outwards."""
        if self.subject is None:
            return
        known = self._curves.setdefault(self.key, {})
        missing = [shift for shift in range(-REACH, REACH + 1) if shift not in known]
        if missing:
            self.worker.request_curve(self.subject, self.key, sorted(missing, key=abs))
        self._show_curve()

    def _choose(self, node: str) -> None:
        row = self.rows.row(node)
        self._scroll.ensureVisible(0, round(row.center().y()), 0, round(row.height()))
        self._show_curve()

    def _show_curve(self) -> None:
        node, move = self.rows.current, self.moves.move_at_hand
        label = self.subject.graph.by_id[node].label if self.subject is not None and node is not None else ""
        marked = move.dx if self.key.axis == "x" else move.dy
        self.curve.show_points(self._curves.get(self.key, {}), node, label, self.key.axis, marked)

    # What comes back

    @Slot(object)
    def _on_compared(self, outcome: tuple[Subject, Comparison]) -> None:
        subject, comparison = outcome
        if subject is not self.subject:
            return
        self.comparison = comparison
        self.rows.show_comparison(subject, comparison)
        self._show_curve()
        heads = [
            node
            for node in comparison.layers
            if isinstance(subject.graph.by_id[node].layer, _HEADS) and comparison.before[node].ndim == 1
        ]
        if heads:
            layer = subject.graph.by_id[heads[-1]].layer
            self.scores.show_scores(layer, comparison.before[heads[-1]], comparison.after[heads[-1]])
        else:
            self.scores.show_scores(None, None, None)

    @Slot(object)
    def _on_point(self, outcome: tuple[Subject, CurveKey, int, dict[str, Likeness]]) -> None:
        subject, key, shift, layers = outcome
        if subject is self.subject:
            self._curves.setdefault(key, {})[shift] = layers
            self._show_curve()

    @Slot(str)
    def _on_failed(self, message: str) -> None:
        self.clear(message)
