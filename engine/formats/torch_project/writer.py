"""Networks as a folder to train with PyTorch anywhere: the module, its data, the training, a page to read, weights."""

import re
import warnings
from importlib.resources import files as package_files
from pathlib import Path

from engine.analysis import Analysis, analyse
from engine.formats import files, told, torch_code
from engine.formats.errors import FormatError, FormatWarning
from engine.formats.safetensors import encoded
from engine.formats.source.names import literal, plain
from engine.language import tr
from engine.layers import Input, LinearSVM, LogSoftmax, Sigmoid, Softmax
from engine.network import Network
from engine.weights import completed

_KINDS = {Softmax: "softmax", LogSoftmax: "log-softmax", Sigmoid: "sigmoid", LinearSVM: "margins"}
_CHANNELS = (1, 3, 4)  # of images
NAMES = ("model.py", "data.py", "train.py", "README.md", "weights.safetensors")


def save(network: Network, folder: Path) -> None:
    """Write a network as a project; files of the same names in the folder are replaced, others stay.

    Raises
    ------
    FormatError
        Where the network has errors, or the folder's name is a file's.
    OSError
        Where a file can't be written.
    """
    source, lost = torch_code.written(network)
    if folder.exists() and not folder.is_dir():
        raise FormatError(tr("{name} is a file, and a project is a folder", name=folder.name))
    analysis = analyse(network.graph)
    notes = _notes(analysis)
    contents: dict[str, bytes] = {
        "model.py": f"{source}\n\n{_settings(network, analysis)}".encode(),
        "data.py": _template("data.py").encode(),
        "train.py": _template("train.py").encode(),
        "README.md": _page(network, analysis, notes).encode(),
    }
    folder.mkdir(parents=True, exist_ok=True)
    for name, content in contents.items():
        files.write(folder / name, content)
    if network.weights:
        names = torch_code.state_names(network)
        arrays = completed(analysis, network.weights).flat()
        files.write(folder / "weights.safetensors", encoded({names[ours]: array for ours, array in arrays.items()}))
    told.tell(network, told.TORCH_PROJECT, lost, said=torch_code.said(network))
    for one in notes:
        warnings.warn(one, FormatWarning, stacklevel=3)


def _settings(network: Network, analysis: Analysis) -> str:
    """Return the constants that the other files go by."""
    entrance, end = analysis.input, _trained(analysis)
    assert entrance is not None
    assert isinstance(entrance.layer, Input)
    layer, output = entrance.layer, analysis.nodes[end].output
    kind = _KINDS.get(type(analysis.nodes[end].layer), "scores")
    rows = [
        "# What data.py and train.py go by: how images go in, and what comes out.",
        f"MODEL = {torch_code.class_name(network)}",
        f"CHANNELS, HEIGHT, WIDTH = {layer.channels}, {layer.height}, {layer.width}",
        f"SCALING = {literal(layer.scaling)}  # what pixels of 0 to 255 become",
        f"FIT = {literal(layer.fit)}  # of images of another size: stretch, crop or pad",
        f"INVERT = {layer.invert}  # whether light and dark are swapped",
        f"ENDS, OUTPUTS = {len(_ends(analysis))}, {output.channels if output is not None else 0}",
        f"KIND = {literal(kind)}  # what the first end answers with",
        *_answer(torch_code.module_path(network, end)),
    ]
    return "\n".join(rows) + "\n"


def _answer(path: str) -> list[str]:
    line = f"ANSWER = {literal(path)}"
    return [line] if len(line) > 60 else [f"{line}  # the module that does"]


def _ends(analysis: Analysis) -> list[str]:
    return [node for node in analysis.order if not analysis.graph.outgoing[node]]


def _trained(analysis: Analysis) -> str:
    """Return the end that is trained: the first."""
    return _ends(analysis)[0]


def _notes(analysis: Analysis) -> list[str]:
    """Return what the project does otherwise than a reader may expect."""
    notes = []
    entrance, ends = analysis.input, _ends(analysis)
    if len(ends) > 1:
        notes.append(
            tr("The network has {count} ends; train.py trains the first, “{end}”.", count=len(ends), end=plain(ends[0]))
        )
    if entrance is not None and isinstance(entrance.layer, Input) and entrance.layer.channels not in _CHANNELS:
        notes.append(
            tr(
                "Images have 1, 3 or 4 channels; this network takes {channels}, and is trained on arrays (.npz) alone.",
                channels=entrance.layer.channels,
            )
        )
    return notes


def _page(network: Network, analysis: Analysis, notes: list[str]) -> str:
    entrance = analysis.input
    assert entrance is not None
    assert isinstance(entrance.layer, Input)
    layer = entrance.layer
    weights = "| `weights.safetensors` | the design's weights; `--weights weights.safetensors` begins with them |\n"
    values = {
        "title": plain(network.name) or "A network",
        "parameters": f"{analysis.totals.parameters:,}",
        "width": str(layer.width),
        "height": str(layer.height),
        "channels": str(layer.channels),
        "range": layer.scaling,
        "weights_row": weights if network.weights else "",
        "notes": "".join(f"\n{note}\n" for note in notes),
        "model": torch_code.class_name(network),
    }
    # One pass: what is filled in is not looked at again, whatever it says.
    return re.sub(r"\{(\w+)\}", lambda found: values[found[1]], _template("README.md"))


def _template(name: str) -> str:
    return package_files("engine.formats.torch_project").joinpath("template", name).read_text(encoding="utf-8")
