"""The report of the open network: to a file, and to a printer."""

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QObject, Signal
from PySide6.QtGui import QPagedPaintDevice
from PySide6.QtWidgets import QFileDialog, QMessageBox, QWidget

from designer import reports
from designer.document import Document
from engine.formats import files
from engine.formats.reports import is_report, save_report
from engine.language import tr, tr_noop

_KINDS = (
    (tr_noop("Page to print (*.html)"), ".html"),
    (tr_noop("PDF (*.pdf)"), ".pdf"),
    (tr_noop("Markdown (*.md)"), ".md"),
    (tr_noop("Table for spreadsheets (*.csv)"), ".csv"),
    (tr_noop("LaTeX (*.tex)"), ".tex"),
)


class ReportActions(QObject):
    """Writes and prints the table of all layers, with the network's picture where there is room for one."""

    told = Signal(str)  # a sentence for the status bar

    def __init__(self, document: Document, proposal: Callable[[], Path], window: QWidget) -> None:
        super().__init__(window)
        self._document, self._proposal, self._window = document, proposal, window

    def export(self) -> None:
        """Ask for a file and write the report to it, in the format of its suffix."""
        kinds = {tr(title): suffix for title, suffix in _KINDS}
        proposal = str(self._proposal().with_suffix(".html"))
        title = tr("Export report")
        file, kind = QFileDialog.getSaveFileName(self._window, title, proposal, ";;".join(kinds))
        if not file:
            return
        path = Path(file)
        if path.suffix.lower() not in kinds.values():
            path = path.with_name(path.name + kinds.get(kind, ".html"))
        try:
            self._write(path)
        except OSError as problem:
            reason = files.reason(problem)
            text = tr("“{name}” can't be written: {reason}.", name=path.name, reason=reason)
            QMessageBox.warning(self._window, tr("The report was not written"), text)
        else:
            self.told.emit(tr("Exported {name}", name=path.name))

    def print(self) -> None:
        """Ask for a printer and print the report."""
        printer = _ask_printer(self._window)
        if printer is not None:
            reports.write_on(printer, self._document.network, self._document.analysis)
            self.told.emit(tr("Printed {name}", name=self._document.network.name))

    def _write(self, path: Path) -> None:
        network, analysis = self._document.network, self._document.analysis
        if path.suffix.lower() == ".pdf":
            files.write(path, reports.pdf(network, analysis))
        elif path.suffix.lower() == ".html":
            files.write(path, reports.page(network, analysis).encode())
        else:
            assert is_report(path)
            save_report(network, path)


def _ask_printer(window: QWidget) -> QPagedPaintDevice | None:
    """Return the printer that was chosen; None where that was called off, or the system can't print."""
    try:
        from PySide6.QtPrintSupport import QPrintDialog, QPrinter  # needs libraries that some systems lack
    except ImportError as problem:
        text = tr("Printing needs a library that is not here ({problem}). A PDF can be exported.", problem=problem)
        QMessageBox.warning(window, tr("The report can't be printed"), text)
        return None
    printer = QPrinter(QPrinter.PrinterMode.HighResolution)
    reports.lay_out_page(printer)
    dialog = QPrintDialog(printer, window)
    dialog.setWindowTitle(tr("Print report"))
    return printer if dialog.exec() == QPrintDialog.DialogCode.Accepted else None
