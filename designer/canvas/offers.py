"""Which layers are offered at a place of the drawing, what each would give there, and why some would not fit."""

from collections.abc import Iterable
from dataclasses import dataclass, replace

from designer.canvas.card import kind_text, short_message
from designer.canvas.geometry import takes_input
from designer.canvas.insertion import fitted
from designer.canvas.replacing import successor
from designer.canvas.wiring import NO_PORT
from designer.catalogue import Entry, block_entries, entries, subject
from designer.matching import score
from designer.mime import default_layers
from engine import BLOCKS, Analysis, Block, Code, Identity, Input, Layer, Severity, Shape
from engine.language import tr, tr_count
from engine.layers.base import Problem

_KIND = (Code.VECTOR_EXPECTED, Code.VOLUME_EXPECTED)


@dataclass(frozen=True)
class Offer:
    """One layer, or chain of layers, that can be chosen.

    Attributes
    ----------
    entry
        Its row of the palette.
    layers
        First to last, with the values that they would get.
    result
        The shape that would come out; empty where that is not known.
    reason
        Why it does not fit, in a few words; empty where it does.
    sentence
        The same as a sentence.
    note
        What else is to know where neither is told.
    block
        The block that it is, if it is one; its layers are a stand-in then that takes one wire.
    """

    entry: Entry
    layers: tuple[Layer, ...]
    result: str = ""
    reason: str = ""
    sentence: str = ""
    note: str = ""
    block: Block | None = None

    @property
    def kind(self) -> str:
        """Types and hyper-parameters; of a block, where it is from."""
        if self.block is not None:
            return self.block.source
        return " + ".join(kind_text(layer) for layer in self.layers)


def ranked(offers: Iterable[Offer], typed: str) -> list[Offer]:
    """Return the offers that match what was typed, the best first; with nothing typed, those that fit first.

    Among offers that match as well, those that fit come first, too.
    """
    scored = [(score(typed, subject(offer.entry)), bool(offer.reason), offer) for offer in offers]
    found = [(rank, misfit, offer) for rank, misfit, offer in scored if rank is not None]
    return [offer for _, _, offer in sorted(found, key=lambda one: one[:2])]


def anywhere() -> list[Offer]:
    """Return all layers and blocks, to be wired to nothing."""
    return [*(Offer(entry, default_layers(entry.types)) for entry in entries()), *_blocks(None)]


def after(shape: Shape | None) -> list[Offer]:
    """Return all layers and blocks as they would follow an output of a shape, which may be unknown."""
    layers = [_following(entry, fitted(default_layers(entry.types), shape), shape) for entry in entries()]
    return [*layers, *_blocks(shape)]


def before(analysis: Analysis, target: str) -> list[Offer]:
    """Return all layers as they would feed a node: an image that enters, or a layer whose output is of a good kind."""
    image = analysis.graph.image or Input()
    return [
        _feeding(entry, default_layers(entry.types), analysis.graph.by_id[target].layer, image) for entry in entries()
    ]


def instead(analysis: Analysis, node: str) -> list[Offer]:
    """Return the layers of other types as they would stand in a node's place."""
    own, inputs = analysis.nodes[node].layer, analysis.nodes[node].inputs
    wires = len(analysis.graph.incoming[node])
    offers = []
    for entry in entries():
        if len(entry.types) == 1 and entry.types[0] != own.type:
            layer = successor(analysis, node, default_layers(entry.types)[0])
            most = layer.ports.most
            if most is not None and wires > most:
                if most == 0:
                    reason = tr(NO_PORT)
                else:
                    reason = tr_count(
                        "Takes {count} input, not {wires}", "Takes {count} inputs, not {wires}", most, wires=wires
                    )
                offers.append(
                    Offer(
                        entry,
                        (layer,),
                        reason=reason,
                        sentence=tr("{reason}; the other wires would go.", reason=reason),
                    )
                )
            else:
                known = tuple(shape for shape in inputs if shape is not None)
                offers.append(_judged(entry, (layer,), layer, known if len(known) == len(inputs) else ()))
    return offers


def _following(entry: Entry, layers: tuple[Layer, ...], shape: Shape | None) -> Offer:
    first = layers[0]
    if not takes_input(first):
        return Offer(entry, layers, reason=tr(NO_PORT), sentence=tr("An Input takes no wire; it would stand alone."))
    if shape is None:
        return Offer(entry, layers)
    for layer in layers[:-1]:
        judged = _judged(entry, layers, layer, (shape,))
        output = layer.infer((shape,)).output
        if output is None:
            return judged
        shape = output
    return _judged(entry, layers, layers[-1], (shape,))


def _blocks(shape: Shape | None) -> list[Offer]:
    """Return all blocks, with what each would make of a volume; of a vector there is nothing that they could."""
    offers = []
    for entry, block in zip(block_entries(), BLOCKS, strict=True):
        output = block.output(shape) if shape is not None else None
        offer = Offer(entry, (Identity(),), output.text() if output is not None else "", block=block)
        if shape is not None and not shape.is_volume:
            offer = replace(
                offer, reason=tr("Needs a volume, gets a vector"), sentence=tr("A block works on a volume.")
            )
        offers.append(offer)
    return offers


def _judged(entry: Entry, layers: tuple[Layer, ...], layer: Layer, inputs: tuple[Shape, ...]) -> Offer:
    """Return the offer of a chain with what one of its layers makes of its inputs, as far as they are known."""
    if len(inputs) < layer.ports.least:
        return Offer(
            entry, layers, note=tr_count("needs {count} input", "needs {count} inputs", layer.ports.least)
        )  # the other wires are still to come
    found = layer.infer(inputs)
    if found.output is not None:
        return Offer(entry, layers, found.output.text())
    problem = next(one for one in found.problems if one.severity is Severity.ERROR)
    return _refused(entry, layers, layer, problem)


def _feeding(entry: Entry, layers: tuple[Layer, ...], target: Layer, image: Input) -> Offer:
    last = layers[-1]
    result = last.shape if isinstance(last, Input) else None
    if target.ports.least > 1:
        return Offer(entry, layers, result.text() if result is not None else "")
    # What a layer gives depends on what will feed it; whether that is maps or a vector hardly does.
    shape = result or _typical_output(layers, image)
    problem = next((one for one in target.infer((shape,)).problems if one.code in _KIND), None) if shape else None
    if problem is not None:
        return _refused(entry, layers, target, problem)
    return Offer(entry, layers, result.text() if result is not None else "")


def _typical_output(layers: tuple[Layer, ...], image: Input) -> Shape | None:
    for start in (image.shape, Shape(image.shape.size)):
        shape: Shape | None = start
        for layer in layers:
            shape = layer.infer((shape,) * layer.ports.least).output if shape is not None else None
        if shape is not None:
            return shape
    return None


def _refused(entry: Entry, layers: tuple[Layer, ...], layer: Layer, problem: Problem) -> Offer:
    return Offer(entry, layers, reason=short_message(layer, problem), sentence=problem.message)
