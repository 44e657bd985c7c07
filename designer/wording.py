"""Counts, sizes and findings in a few words."""

from collections.abc import Iterable
from math import isnan

from engine import Diagnostic, Severity
from engine.language import tr, tr_count, tr_noop, tr_number

NO_PROBLEMS = tr_noop("No problems")
_UNITS = ("B", "KiB", "MiB", "GiB", "TiB")
_KEYS = (
    *(tr_noop("Alt"), tr_noop("Ctrl"), tr_noop("Shift"), tr_noop("Arrows"), tr_noop("Backspace"), tr_noop("Delete")),
    *(tr_noop("End"), tr_noop("Enter"), tr_noop("Esc"), tr_noop("Home"), tr_noop("Menu"), tr_noop("PgDn")),
    *(tr_noop("PgUp"), tr_noop("Space"), tr_noop("Tab")),
)
_THOUSAND = 1_000
_COUNTS = (("G", 1_000_000_000), ("M", 1_000_000), ("K", _THOUSAND))
_SEVERITIES = {
    Severity.ERROR: tr_noop("Error"),
    Severity.WARNING: tr_noop("Warning"),
    Severity.INFO: tr_noop("Info"),
}


def rounded(count: int) -> str:
    """Return a number in few letters: ``850``, ``48.1 K``, ``124 M``."""
    if count < _THOUSAND:
        return str(count)
    unit, size = next((unit, size) for unit, size in _COUNTS if count >= size)
    digits = 1 if count < 100 * size else 0
    return f"{tr_number(count / size, f',.{digits}f')} {unit}"


def percent(share: float, digits: int = 1) -> str:
    """Return a share for a reader: ``49.7%``; never 0 or 100 for one that is not exactly that, as ``<0.1%``."""
    if isnan(share):
        return "NaN"
    hundredths, finest = 100 * share, 10.0**-digits
    if 0 < hundredths < finest / 2:
        return "<" + tr_number(finest / 100, f".{digits}%")
    if 100 - finest / 2 <= hundredths < 100:
        return ">" + tr_number(1 - finest / 100, f".{digits}%")
    return tr_number(share, f".{0 if share in (0, 1) else digits}%").replace("-", "−")


def relative_text(share: float, sign: str = "") -> str:
    """Return a difference as a share of what was, in three digits: ``0.125%``; with the sign ``+``, ``+12.5%``."""
    return tr("{number}%", number=tr_number(100 * share, f"{sign}.3g"))


def duration(seconds: float) -> str:
    """Return a time for a reader: ``0.4 µs``, ``85 µs``, ``3.2 ms``, ``1.25 s``."""
    if seconds < 0.001:
        return f"{tr_number(seconds * 1e6, '.1f' if 0 < seconds < 1e-5 else '.0f')} µs"
    return f"{tr_number(seconds * 1000, '.1f')} ms" if seconds < 1 else f"{tr_number(seconds, '.2f')} s"


def memory(nbytes: int) -> str:
    """Return a size in bytes for a reader: ``512 B``, ``9.8 KiB``, ``63 KiB``."""
    value, unit = float(nbytes), 0
    while value >= 1000 and unit + 1 < len(_UNITS):
        value, unit = value / 1024, unit + 1
    return (
        f"{tr_number(value, '.1f')} {_UNITS[unit]}"
        if unit and value < 10
        else f"{tr_number(value, ',.0f')} {_UNITS[unit]}"
    )


def summary(findings: Iterable[Diagnostic]) -> str:
    """Return how many findings there are of each severity: ``2 errors, 1 warning``."""
    severities = [found.severity for found in findings]
    errors, warnings, remarks = (severities.count(severity) for severity in Severity)
    parts = (
        tr_count("{count:,} error", "{count:,} errors", errors) if errors else "",
        tr_count("{count:,} warning", "{count:,} warnings", warnings) if warnings else "",
        tr_count("{count:,} remark", "{count:,} remarks", remarks) if remarks else "",
    )
    return ", ".join(part for part in parts if part) or tr(NO_PROBLEMS)


def severity_title(severity: Severity) -> str:
    """Return what a severity is called before a sentence: ``Error``."""
    return tr(_SEVERITIES[severity])


def key_text(keys: str) -> str:
    """Return keys that are held together, as keyboards of the language name them: ``Ctrl+Home``."""
    return "+".join(tr(part) if part in _KEYS else part for part in keys.split("+"))
