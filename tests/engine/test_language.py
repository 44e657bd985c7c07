"""Texts go through the catalogue that is set, fields and numbers of things too."""

import gettext

import msgspec
import numpy as np
import pytest

from engine import Conv2D, Dropout, Node, language, load
from engine.catalogues import find
from engine.diff import ParameterChange
from engine.formats import native, torch_code
from engine.formats.reports import report
from engine.formats.reports.plain import csv
from engine.formats.reports.rows import hyper_parameters
from engine.language import (
    decimal_mark,
    tr,
    tr_choice,
    tr_count,
    tr_inside,
    tr_list,
    tr_noop,
    tr_number,
    tr_numbers,
)


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


@pytest.mark.usefixtures("german")
def test_the_empty_text_is_not_the_head_of_a_catalogue():
    spoken = find(["de"])
    assert spoken is not None
    assert spoken.catalogue.gettext("").startswith("Project-Id-Version")
    assert tr("") == ""


@pytest.mark.usefixtures("german")
def test_german_nouns_keep_their_capital_in_reports_and_comparisons():
    assert hyper_parameters(Conv2D(filters=6)).startswith("Filter 6, Kernelgröße 3×3")
    assert ParameterChange("kernel", "Kernel size", (3, 3), (5, 5)).text() == "Kernelgröße 3×3 → 5×5"


def test_numbers_are_written_as_english_writes_them():
    assert [tr_number(one) for one in (7, 61706, -1500)] == ["7", "61,706", "-1,500"]
    assert (tr_number(0.25, "g"), tr_number(2.5e-7, ".3g"), tr_number(0.9921, ".1%")) == ("0.25", "2.5e-07", "99.2%")
    assert tr_numbers(["0.5", "2"]) == "0.5, 2"
    assert decimal_mark() == "."


@pytest.mark.usefixtures("german")
def test_numbers_are_written_as_the_language_writes_them():
    assert [tr_number(one) for one in (7, 61706, -1500, 1234567)] == ["7", "61.706", "-1.500", "1.234.567"]
    assert (tr_number(0.25, "g"), tr_number(2.5e-7, ".3g"), tr_number(0.9921, ".1%")) == (
        "0,25", "2,5e-07", "99,2\N{NO-BREAK SPACE}%",
    )  # fmt: skip
    assert tr_number(1234.5, ",.1f") == "1.234,5"
    assert tr_number(np.float32(0.75), "g") == "0,75"
    assert tr_numbers(["0,5", "2"]) == "0,5; 2"
    assert decimal_mark() == ","


@pytest.mark.usefixtures("german")
def test_numbers_in_texts_are_written_alike():
    assert tr_count("{count:,} layer", "{count:,} layers", 1024) == "1.024 Schichten"
    assert tr("{a} of {b:,.2f}, {c!r}, {d:.0%}", a=0.5, b=np.float64(1234.5), c=0.5, d=0.78) == (
        "0,5 of 1.234,50, 0.5, 78\N{NO-BREAK SPACE}%"
    )
    assert tr("{name} {size}", name="conv1.weight", size=(2, 2)) == "conv1.weight (2, 2)"  # a name is no number


@pytest.mark.usefixtures("backwards")
def test_a_language_that_does_not_say_how_writes_numbers_as_english_does():
    assert tr_number(61706) == "61,706"
    assert tr("{share:.1%}", share=0.5) == "50.0%"


def test_what_programs_read_is_the_same_in_every_language(resources, request):
    network = load(resources / "examples" / "lenet5.json")
    graph = network.graph.replace_layer("conv1", Conv2D(filters=6, kernel=(5, 5)))
    graph = graph.insert(graph.edges[-1], Node("drop", Dropout(rate=0.25)))
    network = msgspec.structs.replace(network, graph=graph, weights=None)
    files = [native.encode(network), torch_code.encode(network), _numbers(csv(report(network)))]
    assert "61,706 parameters" in files[1]
    request.getfixturevalue("german")
    assert [native.encode(network), torch_code.encode(network), _numbers(csv(report(network)))] == files


def _numbers(table: str) -> list[list[str]]:
    """Return the cells of a table that are numbers; names of layers' types are translated."""
    return [row.split(",")[-6:] for row in table.splitlines()]
