"""Measure the engine, print one table, and with ``--readme`` write it into the README.

``python tests/benchmarks --help`` lists the options.
"""

import argparse
import os
import platform
import sys
from collections.abc import Iterator
from pathlib import Path

# A fixed processor type would slow numpy's library down; it has to be unset before numpy is loaded.
os.environ.pop("OPENBLAS_CORETYPE", None)
os.environ.pop("OPENBLAS_L2_SIZE", None)

import editing
import limits
import live
import numpy as np
from forward import measure as forward_rows
from forward import peers
from networks import NETWORKS
from report import Row, table, write


def main() -> None:
    """Measure what is asked for."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("parts", nargs="*", default=list(_PARTS), help=", ".join(_PARTS))
    parser.add_argument("--networks", nargs="*", default=list(NETWORKS), help="of the forward pass")
    parser.add_argument("--rounds", type=int, default=25, help="how often the runtimes take turns")
    parser.add_argument("--seconds", type=float, default=0.2, help="how long a turn is, at least one run")
    parser.add_argument("--torch-python", default=sys.executable, help="an interpreter that has PyTorch")
    parser.add_argument("--readme", action="store_true", help="write the table into the README")
    options = parser.parse_args()
    rows = []
    for row in _rows(options):
        print(" | ".join(row.cells), flush=True)
        rows.append(row)
    text = f"{table(rows)}\n\n{_machine()}"
    if options.readme:
        write("engine", text)
    print(f"\n{text}")


def _rows(options: argparse.Namespace) -> Iterator[Row]:
    if "forward" in options.parts:
        runtimes = peers(options.torch_python)
        print("peers: " + ", ".join(f"{peer.kind} {peer.version}" for peer in runtimes))
        _versions.extend(f"{title} {peer.version}" for peer in runtimes if (title := _NAMES.get(peer.kind)))
        for name in options.networks:
            yield from forward_rows(name, runtimes, rounds=options.rounds, seconds=options.seconds)
    if "editing" in options.parts:
        yield from editing.measure()
    if "limits" in options.parts:
        yield from limits.measure()
    if "live" in options.parts:
        yield from live.measure()


_PARTS = ("forward", "editing", "limits", "live")
_NAMES = {"onnxruntime": "ONNX Runtime", "torch": "PyTorch"}
_versions: list[str] = []


def _machine() -> str:
    """Say what was measured on."""
    info = Path("/proc/cpuinfo")
    lines = info.read_text(encoding="utf-8").splitlines() if info.exists() else []
    models = [line.split(":")[1].strip() for line in lines if line.startswith("model name")]
    processor = models[0] if models else platform.machine()
    vectors = " with AVX-512" if any("avx512f" in line for line in lines) else ""
    versions = ", ".join([f"Python {platform.python_version()}", f"numpy {np.__version__}", *_versions])
    cores = f"{os.cpu_count()} cores of {processor}{vectors}"
    return f"Medians on {cores}; {versions}; one image of 224×224 (LeNet-5: 32×32), two threads each."


if __name__ == "__main__":
    main()
