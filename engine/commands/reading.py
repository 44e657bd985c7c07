"""What the commands read: networks, weights in the place of their own, sizes."""

import argparse
import sys
import warnings
from pathlib import Path

import msgspec

from engine.formats import FormatError, FormatWarning, ImageSize, load
from engine.formats.weight_files import matched, read_arrays, taken
from engine.language import tr
from engine.network import Network

_MOST_PIXELS = 16384  # of an image's side


def add_weights(command: argparse.ArgumentParser) -> None:
    """Let a command take weights in the place of the document's own."""
    text = tr("weights (.safetensors under our names or PyTorch's, .npz), in the place of the document's own")
    command.add_argument("--weights", metavar="W", help=text)
    command.add_argument("--partial", action="store_true", help=tr("use what fits of them where not all does"))


def with_weights(options: argparse.Namespace, network: Network) -> Network:
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


def read(file: str, size: ImageSize | None = None) -> Network:
    """Read a network; what was lost on the way is said."""
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always", FormatWarning)
        network = load(file, size=size)
    for one in caught:
        print(f"convolab: {Path(file).name}: {one.message}", file=sys.stderr)
    return network


def size(text: str) -> ImageSize:
    """Return height and width of ``320x240``, or of ``224``, which is a square."""
    width, _, height = text.partition("x")
    sides = [int(side) if side.isdecimal() else 0 for side in (height or width, width)]
    if not all(1 <= side <= _MOST_PIXELS for side in sides):
        raise argparse.ArgumentTypeError(tr("{text!r} is not a size such as 320x240 or 224", text=text))
    return sides[0], sides[1]
