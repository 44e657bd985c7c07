"""Networks as the source of a PyTorch module, as a person would write it."""

import re
from collections.abc import Iterator

from engine.analysis import Analysis, analyse
from engine.formats import told
from engine.formats.errors import FormatError
from engine.formats.source.heading import image_lines
from engine.formats.source.layout import (
    INDENT,
    WIDTH,
    Argument,
    Call,
    Expression,
    laid_out,
    width,
    with_remark,
    wrapped,
)
from engine.formats.source.names import literal, plain
from engine.formats.source.regions import Item, Leaf, Part, grouping_of
from engine.formats.torch_code.forward import forward
from engine.formats.torch_code.helpers import sources
from engine.formats.torch_code.naming import Naming, all_steps, named, said
from engine.formats.torch_code.parameters import parametrise
from engine.formats.torch_code.steps import Merge, Module, Value
from engine.formats.torch_code.structure import Class, Structure, same
from engine.language import tr
from engine.layers import Flatten, LinearSVM, LogSoftmax, Softmax
from engine.network import Network

_LOOP_WIDTH = WIDTH - 20  # characters of a loop that stands deep within
_LEAST_REPEATED = 3  # equal blocks that are worth a loop


def encode(network: Network) -> str:
    """Write a network as the source of a PyTorch module; where something is lost, a `FormatWarning` says so.

    Raises
    ------
    FormatError
        Where the network has errors.
    """
    source, lost = written(network)
    told.tell(network, told.TORCH_SOURCE, lost, said=said(network))
    return source


def written(network: Network) -> tuple[str, list[str]]:
    """Return a network's source, and what it has no place for.

    Raises
    ------
    FormatError
        Where the network has errors.
    """
    analysis = analyse(network.graph)
    if analysis.errors or not analysis.order:
        reason = analysis.errors[0].message if analysis.errors else tr("it has no layers")
        raise FormatError(tr("Only a network without errors can be written as source: {reason}", reason=reason))
    naming = named(network, analysis, all_steps(analysis), grouping_of(network, analysis))
    lost = []
    if any(isinstance(entry.layer, LinearSVM) for entry in analysis.nodes.values()):
        lost.append(tr("that a layer is a linear SVM (it is an nn.Linear there)"))
    return _Writing(network, analysis, naming).text(), lost


def class_name(network: Network) -> str:
    """Return what the class of a network without errors is called."""
    analysis = analyse(network.graph)
    return named(network, analysis, all_steps(analysis), grouping_of(network, analysis)).structure.classes[-1].name


class _Writing:
    """The source of one network in the making."""

    def __init__(self, network: Network, analysis: Analysis, naming: Naming) -> None:
        self._network = network
        self._analysis = analysis
        self._naming = naming
        self._structure: Structure = naming.structure
        for one in self._structure.classes[:-1]:
            parametrise(naming, one)

    def text(self) -> str:
        """Return the whole source."""
        classes = [self._class(one) for one in self._structure.classes]
        calls = {
            module.call for steps in self._structure.steps.values() if not isinstance(steps, Merge) for module in steps
        }
        helpers = sources(calls)
        body = ["\n".join(lines) for lines in classes]
        parts = [self._head(), self._imports("\n".join([*helpers, *body]))]
        labels = self._labels()
        if labels:
            parts.append(labels)
        return "\n\n".join(parts) + "\n\n\n" + "\n\n\n".join([*helpers, *body]) + "\n"

    def _head(self) -> str:
        """Return what the module is, in a docstring."""
        totals = self._analysis.totals
        name = plain(self._network.name) or "A network"
        lines = [f"{name}, as it was drawn in Convolab: {totals.parameters:,} parameters.", ""]
        lines += image_lines(self._analysis)
        rows = [row for line in lines for row in wrapped(line, WIDTH - 4)]
        return "\n".join(['"""' + rows[0], *rows[1:], '"""'])

    def _imports(self, code: str) -> str:
        """Return the imports of what is used; strings of the code are no use."""
        code = re.sub(r'"""[\s\S]*?"""|#.*', "", code)
        rows = ["from collections import OrderedDict", ""] if "OrderedDict(" in code else []
        if re.search(r"(?<![\w.])torch\.", code):
            rows.append("import torch")
        rows.append("from torch import Tensor, nn" if re.search(r"\bTensor\b", code) else "from torch import nn")
        if "functional." in code:
            rows.append("from torch.nn import functional")
        return "\n".join(rows)

    def _labels(self) -> str:
        """Return the names of the classes as a constant, where the network's answer has some."""
        for end in self._structure.root.ends:
            layer = self._analysis.nodes[end].layer
            if isinstance(layer, Softmax | LogSoftmax | LinearSVM) and layer.labels:
                names = Call("", tuple(Argument(literal(label)) for label in layer.labels))
                if len(layer.labels) == 1:
                    return f"CLASSES = ({literal(layer.labels[0])},)"
                return "\n".join(laid_out("CLASSES = ", names))
        return ""

    # Classes

    def _class(self, one: Class) -> list[str]:
        part = one.part
        base = "nn.Sequential" if part.is_chain else "nn.Module"
        lines = [f"class {one.name}({base}):", *self._docstring(one), ""]
        lines += self._signature(one)
        if part.is_chain:
            inner = self._sequence(part, one, 0)
            chain = Call("super().__init__", inner.arguments if not inner.name.endswith("Dict") else (Argument(inner),))
            chain = chain._replace(exploded=inner.exploded and not inner.name.endswith("Dict"))
            return [*lines, *laid_out("", chain, "", 2)]
        lines.append(f"{INDENT * 2}super().__init__()")
        slot = 0
        for item, names in zip(part.items, self._naming.attributes(part), strict=True):
            for name, built, remark in self._built(item, names, one, slot):
                lines += with_remark(laid_out(f"self.{name} = ", built, "", 2), remark, 2)
            slot += len(self._structure.slots(item))
        return [*lines, "", *forward(self._naming, part)]

    def _docstring(self, one: Class) -> list[str]:
        if one is self._structure.classes[-1]:
            ends = " and ".join(self._shape(end) for end in one.part.ends)
            entrance = self._analysis.input
            image = self._shape(entrance.id) if entrance is not None else "nothing"
            text = f"{plain(self._network.name) or 'The network'}: {image} in, {ends} out."
        else:
            times = f", {len(one.parts)} times" if len(one.parts) > 1 else ""
            text = f"{self._kinds(one.part)}{times}."
        rows = wrapped(text, WIDTH - 4 - 6)
        if len(rows) == 1:
            return [f'{INDENT}"""{rows[0]}"""']
        return [f'{INDENT}"""{rows[0]}', *(f"{INDENT}{row}" for row in rows[1:]), f'{INDENT}"""']

    def _kinds(self, part: Part) -> str:
        titles = [self._analysis.nodes[leaf.node].layer.title for leaf in part.leaves()]
        shown = titles if len(titles) <= 12 else [*titles[:11], f"{len(titles) - 11} more"]
        return ", ".join(shown)

    def _shape(self, node: str) -> str:
        output = self._analysis.nodes[node].output
        return output.text() if output is not None else "?"

    def _signature(self, one: Class) -> list[str]:
        arguments = [Argument("self")]
        starred = False
        for parameter in one.parameters:
            if not parameter.positional and not starred:
                arguments.append(Argument("*"))
                starred = True
            kinds = self._kinds_of(one, parameter.slot)
            default = f" = {literal(parameter.default)}" if parameter.default is not None else ""
            arguments.append(Argument(f"{parameter.name}: {kinds}{default}"))
        return laid_out("def ", Call("__init__", tuple(arguments)), " -> None:", 1)

    def _kinds_of(self, one: Class, slot: int) -> str:
        return " | ".join(sorted({_kind_of(self._structure.slots(part)[slot].value) for part in one.parts}))

    # What a class is made of

    def _sequence(self, part: Part, inside: Class, slot: int) -> Call:
        """Return the call of a chain's ``nn.Sequential``: what it holds counted, or in an ``OrderedDict``."""
        rows: list[tuple[str, Expression, str]] = []
        for item, names in zip(part.items, self._naming.attributes(part), strict=True):
            rows += self._built(item, names, inside, slot)
            slot += len(self._structure.slots(item))
        if not rows:
            return Call("nn.Sequential")
        if self._naming.is_counted(part):
            return Call("nn.Sequential", tuple(_repeated(rows)), exploded=True)
        named_rows = tuple(Argument(built, name, remark) for name, built, remark in rows)
        return Call("OrderedDict", named_rows, exploded=True)

    def _built(
        self, item: Item, names: tuple[str, ...], inside: Class, slot: int
    ) -> Iterator[tuple[str, Expression, str]]:
        """Yield a name, what is made under it and a remark, for each module of an item."""
        if isinstance(item, Part):
            one = self._structure.class_of(item)
            if one is not None:
                yield names[0], self._instance(one, item, inside, slot), ""
            else:
                inner = self._sequence(item, inside, slot)
                dictionary = inner.name == "OrderedDict"
                yield names[0], Call("nn.Sequential", (Argument(inner),)) if dictionary else inner, ""
            return
        for module, name in zip(self._structure.modules(item), names, strict=True):
            arguments = tuple(self._arguments(module, inside, slot))
            slot += len(module.args)
            remark = module.remark
            if inside is self._structure.classes[-1] and module is self._structure.modules(item)[-1]:
                remark = "; ".join(filter(None, (remark, self._becomes(item))))
            yield name, Call(module.call, arguments), remark

    def _becomes(self, leaf: Leaf) -> str:
        """Return the shape that a layer makes, where it is another than what comes in."""
        entry = self._analysis.nodes[leaf.node]
        laid_out_as = entry.output is not None and (entry.output.is_volume or isinstance(entry.layer, Flatten))
        return self._shape(leaf.node) if laid_out_as and entry.output != entry.inputs[0] else ""

    def _arguments(self, module: Module, inside: Class, slot: int) -> Iterator[Argument]:
        for number, arg in enumerate(module.args):
            written_as = inside.expressions.get(slot + number)
            if written_as is None and same(arg.value, arg.default):
                continue
            yield Argument(written_as or _written(arg.value), "" if arg.positional else arg.name)

    def _instance(self, one: Class, part: Part, inside: Class, slot: int) -> Call:
        own = self._structure.slots(part)
        arguments = []
        for parameter in one.parameters:
            value: Value = own[parameter.slot].value
            outer = inside.expressions.get(slot + parameter.slot)
            if outer is None and same(value, parameter.default):
                continue
            arguments.append(Argument(outer or _written(value), "" if parameter.positional else parameter.name))
        return Call(one.name, tuple(arguments))


def _repeated(rows: list[tuple[str, Expression, str]]) -> Iterator[Argument]:
    """Yield the modules of a counted chain, equal ones as a loop."""
    at = 0
    while at < len(rows):
        _, built, remark = rows[at]
        end = at + 1
        while end < len(rows) and rows[end][1:] == (built, remark):
            end += 1
        text = built if isinstance(built, str) else built.flat
        loop = f"*[{text} for _ in range({end - at})]"
        if end - at >= _LEAST_REPEATED and isinstance(built, Call) and built.is_flat and width(loop) < _LOOP_WIDTH:
            yield Argument(loop)
        else:
            yield from (Argument(built, "", remark) for _ in range(end - at))
        at = end


def _written(value: Value) -> Expression:
    """Write a value; a tuple can be laid out on several lines."""
    if isinstance(value, tuple) and len(value) > 1:
        return Call("", tuple(Argument(literal(number)) for number in value))
    return literal(value)


def _kind_of(value: Value) -> str:
    if not isinstance(value, tuple):
        return type(value).__name__
    return "tuple[int, ...]" if all(isinstance(number, int) for number in value) else "tuple[float, ...]"
