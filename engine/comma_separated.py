"""Tables for spreadsheets and programs."""

import csv
import io
from collections.abc import Iterable


def comma_separated(rows: Iterable[Iterable[object]]) -> str:
    """Return rows as CSV, a line for each; cells may hold commas, quotes and ends of lines of any kind.

    Python's writer quotes a carriage return only where lines end with one, so they do until each is written.
    """
    lines = []
    for row in rows:
        line = io.StringIO()
        csv.writer(line, lineterminator="\r\n").writerow(row)
        lines.append(line.getvalue().removesuffix("\r\n") + "\n")
    return "".join(lines)
