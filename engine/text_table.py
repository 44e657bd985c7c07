"""A table as text: a title, a head between two rules, rows, and a last row below a third."""

from collections.abc import Sequence

Row = tuple[str, ...]


def ruled(title: str, head: Row, rows: Sequence[Row], last: Row, *, left: int) -> list[str]:
    """Return the lines of a table, all columns but the first ones flush right.

    Parameters
    ----------
    title
        Above the table.
    head, rows, last
        The names of the columns, the rows, and the row of sums; all of one length.
    left
        How many columns are flush left.
    """
    whole = (head, *rows, last)
    widths = [max(len(row[column]) for row in whole) for column in range(len(head))]
    lines = [_line(row, widths, left) for row in whole]
    rule = "─" * len(lines[0])
    return [title, rule, lines[0], rule, *lines[1:-1], rule, lines[-1]]


def _line(row: Row, widths: Sequence[int], left: int) -> str:
    cells = zip(row, widths, strict=True)
    return "  ".join(cell.ljust(width) if at < left else cell.rjust(width) for at, (cell, width) in enumerate(cells))
