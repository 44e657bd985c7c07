"""Texts that people read come from the catalogue, and are whole: the source code says so."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
SOURCES = [path for package in ("engine", "designer") for path in sorted((ROOT / package).rglob("*.py"))]

# What shows a text that it is handed: methods by their names, classes and functions by theirs.
METHODS = {
    *("setText", "setToolTip", "setStatusTip", "setWhatsThis", "setWindowTitle", "setTitle", "setPlaceholderText"),
    *("setAccessibleName", "setAccessibleDescription", "setInformativeText", "setDetailedText", "showMessage"),
    *("addAction", "addMenu", "addTab", "addRow", "addButton", "addItem", "setHorizontalHeaderLabels", "setLabelText"),
    *("drawText", "set_heading", "set_placeholder", "clear", "emit", "told", "edit", "apply"),
    *("warning", "about", "information", "question", "getOpenFileName", "getSaveFileName", "getExistingDirectory"),
}
CALLS = {
    *("QLabel", "QPushButton", "QToolButton", "QCheckBox", "CheckBox", "QGroupBox", "QDockWidget", "QMenu", "QAction"),
    *("QToolBar", "QMessageBox", "Section", "Note", "Chip", "Term", "Equation", "Word", "say", "small_label"),
    *("muted_label", "title_field", "set_text", "Problem", "Diagnostic", "Fix", "Remedy", "Beside", "PictureError"),
    *("FormatError", "ImageError", "RunError", "TraceError", "EditError", "QueryError", "Command", "ComboBox"),
}
# What these are handed that is no text: names of commands, keys, icons, styles and kinds; formats and units.
DATA = re.compile(
    r"[a-z_]+(\.[a-z_]*)*|[a-z]+(-[a-z]+)+|(Ctrl|Shift|Alt|Tab|Home|F\d+)(\+\w+)*|Ctrl\+\.|max ?\(( ?0 ?,)? ?"
    r"|  −  ln |(\[\*\] – )?Convolab|,  s, × px"
)
LETTERS = re.compile(r"[A-Za-z]{2,}")


def literals(node: ast.expr) -> Iterator[ast.expr]:
    """Go through the literal texts that an expression can come to, but for those that go through the catalogue."""
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        yield node
    elif isinstance(node, ast.JoinedStr):
        yield node
        for part in node.values:
            if isinstance(part, ast.FormattedValue):
                yield from literals(part.value)
    elif isinstance(node, ast.IfExp):
        yield from literals(node.body)
        yield from literals(node.orelse)
    elif isinstance(node, ast.BinOp):
        yield from literals(node.left)
        yield from literals(node.right)
    elif isinstance(node, ast.BoolOp | ast.Tuple | ast.List):
        for part in node.values if isinstance(node, ast.BoolOp) else node.elts:
            yield from literals(part)


def words(node: ast.expr) -> str:
    if isinstance(node, ast.Constant):
        return str(node.value)
    assert isinstance(node, ast.JoinedStr)
    return "".join(str(part.value) for part in node.values if isinstance(part, ast.Constant))


def shown(tree: ast.AST) -> Iterator[ast.expr]:
    for node in ast.walk(tree):
        if not isinstance(node, ast.Call):
            continue
        called = node.func
        if (isinstance(called, ast.Attribute) and called.attr in METHODS) or (
            isinstance(called, ast.Name) and called.id in CALLS
        ):
            for argument in (*node.args, *(one.value for one in node.keywords if one.arg != "merge_key")):
                yield from literals(argument)


@pytest.mark.parametrize("path", SOURCES, ids=lambda path: str(path.relative_to(ROOT)))
def test_what_is_shown_comes_from_the_catalogue(path: Path):
    bare = [
        f"line {node.lineno}: {text!r}"
        for node in shown(ast.parse(path.read_text(encoding="utf-8")))
        if LETTERS.search(re.sub(r"<[^>]*>", "", text := words(node))) and not DATA.fullmatch(text)
    ]
    assert not bare
