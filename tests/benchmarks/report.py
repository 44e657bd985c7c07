"""Rows of figures, printed as one table and written into the README."""

from collections.abc import Iterable
from pathlib import Path
from typing import NamedTuple

README = Path(__file__).parents[2] / "README.md"
_BEGIN, _END = "<!-- benchmarks: {} -->", "<!-- end of benchmarks -->"


class Row(NamedTuple):
    """One figure of ours, beside a peer's where there is one: times in seconds, or any other number as text.

    ``ratio`` is theirs to ours where it was measured in turns; otherwise that of the two times.
    """

    what: str
    ours: float | str
    peer: str = ""
    theirs: float | None = None
    goal: str = ""
    ratio: float | None = None

    @property
    def cells(self) -> tuple[str, str, str, str, str]:
        """The cells of the table."""
        if self.theirs is None or isinstance(self.ours, str):
            return self.what, _time(self.ours), self.peer, "", self.goal
        return (
            self.what,
            _time(self.ours),
            f"{self.peer} {_time(self.theirs)}",
            _ratio(self.theirs / self.ours if self.ratio is None else self.ratio),
            self.goal,
        )


def table(rows: Iterable[Row]) -> str:
    """Write rows as a Markdown table."""
    head = ("measured", "Convolab", "peer", "peer / ours", "goal")
    lines = [head, ("---", "---:", "---:", "---:", "---"), *(row.cells for row in rows)]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


def write(name: str, text: str) -> None:
    """Put a text between the README's marks of that name."""
    page = README.read_text(encoding="utf-8")
    before, found, rest = page.partition(_BEGIN.format(name))
    if not found:
        raise SystemExit(f"README.md has no place for the benchmarks called {name!r}")
    _, _, after = rest.partition(_END)
    README.write_text(f"{before}{found}\n{text}\n{_END}{after}", encoding="utf-8")


def _time(seconds: float | str) -> str:
    if isinstance(seconds, str):
        return seconds
    for unit, size in (("s", 1.0), ("ms", 1e-3)):
        if seconds >= size:
            return f"{seconds / size:.3g} {unit}"
    return f"{seconds * 1e6:.3g} µs"


def _ratio(ratio: float) -> str:
    return f"{ratio:.2f}" if ratio < 10 else f"{ratio:,.0f}"
