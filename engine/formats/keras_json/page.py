"""What a Keras layer's reader is given to read from, and where it puts our layers."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from engine.formats.errors import FormatError
from engine.graph import Draft, Node
from engine.language import tr
from engine.layers import Layer
from engine.layers.parameters import Padding
from engine.shape import Shape

Outputs = dict[str, tuple[str, Shape]]  # of each Keras layer: the node that makes its output, and the shape


class Page:
    """One Keras layer: its settings, its inputs, and the chain of our layers that does the same.

    Parameters
    ----------
    name, kind, config
        The Keras layer's name, class and settings.
    inputs
        The nodes that feed it, with their shapes ``(C, H, W)`` or ``(N,)``.
    constants
        What else the layer is called with: numbers, slices.
    number_first
        Whether such a constant comes before the inputs, as in ``1 - x``.
    old
        Whether the words are those of Keras 2, some of which mean something else than Keras 3's.
    draft
        The graph so far.
    taken
        The ids that are taken, those of layers to come among them.
    """

    def __init__(
        self,
        name: str,
        kind: str,
        config: Mapping[str, Any],
        inputs: Sequence[tuple[str, Shape]],
        constants: Sequence[Any],
        draft: Draft,
        taken: set[str],
        *,
        number_first: bool = False,
        old: bool = False,
    ) -> None:
        self.name, self.kind, self.config = name, kind, config
        self.inputs, self.constants = list(inputs), list(constants)
        self.number_first, self.old = number_first, old
        self.lost: list[str] = []
        self._draft = draft
        self._taken = taken
        self._ids: set[str] = set()

    @property
    def shape(self) -> Shape:
        """The shape of what the next layer of the chain is given."""
        return self.inputs[0][1]

    @property
    def is_unchanged(self) -> bool:
        """Whether nothing was put behind the inputs yet."""
        return not self._ids

    def add(self, layer: Layer, suffix: str = "") -> None:
        """Put a layer behind what there is so far; its id is the Keras layer's name, with a suffix where needed."""
        shapes = tuple(shape for _, shape in self.inputs)
        inferred = layer.infer(shapes)
        if inferred.output is None:
            raise self.refuse(inferred.problems[0].message)
        node = self.name
        if suffix or node in self._ids:
            node = f"{self.name}_{suffix or layer.prefix}"
        while node in self._ids or (node in self._taken and node != self.name):
            node += "_"
        self._draft.add(Node(node, layer))
        for port, (source, _) in enumerate(self.inputs):
            self._draft.connect(source, node, port)
        self._ids.add(node)
        self._taken.add(node)
        self.inputs = [(node, inferred.output)]

    def pair(self, key: str, default: int = 1) -> tuple[int, int]:
        """Return a setting of two whole numbers, which may be given as one."""
        value = self.config.get(key, default)
        if value is None:
            value = default
        down, across = (value, value) if isinstance(value, int) else value
        return int(down), int(across)

    def sides(self, key: str) -> tuple[int, int, int, int]:
        """Return a setting of pixels at the top, bottom, left and right, which may be given as one or two numbers."""
        value = self.config[key]
        (top, bottom), (left, right) = (
            (one, one) if isinstance(one, int) else one for one in ((value, value) if isinstance(value, int) else value)
        )
        return int(top), int(bottom), int(left), int(right)

    def padding(self) -> Padding:
        """Return the setting “padding”."""
        value = self.config.get("padding", "valid")
        if value not in ("valid", "same"):
            raise self.refuse(tr("its padding is {value!r}", value=value))
        return "same" if value == "same" else "valid"

    def check_channels(self) -> None:
        """Raise where the setting “axis” is not that of the channels."""
        axis = self.config.get("axis", -1)
        axes = axis if isinstance(axis, list) else [axis]
        if [one % (len(self.shape) + 1) for one in axes] != [len(self.shape)]:
            raise self.refuse(tr("it works on axis {axis}, not on the channels", axis=axis))

    def refuse(self, reason: str) -> FormatError:
        """Return the error that says why Convolab can't have this layer."""
        return FormatError(
            tr("{kind} can't be read: {reason} - at layer {name!r}", kind=self.kind, reason=reason, name=self.name)
        )


Reader = Callable[[Page], None]


def one(make: Callable[[Page], Layer]) -> Reader:
    """Return the reader of a Keras layer that is one of ours."""

    def read(page: Page) -> None:
        page.add(make(page))

    return read
