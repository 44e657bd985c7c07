"""Texts go through the catalogue that is set, fields and numbers of things too."""

import gettext

import pytest

from engine import Conv2D, language
from engine.catalogues import find
from engine.diff import ParameterChange
from engine.formats.reports.rows import hyper_parameters
from engine.language import tr, tr_choice, tr_count, tr_inside, tr_list, tr_noop


class Backwards(gettext.NullTranslations):
    """Moves the fields of a text and has three forms of a number."""

    def gettext(self, message: str) -> str:
        return {"{a} feeds {b}": "{b} wird von {a} gespeist", "Open": "Öffnen"}.get(message, message)

    def ngettext(self, one: str, many: str, n: int) -> str:
        return {1: "{count} Schicht", 2: "beide Schichten"}.get(n, "{count} Schichten")


@pytest.fixture
def backwards():
    language.speak(Backwards())
    yield
    language.speak(None)


def test_the_code_speaks_english():
    assert tr("Open") == "Open"
    assert tr("{a} feeds {b}", a=1, b="x") == "1 feeds x"
    assert tr_count("{count:,} layer", "{count:,} layers", 1) == "1 layer"
    assert tr_count("{count:,} layer", "{count:,} layers", 1024) == "1,024 layers"


def test_braces_of_a_text_without_fields_stay():
    assert tr("{1, 2}") == "{1, 2}"


@pytest.mark.usefixtures("backwards")
def test_a_catalogue_moves_fields_and_counts_its_own_way():
    assert tr(tr_noop("Open")) == "Öffnen"
    assert tr("{a} feeds {b}", a="conv1", b="pool1") == "pool1 wird von conv1 gespeist"
    assert [tr_count("{count} layer", "{count} layers", n) for n in (1, 2, 3)] == [
        "1 Schicht", "beide Schichten", "3 Schichten",
    ]  # fmt: skip


def test_several_texts_become_one():
    assert [tr_list(names) for names in (["a"], ["a", "b"], ["a", "b", "c"])] == ["a", "a and b", "a, b and c"]
    assert [tr_choice(names) for names in (["F1"], [".json", ".onnx"])] == ["F1", ".json or .onnx"]


@pytest.mark.usefixtures("backwards")
def test_only_english_titles_lose_their_capital():
    assert tr_inside("Kernelgröße") == "Kernelgröße"
    language.speak(None)
    assert tr_inside("Kernel size") == "kernel size"


def test_the_empty_text_is_not_the_head_of_a_catalogue():
    spoken = find(["de"])
    assert spoken is not None
    assert spoken.catalogue.gettext("").startswith("Project-Id-Version")
    language.speak(spoken.catalogue)
    try:
        assert tr("") == ""
    finally:
        language.speak(None)


def test_german_nouns_keep_their_capital_in_reports_and_comparisons():
    spoken = find(["de"])
    assert spoken is not None
    language.speak(spoken.catalogue)
    try:
        assert hyper_parameters(Conv2D(filters=6)).startswith("Filter 6, Kernelgröße 3×3")
        assert ParameterChange("kernel", "Kernel size", (3, 3), (5, 5)).text() == "Kernelgröße 3×3 → 5×5"
    finally:
        language.speak(None)
