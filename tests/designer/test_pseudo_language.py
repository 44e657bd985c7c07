"""Everything that the window says goes through the catalogue: shown in a language that brackets it."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PySide6.QtCore import QPointF, QRect
from PySide6.QtWidgets import QWidget

from designer.canvas.menus import canvas_menu, edge_menu, frame_menu, node_menu
from designer.canvas.spoken import card_name, card_wires
from designer.canvas.tooltips import edge_tooltip, node_tooltip
from designer.crash import CrashDialog
from designer.gallery.templates import TEMPLATES
from designer.offers import offers
from designer.panels.figures import QUANTITIES
from designer.recovery.session import RecoverySession
from designer.recovery.slot import Slot, Work
from designer.shortcuts import sections
from designer.window import MainWindow
from engine import LAYERS, Figure, analyse, lint, parameters
from tests.designer.pseudo import Pseudo, speak, texts_of, untranslated
from tests.designer.windows import run_digit, shown_window
from tests.engine.drawn_mistakes import CASES
from tests.strategies import fitting

# What is no text: names that the field, a file or the person has given, formats, units, keys and shorthands.
DATA = {
    *(layer.title for layer in LAYERS),
    *("Convolab", "Conv", "Untitled", "LeNet-5", "ONNX", "JSON", "SVG", "PDF", "PNG", "GIF"),
    *("px", "mm", "ms", "KiB", "MiB", "GiB", "max", "ln", "NaN", "RGB", "RGBA", "MACs", "CHW", "DCR", "CRD"),
    *("Ctrl", "Shift", "Alt", "Tab", "Del", "Return", "Enter", "Home", "End", "Esc", "Space", "Backspace", "PgUp"),
    *("Cancel", "Close", "PgDown", "PgDn", "Up", "Down", "Left", "Right", "Menu"),
}


CHOICES = {choice for layer in LAYERS for parameter in parameters(layer) for choice in parameter.choices}


@pytest.fixture
def window(qtbot, qapp, monkeypatch, resources: Path) -> Iterator[MainWindow]:
    speak(Pseudo())
    made = shown_window(qtbot, qapp, monkeypatch)
    run_digit(made, qtbot, resources)
    yield made
    speak(None)


def data_of(window: MainWindow) -> set[str]:
    graph = window.document.graph
    names = {name for node in graph.nodes for name in (node.id, node.label)}
    image = window.runs.image
    examples = {title for group in window.files.examples() for _, title in group}
    lessons = {text for one in window.guide.menu.entries for text in (one.title, one.numbered, one.part, one.summary)}
    papers = {text for one in TEMPLATES for text in (one.title, one.by) if one.year}
    return (
        DATA
        | names
        | examples
        | lessons
        | papers
        | ({image.name, *image.name.split(".")} if image is not None else set())
    )


def check(window: MainWindow, *roots: QWidget) -> None:
    known = data_of(window)
    found = {
        f"{place}: {text!r} has {words}"
        for root in roots
        for place, text in texts_of(root)
        if (words := untranslated(text, known))
    }
    assert not found, "\n".join(sorted(found))


def test_the_window_with_a_network_that_ran(window):
    for node in ("conv1", "pool1", "dense1", "softmax", "image"):
        window.document.selection.select([node])
        check(window, window)
    window.document.selection.select(["conv1", "conv2"])
    check(window, window)
    window.document.selection.select([])
    check(window, window)


def test_open_panels_dialogs_and_overlays(window, qtbot):
    window.maps.map_activated.emit("conv2", 3)
    window.traces.open("conv2", (3, 4, 5))
    for dock in window.docks.values():
        dock.show()
    window.document.selection.select(["conv2"])
    window.lessons.step_through()
    window.lessons.translate()
    qtbot.waitUntil(lambda: window.lab.comparison is not None)
    window.command_palette.open()
    window.shortcut_sheet.open()
    window.canvas.find_bar.open()
    window.canvas.find_bar.field.setText("kernel >")
    window.canvas.quick_add.ask()
    window.inspector.explainer.explain("conv2", Figure.FIELD, QRect(0, 0, 10, 10))
    window.totals.explainer.explain_sum(Figure.PARAMETERS, QRect(0, 0, 10, 10))
    window.inspector.node_page.numbers.solver.click()
    window.files.new_from_template()
    window.files.export_picture()
    window.stepper.export()
    CrashDialog("", "", window)
    check(window, window)
    assert sum("⟦" in text for _, text in texts_of(window)) > 1_000


def test_unsaved_work_is_offered(window, qtbot, tmp_path):
    slot = Slot(tmp_path)
    slot.keep(Work(window.document.network, None, None, None))
    slot.close(keep=True)
    session = RecoverySession(window.document, window.files, window, tmp_path)
    session.offer()
    check(window, session.dialog)
    session.dialog.reject()
    session.end(closed=True)


def test_menus_and_tooltips_of_the_canvas(window):
    view, analysis = window.canvas, window.document.analysis
    findings = window.document.findings
    menus = [node_menu(view, node, findings) for node in ("conv1", "dense1")]
    edge = window.document.graph.edges[0]
    menus += [edge_menu(view, edge, QPointF(0, 0)), canvas_menu(view, (0.0, 0.0))]
    check(window, *menus)
    known = data_of(window)
    for node in window.document.graph.nodes:
        assert not untranslated(node_tooltip(analysis, node.id, findings), known)
        assert not untranslated(card_name(window.document.graph, node.id, analysis.nodes[node.id], findings), known)
        assert not untranslated(card_wires(window.document.graph, node.id), known)
    assert not untranslated(edge_tooltip(analysis.nodes["conv1"].output, "conv1 → pool1", ""), known)
    window.document.selection.select(["conv1", "relu1"])
    view.groups.group()
    (group,) = window.document.network.groups
    assert untranslated(group.name, known) == []
    check(window, frame_menu(view, group.id))


def test_offers_keys_and_words_of_the_status_bar(window):
    known = data_of(window)
    for offer in offers(window):
        for text in (offer.text, offer.group, offer.refused, offer.state):
            assert not untranslated(text, known), text
    for section in sections(window):
        assert not untranslated(section.title, known)
        for keys, does in section.rows:
            assert not untranslated(does, known)
            assert not [text for key in keys if (text := untranslated(key, known))]
    for step in (window.runs.stop, window.comparing.pin, window.comparing.keep_run, window.canvas.groups.group):
        step()
        assert not untranslated(window.statusBar().currentMessage(), known)
    for number in range(window.document.undo_stack.count()):
        assert not untranslated(window.document.undo_stack.text(number), known)


@pytest.mark.parametrize("case", CASES, ids=lambda case: f"{case.code.value} {case.node}")
def test_findings_and_fixes(case):
    speak(Pseudo())
    try:
        analysis = analyse(case.graph)
        found = (*analysis.diagnostics, *lint(case.graph, analysis))
    finally:
        speak(None)
    known = {*DATA, *(node.id for node in case.graph.nodes), *(node.label for node in case.graph.nodes)}
    texts = [text for one in found for text in (one.message, *(fix.title for fix in one.fixes))]
    assert texts
    assert not [text for text in texts if untranslated(text, known)]


@pytest.mark.parametrize("kind", LAYERS)
@settings(max_examples=4)
@given(data=st.data())
def test_how_the_numbers_of_every_layer_come_about(kind, data):
    layer, shapes = data.draw(fitting(kind))
    speak(Pseudo())
    try:
        derivations, brief = layer.derive(shapes), layer.brief()
    finally:
        speak(None)
    for found in derivations:
        assert found.quantity in QUANTITIES
        assert not untranslated(found.formula, {"groups", *DATA})
    assert not untranslated(brief, {*DATA, *CHOICES})
