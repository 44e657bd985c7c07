"""The stepper: the selected layer's arithmetic on the image at hand, played step by step."""

from dataclasses import dataclass

from PySide6.QtCore import QEvent, QSize, Qt
from PySide6.QtWidgets import QHBoxLayout, QLabel, QVBoxLayout, QWidget

from designer.fields import CheckBox, ComboBox
from designer.lessons.animation_dialog import AnimationDialog
from designer.lessons.demonstration import Demonstration, rule
from designer.lessons.player import Player
from designer.lessons.scene import Names
from designer.lessons.scenes import scene_for
from designer.lessons.stage import Stage
from designer.lessons.transport import Transport
from designer.number_fields import SpinBox
from designer.tiles import colormaps
from engine import ConvExplanation, Grain, Steps
from engine.feature_maps import Result
from engine.language import tr, tr_noop
from engine.layers.explanation import SeparableExplanation
from engine.steps import explained, grains

_GRAINS = {
    Grain.VALUE: tr_noop("a whole value"),
    Grain.CHANNEL: tr_noop("one channel"),
    Grain.PRODUCT: tr_noop("one product"),
}
_POOLED = {Grain.VALUE: tr_noop("a whole value"), Grain.PRODUCT: tr_noop("one number")}
_HEAD = 40  # height of the bar of choices
_TALL = 700  # height from which four channels are shown instead of three


@dataclass(frozen=True, eq=False)
class Source:
    """What is stepped through: a node, what its layer computed, and the activation behind it."""

    node: str
    heading: str
    note: str
    names: Names
    result: Result
    after: Result | None = None


class StepperPanel(Demonstration):
    """The stage between a bar of choices and the bar that plays."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.source: Source | None = None
        self._colour_map = colormaps.DEFAULT
        self._filling = False
        self.player = Player(self)
        self.stage = Stage(self.player)
        self.transport = Transport(self.player)
        self.title, self.note = QLabel(), QLabel()
        self.channel_box = SpinBox(0, 0)
        self.channel_label = QLabel(tr("Filter"))
        self.first_box = SpinBox(0, 0)
        self.first_label = QLabel(tr("First channel"))
        self.grain_box = ComboBox()
        self.grain_label = QLabel(tr("One step is"))
        self.after_box = CheckBox(tr("With ReLU"))
        self._lay_out()
        self._connect()
        self.clear(tr("Select a layer to step through it"))

    def sizeHint(self) -> QSize:
        """Return a size at which the numbers of most layers can be read."""
        return QSize(1180, 700)

    # Composition

    def _lay_out(self) -> None:
        self.title.setProperty("role", "heading")
        self.note.setProperty("role", "muted")
        self.note.setTextFormat(Qt.TextFormat.PlainText)
        self.channel_box.setAccessibleName(tr("Output map"))
        self.channel_box.setToolTip(tr("Which map is filled (↑ and ↓)"))
        self.first_box.setAccessibleName(tr("First input channel"))
        self.first_box.setToolTip(tr("The first input channel that is shown"))
        self.grain_box.setAccessibleName(tr("One step is"))
        self.grain_box.setMinimumContentsLength(12)
        self.after_box.setToolTip(tr("Show the layer and the activation behind it as one"))
        page = QWidget()
        column = QVBoxLayout(page)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self._head())
        column.addWidget(self.stage, 1)
        column.addWidget(rule())
        column.addWidget(self.transport)
        self.set_page(page)

    def _head(self) -> QWidget:
        """Return the bar with what can be chosen."""
        head = QWidget()
        row = QHBoxLayout(head)
        row.setContentsMargins(14, 8, 12, 4)
        head.setMinimumHeight(_HEAD)  # with nothing to choose, too: the stage stays where it is
        row.setSpacing(8)
        row.addWidget(self.title)
        row.addWidget(self.note, 1)
        for label, box in (
            (self.channel_label, self.channel_box),
            (self.first_label, self.first_box),
            (self.grain_label, self.grain_box),
        ):
            label.setBuddy(box)
            row.addWidget(label)
            row.addWidget(box)
            row.addSpacing(4)
        row.addWidget(self.after_box)
        return head

    def _connect(self) -> None:
        self.stage.asked.connect(self._do)
        self.transport.export_requested.connect(self.export)
        self.channel_box.valueChanged.connect(lambda _: self._choose())
        self.first_box.valueChanged.connect(lambda _: self._choose())
        self.grain_box.activated.connect(lambda _: self._choose())
        self.after_box.toggled.connect(lambda _: self._choose())
        self.player.moved.connect(self._tell)

    # What is shown

    @property
    def steps(self) -> Steps | None:
        """What is played."""
        return self.stage.scene.steps if self.stage.scene is not None else None

    def show_source(self, source: Source) -> None:
        """Show a layer; where it is the one that is shown, the step, the choices and the play go on."""
        same = self.source is not None and self.source.node == source.node
        if not same:
            self.player.pause()
        before = self.steps if same else None
        self.source = source
        self._fill(source, keep=same)
        self.show_page(self.stage)
        self._build(before)

    def clear(self, text: str, *, image: bool = False) -> None:
        """Show nothing but a sentence, and the button that opens an image where one is missing."""
        self.player.pause()
        self.source = None
        self.stage.set_scene(None)
        self.player.set_count(0)
        self.say(text, image=image)

    def set_colour_map(self, name: str) -> None:
        """Show maps in other colours."""
        self._colour_map = name
        if self.source is not None:
            self._build(self.steps)

    def export(self) -> None:
        """Ask how the animation is to be written, and write it."""
        scene = self.stage.scene
        if scene is None or self.source is None:
            return
        self.player.pause()
        copy = scene_for(scene.steps, scene.names, self._colour_map, first=scene.first, rows=scene.most)
        dialog = AnimationDialog(copy, self.stage.size(), self.player, self.source.node, self)
        dialog.open()

    def changeEvent(self, event: QEvent) -> None:
        """Take the colours of a new theme."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.PaletteChange:
            self.transport.restyle()
            self.stage.update()

    # What is chosen

    def _fill(self, source: Source, *, keep: bool) -> None:
        """Offer what the layer has to choose from."""
        self._filling = True
        result = source.result
        self.title.setText(source.heading)
        self.note.setText(source.note)
        found = explained(result, (0,) * result.values.ndim)
        volume = result.values.ndim == 3
        convolved = isinstance(found, ConvExplanation | SeparableExplanation)
        self.channel_label.setText(tr("Filter") if convolved else tr("Map"))
        self.channel_box.setRange(0, len(result.values) - 1 if volume else 0)
        self.channel_box.setValue(self.channel_box.value() if keep else 0)
        _show((self.channel_label, self.channel_box), shown=volume and len(result.values) > 1)
        depth = len(found.patch.values) if isinstance(found, ConvExplanation | SeparableExplanation) else 1
        self.first_box.setRange(0, max(0, depth - self._rows()))
        self.first_box.setValue(self.first_box.value() if keep else 0)
        chosen = self.grain_box.currentData() if keep else Grain.VALUE
        self.grain_box.clear()
        for grain in grains(result):
            words = _POOLED if not convolved and grain in _POOLED and result.layer.family == "pool" else _GRAINS
            self.grain_box.addItem(tr(words[grain]), grain)
        self.grain_box.setCurrentIndex(max(0, self.grain_box.findData(chosen)))
        _show((self.grain_label, self.grain_box), shown=self.grain_box.count() > 1)
        self.after_box.setVisible(source.after is not None)
        if source.after is not None:
            self.after_box.setText(tr("With {layer}", layer=source.after.layer.title))
            self.after_box.setChecked(self.after_box.isChecked() if keep else convolved)
        self._filling = False

    def _choose(self) -> None:
        if not self._filling and self.source is not None:
            self._build(self.steps)

    def _rows(self) -> int:
        return 4 if self.stage.height() >= _TALL else 3

    def _build(self, before: Steps | None) -> None:
        """Show what is chosen, at the value that was at work before."""
        source = self.source
        assert source is not None
        grain = self.grain_box.currentData()
        after = source.after if self.after_box.isChecked() else None
        steps = Steps(source.result, self.channel_box.value(), grain, after)
        one_by_one = steps.grain is not Grain.VALUE
        depth_shown = self.first_box.maximum() > 0 and not one_by_one
        _show((self.first_label, self.first_box), shown=depth_shown)
        scene = scene_for(steps, source.names, self._colour_map, first=self.first_box.value(), rows=self._rows())
        self.stage.set_scene(scene)
        at = self.player.step
        if before is not None and before.terms != steps.terms:
            at = at // before.terms * steps.terms + (0 if one_by_one else steps.terms - 1)
        self.player.set_count(len(steps), at if before is not None else 0)

    def _do(self, name: str) -> None:
        if name in ("previous_map", "next_map"):
            self.channel_box.setValue(self.channel_box.value() + (1 if name == "next_map" else -1))
        else:
            self.transport.do(name)

    def _tell(self) -> None:
        if not self.player.playing:
            self.stage.setAccessibleDescription(self.stage.describe())


def _show(widgets: tuple[QWidget, ...], *, shown: bool) -> None:
    for widget in widgets:
        widget.setVisible(shown)
