"""The command line: ``python -m engine summary | check | twin | run | evaluate | convert | diff | schema``.

Exit codes: 0 fine, 1 the network has errors, differs from the other or does not solve the exercise, 2 an input can't be
read or an output can't be written.
"""

import argparse
import sys
import warnings
from collections.abc import Sequence
from typing import Any

from engine.catalogues import find, of_the_terminal
from engine.commands.printing import UNREADABLE
from engine.commands.reading import add_weights, size
from engine.commands.room import UsageError
from engine.commands.running import evaluate_folder, run_image
from engine.commands.seeing import check, compare_with_twin, summarise
from engine.commands.writing import compare, convert, print_schema
from engine.folders import FolderError
from engine.formats import FormatError, FormatWarning
from engine.forward import RunError
from engine.images import ImageError
from engine.language import speak, tr


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command line and return its exit code."""
    spoken = find(of_the_terminal())
    speak(spoken.catalogue if spoken is not None else None)
    options = _parser().parse_args(arguments)
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always", FormatWarning)
        try:
            code: int = options.command(options)
        except (FormatError, ImageError, FolderError, RunError, UsageError, OSError) as problem:
            print(f"convolab: {problem}", file=sys.stderr)
            code = UNREADABLE
    for warning in caught:
        print(f"convolab: {warning.message}", file=sys.stderr)
    return code


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m engine", description=tr("Convolab's engine without the window."))
    commands = parser.add_subparsers(required=True, metavar="COMMAND")

    def command(name: str, function: Any, text: str) -> argparse.ArgumentParser:
        made = commands.add_parser(name, help=text, description=text)
        made.set_defaults(command=function)
        return made

    for name, function, text in (
        ("summary", summarise, tr("Print every layer with its shape and counts, and the totals.")),
        ("check", check, tr("Print what is wrong with the network, and what would mend it.")),
        ("twin", compare_with_twin, tr("Compare every layer with a fully connected one between the same volumes.")),
    ):
        made = command(name, function, text)
        made.add_argument("file", metavar="FILE", help=tr("a network (.json, .keras.json, .onnx)"))
        made.add_argument("--json", action="store_true", help=tr("for machines"))
    made = commands.choices["check"]
    made.add_argument("answer", nargs="?", metavar="ANSWER", help=tr("with a lesson as FILE: what should solve it"))
    made.add_argument("--exercise", type=int, metavar="N", help=tr("only this exercise of the lesson, from 1"))
    made = command("run", run_image, tr("Run an image through the network."))
    made.add_argument("file", metavar="FILE", help=tr("a network (.json, .keras.json, .onnx)"))
    made.add_argument("--image", required=True, metavar="IMG", help=tr("an image file"))
    add_weights(made)
    made.add_argument("--maps", metavar="OUT.npz", help=tr("write every layer's output, by layer id"))
    made.add_argument(
        "--sheets", metavar="DIR", help=tr("write every layer's maps as PNG, with maps.npz and maps.html")
    )
    made.add_argument("--top", type=int, default=5, metavar="K", help=tr("how many classes to print (5)"))
    made.add_argument("--seed", type=int, default=0, help=tr("of initial weights where none are given (0)"))
    made.add_argument("--resize", metavar="WxH", help=tr("use an image of another size than the Input layer's"))
    made.add_argument(
        "--keep",
        metavar="ID,…",
        help=tr("keep only these layers' maps and the answers; “answers” for these alone"),
    )
    made.add_argument(
        "--memory", metavar="2G", help=tr("how much a run may take (most of what the machine has to spare)")
    )
    made.add_argument("--json", action="store_true", help=tr("for machines"))
    text = tr("Compare the answers with a folder that has a sub-folder for each class.")
    made = command("evaluate", evaluate_folder, text)
    made.add_argument("file", metavar="FILE", help=tr("a network (.json, .keras.json, .onnx)"))
    made.add_argument("folder", metavar="FOLDER", help=tr("its sub-folders are named as the network's classes"))
    add_weights(made)
    made.add_argument("--seed", type=int, default=0, help=tr("of initial weights where none are given (0)"))
    made.add_argument("--csv", metavar="DIR", help=tr("write confusion.csv, classes.csv and images.csv"))
    made.add_argument("--json", action="store_true", help=tr("for machines"))
    made = command("convert", convert, tr("Write a network in another format, by suffix."))
    made.add_argument("file", metavar="IN", help=tr("a network (.json, .keras.json, .onnx)"))
    written = tr(
        "the file to write (.json, .keras.json, .onnx, .py for PyTorch, .keras.py; a table: .md, .csv, .tex, .html), "
        "or a folder for a project"
    )
    made.add_argument("out", metavar="OUT", help=written)
    made.add_argument("--derivations", action="store_true", help=tr("how numbers come about (.md, .tex, .html)"))
    add_weights(made)
    made = command("diff", compare, tr("Print what differs between two networks; the exit code is 1 then."))
    made.add_argument("file", metavar="A", help=tr("a network (.json, .keras.json, .onnx)"))
    made.add_argument("other", metavar="B", help=tr("another one"))
    made.add_argument("--image", metavar="IMG", help=tr("also compare the maps that both make of an image"))
    made.add_argument("--seed", type=int, default=0, help=tr("of initial weights where none are given (0)"))
    made.add_argument("--json", action="store_true", help=tr("for machines"))
    for reads in ("summary", "check", "twin", "run", "evaluate", "convert", "diff"):
        commands.choices[reads].add_argument(
            "--size", type=size, metavar="WxH", help=tr("the image's size where an ONNX file leaves it open")
        )
    made = command("schema", print_schema, tr("Print the JSON Schema of the native document."))
    made.add_argument("--lesson", action="store_true", help=tr("of a lesson instead"))
    return parser
