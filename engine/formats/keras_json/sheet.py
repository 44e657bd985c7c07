"""What a layer's writer is given to write on."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from engine.analysis import NodeAnalysis
from engine.formats.errors import FormatError
from engine.formats.keras_json.order import channels_last
from engine.language import tr
from engine.layers import Layer
from engine.shape import Shape

Json = dict[str, Any]
KERAS = "keras.layers"


class Sheet:
    """One layer's Keras layers in the making. Tensors have a batch in front.

    Parameters
    ----------
    entry
        The layer and its shapes.
    name
        The name of the Keras layer that makes the output.
    sources
        The inputs: names of Keras layers with the shapes ``(H, W, C)`` or ``(N,)`` of what they make.
    taken
        The names that are taken, this layer's own among them.
    unturned
        Whether a Flatten may leave its values in Keras's order.
    nonnegative
        Whether all values that come in are known to be 0 or more.
    """

    def __init__(
        self,
        entry: NodeAnalysis,
        name: str,
        sources: Sequence[tuple[str, tuple[int, ...]]],
        taken: set[str],
        *,
        unturned: bool = False,
        nonnegative: bool = False,
    ) -> None:
        assert entry.output is not None
        self.layer: Layer = entry.layer
        self.shapes: tuple[Shape, ...] = tuple(shape for shape in entry.inputs if shape is not None)
        self.output: Shape = entry.output
        self.sources = [source for source, _ in sources]
        self.unturned = unturned
        self.nonnegative = nonnegative
        self.layers: list[Json] = []
        self.lost: list[str] = []  # what the file can't say, in the words of a warning
        self.notes: list[str] = []  # what was done so that it computes the same, in the words of the code
        self.out = self._name = name  # the Keras layer that makes the output
        self._taken = taken
        self._made = dict(sources)

    @property
    def keras_shape(self) -> tuple[int, ...]:
        """The output's shape in Keras's order."""
        return channels_last(self.output)

    def step(
        self, name: str, kind: str, config: Mapping[str, Any], sources: Sequence[str], shape: Sequence[int]
    ) -> str:
        """Add a Keras layer whose output, of a shape in Keras's order, others of the layer use; returns its name."""
        own = f"{self._name}_{name}"
        while own in self._taken:
            own += "_"
        self._taken.add(own)
        return self._add(own, kind, config, [*map(self.tensor, sources)], shape)

    def result(
        self,
        kind: str,
        config: Mapping[str, Any],
        sources: Sequence[str] | None = None,
        shape: Sequence[int] | None = None,
    ) -> None:
        """Add the Keras layer that has the layer's name and weights; it makes the output, or what `further` takes."""
        names = self.sources if sources is None else sources
        tensors = [*map(self.tensor, names)]
        arguments = [tensors] if self.layer.ports.most != 1 else tensors
        self._add(self._name, kind, config, arguments, shape or self.keras_shape)

    def further(self, name: str, kind: str, config: Mapping[str, Any]) -> None:
        """Add a Keras layer that makes the output of what `result` made."""
        self.out = self.step(name, kind, config, [self._name], self.keras_shape)

    def operation(self, kind: str, module: str, config: Mapping[str, Any], *arguments: Any) -> None:
        """Add an operation of ``keras.ops`` that makes the layer's output, with arguments after the first input."""
        tensors = [self.tensor(self.sources[0]), *arguments]
        self._add(self._name, kind, config, tensors, self.keras_shape, module)

    def tensor(self, name: str) -> Json:
        """Return the reference to a Keras layer's output."""
        shape = [None, *self._made[name]]
        return {
            "class_name": "__keras_tensor__",
            "config": {"shape": shape, "dtype": "float32", "keras_history": [name, 0, 0]},
        }

    def refuse(self, reason: str) -> FormatError:
        """Return the error that says why Keras can't have this layer."""
        return FormatError(
            tr(
                "{layer} can't be written for Keras: {reason} - at layer {name!r}",
                layer=self.layer.title,
                reason=reason,
                name=self._name,
            )
        )

    def _add(
        self,
        name: str,
        kind: str,
        config: Mapping[str, Any],
        arguments: list[Any],
        shape: Sequence[int],
        module: str = KERAS,
    ) -> str:
        self.layers.append(
            {
                "module": module,
                "class_name": kind,
                "config": {"name": name, **config},
                "registered_name": None if module == KERAS else kind,
                "name": name,
                "inbound_nodes": [{"args": arguments, "kwargs": {}}],
            }
        )
        self._made[name] = tuple(shape)
        return name


Writer = Callable[[Sheet], None]


def simple(kind: str, **config: Any) -> Writer:
    """Return the writer of a layer that is one Keras layer, always the same."""

    def write(sheet: Sheet) -> None:
        sheet.result(kind, config)

    return write
