"""The dialog that makes a picture: what it shows, how, and how large, with a preview of all that."""

from dataclasses import fields, replace
from pathlib import Path

from PySide6.QtCore import QSettings, Qt, Signal
from PySide6.QtWidgets import (
    QDialog,
    QDialogButtonBox,
    QFileDialog,
    QFormLayout,
    QHBoxLayout,
    QLabel,
    QMessageBox,
    QVBoxLayout,
    QWidget,
)

from designer import theme
from designer.document import Document
from designer.fields import CheckBox, ComboBox
from designer.number_fields import NumberBox
from designer.pictures.export import PER_MM, PRINT_DPI, Width, write
from designer.pictures.picture import Options, Picture, PictureError, Style, picture_of
from designer.pictures.pieces import Look
from designer.pictures.preview import Preview
from engine.language import tr, tr_noop, tr_number

_STYLES: tuple[tuple[str, Style], ...] = (
    (tr_noop("Canvas, as it looks"), "canvas"),
    (tr_noop("Volumes, to scale"), "volumes"),
)
_FORMATS = ("SVG", "PDF", "PNG")
_THEMES = ((tr_noop("Light"), theme.LIGHT), (tr_noop("Dark"), theme.DARK))
_UNITS = ("mm", "px")
_LOOKS: dict[Style, Look] = {"canvas": Look(names=True, parameters=True), "volumes": Look()}
_TOLD = (("shapes", tr_noop("Shapes")), ("names", tr_noop("Names")), ("parameters", tr_noop("Numbers of parameters")))
_FORM_WIDTH = 310


class PictureDialog(QDialog):
    """Asks what a picture is to show and writes it; what was chosen is proposed the next time."""

    written = Signal(object)  # Path

    def __init__(self, document: Document, proposal: Path, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._document = document
        self._proposal = proposal
        self._looks = dict(_LOOKS)
        self._picture: Picture | None = None
        self._filling = False
        self._width_chosen = False
        self.setWindowTitle(tr("Export picture"))
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.preview = Preview()
        self.style_box = ComboBox(tuple(tr(title) for title, _ in _STYLES))
        self.layers_box = ComboBox((tr("All layers"), tr("The selected layers")))
        self.theme_box = ComboBox(tuple(tr(title) for title, _ in _THEMES))
        self.told = {name: CheckBox(tr(title)) for name, title in _TOLD}
        self.fold = CheckBox(tr("Fold repeats"))
        self.note = CheckBox(tr("Say what is to scale"))
        self.transparent = CheckBox(tr("Transparent background"))
        self.format_box = ComboBox(_FORMATS)
        self.width_box = NumberBox(1, 20_000)
        self.width_box.setDecimals(1)
        self.unit_box = ComboBox(_UNITS)
        self.height_text = QLabel()
        self.height_text.setProperty("role", "muted")
        self.buttons = QDialogButtonBox()
        self.save_button = self.buttons.addButton(tr("Save…"), QDialogButtonBox.ButtonRole.AcceptRole)
        self.buttons.addButton(QDialogButtonBox.StandardButton.Cancel)
        self._lay_out()
        self._restore()
        self._connect()
        self._refresh()
        self.resize(980, 640)

    def _lay_out(self) -> None:
        form = QFormLayout()
        form.setVerticalSpacing(8)
        form.setFieldGrowthPolicy(QFormLayout.FieldGrowthPolicy.AllNonFixedFieldsGrow)
        form.addRow(tr("Style"), self.style_box)
        form.addRow(tr("Layers"), self.layers_box)
        form.addRow(tr("Colours"), self.theme_box)
        for at, box in enumerate(self.told.values()):
            form.addRow("" if at else tr("Include"), box)
        for box in (self.note, self.fold, self.transparent):
            form.addRow("", box)
        form.addRow(tr("Format"), self.format_box)
        size = QHBoxLayout()
        size.addWidget(self.width_box, 1)
        size.addWidget(self.unit_box)
        form.addRow(tr("Width"), size)
        form.addRow(tr("Height"), self.height_text)
        self.form = form
        side = QWidget()
        side.setFixedWidth(max(_FORM_WIDTH, form.sizeHint().width()))
        column = QVBoxLayout(side)
        column.setContentsMargins(0, 0, 0, 0)
        column.addLayout(form)
        column.addStretch(1)
        column.addWidget(self.buttons)
        whole = QHBoxLayout(self)
        whole.setSpacing(16)
        whole.addWidget(self.preview, 1)
        whole.addWidget(side)

    def _connect(self) -> None:
        for box in (self.layers_box, self.theme_box):
            box.currentIndexChanged.connect(self._refresh)
        self.style_box.currentIndexChanged.connect(self._change_style)
        for check in (*self.told.values(), self.fold, self.note, self.transparent):
            check.toggled.connect(self._refresh)
        self.format_box.currentIndexChanged.connect(self._show_size)
        self.unit_box.currentIndexChanged.connect(self._show_natural_size)
        self.width_box.valueChanged.connect(self._choose_width)
        self.buttons.accepted.connect(self._save)
        self.buttons.rejected.connect(self.reject)

    # What is chosen

    @property
    def style_name(self) -> Style:
        """The style chosen."""
        return _STYLES[self.style_box.currentIndex()][1]

    def options(self) -> Options:
        """Return all that is chosen but the size."""
        selected = self.layers_box.currentIndex() == 1
        return Options(
            style=self.style_name,
            colours=_THEMES[self.theme_box.currentIndex()][1],
            look=self._looks[self.style_name],
            nodes=self._document.selection.nodes if selected else None,
            fold=self.fold.isChecked(),
            note=self.note.isChecked(),
            transparent=self.transparent.isChecked(),
        )

    def _refresh(self) -> None:
        if self._filling:
            return
        checked = {name: box.isChecked() for name, box in self.told.items()}
        self._looks[self.style_name] = replace(self._looks[self.style_name], **checked)
        for box in (self.fold, self.note):
            self.form.setRowVisible(box, self.style_name == "volumes")
        try:
            self._picture = picture_of(self._document.network, self.options(), self._document.analysis)
            self.preview.show_picture(self._picture)
        except PictureError as problem:
            self._picture = None
            self.preview.show_picture(None, f"{problem}.")
        self.save_button.setEnabled(self._picture is not None)
        if self._width_chosen:
            self._show_size()
        else:
            self._show_natural_size()

    def _change_style(self) -> None:
        self._filling = True
        self._show_look()
        self._filling = False
        self._width_chosen = False
        self._refresh()

    def _show_look(self) -> None:
        for name, box in self.told.items():
            box.setChecked(getattr(self._looks[self.style_name], name))

    # How large

    def _choose_width(self) -> None:
        self._width_chosen = True
        self._show_size()

    def _show_natural_size(self) -> None:
        """Propose the size in which letters are as large as on the canvas; a PNG has two pixels for each."""
        self._width_chosen = False
        if self._picture is not None:
            natural = self._picture.width / PER_MM if self.unit_box.currentText() == "mm" else 2 * self._picture.width
            self.width_box.blockSignals(True)
            self.width_box.setValue(round(natural))
            self.width_box.blockSignals(False)
        self._show_size()

    def _show_size(self) -> None:
        if self._picture is None:
            self.height_text.clear()
            return
        unit, height = self.unit_box.currentText(), self.width_box.value() * self._picture.height / self._picture.width
        text = f"{tr_number(height, ',.0f')} {unit}"
        if self.format_box.currentText() == "PNG" and unit == "mm":
            text = tr("{size} at {density} dots per inch", size=text, density=PRINT_DPI)
        self.height_text.setText(text)

    # What happens

    def _save(self) -> None:
        if self._picture is None:
            return
        suffix = f".{self.format_box.currentText().lower()}"
        proposal = str(self._proposal.with_name(self._proposal.name + suffix))
        wanted = tr("{format} picture (*{suffix})", format=self.format_box.currentText(), suffix=suffix)
        file, _ = QFileDialog.getSaveFileName(self, tr("Export picture"), proposal, wanted)
        if not file:
            return
        path = Path(file)
        path = path if path.suffix.lower() == suffix else path.with_name(path.name + suffix)
        try:
            write(self._picture, path, Width(self.width_box.value(), self.unit_box.currentText()))
        except PictureError as problem:
            QMessageBox.warning(self, tr("The picture was not written"), f"{problem}.")
            return
        self._remember()
        self.written.emit(path)
        self.accept()

    def _remember(self) -> None:
        settings = QSettings()
        settings.beginGroup("picture")
        for name, box in self._choices().items():
            settings.setValue(name, box.currentIndex() if isinstance(box, ComboBox) else box.isChecked())
        for style, look in self._looks.items():
            for field in fields(look):
                settings.setValue(f"{style}/{field.name}", getattr(look, field.name))

    def _restore(self) -> None:
        """Propose what was chosen last; the selection only where there is one."""
        settings = QSettings()
        settings.beginGroup("picture")
        self.fold.setChecked(True)
        self.note.setChecked(True)
        for name, box in self._choices().items():
            if isinstance(box, ComboBox):
                box.setCurrentIndex(int(settings.value(name, 0, int)))  # type: ignore[call-overload]
            else:
                box.setChecked(bool(settings.value(name, box.isChecked(), bool)))
        for style, look in _LOOKS.items():
            kept = {
                f.name: bool(settings.value(f"{style}/{f.name}", getattr(look, f.name), bool)) for f in fields(look)
            }
            self._looks[style] = Look(**kept)
        self._show_look()
        some = bool(self._document.selection.nodes)
        self.layers_box.setEnabled(some)
        self.layers_box.setCurrentIndex(0)

    def _choices(self) -> dict[str, ComboBox | CheckBox]:
        return {
            "style": self.style_box,
            "theme": self.theme_box,
            "format": self.format_box,
            "unit": self.unit_box,
            "fold": self.fold,
            "note": self.note,
            "transparent": self.transparent,
        }
