"""A table for spreadsheets and programs: every number exact, every title an English word that stays."""

from engine.comma_separated import comma_separated
from engine.formats.reports.rows import Report, Row

_TITLES = {
    "parameters": "hyper_parameters",
    "trainable": "parameters",
    "memory": "memory_bytes",
    "field": "receptive_field",
}


def csv(report: Report) -> str:
    """Return the table as CSV: a line for each layer, and the totals at the end; what is not known is empty."""
    titles = [_TITLES.get(name, name) for name in Row._fields]
    rows = (*report.rows, report.totals._replace(name="total", type=""))
    return comma_separated([titles, *(["" if cell in (None, "?") else cell for cell in row] for row in rows)])
