"""A table for papers: a document that compiles as it is, with the table between two marks to be taken out."""

import unicodedata

from engine.formats.reports.rows import NUMBERS_FROM, TITLES, UNKNOWN, Report, shown
from engine.language import tr

_HEAD = r"""\documentclass[10pt,a4paper]{article}
\usepackage[utf8]{inputenc}
\usepackage[T1]{fontenc}
\usepackage[a4paper,landscape,margin=15mm]{geometry}
\usepackage{array,booktabs,longtable}
\begin{document}
"""
_ESCAPES = {
    "\\": r"\textbackslash{}",
    "{": r"\{",
    "}": r"\}",
    "$": r"\$",
    "&": r"\&",
    "#": r"\#",
    "%": r"\%",
    "_": r"\_",
    "^": r"\textasciicircum{}",
    "~": r"\textasciitilde{}",
    "<": r"\textless{}",
    ">": r"\textgreater{}",
    "|": r"\textbar{}",
    '"': r"\textquotedbl{}",
    "`": r"\textasciigrave{}",
    "×": r"$\times$",
    "·": r"$\cdot$",
    "−": "$-$",
    "→": r"$\to$",
    "≥": r"$\ge$",
    "≤": r"$\le$",
    "⌊": r"$\lfloor$",
    "⌋": r"$\rfloor$",
    "⌈": r"$\lceil$",
    "⌉": r"$\rceil$",
    "\u2013": r"\textendash{}",
    "\u2014": r"\textemdash{}",
    "\u2018": r"\textquoteleft{}",
    "\u2019": r"\textquoteright{}",
    "\u201c": r"\textquotedblleft{}",
    "\u201d": r"\textquotedblright{}",
    "\u201e": r"\quotedblbase{}",
    "…": r"\ldots{}",
}
_LIGATURES = {"--": "-{}-", "''": "'{}'", ",,": ",{},"}  # what the fonts would make one letter of
_LATIN = 0x17F  # up to here a letter with a mark is one that T1 has, or made of two that it has


def latex(report: Report) -> str:
    """Return the table as a LaTeX document; ``%`` marks say where the table itself begins and ends."""
    columns = r"ll>{\raggedright\arraybackslash}p{62mm}l" + "r" * (len(TITLES) - NUMBERS_FROM)
    heads = " & ".join(escaped(tr(title)) for title in TITLES)
    body = [_line(shown(row)) for row in report.rows]
    lines = [
        _HEAD + "% --- the table; it needs the packages array, booktabs and longtable ---",
        r"\begingroup\footnotesize\setlength{\tabcolsep}{4pt}",
        rf"\begin{{longtable}}{{{columns}}}",
        rf"\caption{{{escaped(report.name)}}}\\",
        r"\toprule",
        rf"{heads} \\",
        r"\midrule",
        r"\endfirsthead",
        r"\toprule",
        rf"{heads} \\",
        r"\midrule",
        r"\endhead",
        r"\bottomrule",
        r"\endfoot",
        *body,
        r"\midrule",
        _line(shown(report.totals)),
        r"\end{longtable}",
        r"\endgroup",
        "% --- end of the table ---",
        *_itemized(tr("Remarks"), report.remarks),
    ]
    for label, found in report.derivations:
        lines += _itemized(label, [f"{one.quantity}: {one.text()}" for one in found])
    return "\n".join([*lines, r"\end{document}"]) + "\n"


def escaped(text: str) -> str:
    """Return a text on one line, as it is; letters that the usual fonts do not have are said by their numbers."""
    made = "".join(_letter(letter) for letter in unicodedata.normalize("NFC", " ".join(text.split())))
    for pair, apart in _LIGATURES.items():
        made = made.replace(pair, apart).replace(pair, apart)  # twice, for an odd number in a row
    return made


def _letter(letter: str) -> str:
    if letter in _ESCAPES:
        return _ESCAPES[letter]
    if letter.isascii():
        return letter if letter.isprintable() else UNKNOWN
    subscript = unicodedata.normalize("NFKC", letter)
    if subscript.isdecimal() and subscript.isascii():
        kind = "textsubscript" if "SUBSCRIPT" in unicodedata.name(letter, "") else "textsuperscript"
        return rf"\{kind}{{{subscript}}}"
    return letter if letter.isalpha() and ord(letter) <= _LATIN else f"[U+{ord(letter):04X}]"


def _line(cells: tuple[str, ...]) -> str:
    return " & ".join("{?}" if cell == UNKNOWN else escaped(cell) for cell in cells) + r" \\"


def _itemized(title: str, texts: tuple[str, ...] | list[str]) -> list[str]:
    if not texts:
        return []
    items = [rf"\item {escaped(text)}" for text in texts]
    return [rf"\paragraph{{{escaped(title)}}}", r"\begin{itemize}", *items, r"\end{itemize}"]
