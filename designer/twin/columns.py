"""What the picture of one layer shows, as values: the twin, the layer without sharing, and the layer as it is."""

from dataclasses import dataclass

from engine import Analysis, NetworkTwin, Shape, twin_derivations
from engine.language import tr, tr_count, tr_noop, tr_number
from engine.row_excerpt import MOST_OUTPUTS, Link, RowExcerpt, row_excerpt
from engine.twin import Kind, LayerTwin

_INPUTS = 9  # of a dense layer, which has no rows
_ROW = tr_noop(
    "Drawn: {outputs} outputs of {size:,}, in one row of {others:,}, of one map of {maps:,}; and what they see of "
    "one channel of {channels:,}."
)
_COLUMN = tr_noop(
    "Drawn: {outputs} outputs of {size:,}, in one column of {others:,}, of one map of {maps:,}; and what they see of "
    "one channel of {channels:,}."
)


@dataclass(frozen=True)
class Stroke:
    """One line between an input and an output; ``weight`` numbers its colour, None is a rule without weights."""

    output: int
    input: int
    weight: int | None


@dataclass(frozen=True)
class Column:
    """One of the drawings that stand side by side.

    Attributes
    ----------
    heading, note
        What is drawn, and what is to be seen in it.
    strokes, colours
        The lines, and how many weights they have between them; 0 leaves them in one colour.
    weights
        How many weights such a layer has.
    formula
        How that number comes about.
    swatches
        How many weights of the kernel are shown by their colours below.
    """

    heading: str
    note: str
    strokes: tuple[Stroke, ...]
    colours: int
    weights: int
    formula: str
    swatches: int = 0


@dataclass(frozen=True)
class Comparison:
    """All that is drawn of a layer.

    Attributes
    ----------
    columns
        None where a sentence has to do.
    savings
        What stands between two columns: a ratio, what saves it, and its formula where that is short.
    excerpt
        The neurons that all columns show.
    caption
        Which part of the layer they are; without columns, why there are none.
    """

    columns: tuple[Column, ...]
    savings: tuple[tuple[str, str, str], ...]
    excerpt: RowExcerpt
    caption: str


def comparison(analysis: Analysis, found: NetworkTwin, node: str) -> Comparison:
    """Return what is drawn of a layer."""
    one, entry = found[node], analysis.nodes[node]
    shapes = tuple(shape for shape in entry.inputs if shape is not None)
    if entry.output is None or not shapes:
        return Comparison((), (), _NO_ROW, one.reason)
    excerpt = row_excerpt(entry.layer, shapes) if len(shapes) == len(entry.inputs) else None
    if one.kind is Kind.DENSE:
        dense = _dense_excerpt(shapes[0].size, entry.output.size)
        caption = tr("A dense layer is its own twin: nothing is local, nothing is shared.")
        return Comparison((_mlp(one, dense),), (), dense, caption)
    if excerpt is None or not excerpt.links:
        return Comparison((), (), _NO_ROW, one.reason or tr("Its outputs have no places in a row to draw."))
    if one.kind is Kind.KEPT:
        both = (_mlp(one, excerpt), _rule(one, excerpt, entry.layer.title))
        return Comparison(both, (("", "", ""),), excerpt, one.reason)
    counts = one.counts
    own = {derivation.quantity: derivation.substituted for derivation in entry.derivations()}
    columns = (_mlp(one, excerpt), _local(one, excerpt, own["connections"]), _shared(one, excerpt, own["weights"]))
    short = {one.quantity: one.formula.partition(" = ")[2] for one in twin_derivations(analysis, node)}
    savings = (
        (f"÷ {counts.locality.text()}", tr("locality"), short["locality"]),
        (f"÷ {counts.sharing.text()}", tr("sharing"), short["sharing"]),
    )
    return Comparison(columns, savings, excerpt, _drawn(excerpt, shapes[0], entry.output))


_NO_ROW = RowExcerpt(1, 0, 0, 0, 0, 0, 0, ())


def _dense_excerpt(inputs: int, outputs: int) -> RowExcerpt:
    shown, made = min(_INPUTS, inputs), min(MOST_OUTPUTS, outputs)
    links = tuple(Link(output, at, 0) for output in range(made) for at in range(shown))
    return RowExcerpt(1, 0, shown, inputs, made, outputs, 0, links)


def _mlp(one: LayerTwin, excerpt: RowExcerpt) -> Column:
    inputs = range(max(0, excerpt.first), excerpt.last)
    pairs = [(output, at) for output in range(excerpt.outputs) for at in inputs]
    strokes = tuple(Stroke(output, at, number) for number, (output, at) in enumerate(pairs))
    formula = f"N₁·N₂ = {tr_number(one.inputs)} · {tr_number(one.outputs)}"
    note = tr_count(
        "every output sees {count:,} input, each by its own weight",
        "every output sees all {count:,} inputs, each by its own weight",
        one.inputs,
    )
    return Column(tr("Fully connected (MLP)"), note, strokes, len(pairs), one.possible, formula)


def _local(one: LayerTwin, excerpt: RowExcerpt, formula: str) -> Column:
    strokes = tuple(Stroke(link.output, link.input, number) for number, link in enumerate(excerpt.links))
    return Column(
        tr("Local connections"), _sees(one), strokes, len(strokes), one.counts.local, formula.replace("·", " · ")
    )


def _sees(one: LayerTwin) -> str:
    """Say how many inputs an output sees; of a transposed convolution that differs from output to output."""
    if one.connections % one.outputs:
        return tr("every output sees only inputs near it, each by its own weight")
    return tr_count(
        "every output sees {count:,} input near it, by its own weight",
        "every output sees {count:,} inputs near it, each by its own weight",
        one.connections // one.outputs,
    )


def _shared(one: LayerTwin, excerpt: RowExcerpt, formula: str) -> Column:
    strokes = tuple(Stroke(link.output, link.input, link.cell) for link in excerpt.links)
    note = tr("the same connections; each colour is one weight, used again")
    heading = tr("Convolution: local and shared")
    cells = excerpt.cells
    return Column(heading, note, strokes, cells, one.counts.shared, formula.replace("·", " · "), swatches=cells)


def _rule(one: LayerTwin, excerpt: RowExcerpt, title: str) -> Column:
    strokes = tuple(Stroke(link.output, link.input, None) for link in excerpt.links)
    return Column(title, tr("a fixed rule: the lines carry no weights"), strokes, 0, one.counts.shared, "")


def _drawn(excerpt: RowExcerpt, before: Shape, output: Shape) -> str:
    """Say which part of the layer is drawn."""
    across = excerpt.axis == 1
    others = output[1] if across else output[2]
    told = tr(
        _ROW if across else _COLUMN,
        outputs=excerpt.outputs,
        size=excerpt.output_size,
        others=others,
        maps=output.channels,
        channels=before.channels,
    )
    if excerpt.first < 0:
        told += " " + tr("Dashed cells are padding.")
    return told + (" " + tr("Larger windows are cut off.") if excerpt.cut else "")
