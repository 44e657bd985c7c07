"""A table for read-me files and notes."""

import re

from engine.formats.reports.rows import NUMBERS_FROM, TITLES, Report, shown
from engine.language import tr

# What Markdown would take for its own; an underscore within a word is none of that.
_SPECIAL = re.compile(r"[\\`*|<>\[\]~]|(?<![0-9A-Za-z])_|_(?![0-9A-Za-z])")


def markdown(report: Report) -> str:
    """Return the table as Markdown."""
    heads = [tr(title) for title in TITLES]
    rules = ["---" if number < NUMBERS_FROM else "---:" for number in range(len(heads))]
    lines = [f"# {escaped(report.name)}", "", _line(heads), _line(rules)]
    lines += [_line([escaped(cell) for cell in shown(row)]) for row in report.rows]
    lines.append(_line([f"**{cell}**" if cell else "" for cell in map(escaped, shown(report.totals))]))
    if report.remarks:
        lines += ["", "## " + tr("Remarks"), "", *(f"- {escaped(remark)}" for remark in report.remarks)]
    if report.derivations:
        lines += ["", "## " + tr("How the numbers come about")]
        for label, found in report.derivations:
            lines += ["", f"**{escaped(label)}**", "", *(f"- {one.quantity}: {escaped(one.text())}" for one in found)]
    return "\n".join(lines) + "\n"


def escaped(text: str) -> str:
    """Return a text on one line, as it is."""
    return _SPECIAL.sub(lambda found: f"\\{found[0]}", " ".join(text.split())).replace("&", "&amp;")


def _line(cells: list[str]) -> str:
    return f"| {' | '.join(cells)} |"
