"""The commands that run images through a network: one, or a folder of them."""

import argparse
import sys
from pathlib import Path
from typing import Any

import numpy as np

from engine.analysis import Analysis, analyse
from engine.commands.printing import FINE, HAS_ERRORS, print_json, sentence
from engine.commands.reading import read, with_weights
from engine.commands.room import check as check_room
from engine.commands.room import kept_of, limit_of, resized
from engine.evaluation import Step, evaluate, examination
from engine.evaluation_report import answers_csv, classes_csv, evaluation_plain, evaluation_text, matrix_csv
from engine.feature_maps import FeatureMaps
from engine.folders import image_folder
from engine.forward import run
from engine.images import load_image
from engine.language import tr_number
from engine.layers import Input
from engine.network import Network
from engine.scores import top
from engine.sheets import write_sheets
from engine.weights import completed


def run_image(options: argparse.Namespace) -> int:
    """Run an image through a network, and print what it answers."""
    network = read(options.file, options.size)
    if options.resize:
        network = resized(network, options.resize)
    analysis = analyse(network.graph)
    if analysis.errors:
        for one in analysis.errors:
            print(sentence(one), file=sys.stderr)
        return HAS_ERRORS
    limit, keep = limit_of(options.memory), kept_of(options.keep, analysis)
    check_room(analysis, keep, limit)
    given = with_weights(options, network).weights
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


def evaluate_folder(options: argparse.Namespace) -> int:
    """Compare a network's answers with the names of sub-folders."""
    network = read(options.file, options.size)
    analysis = analyse(network.graph)
    if analysis.errors:
        for one in analysis.errors:
            print(sentence(one), file=sys.stderr)
        return HAS_ERRORS
    asked = examination(network.graph, image_folder(options.folder), analysis)
    weights = completed(analysis, with_weights(options, network).weights, seed=options.seed)
    found = evaluate(asked, weights, progress=_progress if sys.stderr.isatty() else None)
    if options.csv:
        folder = Path(options.csv)
        folder.mkdir(parents=True, exist_ok=True)
        for name, write in (("confusion", matrix_csv), ("classes", classes_csv), ("images", answers_csv)):
            (folder / f"{name}.csv").write_text(write(found), encoding="utf-8")
    if options.json:
        print_json(evaluation_plain(network.name, found))
    else:
        print(evaluation_text(network.name, found))
    return FINE


def _progress(step: Step) -> None:
    """Count on one line of the terminal."""
    last = step.done == step.total
    if last or step.done % 50 == 0:
        print(
            f"\r{tr_number(step.done)} / {tr_number(step.total)}", end="\n" if last else "", file=sys.stderr, flush=True
        )


def _report(options: argparse.Namespace, network: Network, analysis: Analysis, maps: FeatureMaps) -> None:
    answers = {node: top(network.graph.by_id[node].layer, maps[node], options.top) for node in _ends(analysis, maps)}
    if options.json:
        print_json(
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
