"""The commands that write or compare networks."""

import argparse

from engine import diff_report
from engine.analysis import Analysis
from engine.commands.printing import DIFFERENT, FINE, print_json
from engine.commands.reading import read, with_weights
from engine.diff import MapDifference, differ, map_differences
from engine.feature_maps import FeatureMaps
from engine.formats import native, save
from engine.formats.reports import is_report, save_report
from engine.forward import RunError, run
from engine.images import load_image
from engine.language import tr
from engine.layers import Input
from engine.lessons import schema as lesson_schema
from engine.network import Network
from engine.weights import completed


def convert(options: argparse.Namespace) -> int:
    """Write a network in another format."""
    network = with_weights(options, read(options.file, options.size))
    if is_report(options.out):
        save_report(network, options.out, derivations=options.derivations)
    else:
        save(network, options.out)
    return FINE


def compare(options: argparse.Namespace) -> int:
    """Print what differs between two networks."""
    before, after = (read(file, options.size) for file in (options.file, options.other))
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
        print_json(diff_report.plain(names, difference, maps))
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


def print_schema(options: argparse.Namespace) -> int:
    """Print the JSON Schema of a document or a lesson."""
    print_json(lesson_schema() if options.lesson else native.schema())
    return FINE
