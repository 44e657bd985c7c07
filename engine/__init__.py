"""Convolab's engine: networks as values, their shapes and counts, the forward pass, and looking into it."""

from engine.analysis import Analysis, NodeAnalysis, Totals, analyse
from engine.derivation import Derivation
from engine.diagnostics import Code, Diagnostic, Fix, Severity
from engine.formats import FormatError, FormatWarning, load, load_weights, save, save_weights
from engine.forward import Cancelled, FeatureMaps, Progress, RunError, run
from engine.graph import Edge, EditError, Graph, Node
from engine.images import ImageError, load_image, open_image, prepare
from engine.kernel_presets import KERNEL_PRESETS, gabor, kernel_preset
from engine.layers import (
    LAYERS,
    Add,
    AvgPool2D,
    Concat,
    Conv2D,
    Dense,
    Dropout,
    Flatten,
    Input,
    Layer,
    LinearSVM,
    MaxPool2D,
    ReLU,
    Softmax,
    SumPool2D,
)
from engine.layers.parameters import Parameter, parameters
from engine.lint import lint
from engine.network import Network
from engine.scores import Score, top
from engine.shape import AxisOrder, Shape
from engine.weights import Mismatch, Weights, completed, initialise, mismatches

__all__ = [
    "KERNEL_PRESETS",
    "LAYERS",
    "Add",
    "Analysis",
    "AvgPool2D",
    "AxisOrder",
    "Cancelled",
    "Code",
    "Concat",
    "Conv2D",
    "Dense",
    "Derivation",
    "Diagnostic",
    "Dropout",
    "Edge",
    "EditError",
    "FeatureMaps",
    "Fix",
    "Flatten",
    "FormatError",
    "FormatWarning",
    "Graph",
    "ImageError",
    "Input",
    "Layer",
    "LinearSVM",
    "MaxPool2D",
    "Mismatch",
    "Network",
    "Node",
    "NodeAnalysis",
    "Parameter",
    "Progress",
    "ReLU",
    "RunError",
    "Score",
    "Severity",
    "Shape",
    "Softmax",
    "SumPool2D",
    "Totals",
    "Weights",
    "analyse",
    "completed",
    "gabor",
    "initialise",
    "kernel_preset",
    "lint",
    "load",
    "load_image",
    "load_weights",
    "mismatches",
    "open_image",
    "parameters",
    "prepare",
    "run",
    "save",
    "save_weights",
    "top",
]
