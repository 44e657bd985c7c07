"""The catalogues that ship: the template lists all texts, and each language has all of them, with their fields."""

import string
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract_from_dir
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po

ROOT = Path(__file__).resolve().parent.parent
FOLDER = ROOT / "resources" / "translations"
FILES = sorted(FOLDER.glob("*/LC_MESSAGES/convolab.po"))
KEYWORDS = {"tr": None, "tr_noop": None, "tr_count": (1, 2)}  # as the README's command has them
every_language = pytest.mark.parametrize("file", FILES, ids=lambda file: file.parent.parent.name)


def catalogue(file: Path) -> Catalog:
    with file.open("rb") as stream:
        return read_po(stream)


def texts(found: Catalog) -> Iterator[Message]:
    return (message for message in found if message.id)


def parts(text: str | tuple[str, ...]) -> tuple[str, ...]:
    return (text,) if isinstance(text, str) else tuple(text)


def fields(text: str) -> set[tuple[str, str | None, str | None]]:
    """Return the fields of a text, each with its format; a text without any is not formatted at all."""
    return {(name, spec, sign) for _, name, spec, sign in string.Formatter().parse(text) if name is not None}


def test_the_template_has_all_texts_of_the_code():
    written = {
        message
        for package in ("engine", "designer")
        for _, _, message, _, _ in extract_from_dir(ROOT / package, keywords=KEYWORDS)
    }
    listed = {message.id for message in texts(catalogue(FOLDER / "convolab.pot"))}
    assert (written - listed, listed - written) == (set(), set())


@every_language
def test_a_language_has_all_texts(file: Path):
    found = {message.id: message for message in texts(catalogue(file))}
    wanted = {message.id for message in texts(catalogue(FOLDER / "convolab.pot"))}
    assert (wanted - set(found), set(found) - wanted) == (set(), set())
    assert not [text for text, message in found.items() if message.fuzzy or not all(parts(message.string))]


@every_language
def test_fields_and_mnemonics_of_a_text_are_those_of_the_english_one(file: Path):
    odd = []
    for message in texts(catalogue(file)):
        one, *_ = english = parts(message.id)
        named = set().union(*map(fields, english)) if "{" in one else set()
        for text in parts(message.string):
            if "{" in one and not fields(text) <= named | {("count", "", None), ("count", ":,", None)}:
                odd.append((one, text))
            if len(english) == 1 and "{" in one and fields(text) != named:
                odd.append((one, text))
            if text.count("&") != one.count("&"):
                odd.append((one, text))
    assert not odd


@every_language
def test_what_is_read_is_what_is_written(file: Path):
    compiled = BytesIO()
    write_mo(compiled, catalogue(file))
    assert file.with_suffix(".mo").read_bytes() == compiled.getvalue()


def test_no_text_is_hidden_in_another():
    """The extraction reads no calls inside f-strings."""
    import ast

    hidden = [
        f"{path.relative_to(ROOT)}:{text.lineno}"
        for package in ("engine", "designer")
        for path in sorted((ROOT / package).rglob("*.py"))
        for text in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(text, ast.JoinedStr)
        for call in ast.walk(text)
        if isinstance(call, ast.Call) and isinstance(call.func, ast.Name) and call.func.id in KEYWORDS
        if isinstance(call.args[0], ast.Constant)
    ]
    assert not hidden
