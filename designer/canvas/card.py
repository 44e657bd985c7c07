"""What a card shows of a node: a value, so that a card is painted anew only when it says something new."""

from collections.abc import Sequence

import msgspec

from designer.canvas.geometry import shown_ports
from designer.canvas.heat import HeatMark
from designer.wording import rounded
from engine import Code, Diagnostic, Graph, Layer, Node, NodeAnalysis, Severity
from engine.language import tr, tr_count, tr_noop
from engine.layers.base import Problem

UNKNOWN = "—"
_SHORT = {
    Code.SEVERAL_INPUTS: tr_noop("There is another Input"),
    Code.CYCLE: tr_noop("Closes a cycle"),
    Code.KERNEL_TOO_LARGE: tr_noop("Window larger than its input"),
    Code.PADDING_TOO_LARGE: tr_noop("Padding larger than the window"),
    Code.GROUPS: tr_noop("Groups do not divide evenly"),
    Code.VECTOR_EXPECTED: tr_noop("Needs a vector: flatten first"),
    Code.VOLUME_EXPECTED: tr_noop("Needs a volume, gets a vector"),
    Code.ADD_SHAPES: tr_noop("Inputs differ in shape"),
    Code.CONCAT_SHAPES: tr_noop("Inputs differ in width or height"),
    Code.TOO_LARGE: tr_noop("Too large for memory"),
    Code.UNKNOWN_SHAPE: tr_noop("Output shape not known"),
}


class PortFace(msgspec.Struct, frozen=True):
    """One input port: whether a wire is at it, and whether it is to blame for an error."""

    connected: bool = False
    error: bool = False


class Card(msgspec.Struct, frozen=True):
    """All that is painted of one node."""

    label: str
    kind: str  # type and hyper-parameters
    family: str
    shape: str = ""
    counts: tuple[str, ...] = ()  # the number of parameters, for ever less room; none for none
    message: str = ""  # what is wrong, in a few words
    badge: Severity | None = None
    inputs: tuple[PortFace, ...] = ()
    feeds: bool = False  # a wire leaves the output
    folded: bool = False  # it stands for a collapsed group
    foreseen: bool = False  # shape and message are those after an edit that is being considered
    heat: HeatMark | None = None  # the layer's share of what the canvas compares
    maps: bool = False  # there is room for the first feature maps

    @property
    def wrong(self) -> bool:
        """Whether the layer has an error."""
        return bool(self.message)


def card_of(
    graph: Graph,
    node: Node,
    entry: NodeAnalysis,
    findings: Sequence[Diagnostic],
    heat: HeatMark | None = None,
    *,
    maps: bool = False,
) -> Card:
    """Return the card of a node.

    Parameters
    ----------
    graph, node
        The drawing and one of its nodes.
    entry
        What the analysis says of it.
    findings
        The diagnostics whose place is this node.
    heat
        Its share of what the canvas compares; shown in the place of everything else that can be left of the name.
    maps
        Whether there are feature maps to show.
    """
    errors = [found for found in findings if found.severity is Severity.ERROR]
    blamed = {found.port for found in errors if found.port is not None}
    wires = graph.incoming[node.id]
    return Card(
        label=node.label,
        kind=kind_text(node.layer),
        family=node.layer.family,
        shape=entry.output.text() if entry.output is not None else UNKNOWN,
        counts=count_texts(entry.parameters),
        message=short_message(node.layer, errors[0]) if errors else "",
        badge=badge_of(findings),
        inputs=tuple(PortFace(port in wires, port in blamed) for port in range(shown_ports(graph, node.id))),
        feeds=bool(graph.outgoing[node.id]),
        heat=heat,
        maps=maps and heat is None and entry.output is not None,
    )


def blank_card(layer: Layer) -> Card:
    """Return the card of a layer that is not in the network yet."""
    ports = (PortFace(),) * layer.ports.least
    return Card(label=layer.title, kind=kind_text(layer), family=layer.family, inputs=ports)


def kind_text(layer: Layer) -> str:
    """Return a layer's type and the hyper-parameters that matter: ``Conv2D · 6 @ 5×5``."""
    brief = layer.brief()
    if not layer.computed:
        return brief  # its icon and its mark say what it is; there is little room for its operator
    return f"{layer.title} · {brief}" if brief else layer.title


def count_texts(parameters: int) -> tuple[str, ...]:
    """Return a number of parameters in ever fewer letters: ``48,120 params``, ``48.1 K params``, ``48.1 K``."""
    if parameters == 0:
        return ()
    exact = tr_count("{count:,} param", "{count:,} params", parameters)
    brief = rounded(parameters)
    return (exact,) if brief == str(parameters) else (exact, tr("{number} params", number=brief), brief)


def short_message(layer: Layer, found: Diagnostic | Problem) -> str:
    """Return an error in a few words; the whole sentence is in the tooltip."""
    if found.code is Code.UNCONNECTED_PORT:
        several = layer.ports.least > 1 and found.port is not None
        return (
            tr("Input {port} is not connected", port=(found.port or 0) + 1) if several else tr("Nothing is connected")
        )
    short = _SHORT.get(found.code)
    return tr(short) if short else found.message


def badge_of(findings: Sequence[Diagnostic]) -> Severity | None:
    """Return the worst severity worth a mark; a shape unknown because of a mistake further up shows as such already."""
    told = {found.severity for found in findings if found.code is not Code.UNKNOWN_CHANNELS}
    return next((severity for severity in (Severity.ERROR, Severity.WARNING, Severity.INFO) if severity in told), None)
