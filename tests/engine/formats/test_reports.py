"""Tables of a network: every number in them, and nothing in a name that a format would take for its own."""

import csv
import io
import re
import shutil
import subprocess
from html.parser import HTMLParser
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine import Conv2D, FormatError, Graph, Input, Network, Node, ReLU, Unsupported, analyse, load
from engine.cli import main
from engine.formats.reports import WRITERS, html, is_report, report, save_report
from engine.formats.reports.latex import escaped as in_latex
from engine.formats.reports.markdown import escaped as in_markdown
from engine.formats.reports.rows import TITLES, hyper_parameters
from engine.layers.unsupported import ForeignAttribute, ForeignNode
from tests.strategies import drawings


def named(name: str) -> Network:
    graph = Graph().add(Node("image", Input(channels=3, height=8, width=9)))
    graph = graph.add(Node("conv", Conv2D(filters=4, kernel=(3, 5)), name)).connect("image", "conv")
    return Network(name, graph)


class Cells(HTMLParser):
    """The texts of a page's table, row by row."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.rows: list[list[str]] = []
        self._open = False
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: object) -> None:
        if tag == "tr":
            self.rows.append([])
        if tag in ("td", "th"):
            self.rows[-1].append("")
        self._open = tag in ("td", "th")

    def handle_endtag(self, tag: str) -> None:
        self._open = False

    def handle_data(self, data: str) -> None:
        if self._open:
            self.rows[-1][-1] += data


@settings(max_examples=60)
@given(graph=drawings())
def test_csv_has_every_number_of_the_analysis_exactly(graph: Graph):
    analysis = analyse(graph)
    rows = list(csv.DictReader(io.StringIO(WRITERS[".csv"](report(Network("n", graph))))))
    assert len(rows) == len(graph.nodes) + 1
    for row in rows[:-1]:
        entry = analysis.nodes[row["id"]]
        numbers = (entry.trainable, entry.non_trainable, entry.connections, entry.macs, entry.activation_bytes)
        named = ("parameters", "non_trainable", "connections", "macs", "memory_bytes")
        assert [row[one] for one in named] == [str(one) if entry.output is not None else "" for one in numbers]
        assert row["type"] == entry.layer.title
        assert row["output"] == (entry.output.text() if entry.output is not None else "")
    sums = analysis.totals
    assert rows[-1]["name"] == "total"
    assert [int(rows[-1][one]) for one in ("parameters", "macs")] == [sums.parameters, sums.macs]


@settings(max_examples=60)
@given(name=st.text(min_size=1, max_size=20))
def test_a_name_stays_in_its_cell(name: str):
    made = report(named(name))
    (line,) = [line for line in WRITERS[".md"](made).splitlines() if "| Conv2D |" in line]
    assert len(re.findall(r"(?<!\\)\|", re.sub(r"\\\\", "", line))) == len(TITLES) + 1
    rows = Cells(html(made)).rows
    assert [len(row) for row in rows] == [len(TITLES)] * 4
    assert "".join(rows[2][0].split()) == "".join(name.split()) or not name.isprintable()
    body = WRITERS[".tex"](made)
    (row,) = [line for line in body.splitlines() if "& Conv2D &" in line]
    plain = re.sub(r"\\[A-Za-z]+\{\}|\\textsu[a-z]+\{\d\}|\\[&%$#_{}]|\$[^$]*\$", "", row.removesuffix(r" \\"))
    assert len(re.findall("&", plain)) == len(TITLES) - 1
    assert not re.search(r"[\\$%#_^~]", plain)
    assert plain.count("{") == plain.count("}")


def test_what_markdown_and_latex_would_take_for_their_own():
    assert in_markdown("a|b*c*`d`<e>\n_f_ conv2_1 [x] & \\") == (r"a\|b\*c\*\`d\`\<e\> \_f\_ conv2_1 \[x\] &amp; \\")
    assert in_latex("50% & #1_{a}^~\\$") == (r"50\% \& \#1\_\{a\}\textasciicircum{}\textasciitilde{}\textbackslash{}\$")
    assert in_latex("3×3 – „Größe“ W₁ H² 層 ---") == (
        r"3$\times$3 \textendash{} \quotedblbase{}Größe\textquotedblleft{} "
        r"W\textsubscript{1} H\textsuperscript{2} [U+5C64] -{}-{}-"
    )


def test_the_table_of_lenet5_has_the_published_numbers(resources: Path):
    made = report(load(resources / "examples" / "lenet5.json"), derivations=True)
    page = html(made, '<?xml version="1.0"?><svg id="picture"></svg>')
    rows = {row[0]: row for row in Cells(page).rows}
    assert rows["conv1"][2:] == [
        "filters 6, kernel size 5×5, stride 1×1, padding valid, dilation 1×1, groups 1, bias",
        "28×28×6",
        "156",
        "",
        "117,600",
        "117,600",
        "18.38 KiB",
        "5×5",
    ]
    assert rows["Total"][4:8] == ["61,706", "", "416,520", "416,520"]
    assert '<figure><svg id="picture"></svg></figure>' in page
    assert "14 layers · 61,706 parameters · 416,520 MACs · 62.64 KiB of maps for one image" in page
    assert "<dd>weights: " in page
    assert "http" not in page


def test_what_is_not_known_is_a_question_mark_and_what_is_wrong_is_said():
    graph = Graph().add(Node("image", Input())).add(Node("conv", Conv2D(kernel=(99, 99)))).connect("image", "conv")
    made = report(Network("n", graph))
    text = WRITERS[".md"](made)
    assert "| conv | Conv2D |" in text
    assert "| ? | ? | ? | ? | ? | ? |" in text
    assert "## Remarks" in text
    assert "99" in made.remarks[0]


def test_an_operator_of_a_file_is_told_with_its_attributes():
    node = ForeignNode("Mix", "com.example", attributes=(ForeignAttribute("heads", "4", ""),))
    assert hyper_parameters(Unsupported(node=node)) == "com.example.Mix, heads 4"
    assert hyper_parameters(ReLU()) == ""


@pytest.mark.parametrize("suffix", sorted(WRITERS))
def test_convert_writes_them(suffix: str, tmp_path: Path, resources: Path, capsys: pytest.CaptureFixture[str]):
    out = tmp_path / f"table{suffix}"
    assert is_report(out)
    assert main(["convert", str(resources / "examples" / "lenet5.json"), str(out)]) == 0
    short = out.read_text(encoding="utf-8")
    assert "61706" in short.replace(",", "")
    assert main(["convert", str(resources / "examples" / "lenet5.json"), str(out), "--derivations"]) == 0
    assert (len(out.read_text(encoding="utf-8")) > len(short)) == (suffix != ".csv")
    assert capsys.readouterr().err == ""


def test_other_suffixes_are_no_tables(tmp_path: Path):
    assert not is_report("net.onnx")
    with pytest.raises(FormatError, match=r"net\.xyz: a table is written to \.md, \.csv, \.tex, \.html"):
        save_report(named("n"), tmp_path / "net.xyz")


def test_latex_compiles_where_it_is_installed(tmp_path: Path, resources: Path):
    """The structure is checked everywhere; LaTeX itself has the last word where there is one."""
    out = tmp_path / "table.tex"
    save_report(load(resources / "examples" / "lenet5.json"), out, derivations=True)
    text = out.read_text(encoding="utf-8")
    opened = re.findall(r"\\begin\{(\w+)\}", text)
    closed = re.findall(r"\\end\{(\w+)\}", text)
    assert sorted(opened) == sorted(closed)
    assert text.count(r"\begingroup") == text.count(r"\endgroup") == 1
    latex = shutil.which("pdflatex")
    if latex is not None:
        command = [latex, "-interaction=nonstopmode", "-halt-on-error", out.name]
        ended = subprocess.run(command, cwd=tmp_path, capture_output=True, check=False)
        assert ended.returncode == 0, ended.stdout.decode(errors="replace")[-2000:]
