"""Finding layers by what they are and by their numbers: ``conv``, ``params > 1e6``, ``type = Conv2D and stride = 2``.

An expression is words and comparisons, joined by ``and`` (or only a space), ``or`` and ``not``, with parentheses. A
word stands for all layers in whose name or type it occurs, or for one of `FLAGS`. A comparison is a field of `FIELDS`
or any hyper-parameter, an operator (``=``, ``!=``, ``<``, ``<=``, ``>``, ``>=``, or ``:`` for "contains") and a value:
a number (``1e6``, ``10M``, ``3x3`` for pairs) or a text, where ``*`` stands for anything.
"""

import re
from collections.abc import Callable, Iterable
from fnmatch import fnmatchcase

from engine.analysis import Analysis
from engine.diagnostics import Diagnostic
from engine.graph import Graph, Node
from engine.language import tr
from engine.query_fields import ALIASES, FIELDS, FLAGS, Candidate, QueryError, Test, Value, reading


def find(text: str, graph: Graph, analysis: Analysis, findings: Iterable[Diagnostic] | None = None) -> tuple[str, ...]:
    """Return the nodes that an expression is true of, part by part of the drawing, each in its order.

    Parameters
    ----------
    text
        The expression.
    graph, analysis
        The drawing, and what is known of it.
    findings
        What ``errors``, ``warnings`` and ``remarks`` look for; the analysis's own unless told.

    Raises
    ------
    QueryError
        Where the expression can't be read.
    """
    test = parse(text)
    if test is None:
        return ()
    by_node: dict[str | None, list[Diagnostic]] = {}
    for found in analysis.diagnostics if findings is None else findings:
        by_node.setdefault(found.node, []).append(found)
    candidates = (
        Candidate(
            graph.by_id[node],
            analysis,
            analysis.nodes[node],
            tuple(by_node.get(node, ())),
            len(graph.outgoing[node]),
        )
        for node in analysis.listed
    )
    return tuple(one.node.id for one in candidates if test(one))


def parse(text: str) -> Test | None:
    """Return the test that an expression stands for; None for an empty one.

    Raises
    ------
    QueryError
        Where it can't be read.
    """
    tokens = _tokens(text)
    return _Parser(tokens).parse() if tokens else None


def measure(field: str, node: str, analysis: Analysis) -> Value | None:
    """Return what one of `FIELDS` or a hyper-parameter is at a layer, None where the layer has none.

    Raises
    ------
    QueryError
        Where no layer has such a field.
    """
    graph = analysis.graph
    one = Candidate(graph.by_id[node], analysis, analysis.nodes[node], (), len(graph.outgoing[node]))
    return reading(field)(one)


# Reading the text

_TOKEN = re.compile(r'\s*("[^"]*"|“[^”]*”|!=|<=|>=|≤|≥|≠|==|[=<>:()]|[^\s=<>:()!]+|!)')
_SAME = {"≤": "<=", "≥": ">=", "≠": "!=", "==": "="}
_OPERATORS = ("=", "!=", "<", "<=", ">", ">=", ":")
_NUMBER = re.compile(r"([+-]?(?:\d[\d,_]*\.?\d*|\.\d+)(?:e[+-]?\d+)?)([kmgt]?)(i?b)?", re.IGNORECASE)
_THOUSANDS = {"": 0, "k": 1, "m": 2, "g": 3, "t": 4}


def _tokens(text: str) -> list[str]:
    return [_SAME.get(token, token) for token in _TOKEN.findall(text)]


class _Parser:
    """Recursive descent, one method for each level: or, and, not, one term."""

    def __init__(self, tokens: list[str]) -> None:
        self._tokens = tokens
        self._place = 0

    def parse(self) -> Test:
        test = self._either()
        if self._next() is not None:
            raise QueryError(tr("There is a “)” without its “(”"))
        return test

    def _next(self) -> str | None:
        return self._tokens[self._place] if self._place < len(self._tokens) else None

    def _take(self) -> str | None:
        token = self._next()
        self._place += 1
        return token

    def _word(self) -> str:
        return (self._next() or "").casefold()

    def _either(self) -> Test:
        tests = [self._all()]
        while self._word() == "or":
            self._take()
            tests.append(self._all())
        return tests[0] if len(tests) == 1 else lambda one: any(test(one) for test in tests)

    def _all(self) -> Test:
        tests = [self._one()]
        while self._next() is not None and self._word() not in (")", "or"):
            if self._word() == "and":
                self._take()
            tests.append(self._one())
        return tests[0] if len(tests) == 1 else lambda one: all(test(one) for test in tests)

    def _one(self) -> Test:
        token = self._take()
        if token is None or token.casefold() in ("and", "or", ")"):
            raise QueryError(
                tr("Something is missing at the end")
                if token is None
                else tr("Something is missing before “{token}”", token=token)
            )
        if token.casefold() == "not" and self._next() not in _OPERATORS:
            test = self._one()
            return lambda one: not test(one)
        if token == "(":
            test = self._either()
            if self._take() != ")":
                raise QueryError(tr("A “)” is missing"))
            return test
        if token in (*_OPERATORS, "!"):
            raise QueryError(
                tr(
                    "Before “{token}” a field is missing, such as params{comparison}…",
                    token=token,
                    comparison=token if token != "!" else "!=",
                )
            )
        return self._comparison(token) if self._next() in _OPERATORS else _word_test(token)

    def _comparison(self, field: str) -> Test:
        operator, value = self._take(), self._take()
        assert operator is not None
        if value is None or value in (*_OPERATORS, "(", ")", "!"):
            raise QueryError(tr("After “{field} {operator}” a value is missing", field=field, operator=operator))
        return _comparison(field.casefold(), operator, value)


def _word_test(token: str) -> Test:
    word = _bare(token).casefold()
    flag = FLAGS.get(ALIASES.get(word, word)) if token == _bare(token) else None
    return flag or (lambda one: any(word in name for name in _names(one.node)))


def _names(node: Node) -> tuple[str, ...]:
    layer = node.layer
    return tuple(name.casefold() for name in (node.label, node.id, layer.type, layer.title))


def _comparison(field: str, operator: str, text: str) -> Test:
    """Return the test of a comparison."""
    if field == "type" and operator in ("=", "!=", ":"):
        return _type_test(operator, _bare(text).casefold())
    read, wanted = reading(field), _value(text)
    if operator in ("<", "<=", ">", ">=") and not isinstance(wanted, float):
        raise QueryError(
            tr(
                "“{field} {operator} {text}” needs a number, such as 1000, 1e6 or 10M",
                field=field,
                operator=operator,
                text=text,
            )
        )
    if FIELDS.get(ALIASES.get(field, field)) in _TEXTS and operator not in ("=", "!=", ":"):
        raise QueryError(tr("“{field}” is a text: compare it with =, != or :", field=field))
    positive = operator.replace("!=", "=")

    def test(one: Candidate) -> bool:
        value = read(one)
        return value is not None and _holds(value, positive, wanted, text) != (operator == "!=")

    return test


_TEXTS = tuple(FIELDS[name] for name in ("name", "type", "family"))


def _type_test(operator: str, wanted: str) -> Test:
    """Return whether a layer's type is one, by the name of its class or by its title."""

    def test(one: Candidate) -> bool:
        names = (one.node.layer.type.casefold(), one.node.layer.title.casefold())
        if operator == ":":
            return any(wanted in name for name in names)
        return any(fnmatchcase(name, wanted) for name in names) == (operator == "=")

    return test


def _holds(value: Value, operator: str, wanted: Value, text: str) -> bool:
    """Return whether a comparison is true; of several numbers all must be equal, and any may be larger or smaller."""
    if isinstance(value, str):
        name, pattern = value.casefold(), _bare(text).casefold()
        return pattern in name if operator == ":" else fnmatchcase(name, pattern)
    numbers = value if isinstance(value, tuple) else (value,)
    if isinstance(wanted, str):
        return False
    if isinstance(wanted, tuple):
        return numbers == wanted
    if operator in ("=", ":"):
        return (any if operator == ":" else all)(number == wanted for number in numbers)
    compare: dict[str, Callable[[float], bool]] = {
        "<": lambda number: number < wanted,
        "<=": lambda number: number <= wanted,
        ">": lambda number: number > wanted,
        ">=": lambda number: number >= wanted,
    }
    return any(map(compare[operator], numbers))


def _value(text: str) -> Value:
    """Return a value as a number, as several (``3x3``), or as the text that it is."""
    number = _number(text)
    if number is not None:
        return number
    parts = [_number(part) for part in re.split("[x×]", text)]
    known = tuple(part for part in parts if part is not None)
    return known if len(known) == len(parts) else _bare(text)


def _number(text: str) -> float | None:
    """Return a number with its unit: thousands for ``K``, ``M``, ``G``, ``T``, and for ``KiB`` and so on 1024s."""
    found = _NUMBER.fullmatch(text)
    if found is None:
        return None
    digits, unit, bytes_unit = found.groups()
    base = 1024.0 if (bytes_unit or "").casefold() == "ib" else 1000.0
    factor: float = base ** _THOUSANDS[unit.casefold()]
    return float(digits.replace(",", "").replace("_", "")) * factor


def _bare(text: str) -> str:
    """Return a text without its quotation marks."""
    return text[1:-1] if len(text) > 1 and text[0] in '"“' and text[-1] in '"”' else text
