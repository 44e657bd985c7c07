"""The text of a lesson as rich text: a small subset, so that a file from anywhere can do no more than be read."""

import html
import re

from designer import theme

_PARTS = re.compile(r"\*\*(?P<bold>[^*\s][^*\n]*)\*\*|\*(?P<slanted>[^*\s][^*\n]*)\*|`(?P<code>[^`\n]+)`")
_POINT = "- "


def rich(paragraphs: tuple[str, ...] | list[str]) -> str:
    """Return paragraphs as what a label shows; whatever looks like HTML in them is shown as it stands.

    ``**bold**``, ``*slanted*`` and ```code``` are marked; lines that begin with ``- `` are the points of a list.
    """
    return "".join(_block(lines) for text in paragraphs for lines in _blocks(text))


def plain(paragraphs: tuple[str, ...] | list[str]) -> str:
    """Return paragraphs without their marks, as screen readers read them."""
    return "\n".join(_PARTS.sub(lambda found: found[found.lastgroup or 0], text) for text in paragraphs)


def _blocks(text: str) -> list[list[str]]:
    """Return the lines of a text, those of a list apart from those beside it."""
    blocks: list[list[str]] = []
    listed = False
    for line in text.splitlines():
        if not blocks or line.startswith(_POINT) != listed:
            blocks.append([])
        listed = line.startswith(_POINT)
        blocks[-1].append(line)
    return blocks


def _block(lines: list[str]) -> str:
    if lines[0].startswith(_POINT):
        points = "".join(f'<li style="margin-bottom:4px">{_line(one.removeprefix(_POINT))}</li>' for one in lines)
        return f'<ul style="margin:0 0 8px 16px; -qt-list-indent:0">{points}</ul>'
    return f'<p style="margin:0 0 8px 0">{" ".join(map(_line, lines))}</p>'


def _line(text: str) -> str:
    made, end = [], 0
    for found in _PARTS.finditer(text):
        made += [html.escape(text[end : found.start()]), _marked(found)]
        end = found.end()
    return "".join((*made, html.escape(text[end:])))


def _marked(found: re.Match[str]) -> str:
    words = html.escape(found[found.lastgroup or 0])
    if found.lastgroup == "code":
        words = words.replace(" ", "&nbsp;")
        return f'<span style="background-color:{theme.current().hover}">&nbsp;{words}&nbsp;</span>'
    return f"<b>{words}</b>" if found.lastgroup == "bold" else f"<i>{words}</i>"
