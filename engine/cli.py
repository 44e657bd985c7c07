"""The command line: ``python -m engine summary | check | run | convert | schema``.

Exit codes: 0 fine, 1 the network has errors or does not solve the exercise, 2 an input can't be read or an output can't
be written.
"""

import argparse
import json
import sys
import warnings
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np

from engine.analysis import Analysis, analyse
from engine.diagnostics import Diagnostic, Severity
from engine.feature_maps import FeatureMaps
from engine.formats import FormatError, FormatWarning, load, load_weights, native, save
from engine.forward import RunError, run
from engine.images import ImageError, load_image
from engine.language import tr, tr_count, tr_noop
from engine.layers import Input
from engine.lessons import Places, graded, load_lesson, shipped
from engine.lessons import schema as lesson_schema
from engine.lint import lint
from engine.network import Network
from engine.scores import top
from engine.sheets import write_sheets
from engine.summary import layer_rows, table
from engine.weights import Mismatch, completed, mismatches

_SEVERITIES = {Severity.ERROR: tr_noop("error"), Severity.WARNING: tr_noop("warning"), Severity.INFO: tr_noop("info")}
FINE, HAS_ERRORS, UNREADABLE = 0, 1, 2


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command line and return its exit code."""
    options = _parser().parse_args(arguments)
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always", FormatWarning)
        try:
            code: int = options.command(options)
        except (FormatError, ImageError, RunError, OSError) as problem:
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
        ("summary", _summary, tr("Print every layer with its shape and counts, and the totals.")),
        ("check", _check, tr("Print what is wrong with the network, and what would mend it.")),
    ):
        made = command(name, function, text)
        made.add_argument("file", metavar="FILE", help=tr("a network (.json, .keras.json, .onnx)"))
        made.add_argument("--json", action="store_true", help=tr("for machines"))
    made.add_argument("answer", nargs="?", metavar="ANSWER", help=tr("with a lesson as FILE: what should solve it"))
    made.add_argument("--exercise", type=int, metavar="N", help=tr("only this exercise of the lesson, from 1"))
    made = command("run", _run, tr("Run an image through the network."))
    made.add_argument("file", metavar="FILE", help=tr("a network (.json, .keras.json, .onnx)"))
    made.add_argument("--image", required=True, metavar="IMG", help=tr("an image file"))
    made.add_argument("--weights", metavar="W.safetensors", help=tr("weights, in the place of the document's own"))
    made.add_argument("--maps", metavar="OUT.npz", help=tr("write every layer's output, by layer id"))
    made.add_argument(
        "--sheets", metavar="DIR", help=tr("write every layer's maps as PNG, with maps.npz and maps.html")
    )
    made.add_argument("--top", type=int, default=5, metavar="K", help=tr("how many classes to print (5)"))
    made.add_argument("--seed", type=int, default=0, help=tr("of initial weights where none are given (0)"))
    made.add_argument("--json", action="store_true", help=tr("for machines"))
    made = command("convert", _convert, tr("Write a network in another format, by suffix."))
    made.add_argument("file", metavar="IN", help=tr("a network (.json, .keras.json, .onnx)"))
    made.add_argument("out", metavar="OUT", help=tr("the file to write (.json, .keras.json, .onnx)"))
    made = command("schema", _schema, tr("Print the JSON Schema of the native document."))
    made.add_argument("--lesson", action="store_true", help=tr("of a lesson instead"))
    return parser


def _network(file: str) -> Network:
    """Read a network; what was lost on the way is said."""
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always", FormatWarning)
        network = load(file)
    for one in caught:
        print(f"convolab: {Path(file).name}: {one.message}", file=sys.stderr)
    return network


def _summary(options: argparse.Namespace) -> int:
    network = _network(options.file)
    analysis = analyse(network.graph)
    found = (*analysis.diagnostics, *lint(network.graph, analysis))
    if options.json:
        _print_json(
            {
                "name": network.name,
                "totals": _totals(analysis),
                "layers": layer_rows(analysis),
                "diagnostics": [_plain(one) for one in found],
            }
        )
    else:
        print(table(network.name, analysis))
        for one in found:
            print(_sentence(one))
    return HAS_ERRORS if analysis.errors else FINE


def _check(options: argparse.Namespace) -> int:
    if options.answer is not None:
        return _grade(options)
    network = _network(options.file)
    analysis = analyse(network.graph)
    found = (*analysis.diagnostics, *lint(network.graph, analysis))
    if options.json:
        _print_json({"name": network.name, "diagnostics": [_plain(one) for one in found]})
    else:
        for one in found:
            print(_sentence(one))
            for fix in one.fixes:
                print("         " + tr("could be mended: {fix}", fix=fix.title))
        count = len(analysis.errors)
        errors = tr_count("{count} error", "{count} errors", count) if count else tr("no errors")
        remarks = len(found) - count
        others = tr_count("{count} remark", "{count} remarks", remarks) if remarks else tr("no remarks")
        print(f"{network.name}: {errors}, {others}")
    return HAS_ERRORS if analysis.errors else FINE


def _grade(options: argparse.Namespace) -> int:
    """Print whether a network solves the exercises of a lesson."""
    lesson, places = load_lesson(options.file), Places(Path(options.file).parent, shipped())
    network = _network(options.answer)
    found = graded(lesson, network, places, options.exercise)
    met = all(one.met for one in found)
    if options.json:
        exercises = [one.plain() for one in found]
        _print_json({"lesson": lesson.title, "name": network.name, "met": met, "exercises": exercises})
    else:
        print("\n".join(line for one in found for line in one.lines()))
    return FINE if met else HAS_ERRORS


def _run(options: argparse.Namespace) -> int:
    network = _network(options.file)
    analysis = analyse(network.graph)
    if analysis.errors:
        for one in analysis.errors:
            print(_sentence(one), file=sys.stderr)
        return HAS_ERRORS
    given = load_weights(options.weights) if options.weights else network.weights
    if options.weights and given is not None and (odd := mismatches(analysis, given)):
        raise FormatError(_misfit(options.weights, odd))
    entrance = analysis.input
    assert entrance is not None
    assert isinstance(entrance.layer, Input)
    image = load_image(options.image, entrance.layer)
    maps = run(network.graph, completed(analysis, given, seed=options.seed), image, analysis=analysis)
    if options.maps:
        arrays: dict[str, Any] = dict(maps)
        with Path(options.maps).open("wb") as stream:
            np.savez_compressed(stream, **arrays)
    if options.sheets:
        write_sheets(options.sheets, network.name, analysis, maps)
    _report(options, network, analysis, maps)
    return FINE


def _report(options: argparse.Namespace, network: Network, analysis: Analysis, maps: FeatureMaps) -> None:
    answers = {node: top(network.graph.by_id[node].layer, maps[node], options.top) for node in _ends(analysis, maps)}
    if options.json:
        _print_json(
            {
                "name": network.name,
                "image": str(options.image),
                "seconds": sum(maps.seconds(node) for node in maps),
                "outputs": {
                    node: [{"class": one.number, "label": one.label, "value": one.value} for one in ranked]
                    for node, ranked in answers.items()
                },
            }
        )
        return
    for node, ranked in answers.items():
        print(f"{node} ({network.graph.by_id[node].layer.title})")
        for one in ranked:
            print(f"  {one.label:<24} {one.text}")


def _ends(analysis: Analysis, maps: FeatureMaps) -> list[str]:
    """Return the nodes whose vectors are the network's answers."""
    return [node for node in maps if not analysis.graph.outgoing[node] and maps[node].ndim == 1]


def _convert(options: argparse.Namespace) -> int:
    save(_network(options.file), options.out)
    return FINE


def _schema(options: argparse.Namespace) -> int:
    _print_json(lesson_schema() if options.lesson else native.schema())
    return FINE


def _totals(analysis: Analysis) -> dict[str, int]:
    names = ("parameters", "trainable", "non_trainable", "total_parameters", "weights", "biases", "connections", "macs")
    return {name: getattr(analysis.totals, name) for name in names}


def _plain(found: Diagnostic) -> dict[str, Any]:
    return {
        "code": found.code.value,
        "severity": found.severity.value,
        "node": found.node,
        "message": found.message,
        "fixes": [fix.title for fix in found.fixes],
    }


def _misfit(file: str, odd: Sequence[Mismatch]) -> str:
    first = odd[0]
    text = tr_noop("{file} does not fit the network in {count} arrays: {array} should be {wanted} and is {given}")
    return tr(
        text, file=file, count=len(odd), array=first.name, wanted=first.wanted, given=first.given or tr("missing")
    )


def _sentence(found: Diagnostic) -> str:
    return f"{tr(_SEVERITIES[found.severity]):<8} {found.node or '-'}: {found.message}"


def _print_json(value: Any) -> None:
    print(json.dumps(value, indent=2, ensure_ascii=False))
