"""The command line: ``python -m engine summary | check | twin | run | evaluate | convert | diff | schema``.

Exit codes: 0 fine, 1 the network has errors, differs from the other or does not solve the exercise, 2 an input can't be
read or an output can't be written.
"""

import argparse
import json
import sys
import warnings
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import msgspec
import numpy as np

from engine import diff_report
from engine.analysis import Analysis, analyse
from engine.catalogues import find, of_the_terminal
from engine.cli_room import UsageError, check, kept_of, limit_of, resized
from engine.diagnostics import Diagnostic, Severity
from engine.diff import MapDifference, differ, map_differences
from engine.evaluation import Step, evaluate, examination
from engine.evaluation_report import answers_csv, classes_csv, evaluation_plain, evaluation_text, matrix_csv
from engine.feature_maps import FeatureMaps
from engine.folders import FolderError, image_folder
from engine.formats import FormatError, FormatWarning, ImageSize, load, native, save
from engine.formats.reports import is_report, save_report
from engine.formats.weight_files import matched, read_arrays, taken
from engine.forward import RunError, run
from engine.images import ImageError, load_image
from engine.language import speak, tr, tr_count, tr_noop
from engine.layers import Input
from engine.lessons import Places, graded, load_lesson, shipped
from engine.lessons import schema as lesson_schema
from engine.lint import lint
from engine.network import Network
from engine.scores import top
from engine.sheets import write_sheets
from engine.summary import layer_rows, table
from engine.twin_report import twin_rows, twin_table, twin_totals
from engine.weights import completed

_SEVERITIES = {Severity.ERROR: tr_noop("error"), Severity.WARNING: tr_noop("warning"), Severity.INFO: tr_noop("info")}
FINE, HAS_ERRORS, UNREADABLE = 0, 1, 2
DIFFERENT = 1
_MOST_PIXELS = 16384  # of an image's side


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
        ("summary", _summary, tr("Print every layer with its shape and counts, and the totals.")),
        ("check", _check, tr("Print what is wrong with the network, and what would mend it.")),
        ("twin", _twin, tr("Compare every layer with a fully connected one between the same volumes.")),
    ):
        made = command(name, function, text)
        made.add_argument("file", metavar="FILE", help=tr("a network (.json, .keras.json, .onnx)"))
        made.add_argument("--json", action="store_true", help=tr("for machines"))
    made = commands.choices["check"]
    made.add_argument("answer", nargs="?", metavar="ANSWER", help=tr("with a lesson as FILE: what should solve it"))
    made.add_argument("--exercise", type=int, metavar="N", help=tr("only this exercise of the lesson, from 1"))
    made = command("run", _run, tr("Run an image through the network."))
    made.add_argument("file", metavar="FILE", help=tr("a network (.json, .keras.json, .onnx)"))
    made.add_argument("--image", required=True, metavar="IMG", help=tr("an image file"))
    _add_weights(made)
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
    made = command("evaluate", _evaluate, text)
    made.add_argument("file", metavar="FILE", help=tr("a network (.json, .keras.json, .onnx)"))
    made.add_argument("folder", metavar="FOLDER", help=tr("its sub-folders are named as the network's classes"))
    _add_weights(made)
    made.add_argument("--seed", type=int, default=0, help=tr("of initial weights where none are given (0)"))
    made.add_argument("--csv", metavar="DIR", help=tr("write confusion.csv, classes.csv and images.csv"))
    made.add_argument("--json", action="store_true", help=tr("for machines"))
    made = command("convert", _convert, tr("Write a network in another format, by suffix."))
    made.add_argument("file", metavar="IN", help=tr("a network (.json, .keras.json, .onnx)"))
    written = tr(
        "the file to write (.json, .keras.json, .onnx, .py for PyTorch, .keras.py; a table: .md, .csv, .tex, .html), "
        "or a folder for a project"
    )
    made.add_argument("out", metavar="OUT", help=written)
    made.add_argument("--derivations", action="store_true", help=tr("how numbers come about (.md, .tex, .html)"))
    _add_weights(made)
    made = command("diff", _diff, tr("Print what differs between two networks; the exit code is 1 then."))
    made.add_argument("file", metavar="A", help=tr("a network (.json, .keras.json, .onnx)"))
    made.add_argument("other", metavar="B", help=tr("another one"))
    made.add_argument("--image", metavar="IMG", help=tr("also compare the maps that both make of an image"))
    made.add_argument("--seed", type=int, default=0, help=tr("of initial weights where none are given (0)"))
    made.add_argument("--json", action="store_true", help=tr("for machines"))
    for reads in ("summary", "check", "twin", "run", "evaluate", "convert", "diff"):
        commands.choices[reads].add_argument(
            "--size", type=_size, metavar="WxH", help=tr("the image's size where an ONNX file leaves it open")
        )
    made = command("schema", _schema, tr("Print the JSON Schema of the native document."))
    made.add_argument("--lesson", action="store_true", help=tr("of a lesson instead"))
    return parser


def _add_weights(command: argparse.ArgumentParser) -> None:
    text = tr("weights (.safetensors under our names or PyTorch's, .npz), in the place of the document's own")
    command.add_argument("--weights", metavar="W", help=text)
    command.add_argument("--partial", action="store_true", help=tr("use what fits of them where not all does"))


def _with_weights(options: argparse.Namespace, network: Network) -> Network:
    """Return a network with the weights asked for; what does not fit is listed before anything is done with it."""
    if not options.weights:
        return network
    match = matched(network, read_arrays(options.weights))
    if match.misfits and not (options.partial and match.fitting):
        told = tr(
            "{file}: {odd} of {needed} arrays do not fit (--partial uses the others)",
            file=Path(options.weights).name,
            odd=len(match.misfits),
            needed=match.needed,
        )
        raise FormatError("\n  ".join([told, *match.lines()]))
    for line in match.lines():
        print(f"convolab: {Path(options.weights).name}: {line}", file=sys.stderr)
    return msgspec.structs.replace(network, weights=taken(network, match))


def _network(file: str, size: ImageSize | None = None) -> Network:
    """Read a network; what was lost on the way is said."""
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always", FormatWarning)
        network = load(file, size=size)
    for one in caught:
        print(f"convolab: {Path(file).name}: {one.message}", file=sys.stderr)
    return network


def _size(text: str) -> ImageSize:
    """Return height and width of ``320x240``, or of ``224``, which is a square."""
    width, _, height = text.partition("x")
    sides = [int(side) if side.isdecimal() else 0 for side in (height or width, width)]
    if not all(1 <= side <= _MOST_PIXELS for side in sides):
        raise argparse.ArgumentTypeError(tr("{text!r} is not a size such as 320x240 or 224", text=text))
    return sides[0], sides[1]


def _summary(options: argparse.Namespace) -> int:
    network = _network(options.file, options.size)
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
    network = _network(options.file, options.size)
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
    network = _network(options.answer, options.size)
    found = graded(lesson, network, places, options.exercise)
    met = all(one.met for one in found)
    if options.json:
        exercises = [one.plain() for one in found]
        _print_json({"lesson": lesson.title, "name": network.name, "met": met, "exercises": exercises})
    else:
        print("\n".join(line for one in found for line in one.lines()))
    return FINE if met else HAS_ERRORS


def _twin(options: argparse.Namespace) -> int:
    network = _network(options.file, options.size)
    analysis = analyse(network.graph)
    if options.json:
        _print_json({"name": network.name, "totals": twin_totals(analysis), "layers": twin_rows(analysis)})
    else:
        print(twin_table(network.name, analysis))
    return HAS_ERRORS if analysis.errors else FINE


def _run(options: argparse.Namespace) -> int:
    network = _network(options.file, options.size)
    if options.resize:
        network = resized(network, options.resize)
    analysis = analyse(network.graph)
    if analysis.errors:
        for one in analysis.errors:
            print(_sentence(one), file=sys.stderr)
        return HAS_ERRORS
    limit, keep = limit_of(options.memory), kept_of(options.keep, analysis)
    check(analysis, keep, limit)
    given = _with_weights(options, network).weights
    weights = completed(analysis, given, seed=options.seed)
    entrance = analysis.input
    assert entrance is not None
    assert isinstance(entrance.layer, Input)
    image = load_image(options.image, entrance.layer)
    maps = run(network.graph, weights, image, analysis=analysis, keep=keep, limit=limit)
    if options.maps:
        arrays: dict[str, Any] = dict(maps)
        with Path(options.maps).open("wb") as stream:
            np.savez_compressed(stream, **arrays)
    if options.sheets:
        write_sheets(options.sheets, network.name, analysis, maps)
    _report(options, network, analysis, maps)
    return FINE


def _evaluate(options: argparse.Namespace) -> int:
    network = _network(options.file, options.size)
    analysis = analyse(network.graph)
    if analysis.errors:
        for one in analysis.errors:
            print(_sentence(one), file=sys.stderr)
        return HAS_ERRORS
    asked = examination(network.graph, image_folder(options.folder), analysis)
    weights = completed(analysis, _with_weights(options, network).weights, seed=options.seed)
    found = evaluate(asked, weights, progress=_progress if sys.stderr.isatty() else None)
    if options.csv:
        folder = Path(options.csv)
        folder.mkdir(parents=True, exist_ok=True)
        for name, write in (("confusion", matrix_csv), ("classes", classes_csv), ("images", answers_csv)):
            (folder / f"{name}.csv").write_text(write(found), encoding="utf-8")
    if options.json:
        _print_json(evaluation_plain(network.name, found))
    else:
        print(evaluation_text(network.name, found))
    return FINE


def _progress(step: Step) -> None:
    """Count on one line of the terminal."""
    last = step.done == step.total
    if last or step.done % 50 == 0:
        print(f"\r{step.done:,} / {step.total:,}", end="\n" if last else "", file=sys.stderr, flush=True)


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
    network = _with_weights(options, _network(options.file, options.size))
    if is_report(options.out):
        save_report(network, options.out, derivations=options.derivations)
    else:
        save(network, options.out)
    return FINE


def _diff(options: argparse.Namespace) -> int:
    before, after = (_network(file, options.size) for file in (options.file, options.other))
    difference = differ(before, after)
    maps: tuple[MapDifference, ...] = ()
    if options.image:
        ours, theirs = (
            _maps(network, analysis, options)
            for network, analysis in ((before, difference.before), (after, difference.after))
        )
        maps = map_differences(difference, ours, theirs)
    names = options.file, options.other
    if options.json:
        _print_json(diff_report.plain(names, difference, maps))
    else:
        print(diff_report.text(names, difference, maps))
    return FINE if difference.same else DIFFERENT


def _maps(network: Network, analysis: Analysis, options: argparse.Namespace) -> FeatureMaps:
    """Run an image through a network, as far as it goes."""
    entrance = analysis.input
    if entrance is None or not isinstance(entrance.layer, Input):
        raise RunError(tr("“{name}” has no Input layer, so no image can enter it", name=network.name))
    image = load_image(options.image, entrance.layer)
    return run(network.graph, completed(analysis, network.weights, seed=options.seed), image, analysis=analysis)


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


def _sentence(found: Diagnostic) -> str:
    return f"{tr(_SEVERITIES[found.severity]):<8} {found.node or '-'}: {found.message}"


def _print_json(value: Any) -> None:
    print(json.dumps(value, indent=2, ensure_ascii=False))
