"""The languages that ship: where their catalogues lie, and which one is meant.

A catalogue is a compiled ``gettext`` file, ``<language>/LC_MESSAGES/convolab.mo``.
"""

import gettext
import os
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import NamedTuple

VARIABLE = "CONVOLAB_LANGUAGE"
_CODE = "en"  # the language of the texts in the code
_PLAIN = ("c", "posix")  # what systems call having no language
_PACKAGE = Path(__file__).resolve().parent
# Beside the packages in a checkout, inside the window's package where it is installed.
FOLDERS = tuple(_PACKAGE.parent / place / "translations" for place in ("resources", "designer/resources"))


class Spoken(NamedTuple):
    """A language, as ``de`` or ``pt_BR``, and its texts."""

    language: str
    catalogue: gettext.GNUTranslations


def asked(environment: Mapping[str, str] = os.environ) -> tuple[str, ...]:
    """Return the languages that the environment asks Convolab for, the best first: those of ``CONVOLAB_LANGUAGE``."""
    return _parts(environment.get(VARIABLE, ""))


def of_the_terminal(environment: Mapping[str, str] = os.environ) -> tuple[str, ...]:
    """Return the languages that a program in a terminal should speak, the best first, as `gettext` reads them."""
    names = ("LANGUAGE", "LC_ALL", "LC_MESSAGES", "LANG")
    return asked(environment) or next((found for name in names if (found := _parts(environment.get(name, "")))), ())


def find(languages: Iterable[str], folders: Iterable[Path] = FOLDERS) -> Spoken | None:
    """Return the first of some languages that there is a catalogue of; None where that is English or none.

    Parameters
    ----------
    languages
        Such as ``"de"``, ``"de_AT"`` or ``"pt-BR"``; a country's is that of the language where it has none of its own.
    folders
        Where to look, in this order.
    """
    places = tuple(folders)
    for wanted in languages:
        whole = wanted.replace("-", "_")
        for language in dict.fromkeys((whole, whole.split("_")[0])):
            if language.lower() in (_CODE, *_PLAIN):
                return None
            for folder in places:
                file = folder / language / "LC_MESSAGES" / "convolab.mo"
                if file.is_file():
                    with file.open("rb") as stream:
                        return Spoken(language, gettext.GNUTranslations(stream))
    return None


def _parts(value: str) -> tuple[str, ...]:
    """Return the languages of a variable, without their encodings: ``de_AT.UTF-8:en``."""
    return tuple(part.split(".")[0].split("@")[0] for part in value.split(":") if part)
