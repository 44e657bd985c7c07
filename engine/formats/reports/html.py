"""One page that needs nothing beside it, for a browser and for paper."""

from html import escape

from engine.formats.reports.rows import NUMBERS_FROM, TITLES, Report, Row, shown
from engine.language import tr

_STYLE = """
:root { color-scheme: light; }
body { font: 14px/1.45 Inter, "Segoe UI", "Helvetica Neue", Arial, sans-serif; color: #1b1f26; background: #fff;
  max-width: 1200px; margin: 32px auto; padding: 0 24px; }
h1 { font-size: 26px; margin: 0 0 4px; }
h2 { font-size: 17px; margin: 32px 0 8px; }
.sums { color: #55606e; margin: 0 0 24px; }
figure { margin: 0 0 24px; text-align: center; }
figure svg { max-width: 100%; max-height: 75vh; height: auto; width: auto; }
.scroll { overflow-x: auto; }
table { border-collapse: collapse; width: 100%; font-size: 12.5px; font-variant-numeric: tabular-nums; }
th, td { padding: 5px 8px; text-align: left; vertical-align: top; border-bottom: 1px solid #e3e7ed; }
th { border-bottom: 1.5px solid #1b1f26; white-space: nowrap; }
tfoot td { border-top: 1.5px solid #1b1f26; font-weight: 600; }
.number { text-align: right; white-space: nowrap; }
.output, .type { white-space: nowrap; }
td.more { color: #55606e; min-width: 14em; }
dt { font-weight: 600; margin-top: 10px; }
dd { margin: 0 0 0 1.5em; overflow-wrap: anywhere; }
@media print {
  @page { size: A4 landscape; margin: 12mm; }
  body { margin: 0; padding: 0; max-width: none; font-size: 10px; }
  table { font-size: 8.5px; }
  th, td { padding: 3px 5px; }
  thead { display: table-header-group; }
  tr, dt, figure { break-inside: avoid; }
  figure svg { max-height: 165mm; }
  .scroll { overflow: visible; }
}
"""
_CLASSES = ("name", "type", "more", "output")


def html(report: Report, picture: str = "") -> str:
    """Return the report as a page.

    Parameters
    ----------
    report
        The network as a table.
    picture
        The network's diagram as SVG, which becomes a part of the page.
    """
    name = escape(report.name)
    figure = f"<figure>{picture[picture.index('<svg') :]}</figure>" if picture else ""
    head = f'<meta charset="utf-8">\n<title>{name}</title>\n<style>{_STYLE}</style>'
    inside = body(report, figure)
    return f'<!DOCTYPE html>\n<html lang="en">\n<head>\n{head}\n</head>\n<body>\n{inside}\n</body>\n</html>\n'


def body(report: Report, figure: str = "") -> str:
    """Return what is in the page: heading, totals, a figure, the table, remarks, derivations."""
    parts = [
        f"<h1>{escape(report.name)}</h1>",
        f'<p class="sums">{escape(sums(report))}</p>',
        figure,
        table(report),
        _list(tr("Remarks"), report.remarks),
        _derivations(report),
    ]
    return "\n".join(part for part in parts if part)


def sums(report: Report) -> str:
    """Return the network's totals in a sentence."""
    layers, parameters, rest, _, macs, memory = shown(report.totals)[1:2] + shown(report.totals)[4:9]
    parts = [layers, tr("{count} parameters", count=parameters or 0)]
    if rest:
        parts.append(tr("{count} running statistics", count=rest))
    return " · ".join([*parts, tr("{count} MACs", count=macs or 0), tr("{size} of maps for one image", size=memory)])


def table(report: Report) -> str:
    """Return the table alone."""
    heads = "".join(f'<th scope="col"{_class(at)}>{escape(tr(title))}</th>' for at, title in enumerate(TITLES))
    rows = "\n".join(_row(row) for row in report.rows)
    return (
        f'<div class="scroll"><table>\n<thead><tr>{heads}</tr></thead>\n<tbody>\n{rows}\n</tbody>\n'
        f"<tfoot>{_row(report.totals)}</tfoot>\n</table></div>"
    )


def _row(row: Row) -> str:
    cells = "".join(f"<td{_class(at)}>{escape(cell)}</td>" for at, cell in enumerate(shown(row)))
    return f"<tr>{cells}</tr>"


def _class(at: int) -> str:
    return f' class="{_CLASSES[at] if at < NUMBERS_FROM else "number"}"'


def _list(title: str, texts: tuple[str, ...]) -> str:
    items = "".join(f"<li>{escape(text)}</li>" for text in texts)
    return f"<h2>{escape(title)}</h2>\n<ul>{items}</ul>" if texts else ""


def _derivations(report: Report) -> str:
    if not report.derivations:
        return ""
    terms = "\n".join(
        f"<dt>{escape(label)}</dt>" + "".join(f"<dd>{escape(f'{one.quantity}: {one.text()}')}</dd>" for one in found)
        for label, found in report.derivations
    )
    title = escape(tr("How the numbers come about"))
    return f"<h2>{title}</h2>\n<dl>{terms}</dl>"
