"""What the palette offers, in the order of the lecture's outline, and how it is searched."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from engine import LAYERS, Layer

# The lecture's layers come first, in its order, and fit one look; all others follow by family.
_LECTURE = {
    "Input": ("Input",),
    "Convolution": ("Conv2D",),
    "Activation": ("ReLU",),
    "Pooling": ("MaxPool2D", "AvgPool2D", "SumPool2D"),
    "Fully connected": ("Flatten", "Dense", "Dropout"),
    "Output": ("Softmax", "LinearSVM"),
    "Merge": ("Add", "Concat"),
}
_FURTHER = {
    "io": "Preprocessing",
    "conv": "More convolutions",
    "activation": "More activations",
    "pool": "More pooling",
    "normalization": "Normalization",
    "reshape": "Rearranging",
    "regularization": "More regularization",
    "output": "More outputs",
    "merge": "More merging",
}


@dataclass(frozen=True)
class Entry:
    """One row: its layer types are placed one after the other, wired."""

    title: str
    group: str
    family: str
    types: tuple[str, ...]
    summary: str


_CONV_RELU = Entry(
    "Conv + ReLU",
    "Convolution",
    "conv",
    ("Conv2D", "ReLU"),
    "A convolution and the rectifier after it: together, what the lecture calls a convolution layer.",
)


def entries(layers: Iterable[type[Layer]] = LAYERS) -> tuple[Entry, ...]:
    """Return the entries of all groups in order; a layer of a family without a group gets a group of that name."""
    group_of = {name: group for group, names in _LECTURE.items() for name in names}
    made = [
        Entry(
            layer.title,
            group_of.get(layer.__name__, _FURTHER.get(layer.family, layer.family.capitalize())),
            layer.family,
            (layer.__name__,),
            layer.summary,
        )
        for layer in layers
    ]
    offered = {name for entry in made for name in entry.types}
    if offered.issuperset(_CONV_RELU.types):
        made.append(_CONV_RELU)
    order = list(dict.fromkeys((*_LECTURE, *_FURTHER.values(), *(entry.group for entry in made))))
    return tuple(sorted(made, key=lambda entry: order.index(entry.group)))


def search(among: Sequence[Entry], text: str) -> list[Entry]:
    """Return the entries that match every word of ``text``, the best match first."""
    words = text.casefold().split()
    ranked = []
    for entry in among:
        ranks = [_rank(entry, word) for word in words]
        known = [rank for rank in ranks if rank is not None]
        if len(known) == len(ranks):
            ranked.append((sum(known), entry))
    return [entry for _, entry in sorted(ranked, key=lambda pair: pair[0])]


def _rank(entry: Entry, word: str) -> int | None:
    """Return how far down a match of one word belongs, from 0; None where the word does not match."""
    title = entry.title.casefold()
    if title.startswith(word):
        return 0
    if any(part.startswith(word) for part in title.split()):
        return 1
    if word in title or word in " ".join(entry.types).casefold():
        return 2
    if word in entry.family or word in entry.group.casefold():
        return 3
    if _is_subsequence(word, title):
        return 4
    return 5 if word in entry.summary.casefold() else None


def _is_subsequence(word: str, title: str) -> bool:
    letters = iter(title)
    return all(letter in letters for letter in word)
