"""How fast the canvas paints, beside a plain scene of items and NodeGraphQt.

Run ``python tests/benchmarks/canvas.py`` in a checkout; ``--help`` lists the options. Every canvas paints the same
drawing, really, into a window of 1600×1000 pixels of the offscreen platform. Each runs in a process of its own, they
take turns, and all figures are milliseconds of processor time: medians over the turns. NodeGraphQt, where an
interpreter has it, takes minutes; ``--only`` leaves it out.
"""

import argparse
import json
import os
import statistics
import subprocess
import sys
from pathlib import Path

HERE = Path(__file__).parent
COLUMNS = ("build", "fitted", "1:1", "pan", "zoom, worst")
PEERS = {
    "Convolab": "canvas_ours.py",
    "Convolab with heat": "canvas_ours.py",
    "Convolab with maps": "canvas_ours.py",
    "plain items": "canvas_plain.py",
    "NodeGraphQt": "canvas_nodegraph.py",
}
STORIES = {
    "open": "ResNet-152 from its file to a painted canvas, laid out",
    "edit": "an edit at its top to all shapes painted, at 1:1",
    "edit, fitted": "the same with all of the network in view",
}


def main() -> None:
    """Measure and print the tables."""
    options = _options()
    for count in options.nodes:
        _table(count, options)
    _stories(options)


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--nodes", type=int, nargs="*", default=[1000, 5000], help="how many nodes")
    parser.add_argument("--rounds", type=int, default=5, help="how often the canvases take turns")
    parser.add_argument("--only", nargs="*", default=list(PEERS), help="which canvases")
    parser.add_argument("--nodegraph-python", default=sys.executable, help="an interpreter that has NodeGraphQt")
    return parser.parse_args()


def _table(count: int, options: argparse.Namespace) -> None:
    print(f"{count:,} nodes{'':10}" + "".join(f"{column:>13}" for column in COLUMNS))
    found: dict[str, list[dict[str, float]]] = {name: [] for name in options.only}
    failed: dict[str, str] = {}
    for _ in range(options.rounds):
        for name in options.only:
            if name in failed:
                continue
            answer = _ask(name, options, str(count), name.rpartition(" ")[2])
            if isinstance(answer, str):
                failed[name] = answer
            else:
                found[name].append(answer)
    ours = _medians(found[options.only[0]], COLUMNS)
    for name in options.only:
        if name in failed:
            print(f"{name:20}{failed[name]}")
            continue
        medians = _medians(found[name], COLUMNS)
        cells = [f"{medians[column]:.1f}" for column in COLUMNS]
        if name != options.only[0]:
            cells = [f"{cell} ({medians[c] / ours[c]:.1f}×)" for cell, c in zip(cells, COLUMNS, strict=True)]
        print(f"{name:20}" + "".join(f"{cell:>13}" for cell in cells))
    print()


def _stories(options: argparse.Namespace) -> None:
    turns = []
    for _ in range(options.rounds):
        answer = _ask("Convolab", options, "resnet152")
        if isinstance(answer, str):
            print(answer)
            return
        turns.append(answer)
    for name, value in _medians(turns, tuple(STORIES)).items():
        print(f"{value:8.1f}  {STORIES[name]}")


def _ask(name: str, options: argparse.Namespace, *arguments: str) -> dict[str, float] | str:
    """Run one canvas in a process of its own; return its figures, or why there are none."""
    python = options.nodegraph_python if name == "NodeGraphQt" else sys.executable
    roots = os.pathsep.join((str(HERE), str(HERE.parent.parent)))
    environment = {**os.environ, "QT_QPA_PLATFORM": "offscreen", "PYTHONPATH": roots}
    command = [python, str(HERE / PEERS[name]), *arguments]
    done = subprocess.run(command, capture_output=True, text=True, env=environment)
    if done.returncode:
        return f"does not run: {(done.stderr.strip().splitlines() or ['it ended without a word'])[-1]}"
    answer: dict[str, float] = json.loads(done.stdout.splitlines()[-1])
    return answer


def _medians(turns: list[dict[str, float]], names: tuple[str, ...]) -> dict[str, float]:
    return {name: statistics.median(turn[name] for turn in turns) for name in names} if turns else {}


if __name__ == "__main__":
    main()
