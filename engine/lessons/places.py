"""From the names in a lesson to files: those beside it and those that ship, and no others."""

from pathlib import Path
from typing import NamedTuple

from engine.formats.errors import FormatError
from engine.language import tr

SHIPPED = "shipped:"
LARGEST = 64 << 20  # bytes of a document or an image that a lesson opens


class LessonError(FormatError):
    """A lesson that can't be read; the message says what is wrong, and where."""


class Places(NamedTuple):
    """Where a lesson's files are: in its own folder, and in the folder of what ships."""

    folder: Path
    shipped: Path

    def path(self, name: str) -> Path:
        """Return a file that a lesson names.

        Raises
        ------
        LessonError
            Where it is not there, leads out of its folder, or is larger than any such file should be.
        """
        root = self.shipped if name.startswith(SHIPPED) else self.folder
        file = root / name.removeprefix(SHIPPED)
        try:
            real, home = file.resolve(), root.resolve()
            if not real.is_relative_to(home):
                raise LessonError(tr("“{name}” leads out of the lesson's folder", name=name))
            size = real.stat().st_size if real.is_file() else None
        except (OSError, RuntimeError) as problem:  # a link that leads to itself is a RuntimeError to Python 3.11
            reason = (isinstance(problem, OSError) and problem.strerror) or str(problem)
            raise LessonError(tr("“{name}” can't be read: {reason}", name=name, reason=reason)) from problem
        if size is None:
            raise LessonError(tr("There is no file “{name}”", name=name))
        if size > LARGEST:
            megabytes = LARGEST >> 20
            raise LessonError(tr("“{name}” is larger than {megabytes} MiB", name=name, megabytes=megabytes))
        return real


def shipped() -> Path:
    """Return the folder of what ships: beside the packages in a checkout, inside the window's in a wheel."""
    packages = Path(__file__).resolve().parent.parent.parent
    inside = packages / "designer" / "resources"
    return inside if inside.is_dir() else packages / "resources"
