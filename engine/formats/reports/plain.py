"""A table for spreadsheets and programs: every number exact, every title an English word that stays."""

import csv as comma_separated
import io

from engine.formats.reports.rows import Report, Row

_TITLES = {
    "parameters": "hyper_parameters",
    "trainable": "parameters",
    "memory": "memory_bytes",
    "field": "receptive_field",
}


def csv(report: Report) -> str:
    """Return the table as CSV: a line for each layer, and the totals at the end; what is not known is empty."""
    out = io.StringIO()
    writer = comma_separated.writer(out, lineterminator="\n")
    writer.writerow([_TITLES.get(name, name) for name in Row._fields])
    for row in (*report.rows, report.totals._replace(name="total", type="")):
        writer.writerow(["" if cell in (None, "?") else cell for cell in row])
    return out.getvalue()
