"""Reads what an SVG holds."""

from xml.etree import ElementTree

NAMES = {"svg": "http://www.w3.org/2000/svg"}


def parsed(data: bytes) -> ElementTree.Element:
    return ElementTree.fromstring(data)


def letters(root: ElementTree.Element) -> list[str]:
    """Return all lines of letters, in the order in which they are drawn."""
    return [group.attrib["aria-label"] for group in root.iterfind(".//svg:g[@aria-label]", NAMES)]


def viewbox(root: ElementTree.Element) -> tuple[float, ...]:
    return tuple(float(number) for number in root.attrib["viewBox"].split())
