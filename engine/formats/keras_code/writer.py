"""Networks as the source of a Keras model: a `Sequential` where it is one, or else functional, repeats as functions."""

from collections import Counter
from collections.abc import Iterable, Sequence

from engine.analysis import analyse
from engine.formats import keras_json, told
from engine.formats.keras_code.blocks import Block, Blocks, Unit
from engine.formats.keras_code.calls import Json, layer_call, operation_call, sources
from engine.formats.keras_code.calls import written as shown
from engine.formats.source.heading import image_lines
from engine.formats.source.layout import WIDTH, Argument, Call, Expression, laid_out, width, wrapped
from engine.formats.source.names import LETTERS, identifier, literal, plain, unlike
from engine.formats.source.regions import grouping_of, whole
from engine.formats.source.titles import part_title, snake
from engine.language import tr
from engine.network import Network

_TENSOR = "keras.KerasTensor"


def encode(network: Network) -> str:
    """Write a network as the source of a Keras model; where something is lost, a `FormatWarning` says so.

    Raises
    ------
    FormatError
        Where the network has errors, or a layer that Keras can't compute.
    """
    source, lost = written(network)
    told.tell(network, told.KERAS_SOURCE, lost, aside=keras_json.renamed(network.graph))
    return source


def written(network: Network) -> tuple[str, list[str]]:
    """Return a network's source, and what Keras has no place for.

    Raises
    ------
    FormatError
        Where the network has errors, or a layer that Keras can't compute.
    """
    model, made, lost, notes = keras_json.described(network)
    config = model["config"]
    entrance, *others = config["layers"]
    parts = [_head(network, notes), ["import keras", "from keras import layers"], [""]]
    if _is_sequential(config, entrance, others):
        parts.append(_sequential(config, entrance, others))
    else:
        parts += _functional(network, config, entrance, made)
    return "\n\n".join("\n".join(lines) for lines in parts).replace("\n\n\n\n", "\n\n\n") + "\n", lost


def _head(network: Network, notes: Sequence[str]) -> list[str]:
    """Return what the model is, in a docstring, and what was done so that it computes the same."""
    analysis = analyse(network.graph)
    name = plain(network.name) or "A network"
    lines = [f"{name}, as it was drawn in Convolab: {analysis.totals.total_parameters:,} parameters.", ""]
    lines += ["Volumes are height, width, channels here: channels come last."]
    lines += image_lines(analysis, channels_last=True)
    if notes:
        lines += ["", "So that Keras computes the same:"]
    rows = [row for line in lines for row in wrapped(line, WIDTH - 4)]
    for what, count in Counter(notes).items():
        first, *rest = wrapped(f"{what}{f' ({count} layers)' if count > 1 else ''}", WIDTH - 6)
        rows += [f"- {first}", *(f"  {row}" for row in rest)]
    return ['"""' + rows[0], *rows[1:], '"""']


def _ends(config: Json) -> list[str]:
    ends = config["output_layers"]
    return [end[0] for end in ends] if isinstance(ends[0], list) else [ends[0]]


def _entrance(layer: Json) -> Call:
    shape = shown(layer["config"]["batch_shape"][1:])
    return Call("keras.Input", (Argument(shape), Argument(literal(layer["name"]), "name")))


def _is_sequential(config: Json, entrance: Json, others: Sequence[Json]) -> bool:
    before = entrance["name"]
    for layer in others:
        if sources(layer) != [before] or layer["module"] != "keras.layers":
            return False
        before = layer["name"]
    return _ends(config) == [before] and len(others) > 0


def _sequential(config: Json, entrance: Json, others: Sequence[Json]) -> list[str]:
    rows = (Argument(_entrance(entrance)), *(Argument(layer_call(layer)) for layer in others))
    chain = Call("", rows, exploded=True, brackets="[]")
    model = Call("keras.Sequential", (Argument(chain), Argument(literal(config["name"]), "name")), exploded=True)
    return [*_builder(), *laid_out("return ", model, "", 1)]


def _builder() -> list[str]:
    return ["def build_model() -> keras.Model:", '    """Make the model, without weights."""']


def _functional(network: Network, config: Json, entrance: Json, made: dict[str, list[Json]]) -> list[list[str]]:
    """Return the functions of blocks that repeat, and then the one that makes the model."""
    analysis = analyse(network.graph)
    grouping = grouping_of(network, analysis)
    root = whole(network, analysis, grouping)
    blocks = Blocks(root, made, lambda part: snake(part_title(network.graph, part, grouping)))
    functions = [[*_function(block), ""] for block in blocks.all]
    ends = _ends(config)
    first = unlike(identifier(entrance["name"], "image"), (), _meant(blocks))
    body = _Body(blocks, {entrance["name"]: first}, [*ends, entrance["name"]])
    rows = [*_builder(), *laid_out(f"{first} = ", _entrance(entrance), "", 1), *body.rows(blocks.units())]
    answers = [Argument(body.variable(end)) for end in ends]
    answer = answers[0].value if len(answers) == 1 else Call("", tuple(answers), brackets="[]")
    arguments = (Argument(first), Argument(answer), Argument(literal(config["name"]), "name"))
    return [*functions, [*rows, *laid_out("return ", Call("keras.Model", arguments), "", 1)]]


def _function(block: Block) -> list[str]:
    names = ["x", "x2"][: len(block.inputs)]
    values = [f"{name}: {_TENSOR}" for name in names]
    settings = [f"{name}: {_kind(block, *place)}" for name, place in block.parameters.items()]
    arguments = tuple(map(Argument, [*values, "*", *settings, "name: str"]))
    head = laid_out("def ", Call(block.title, arguments), f" -> {_TENSOR}:", 0)
    times = tr("Make a block; there are {count}.", count=len(block.prefixes))
    body = _Body(None, dict(zip(block.inputs, names, strict=True)), [block.output])
    units = [(Unit(layer, None, None, tuple(sources(layer)), layer["name"]), name) for layer, name in block.described()]
    rows = body.rows([unit for unit, _ in units], [name for _, name in units], block.output)
    return [*head, f'    """{times}"""', *rows]


def _kind(block: Block, number: int, key: str) -> str:
    value = block.layers[number]["config"][key]
    return "tuple | int" if isinstance(value, list | tuple) else type(value).__name__


def _meant(blocks: Blocks | None) -> frozenset[str]:
    """Return the words that mean something in a function already."""
    titles = [block.title for block in blocks.all] if blocks is not None else []
    return frozenset(("keras", "layers", "name", *titles))


class _Body:
    """The lines of a function, and which variable holds which value so far."""

    def __init__(self, blocks: Blocks | None, given: dict[str, str], ends: Iterable[str]) -> None:
        self._blocks = blocks
        self._variables = dict(given)  # by layer
        self._holders = {variable: layer for layer, variable in given.items()}
        self._uses = Counter(ends)
        self._taken = _meant(blocks)

    def variable(self, layer: str) -> str:
        """Return the variable that holds a layer's value."""
        return self._variables[layer]

    def rows(self, units: Sequence[Unit], names: Sequence[Expression] = (), answer: str = "") -> list[str]:
        """Return the lines that take some steps; layers may be called otherwise, and one's value be the answer."""
        self._uses += Counter(source for unit in units for source in unit.sources)
        found: list[str] = []
        for number, unit in enumerate(units):
            given = [self._variables[source] for source in unit.sources]
            self._uses.subtract(unit.sources)
            is_last = unit is units[-1] and unit.output == answer
            head = "return " if is_last else f"{self._kept(unit.output, given)} = "
            found += self._row(unit, head, given, names[number] if names else None)
        return found

    def _row(self, unit: Unit, head: str, given: list[str], name: Expression | None) -> list[str]:
        if unit.block is not None and unit.part is not None and self._blocks is not None:
            values = self._blocks.arguments(unit.block, unit.part)
            settings = tuple(Argument(shown(value), key) for key, value in values.items())
            own = Argument(literal(unit.block.prefixes[unit.output]), "name")
            call = Call(unit.block.title, (*map(Argument, given), *settings, own))
            return laid_out(head, call, "", 1)
        assert unit.layer is not None
        operation = operation_call(unit.layer, given[0])
        if operation is not None:
            return laid_out(head, operation, "", 1)
        arguments = unit.layer["inbound_nodes"][0]["args"]
        is_list = len(arguments) == 1 and isinstance(arguments[0], list)
        return _called(head, layer_call(unit.layer, name), given, is_list=is_list)

    def _kept(self, layer: str, given: list[str]) -> str:
        """Return the variable for a value: one that nothing needs any more, or a new one."""
        free = [name for name in given if self._uses[self._holders[name]] <= 0]
        idle = [letter for letter in LETTERS if self._uses[self._holders.get(letter, "")] <= 0]
        if "x" in free or "x" not in self._holders:
            name = "x"
        elif free:
            name = free[0]
        else:
            name = idle[0] if idle else unlike("y", self._holders, self._taken)
        self._holders[name] = layer
        self._variables[layer] = name
        return name


def _called(head: str, call: Call, given: list[str], *, is_list: bool) -> list[str]:
    """Return the lines in which a layer is made and called with values."""
    values = f"[{', '.join(given)}]" if is_list else ", ".join(given)
    start = f"    {head}{call.flat}("
    if width(f"{start}{values})") <= WIDTH:
        return [f"{start}{values})"]
    if width(start) <= WIDTH:
        return [start, f"        {values}", "    )"]
    return laid_out(head, call, f"({values})", 1)
