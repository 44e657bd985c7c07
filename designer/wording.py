"""Counts, sizes and findings in a few words."""

from collections.abc import Iterable

from engine import Diagnostic, Severity

NO_PROBLEMS = "No problems"
_UNITS = ("B", "KiB", "MiB", "GiB", "TiB")
_THOUSAND = 1_000
_COUNTS = (("G", 1_000_000_000), ("M", 1_000_000), ("K", _THOUSAND))
_NOUNS = {Severity.ERROR: "error", Severity.WARNING: "warning", Severity.INFO: "remark"}


def counted(count: int, noun: str) -> str:
    """Return a number and its noun: ``1 layer``, ``1,024 layers``."""
    return f"{count:,} {noun}{'' if count == 1 else 's'}"


def rounded(count: int) -> str:
    """Return a number in few letters: ``850``, ``48.1 K``, ``124 M``."""
    if count < _THOUSAND:
        return str(count)
    unit, size = next((unit, size) for unit, size in _COUNTS if count >= size)
    digits = 1 if count < 100 * size else 0
    return f"{count / size:,.{digits}f} {unit}"


def duration(seconds: float) -> str:
    """Return a time for a reader: ``0.4 µs``, ``85 µs``, ``3.2 ms``, ``1.25 s``."""
    if seconds < 0.001:
        return f"{seconds * 1e6:.{1 if 0 < seconds < 1e-5 else 0}f} µs"
    return f"{seconds * 1000:.1f} ms" if seconds < 1 else f"{seconds:.2f} s"


def memory(nbytes: int) -> str:
    """Return a size in bytes for a reader: ``512 B``, ``9.8 KiB``, ``63 KiB``."""
    value, unit = float(nbytes), 0
    while value >= 1000 and unit + 1 < len(_UNITS):
        value, unit = value / 1024, unit + 1
    return f"{value:.1f} {_UNITS[unit]}" if unit and value < 10 else f"{value:,.0f} {_UNITS[unit]}"


def summary(findings: Iterable[Diagnostic]) -> str:
    """Return how many findings there are of each severity: ``2 errors, 1 warning``."""
    severities = [found.severity for found in findings]
    parts = [counted(severities.count(severity), noun) for severity, noun in _NOUNS.items() if severity in severities]
    return ", ".join(parts) or NO_PROBLEMS


def sentence_case(title: str) -> str:
    """Return a title as the middle of a sentence has it: ``Kernel size`` becomes ``kernel size``."""
    return title[:1].lower() + title[1:]
