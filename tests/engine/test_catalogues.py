"""The language is the one asked for, in the order in which it was asked for."""

import json

import pytest

from engine import cli
from engine.catalogues import asked, find, of_the_terminal
from engine.language import speak, tr


@pytest.fixture(autouse=True)
def _english_afterwards():
    yield
    speak(None)


def test_the_environment_names_languages():
    assert asked({"CONVOLAB_LANGUAGE": "de_AT.UTF-8:fr", "LANG": "it_IT"}) == ("de_AT", "fr")
    assert asked({"LANG": "it_IT"}) == ()
    assert of_the_terminal({"LANG": "de_DE.UTF-8@euro"}) == ("de_DE",)
    assert of_the_terminal({"LANGUAGE": "sv:de", "LANG": "C.UTF-8"}) == ("sv", "de")
    assert of_the_terminal({"CONVOLAB_LANGUAGE": "en", "LANG": "de_DE"}) == ("en",)
    assert of_the_terminal({}) == ()


@pytest.mark.parametrize("languages", [("de",), ("de-AT", "en"), ("xx", "de_DE"), ("de_CH",)])
def test_a_language_is_found_by_itself_or_by_that_of_a_country(languages):
    spoken = find(languages)
    assert spoken is not None
    assert spoken.language == "de"
    assert spoken.catalogue.gettext("Feature maps") == "Merkmalskarten"


@pytest.mark.parametrize("languages", [(), ("en_GB", "de"), ("C",), ("xx",), ("POSIX", "de")])
def test_where_english_comes_first_or_nothing_fits_the_code_speaks(languages):
    assert find(languages) is None


def test_a_country_has_its_own_where_there_is_one(tmp_path):
    german = find(["de"])
    assert german is not None
    for language in ("pt", "pt_BR"):
        folder = tmp_path / language / "LC_MESSAGES"
        folder.mkdir(parents=True)
        (folder / "convolab.mo").write_bytes(_compiled(language))
    found = [find([name], [tmp_path]) for name in ("pt-BR", "pt_PT")]
    assert [one.language for one in found if one is not None] == ["pt_BR", "pt"]
    assert [one.catalogue.gettext("x") for one in found if one is not None] == ["pt_BR", "pt"]


def _compiled(text: str) -> bytes:
    """Return a catalogue of one text, ``x``."""
    import struct

    parts = b"x\0" + text.encode() + b"\0"
    head = struct.pack("<7I", 0x950412DE, 0, 1, 28, 36, 0, 0)
    return head + struct.pack("<2I", 1, 44) + struct.pack("<2I", len(text), 46) + parts


def test_the_command_line_speaks_it(monkeypatch, capsys, resources):
    monkeypatch.setenv("CONVOLAB_LANGUAGE", "de")
    file = str(resources / "examples" / "lenet5.json")
    cli.main(["check", file])
    assert "LeNet-5: keine Fehler, 1 Hinweis" in capsys.readouterr().out
    cli.main(["check", file, "--json"])
    (found,) = json.loads(capsys.readouterr().out)["diagnostics"]
    assert (found["code"], found["severity"]) == ("parameter-heavy", "info")
    assert found["message"].startswith("„dense1“ enthält 78\N{NO-BREAK SPACE}% aller Parameter")
    assert tr("No problems") == "Keine Probleme"
