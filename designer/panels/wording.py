"""Findings and titles in a few words."""

from collections.abc import Iterable

from designer.quantities import counted
from engine import Diagnostic, Severity

NO_PROBLEMS = "No problems"
_NOUNS = {Severity.ERROR: "error", Severity.WARNING: "warning", Severity.INFO: "remark"}


def summary(findings: Iterable[Diagnostic]) -> str:
    """Return how many findings there are of each severity: ``2 errors, 1 warning``."""
    severities = [found.severity for found in findings]
    parts = [counted(severities.count(severity), noun) for severity, noun in _NOUNS.items() if severity in severities]
    return ", ".join(parts) or NO_PROBLEMS


def sentence_case(title: str) -> str:
    """Return a title as the middle of a sentence has it: ``Kernel size`` becomes ``kernel size``."""
    return title[:1].lower() + title[1:]
