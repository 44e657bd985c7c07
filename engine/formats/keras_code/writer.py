"""Networks as the source of a Keras model: a `Sequential` where it is one, or else functional."""

import warnings
from collections import Counter
from collections.abc import Iterator

from engine.analysis import analyse
from engine.formats import keras_json
from engine.formats.errors import FormatWarning
from engine.formats.keras_code.calls import Json, layer_call, operation_call, sources
from engine.formats.keras_code.calls import written as shown
from engine.formats.keras_json.writer import listed
from engine.formats.source.layout import WIDTH, Argument, Call, laid_out, width, wrapped
from engine.formats.source.names import LETTERS, identifier, literal, plain, unlike
from engine.language import tr
from engine.network import Network

_TAKEN = frozenset(("keras", "layers"))


def encode(network: Network) -> str:
    """Write a network as the source of a Keras model; where something is lost, a `FormatWarning` says so.

    Raises
    ------
    FormatError
        Where the network has errors, or a layer that Keras can't compute.
    """
    source, lost = written(network)
    if network.weights:
        lost.append(tr("the weights, which `engine.formats.keras_json.to_keras` gives for each layer's `set_weights`"))
    if lost:
        warnings.warn(tr("Keras has no place for {lost}", lost=listed(lost)), FormatWarning, stacklevel=3)
    return source


def written(network: Network) -> tuple[str, list[str]]:
    """Return a network's source, and what Keras has no place for.

    Raises
    ------
    FormatError
        Where the network has errors, or a layer that Keras can't compute.
    """
    model, lost = keras_json.described(network)
    config = model["config"]
    made = _ordered(config)
    head = _head(network)
    body = _sequential(config, made) if _is_sequential(config, made) else _Functional(config, made).lines()
    text = "\n".join([*head, "", "import keras", "from keras import layers", "", "", *body]) + "\n"
    return text, lost


def _head(network: Network) -> list[str]:
    totals = analyse(network.graph).totals
    name = plain(network.name) or "A network"
    text = f"{name}, as it was drawn in Convolab: {totals.total_parameters:,} parameters."
    rows = wrapped(text, WIDTH - 4)
    more = ["", "Volumes are height, width, channels here: channels come last."]
    return [f'"""{rows[0]}', *rows[1:], *more, '"""']


def _ends(config: Json) -> list[str]:
    ends = config["output_layers"]
    return [end[0] for end in ends] if isinstance(ends[0], list) else [ends[0]]


def _ordered(config: Json) -> list[Json]:
    """Return the layers branch after branch, each behind what feeds it."""
    by_name = {layer["name"]: layer for layer in config["layers"]}
    done: dict[str, Json] = {}
    waiting = [*reversed(_ends(config)), config["input_layers"][0]]
    while waiting:
        name = waiting[-1]
        ahead = [source for source in sources(by_name[name]) if source not in done]
        if name in done or not ahead:
            done.setdefault(waiting.pop(), by_name[name])
        else:
            waiting += reversed(ahead)
    return list(done.values())


def _is_sequential(config: Json, made: list[Json]) -> bool:
    before = made[0]["name"]
    for layer in made[1:]:
        if sources(layer) != [before] or layer["module"] != "keras.layers":
            return False
        before = layer["name"]
    return _ends(config) == [before] and len(made) > 1


def _sequential(config: Json, made: list[Json]) -> list[str]:
    entrance, *others = made
    rows = (Argument(_entrance(entrance)), *(Argument(layer_call(layer)) for layer in others))
    chain = Call("", rows, exploded=True, brackets="[]")
    model = Call("keras.Sequential", (Argument(chain), Argument(literal(config["name"]), "name")), exploded=True)
    return [
        "def build_model() -> keras.Model:",
        '    """Make the model, without weights."""',
        *laid_out("return ", model, "", 1),
    ]


def _entrance(layer: Json) -> Call:
    shape = shown(layer["config"]["batch_shape"][1:])
    return Call("keras.Input", (Argument(shape), Argument(literal(layer["name"]), "name")))


class _Functional:
    """The function that makes a model, and which variable holds which value so far."""

    def __init__(self, config: Json, made: list[Json]) -> None:
        self._config = config
        self._made = made
        self._uses = Counter(source for layer in made for source in sources(layer)) + Counter(_ends(config))
        self._variables: dict[str, str] = {}  # by layer
        self._holders: dict[str, str] = {}  # by variable

    def lines(self) -> list[str]:
        """Return the function."""
        entrance, *others = self._made
        rows = ["def build_model() -> keras.Model:", '    """Make the model, without weights."""']
        self._uses[entrance["name"]] += 1  # the model begins with it
        first = self._free(identifier(entrance["name"], "image"))
        self._hold(first, entrance["name"])
        rows += laid_out(f"{first} = ", _entrance(entrance), "", 1)
        for layer in others:
            rows += self._row(layer)
        ends = [Argument(self._variables[end]) for end in _ends(self._config)]
        answer = ends[0].value if len(ends) == 1 else Call("", tuple(ends), brackets="[]")
        model = Call(
            "keras.Model", (Argument(first), Argument(answer), Argument(literal(self._config["name"]), "name"))
        )
        return [*rows, *laid_out("return ", model, "", 1)]

    def _row(self, layer: Json) -> Iterator[str]:
        given = [self._variables[source] for source in sources(layer)]
        operation = operation_call(layer, given[0])
        self._uses.subtract(sources(layer))
        free = [name for name in given if self._uses[self._holders[name]] <= 0]
        name = "x" if "x" in free or "x" not in self._holders else free[0] if free else self._free("y")
        self._hold(name, layer["name"])
        if operation is not None:
            yield from laid_out(f"{name} = ", operation, "", 1)
        else:
            merged = len(layer["inbound_nodes"][0]["args"]) == 1 and isinstance(
                layer["inbound_nodes"][0]["args"][0], list
            )
            yield from _called(f"{name} = ", layer_call(layer), given, is_list=merged)

    def _free(self, wish: str) -> str:
        """Return a name that nothing needs any more, or that is new."""
        if wish == "y":
            idle = (letter for letter in LETTERS if self._uses[self._holders.get(letter, "")] <= 0)
            if (letter := next(idle, None)) is not None:
                return letter
        return unlike(wish, self._holders, _TAKEN)

    def _hold(self, variable: str, layer: str) -> None:
        self._holders[variable] = layer
        self._variables[layer] = variable


def _called(head: str, call: Call, given: list[str], *, is_list: bool) -> list[str]:
    """Return the lines in which a layer is made and called with values."""
    values = f"[{', '.join(given)}]" if is_list else ", ".join(given)
    start = f"    {head}{call.flat}("
    if width(f"{start}{values})") <= WIDTH:
        return [f"{start}{values})"]
    if width(start) <= WIDTH:
        return [start, f"        {values}", "    )"]
    return laid_out(head, call, f"({values})", 1)
