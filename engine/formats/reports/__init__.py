"""A network as a table for papers, spreadsheets and people: Markdown, CSV, LaTeX, and one HTML page to print."""

from collections.abc import Callable
from pathlib import Path

from engine.formats import files
from engine.formats.errors import FormatError
from engine.formats.reports.html import html
from engine.formats.reports.latex import latex
from engine.formats.reports.markdown import markdown
from engine.formats.reports.plain import csv
from engine.formats.reports.rows import Report, report
from engine.language import tr
from engine.network import Network

Writer = Callable[[Report], str]

WRITERS: dict[str, Writer] = {".md": markdown, ".csv": csv, ".tex": latex, ".html": html}

__all__ = ["WRITERS", "Report", "html", "is_report", "report", "save_report"]


def is_report(path: str | Path) -> bool:
    """Whether a file's suffix says that a table is written to it."""
    return Path(path).suffix.lower() in WRITERS


def save_report(network: Network, path: str | Path, *, derivations: bool = False) -> None:
    """Write the table of a network to a file, in the format of its suffix.

    Parameters
    ----------
    network
        The network; one with errors has question marks where numbers are not known.
    path
        Where to write it.
    derivations
        Whether to add how each layer's numbers come about; a CSV file has no place for that.

    Raises
    ------
    FormatError
        Where no table has this suffix.
    OSError
        Where the file can't be written; what was there before is then still there.
    """
    writer = WRITERS.get(Path(path).suffix.lower())
    if writer is None:
        raise FormatError(tr("{name}: a table is written to {known}", name=Path(path).name, known=", ".join(WRITERS)))
    files.write(path, writer(report(network, derivations=derivations)).encode())
