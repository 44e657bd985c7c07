"""The report from the window: exported in every format, and printed."""

import re
from pathlib import Path

import pytest
from PySide6.QtCore import QSizeF
from PySide6.QtGui import QPageLayout
from PySide6.QtPrintSupport import QPrintDialog, QPrinter
from PySide6.QtWidgets import QFileDialog, QMessageBox

from designer import report_actions, reports
from designer.window import MainWindow
from engine import Network, analyse, load


@pytest.fixture
def lenet(window: MainWindow, resources: Path) -> MainWindow:
    window.document.load(load(resources / "examples" / "lenet5.json"))
    return window


def choose(monkeypatch, path: Path | None, kind: str = "") -> None:
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_: (str(path) if path else "", kind))


@pytest.mark.parametrize(
    ("suffix", "begins"),
    [
        (".html", "<!DOCTYPE html>"),
        (".pdf", "%PDF"),
        (".md", "# LeNet-5"),
        (".csv", "id,name"),
        (".tex", "\\documentclass"),
    ],
)
def test_every_format_is_written(suffix, begins, lenet, monkeypatch, tmp_path):
    choose(monkeypatch, tmp_path / f"report{suffix}")
    lenet.commands["file.export_report"].trigger()
    data = (tmp_path / f"report{suffix}").read_bytes()
    assert data.decode(errors="replace").startswith(begins)
    assert lenet.statusBar().currentMessage() == f"Exported report{suffix}"


def test_the_suffix_of_the_kind_is_added(lenet, monkeypatch, tmp_path):
    choose(monkeypatch, tmp_path / "report", "PDF (*.pdf)")
    lenet.reports.export()
    assert (tmp_path / "report.pdf").read_bytes().startswith(b"%PDF")


def test_called_off_nothing_is_written(lenet, monkeypatch, tmp_path):
    choose(monkeypatch, None)
    lenet.reports.export()
    assert list(tmp_path.glob("report*")) == []


def test_a_file_that_can_not_be_written_is_told_of(lenet, monkeypatch, tmp_path):
    heard: list[str] = []
    monkeypatch.setattr(QMessageBox, "warning", lambda _, title, text: heard.append(f"{title}: {text}"))
    choose(monkeypatch, tmp_path / "gone" / "report.md")
    lenet.reports.export()
    assert heard == ["The report was not written: “report.md” can't be written: its folder is not there any more."]


def test_the_page_has_the_picture_and_needs_nothing_beside_it(lenet, monkeypatch, tmp_path):
    choose(monkeypatch, tmp_path / "report.html")
    lenet.reports.export()
    page = (tmp_path / "report.html").read_text(encoding="utf-8")
    assert "<figure><svg xmlns" in page
    assert "61,706" in page
    assert re.findall(r"(?:src|href)=[\"'](?!#)", page) == []


def test_it_is_printed_on_paper_turned_to_the_side(lenet, monkeypatch, tmp_path):
    printed = tmp_path / "printed.pdf"
    seen: list[QPageLayout.Orientation] = []

    def accept(dialog: QPrintDialog) -> QPrintDialog.DialogCode:
        seen.append(dialog.printer().pageLayout().orientation())
        dialog.printer().setOutputFormat(QPrinter.OutputFormat.PdfFormat)
        dialog.printer().setOutputFileName(str(printed))
        return QPrintDialog.DialogCode.Accepted

    monkeypatch.setattr(QPrintDialog, "exec", accept)
    lenet.commands["file.print"].trigger()
    assert printed.read_bytes().startswith(b"%PDF")
    assert seen == [QPageLayout.Orientation.Landscape]
    assert lenet.statusBar().currentMessage() == "Printed LeNet-5"


def test_printing_that_was_called_off_prints_nothing(lenet, monkeypatch):
    monkeypatch.setattr(QPrintDialog, "exec", lambda _: QPrintDialog.DialogCode.Rejected)
    monkeypatch.setattr(report_actions.reports, "write_on", lambda *_: pytest.fail("it printed"))
    lenet.reports.print()


def test_pages_hold_everything(resources, qapp):
    network = load(resources / "examples" / "resnet50.json")
    made = reports.document(network, analyse(network.graph), QSizeF(1000, 700))
    assert made.pageCount() > 3
    text = made.toPlainText()
    assert all(node.label in text for node in network.graph.nodes)
    assert "25,557,032" in text


def test_a_network_without_layers_has_a_report_without_a_picture(qapp):
    empty = Network()
    assert "<figure>" not in reports.page(empty, analyse(empty.graph))
    assert reports.pdf(empty, analyse(empty.graph)).startswith(b"%PDF")
