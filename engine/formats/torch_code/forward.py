"""The body of ``forward``: calls nested where one follows the other, names where values branch."""

from collections import Counter
from collections.abc import Sequence
from typing import NamedTuple

from engine.formats.source.layout import WIDTH, Argument, Call, Expression, laid_out, width
from engine.formats.source.names import LETTERS, identifier, unlike
from engine.formats.source.regions import Item, Leaf, Part
from engine.formats.torch_code.naming import Naming
from engine.formats.torch_code.steps import Merge

_DEPTH = 2  # tabs of a method's body
_NESTED = 4  # calls within calls
_SHORT = WIDTH // 2  # characters of what is nested further
_ROOM = WIDTH - 24  # characters of an operation on one line
_LONGEST = 20  # characters of a variable's name
_SIGNS = {"add": " + ", "subtract": " - ", "multiply": " * ", "average": " + "}
_FUNCTIONS = ("maximum", "minimum")  # of two values each
_TAKEN = frozenset(("self", "nn", "torch", "functional"))


class _Value(NamedTuple):
    """How a value is written: a variable, or an expression of those named, which nothing else uses."""

    expression: Expression
    variables: frozenset[str]
    calls: int = 0
    is_sum: bool = False  # an operator stands outside of all brackets

    @property
    def text(self) -> str:
        """All of it on one line."""
        return self.expression if isinstance(self.expression, str) else self.expression.flat


def forward(naming: Naming, part: Part) -> list[str]:
    """Return the lines of a part's ``forward`` method."""
    return _Body(naming, part).lines()


class _Body:
    """A method in the making, and which variable holds which value so far."""

    def __init__(self, naming: Naming, part: Part) -> None:
        self._naming = naming
        self._part = part
        self._uses = Counter(source for item in part.items for source in item.inputs) + Counter(part.ends)
        self._names = ["x", *(f"x{number}" for number in range(2, len(part.inputs) + 1))]
        entering = list(zip(part.inputs, self._names, strict=False))
        self._values = {source: _Value(name, frozenset((name,))) for source, name in entering}
        self._holders = {name: source for source, name in entering}
        self._rows: list[str] = []

    def lines(self) -> list[str]:
        """Return signature and body."""
        part = self._part
        for number, (item, names) in enumerate(zip(part.items, self._naming.attributes(part), strict=True)):
            value = self._computed(item, names)
            self._uses.subtract(item.inputs)
            self._values[item.end] = value
            following = part.items[number + 1] if number + 1 < len(part.items) else None
            if not self._stays_open(item, value, following):
                self._keep(item.end, value, names[-1] if isinstance(item, Part) else "")
        arguments = (Argument("self"), *(Argument(f"{name}: Tensor") for name in self._names))
        several = f"tuple[{', '.join(['Tensor'] * len(part.ends))}]" if len(part.ends) > 1 else "Tensor"
        head = laid_out("def ", Call("forward", arguments), f" -> {several}:", 1)
        return [*head, *self._rows, *self._answer()]

    def _answer(self) -> list[str]:
        if len(self._part.ends) == 1:
            return laid_out("return ", self._values[self._part.end].expression, "", _DEPTH)
        texts = [self._values[end].text for end in self._part.ends]
        line = f"        return {', '.join(texts)}"
        if width(line) <= WIDTH:
            return [line]
        return laid_out("return ", Call("", tuple(map(Argument, texts))), "", _DEPTH)

    def _computed(self, item: Item, names: Sequence[str]) -> _Value:
        steps = self._naming.structure.steps[item.node] if isinstance(item, Leaf) else ()
        if isinstance(steps, Merge):
            return self._merged(steps, item)
        sources = [self._values[source] for source in item.inputs]
        expression: Expression = ""
        for number, name in enumerate(names):
            arguments = (
                tuple(Argument(source.expression) for source in sources) if not number else (Argument(expression),)
            )
            expression = Call(f"self.{name}", arguments)
        calls = max(source.calls for source in sources) + len(names)
        return _Value(expression, frozenset[str]().union(*(source.variables for source in sources)), calls)

    def _merged(self, merge: Merge, item: Item) -> _Value:
        if merge.operation == "concat":
            sources = [self._values[source] for source in item.inputs]
            parts = Call("", tuple(Argument(source.expression) for source in sources), brackets="[]")
            expression: Expression = Call("torch.cat", (Argument(parts), Argument("1", "dim")))
        else:
            expression = self._operation(merge, self._operands(merge, item))
            if width(expression) > _ROOM:
                for source in item.inputs:
                    if self._values[source].calls:
                        self._keep(source, self._values[source], "")
                expression = self._packed(merge, self._operands(merge, item))
            sources = [self._values[source] for source in item.inputs]
        variables = frozenset[str]().union(*(source.variables for source in sources))
        calls = max(source.calls for source in sources) + 1
        return _Value(expression, variables, calls, merge.operation in _SIGNS)

    def _operands(self, merge: Merge, item: Item) -> list[str]:
        found = []
        for source, vector in zip(item.inputs, merge.vectors, strict=True):
            value = self._values[source]
            text = f"({value.text})" if value.is_sum else value.text
            found.append(f"{text}[:, :, None, None]" if vector else text)
        return found

    @staticmethod
    def _operation(merge: Merge, operands: Sequence[str]) -> str:
        first, *others = operands
        if merge.operation in _FUNCTIONS:
            for operand in others:
                first = f"torch.{merge.operation}({first}, {operand})"
            return first
        text = _SIGNS[merge.operation].join(operands)
        return f"({text}) / {len(operands)}" if merge.operation == "average" else text

    def _packed(self, merge: Merge, operands: Sequence[str]) -> str:
        """Write an operation on many values as several lines; returns what the last of them leaves to do."""
        name = self._free("y")
        plain = merge._replace(operation="add") if merge.operation == "average" else merge
        first, *others = operands
        for operand in others:
            longer = self._operation(plain, (first, operand))
            if width(longer) > _ROOM:
                self._rows.append(f"        {name} = {first}")
                longer = self._operation(plain, (name, operand))
            first = longer
        self._holders[name] = ""
        return f"({first}) / {len(operands)}" if merge.operation == "average" else first

    def _stays_open(self, item: Item, value: _Value, following: Item | None) -> bool:
        """Whether a value needs no name, because what comes next uses it, and nothing else does."""
        if following is None:
            return self._part.ends == (item.end,)
        if self._uses[item.end] != 1 or item.end not in following.inputs:
            return False
        if value.calls >= _NESTED or width(value.text) > _SHORT:
            return False
        before, after = self._family(item), self._family(following)
        if after == "merge" or (after == "activation" and before not in ("activation", "part")):
            return True
        return before in ("conv", "reshape", "regularization", "normalization") and after != "part"

    def _family(self, item: Item) -> str:
        return self._naming.structure.analysis.graph.by_id[item.node].layer.family if isinstance(item, Leaf) else "part"

    def _keep(self, node: str, value: _Value, wish: str) -> None:
        """Give a value a name: that of a value that nothing needs any more, or a new one."""
        free = sorted(
            (name for name in value.variables if self._uses[self._holders[name]] <= 0),
            key=lambda one: (one != "x", one),
        )
        name = free[0] if free else self._free(identifier(wish[:_LONGEST], "y") if wish[:1].isalpha() else "y")
        self._rows += laid_out(f"{name} = ", value.expression, "", _DEPTH)
        self._holders[name] = node
        self._values[node] = _Value(name, frozenset((name,)))

    def _free(self, wish: str) -> str:
        if wish == "y":
            idle = (letter for letter in LETTERS if self._uses[self._holders.get(letter, "")] <= 0)
            if (letter := next(idle, None)) is not None:
                self._holders[letter] = ""
                return letter
        name = unlike(wish, self._holders.keys(), _TAKEN)
        self._holders[name] = ""
        return name
