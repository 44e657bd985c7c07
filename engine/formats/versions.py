"""Versions of the native document: newer ones are refused, older ones brought up to date step by step."""

from collections.abc import Callable, Mapping
from typing import Any

import msgspec

from engine.formats.errors import FormatError
from engine.language import tr

FORMAT = "convolab"
VERSION = 1

Step = Callable[[dict[str, Any]], dict[str, Any]]

# By the version that a step leads away from, to the next one: what a program of that version wrote goes in, and what
# one of the next would have written comes out.
MIGRATIONS: Mapping[int, Step] = {}


class _Head(msgspec.Struct):
    format: str = ""
    version: int = VERSION


def migrated(data: bytes | str, migrations: Mapping[int, Step] | None = None, newest: int = VERSION) -> bytes | str:
    """Return the text of a document as the newest version has it.

    Raises
    ------
    FormatError
        Where a newer program wrote it, before its unknown fields are complained of.
    msgspec.MsgspecError
        Where it is no JSON at all.
    """
    steps = MIGRATIONS if migrations is None else migrations
    msgspec.json.decode(data, type=msgspec.Raw)  # it is JSON, or that is what is said of it
    try:
        head = msgspec.json.decode(data, type=_Head)
    except msgspec.ValidationError:
        return data  # no document; the reader says what is wrong, and where
    if head.format != FORMAT or head.version == newest:
        return data
    if head.version > newest:
        raise FormatError(
            tr(
                "This document was saved by a newer Convolab (format version {version}; this one reads up to {newest})",
                version=head.version,
                newest=newest,
            )
        )
    if head.version not in steps:
        return data  # there was no such version; the reader says so
    plain = msgspec.json.decode(data)
    for version in range(head.version, newest):
        plain = {**steps[version](plain), "version": version + 1}
    return msgspec.json.encode(plain)
