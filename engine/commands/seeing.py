"""The commands that look at a network: its table, its mistakes, an exercise, its fully connected twin."""

import argparse
from pathlib import Path

from engine.analysis import analyse
from engine.commands.printing import FINE, HAS_ERRORS, plain, plain_totals, print_json, sentence
from engine.commands.reading import read
from engine.language import tr, tr_count
from engine.lessons import Places, graded, load_lesson, shipped
from engine.lint import lint
from engine.summary import layer_rows, table
from engine.twin_report import twin_rows, twin_table, twin_totals


def summarise(options: argparse.Namespace) -> int:
    """Print every layer with its shape and counts, and the totals."""
    network = read(options.file, options.size)
    analysis = analyse(network.graph)
    found = (*analysis.diagnostics, *lint(network.graph, analysis))
    if options.json:
        print_json(
            {
                "name": network.name,
                "totals": plain_totals(analysis),
                "layers": layer_rows(analysis),
                "diagnostics": [plain(one) for one in found],
            }
        )
    else:
        print(table(network.name, analysis))
        for one in found:
            print(sentence(one))
    return HAS_ERRORS if analysis.errors else FINE


def check(options: argparse.Namespace) -> int:
    """Print what is wrong and what would mend it, or whether a lesson is solved."""
    if options.answer is not None:
        return _grade(options)
    network = read(options.file, options.size)
    analysis = analyse(network.graph)
    found = (*analysis.diagnostics, *lint(network.graph, analysis))
    if options.json:
        print_json({"name": network.name, "diagnostics": [plain(one) for one in found]})
    else:
        for one in found:
            print(sentence(one))
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
    network = read(options.answer, options.size)
    found = graded(lesson, network, places, options.exercise)
    met = all(one.met for one in found)
    if options.json:
        exercises = [one.plain() for one in found]
        print_json({"lesson": lesson.title, "name": network.name, "met": met, "exercises": exercises})
    else:
        print("\n".join(line for one in found for line in one.lines()))
    return FINE if met else HAS_ERRORS


def compare_with_twin(options: argparse.Namespace) -> int:
    """Print every layer beside a fully connected one."""
    network = read(options.file, options.size)
    analysis = analyse(network.graph)
    if options.json:
        print_json({"name": network.name, "totals": twin_totals(analysis), "layers": twin_rows(analysis)})
    else:
        print(twin_table(network.name, analysis))
    return HAS_ERRORS if analysis.errors else FINE
