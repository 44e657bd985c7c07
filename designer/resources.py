"""Where the files that ship with the program are: icons, fonts, examples, images."""

from pathlib import Path

_PACKAGE = Path(__file__).resolve().parent
# A wheel carries the files inside the package, a checkout beside it.
ROOT = _PACKAGE / "resources" if (_PACKAGE / "resources").is_dir() else _PACKAGE.parent / "resources"


def path(*parts: str) -> Path:
    """Return the path of a shipped file, as in ``path("icons", "open.svg")``."""
    return ROOT.joinpath(*parts)
