"""Convolab's engine: networks as values, their shapes and counts, the forward pass, and looking into it."""

from importlib import import_module
from typing import TYPE_CHECKING, Any

from engine import layers
from engine.analysis import Analysis, NodeAnalysis, Totals, analyse
from engine.block_finder import propose
from engine.blocks import BLOCKS, Block, Fragment
from engine.cancelling import Cancelled
from engine.derivation import Derivation
from engine.diagnostics import Code, Diagnostic, Fix, Severity
from engine.feature_maps import FeatureMaps
from engine.figures import Figure, Share, figure_derivations, shares
from engine.following import following
from engine.formats import FormatError, FormatNote, FormatWarning, load, load_weights, save, save_weights
from engine.forward import Progress, RunError, TooLarge, run
from engine.graph import Edge, EditError, Graph, Node
from engine.groups import Group, Groups
from engine.kernel_presets import FITTED_PRESETS, KERNEL_PRESETS, fitted_preset, gabor, kernel_preset
from engine.kernel_sheets import KernelSheet, kernel_sheets, why_none
from engine.layers import *
from engine.layers import explanation, value_explanation
from engine.layers.explanation import *
from engine.layers.parameters import Parameter, parameters
from engine.layers.region import Box
from engine.layers.value_explanation import *
from engine.lint import lint
from engine.need import Need, need
from engine.network import Network
from engine.pieces import excerpt, joined
from engine.query import find
from engine.query_fields import QueryError
from engine.reuse import RecentRuns
from engine.scores import Score, top
from engine.shape import AxisOrder, Shape
from engine.solve import Bounds, Solution, Solutions, can_solve, solve
from engine.statistics import ChannelStatistics, channel_statistics
from engine.steps import Grain, Step, Steps
from engine.trace import Field, Place, Trace, TraceError, trace
from engine.translation import Comparison, Likeness, Move, compare, moved
from engine.twin import LayerTwin, NetworkTwin, twin, twin_derivations
from engine.weights import Mismatch, Weights, completed, initialise, mismatches

if TYPE_CHECKING:
    from engine.diff import Difference, MapDifference, differ, map_differences
    from engine.evaluation import Evaluation, evaluate, examination
    from engine.folders import FolderError, ImageFolder, image_folder
    from engine.images import ImageError, load_image, open_image, prepare
    from engine.sheets import contact_sheet, write_sheets

# What reads or writes pictures waits for its first use: Pillow takes as long to load as all the layers.
_LATER = {
    "engine.diff": ("Difference", "MapDifference", "differ", "map_differences"),
    "engine.evaluation": ("Evaluation", "evaluate", "examination"),
    "engine.folders": ("FolderError", "ImageFolder", "image_folder"),
    "engine.images": ("ImageError", "load_image", "open_image", "prepare"),
    "engine.sheets": ("contact_sheet", "write_sheets"),
}


def __getattr__(name: str) -> Any:
    module = next((module for module, names in _LATER.items() if name in names), None)
    if module is None:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    value = globals()[name] = getattr(import_module(module), name)
    return value


# fmt: off
__all__ = [
    "BLOCKS", "FITTED_PRESETS", "KERNEL_PRESETS", "Analysis", "AxisOrder", "Block", "Bounds", "Box", "Cancelled",
    "ChannelStatistics", "Code", "Comparison", "Derivation", "Diagnostic", "Difference", "Edge", "EditError",
    "Evaluation", "FeatureMaps", "Field", "Figure", "Fix", "FolderError", "FormatError", "FormatNote", "FormatWarning",
    "Fragment", "Grain", "Graph", "Group", "Groups", "ImageError", "ImageFolder", "KernelSheet", "LayerTwin",
    "Likeness", "MapDifference", "Mismatch", "Move", "Need", "Network", "NetworkTwin", "Node", "NodeAnalysis",
    "Parameter", "Place", "Progress", "QueryError", "RecentRuns", "RunError", "Score", "Severity", "Shape", "Share",
    "Solution", "Solutions", "Step", "Steps", "TooLarge", "Totals", "Trace", "TraceError", "Weights", "analyse",
    "can_solve", "channel_statistics", "compare", "completed", "contact_sheet", "differ", "evaluate", "examination",
    "excerpt", "figure_derivations", "find", "fitted_preset", "following", "gabor", "image_folder", "initialise",
    "joined", "kernel_preset", "kernel_sheets", "lint", "load", "load_image", "load_weights", "map_differences",
    "mismatches", "moved", "need", "open_image", "parameters", "prepare", "propose", "run", "save", "save_weights",
    "shares", "solve", "top", "trace", "twin", "twin_derivations", "why_none", "write_sheets",
]
# fmt: on
__all__ += layers.__all__
__all__ += explanation.__all__
__all__ += value_explanation.__all__
