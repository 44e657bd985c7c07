"""What the menus and the toolbar hold, in their order."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtGui import QActionGroup, QKeySequence
from PySide6.QtWidgets import QMenu

from designer.canvas.heat import Measure
from designer.commands import Command, Commands
from designer.docking import show_floating
from designer.lesson_shelf import by_part
from designer.theme_choice import CHOICES
from engine.language import tr

if TYPE_CHECKING:
    from designer.window import MainWindow

_KEY = QKeySequence.StandardKey
_HEAT = ("view.heat_off", "view.heat_parameters", "view.heat_macs", "view.heat_memory", "view.heat_time")
# What is seen on the canvas, and remembered.
SIGHTS = ("view.wire_labels", "view.card_maps", "view.minimap", *_HEAT)


def fill(window: MainWindow, commands: Commands) -> None:
    """Make all menus of a window and its toolbar."""
    parts = (_file, _edit, _run, _view, _lessons, _help)
    for number, part in enumerate(parts):
        if 0 < number < len(parts) - 1:
            window.bar.addSeparator()
        part(window, commands)


def _file(window: MainWindow, commands: Commands) -> None:
    menu, files = window.menuBar().addMenu(tr("&File")), window.files
    commands.add(
        menu,
        Command("file.new", tr("&New"), files.new, _KEY.New, "new", on_bar=True),
        Command("file.template", tr("New from &template…"), files.new_from_template, "Ctrl+Shift+N"),
        Command("file.open", tr("&Open…"), files.ask_open, _KEY.Open, "open", on_bar=True),
    )
    menu.addMenu(window.recent_menu)
    _examples(window, commands, menu.addMenu(tr("&Examples")))
    commands.add(
        menu,
        None,
        Command("file.save", tr("&Save"), files.save, _KEY.Save, "save", on_bar=True),
        Command("file.save_as", tr("Save &as…"), files.save_as, _KEY.SaveAs, "save-as"),
    )
    _exports(window, commands, menu.addMenu(tr("E&xport")))
    commands.add(
        menu,
        Command("file.print", tr("&Print report…"), window.reports.print, _KEY.Print),
        None,
        Command("file.compare_file", tr("&Compare with file…"), window.versions.compare_with_file),
        Command("file.compare_saved", tr("Compare with what was last sa&ved"), window.versions.compare_with_saved),
        None,
        Command("file.load_weights", tr("&Load weights…"), window.weights.ask_load),
        Command("file.save_weights", tr("Save &weights…"), window.weights.ask_save),
        None,
        Command("file.previous", tr("&Restore previous version"), files.restore_previous),
        Command("file.recover", tr("Recover &unsaved work…"), window.recovery_asked.emit),
        None,
        Command("file.quit", tr("&Quit"), window.close, _KEY.Quit),
    )


def _exports(window: MainWindow, commands: Commands, menu: QMenu) -> None:
    files = window.files
    commands.add(
        menu,
        Command("file.export_onnx", tr("Export as ONN&X…"), files.export_onnx),
        Command("file.export_keras", tr("Export as &Keras model…"), files.export_keras),
        Command("file.export_torch", tr("Export as P&yTorch source…"), files.export_torch),
        Command("file.export_project", tr("Export as PyTorch pro&ject…"), files.export_project),
        Command("file.export_keras_source", tr("Export as Keras sour&ce…"), files.export_keras_source),
        None,
        Command("file.export_picture", tr("Export &picture…"), files.export_picture, "Ctrl+Shift+E"),
        Command("file.export_report", tr("Export &report…"), window.reports.export),
        None,
        Command("file.export_maps", tr("Export all &maps…"), window.map_export.ask_all),
        Command("file.export_layer", tr("Export the &layer's maps…"), window.map_export.ask_layer),
    )


def _examples(window: MainWindow, commands: Commands, menu: QMenu) -> None:
    for group in window.files.examples():
        menu.addSeparator()
        for file, title in group:
            commands.add(menu, Command(f"example.{file}", title, partial(window.files.open_example, file)))


def _edit(window: MainWindow, commands: Commands) -> None:
    menu, canvas, stack = window.menuBar().addMenu(tr("&Edit")), window.canvas, window.document.undo_stack
    undo, redo = stack.createUndoAction(window, tr("&Undo")), stack.createRedoAction(window, tr("&Redo"))
    for action, command in (
        (
            undo,
            Command(
                "edit.undo", tr("&Undo"), stack.undo, _KEY.Undo, "undo", on_bar=True, why=tr("There is nothing to undo")
            ),
        ),
        (
            redo,
            Command(
                "edit.redo", tr("&Redo"), stack.redo, _KEY.Redo, "redo", on_bar=True, why=tr("There is nothing to redo")
            ),
        ),
    ):
        commands.include(menu, action, command)
    commands.add(
        menu,
        None,
        Command("edit.cut", tr("Cu&t"), canvas.clipping.cut, _KEY.Cut),
        Command("edit.copy", tr("&Copy"), canvas.clipping.copy, _KEY.Copy),
        Command("edit.paste", tr("&Paste"), canvas.clipping.paste, _KEY.Paste),
        Command("edit.duplicate", tr("D&uplicate"), canvas.clipping.duplicate, "Ctrl+D"),
        None,
        Command("edit.quick_add", tr("&Quick add…"), canvas.quick_add.ask, "Tab"),
        Command("edit.replace", tr("&Replace with…"), canvas.quick_add.ask_instead),
        Command("edit.add_dot", tr("Add d&ot to wire"), canvas.dots.add_to_selected),
        Command("edit.kernels", tr("Edit &kernels"), window.kernels.open, "Ctrl+Shift+K"),
        None,
        Command("edit.select_all", tr("Select &all"), canvas.select_all, _KEY.SelectAll),
        Command("edit.find", tr("&Find…"), canvas.find_bar.open, _KEY.Find, "search"),
        Command("edit.find_next", tr("Find &next"), canvas.find_bar.next, "F3"),
        Command("edit.find_previous", tr("Find &previous"), canvas.find_bar.previous, "Shift+F3"),
        Command("edit.select_matches", tr("Select all &matches"), canvas.find_bar.select_all, "Alt+Return"),
        None,
        Command("edit.delete", tr("&Delete"), canvas.delete_selection, None, "delete"),
        None,
        Command("edit.group", tr("&Group"), canvas.groups.group, "Ctrl+G", "group"),
        Command("edit.ungroup", tr("U&ngroup"), canvas.groups.ungroup, "Ctrl+Shift+G"),
        Command("edit.auto_group", tr("Group au&tomatically"), canvas.groups.group_automatically),
    )
    # Tab is the canvas' own key: everywhere else it leads to the next field.
    commands["edit.quick_add"].setShortcutContext(Qt.ShortcutContext.WidgetShortcut)
    canvas.addAction(commands["edit.quick_add"])


def _run(window: MainWindow, commands: Commands) -> None:
    menu, runs = window.menuBar().addMenu(tr("&Run")), window.runs
    commands.add(
        menu,
        Command("run.image", tr("Open &image…"), runs.ask_open_image, "Ctrl+I", "image", on_bar=True),
        Command("run.folder", tr("Open image &folder…"), window.folders.ask_folder, "Ctrl+Shift+I"),
        Command("run.camera", tr("&Camera"), window.camera.switch, checked=False),
        Command("run.next_image", tr("&Next image"), partial(window.folders.step, 1), "Alt+Right"),
        Command("run.previous_image", tr("&Previous image"), partial(window.folders.step, -1), "Alt+Left"),
        Command("run.evaluate", tr("E&valuate folder"), window.folders.evaluate, "Ctrl+F5"),
        None,
        Command("run.run", tr("&Run"), runs.run, "F5", "run", on_bar=True),
        Command("run.stop", tr("&Stop"), runs.stop, "Shift+F5", "stop", why=tr("Nothing is running")),
        Command("run.live", tr("Run at every &edit"), runs.set_live, None, "live", on_bar=True, checked=True),
        None,
        Command("run.keep_all", tr("&Keep all maps"), window.rooms.keep_all, checked=True),
        Command("run.limit", tr("&Memory limit…"), window.rooms.ask_limit),
    )
    window.rooms.frugal_changed.connect(commands["run.keep_all"].setChecked)
    commands["run.stop"].setEnabled(False)


def _view(window: MainWindow, commands: Commands) -> None:
    menu, canvas = window.menuBar().addMenu(tr("&View")), window.canvas
    commands.add(
        menu,
        Command("view.zoom_in", tr("Zoom &in"), partial(canvas.zoom_by, 1.25), _KEY.ZoomIn, "zoom-in"),
        Command("view.zoom_out", tr("Zoom &out"), partial(canvas.zoom_by, 0.8), _KEY.ZoomOut, "zoom-out"),
        Command("view.actual_size", tr("Actual &size"), canvas.zoom_reset, "Ctrl+0"),
        Command("view.fit", tr("&Fit network"), canvas.fit_all, "Home", "fit", on_bar=True),
        Command("view.arrange", tr("Arrange &layers"), canvas.auto_layout, "Ctrl+L", "layout", on_bar=True),
        Command("view.collapse_all", tr("&Collapse all groups"), partial(canvas.groups.collapse_all, True)),
        Command("view.expand_all", tr("&Expand all groups"), partial(canvas.groups.collapse_all, False)),
        None,
        Command("view.wire_labels", tr("Shapes on &wires"), canvas.sights.show_wire_labels, checked=True),
        Command("view.card_maps", tr("Feature maps &on cards"), canvas.sights.show_maps, checked=True),
        Command("view.minimap", tr("&Minimap"), canvas.sights.show_minimap, checked=True),
    )
    # Home is the canvas' own key: everywhere else it leads to the beginning.
    commands["view.fit"].setShortcutContext(Qt.ShortcutContext.WidgetShortcut)
    canvas.addAction(commands["view.fit"])
    _heat(window, commands, menu.addMenu(tr("H&eat")))
    commands.add(
        menu,
        None,
        Command("view.next_panel", tr("&Next panel"), partial(window.focus_ring.step, 1), "F6"),
        Command("view.previous_panel", tr("Pre&vious panel"), partial(window.focus_ring.step, -1), "Shift+F6"),
    )
    panels = menu.addMenu(tr("&Panels"))
    for name, dock in window.docks.items():
        commands.include(panels, dock.toggleViewAction(), Command(f"view.{name}", dock.windowTitle(), dock.setVisible))
    commands.add(
        menu,
        None,
        Command("view.theme", tr("Dark or light &theme"), window.themes.switch, "Ctrl+T", "theme", on_bar=True),
    )
    _themes(window, commands, menu.addMenu(tr("&Theme")))


def _heat(window: MainWindow, commands: Commands, menu: QMenu) -> None:
    group = QActionGroup(window)
    for name, text, measure in (
        ("view.heat_off", tr("&Off"), None),
        ("view.heat_parameters", tr("&Parameters"), Measure.PARAMETERS),
        ("view.heat_macs", tr("MA&Cs"), Measure.MACS),
        ("view.heat_memory", tr("&Memory of maps"), Measure.MEMORY),
        ("view.heat_time", tr("&Time of the last run"), Measure.TIME),
    ):
        called = partial(window.canvas.sights.compare, measure)
        why = tr("Run an image first") if measure is Measure.TIME else ""
        commands.add(menu, Command(name, text, called, checked=measure is None, why=why))
        group.addAction(commands[name])
    commands["view.heat_time"].setEnabled(False)  # until something has run


def _themes(window: MainWindow, commands: Commands, menu: QMenu) -> None:
    """Offer the themes as one choice among several, and mark the one that was made."""
    group = QActionGroup(window)
    for choice, text in zip(CHOICES, (tr("As the &system"), tr("&Light"), tr("&Dark")), strict=True):
        name, is_now = f"view.theme_{choice}", choice == window.themes.choice
        commands.add(menu, Command(name, text, lambda _, one=choice: window.themes.choose(one), checked=is_now))
        group.addAction(commands[name])
    window.themes.changed.connect(lambda choice: commands[f"view.theme_{choice}"].setChecked(True))


def _lessons(window: MainWindow, commands: Commands) -> None:
    menu, lessons = window.menuBar().addMenu(tr("&Lessons")), window.lessons
    show_twin = partial(show_floating, window.docks["twin"], window.twin.table)
    commands.add(
        menu,
        Command("lessons.stepper", tr("&Step through layer"), lessons.step_through, "Ctrl+J", "stepper", on_bar=True),
        Command("lessons.translation", tr("&Translation lab"), lessons.translate, "Ctrl+Shift+J", "shift"),
        Command("lessons.twin", tr("CNN and &MLP"), show_twin, "Ctrl+Shift+M", "twin"),
        None,
        Command("lessons.contents", tr("&All lessons"), window.guide.show_contents, "Ctrl+F8"),
    )
    for part, entries in by_part(window.guide.menu.entries):
        submenu = menu.addMenu(part)
        for entry in entries:
            opened = partial(window.guide.open_entry, entry)
            commands.add(submenu, Command(f"lesson.{entry.key}", entry.numbered.replace("&", "&&"), opened))
    menu.addSeparator()
    menu.addMenu(window.guide.menu.own)
    commands.add(
        menu,
        Command("lessons.open", tr("&Open lesson file…"), window.guide.ask_open),
        Command("lessons.folder", tr("My lessons &folder"), window.guide.menu.open_folder),
        None,
        Command("lessons.next", tr("&Next step"), window.guide.onward, "F8", why=tr("No lesson is open")),
        Command("lessons.back", tr("Step &back"), window.guide.back, "Shift+F8", why=tr("No lesson is open")),
        Command("lessons.leave", tr("&Leave the lesson"), window.guide.leave, why=tr("No lesson is open")),
        Command("lessons.pointing", tr("&Point at things"), window.guide.set_pointing, checked=True),
    )


def _help(window: MainWindow, commands: Commands) -> None:
    commands.add(
        window.menuBar().addMenu(tr("&Help")),
        Command("help.commands", tr("&Command palette…"), window.command_palette.open, "Ctrl+K", "search"),
        Command("help.keys", tr("&Keys and mouse"), window.shortcut_sheet.open, ("F1", "?")),
        None,
        Command("help.about", tr("&About Convolab"), window.about),
    )
