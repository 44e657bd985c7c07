"""Convolab's engine: networks as values, their shapes and counts, the forward pass, and looking into it."""

from engine.analysis import Analysis, NodeAnalysis, Totals, analyse
from engine.derivation import Derivation
from engine.diagnostics import Code, Diagnostic, Fix, Severity
from engine.graph import Edge, EditError, Graph, Node
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
from engine.shape import AxisOrder, Shape
from engine.weights import Weights, completed, initialise

__all__ = [
    "LAYERS",
    "Add",
    "Analysis",
    "AvgPool2D",
    "AxisOrder",
    "Code",
    "Concat",
    "Conv2D",
    "Dense",
    "Derivation",
    "Diagnostic",
    "Dropout",
    "Edge",
    "EditError",
    "Fix",
    "Flatten",
    "Graph",
    "Input",
    "Layer",
    "LinearSVM",
    "MaxPool2D",
    "Network",
    "Node",
    "NodeAnalysis",
    "Parameter",
    "ReLU",
    "Severity",
    "Shape",
    "Softmax",
    "SumPool2D",
    "Totals",
    "Weights",
    "analyse",
    "completed",
    "initialise",
    "lint",
    "parameters",
]
