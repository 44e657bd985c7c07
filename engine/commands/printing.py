"""What the commands print, for people and for machines, and how they end."""

import json
from typing import Any

from engine.analysis import Analysis
from engine.diagnostics import Diagnostic, Severity
from engine.language import tr, tr_noop

SEVERITIES = {Severity.ERROR: tr_noop("error"), Severity.WARNING: tr_noop("warning"), Severity.INFO: tr_noop("info")}
FINE, HAS_ERRORS, UNREADABLE = 0, 1, 2
DIFFERENT = 1


def plain_totals(analysis: Analysis) -> dict[str, int]:
    """Return the totals for machines."""
    names = ("parameters", "trainable", "non_trainable", "total_parameters", "weights", "biases", "connections", "macs")
    return {name: getattr(analysis.totals, name) for name in names}


def plain(found: Diagnostic) -> dict[str, Any]:
    """Return a finding for machines."""
    return {
        "code": found.code.value,
        "severity": found.severity.value,
        "node": found.node,
        "message": found.message,
        "fixes": [fix.title for fix in found.fixes],
    }


def sentence(found: Diagnostic) -> str:
    """Return a finding in one line for people."""
    return f"{tr(SEVERITIES[found.severity]):<8} {found.node or '-'}: {found.message}"


def print_json(value: Any) -> None:
    """Print a value as JSON."""
    print(json.dumps(value, indent=2, ensure_ascii=False))
