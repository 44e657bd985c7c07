"""Folders of images: which files they hold, in the order a person would count them, and under which class."""

import os
import re
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

import msgspec

from engine.images import SUFFIXES
from engine.language import tr, tr_count


class FolderError(ValueError):
    """A folder that can't be looked into, or that holds nothing to work with."""


class Picture(msgspec.Struct, frozen=True):
    """An image file, and the number of its class among the folder's; None where it lies in no sub-folder."""

    path: Path
    folder: int | None = None


class ImageFolder(msgspec.Struct, frozen=True):
    """A folder's images, and the names of its sub-folders that hold any, both in natural order."""

    path: Path
    pictures: tuple[Picture, ...]
    classes: tuple[str, ...] = ()

    @property
    def labelled(self) -> tuple[Picture, ...]:
        """The images that lie in a sub-folder, which is their class."""
        return tuple(picture for picture in self.pictures if picture.folder is not None)


def natural_key(text: str) -> tuple[tuple[int, int, str], ...]:
    """Return what sorts names as people do: ``image 2`` before ``image 10``, ``a`` beside ``A``."""
    parts = re.split(r"([0-9]+)", text.casefold())
    return tuple((0, int(part), "") if at % 2 else (1, 0, part) for at, part in enumerate(parts))


def image_folder(path: str | Path) -> ImageFolder:
    """Find a folder's images: those in it first, then those of each sub-folder, however deep they lie there.

    Hidden files, and files whose names do not end as an image's do, are passed over.

    Raises
    ------
    FolderError
        Where the folder can't be read.
    """
    root = Path(path)
    try:
        entries = sorted(os.scandir(root), key=lambda entry: natural_key(entry.name))
    except OSError as problem:
        raise FolderError(
            tr("{folder} can't be read: {reason}", folder=root.name or str(root), reason=problem.strerror or problem)
        ) from problem
    pictures = [Picture(root / entry.name) for entry in entries if _is_image(entry)]
    classes: list[str] = []
    for entry in entries:
        if entry.name.startswith(".") or not _is_folder(entry):
            continue
        found = list(_below(root / entry.name))
        if found:
            pictures += (Picture(file, len(classes)) for file in found)
            classes.append(entry.name)
    return ImageFolder(root, tuple(pictures), tuple(classes))


def _below(folder: Path) -> Iterator[Path]:
    """Go through the images in a folder and below it; what can't be read is passed over."""
    try:
        entries = sorted(os.scandir(folder), key=lambda entry: natural_key(entry.name))
    except OSError:
        return
    yield from (folder / entry.name for entry in entries if _is_image(entry))
    for entry in entries:
        # A link to a folder could lead back up.
        if not entry.name.startswith(".") and not entry.is_symlink() and _is_folder(entry):
            yield from _below(folder / entry.name)


def _is_image(entry: os.DirEntry[str]) -> bool:
    """Whether an entry is a file that ends as images do; a pipe of such a name would never end."""
    try:
        ends = entry.name.lower().endswith(SUFFIXES) and not entry.name.startswith(".")
        return ends and entry.is_file()
    except OSError:
        return False


def _is_folder(entry: os.DirEntry[str]) -> bool:
    try:
        return entry.is_dir()
    except OSError:
        return False


class Matching(msgspec.Struct, frozen=True):
    """Which class of a network each sub-folder stands for.

    ``numbers`` holds one class number for each sub-folder; ``by_name`` says whether the names told, and ``sentence``
    what was done.
    """

    numbers: tuple[int, ...]
    by_name: bool
    sentence: str


def matched(folders: Sequence[str], labels: Sequence[str]) -> Matching:
    """Match sub-folders with a network's classes: by name where all have one, else in order.

    Parameters
    ----------
    folders
        The names of the sub-folders, in natural order.
    labels
        The network's classes; those without a name go by their numbers.

    Raises
    ------
    FolderError
        Where there are no sub-folders, or more than classes.
    """
    if not folders:
        raise FolderError(tr("There are no sub-folders with images: each class needs one, named as the class"))
    if len(folders) > len(labels):
        raise FolderError(
            tr(
                "There are {folders:,} sub-folders with images, and the network tells only {classes:,} classes apart",
                folders=len(folders),
                classes=len(labels),
            )
        )
    numbers = {_plain(label): number for number, label in reversed(list(enumerate(labels)))}
    named = [numbers.get(_plain(name)) for name in folders]
    found = tuple(number for number in named if number is not None)
    if len(found) == len(folders) == len(set(found)):
        return Matching(found, True, _told(folders, labels))
    missing = next((name for name, number in zip(folders, named, strict=True) if number is None), folders[0])
    return Matching(
        tuple(range(len(folders))),
        False,
        tr(
            "Matched in order, not by name: “{folder}” is no class of the network's, so “{first}” stands for "
            "“{label}”, and so on.",
            folder=missing,
            first=folders[0],
            label=labels[0],
        ),
    )


def _plain(name: str) -> str:
    """Return a name as it is compared: without regard to capitals, and to what stands for a space."""
    text = " ".join(re.split(r"[\s_-]+", name.casefold().strip()))
    return str(int(text)) if text.isascii() and text.isdigit() else text


def _told(folders: Sequence[str], labels: Sequence[str]) -> str:
    missing = len(labels) - len(folders)
    if not missing:
        return tr("Every class has its sub-folder.")
    return tr_count(
        "Matched by name; {count:,} class has no sub-folder.",
        "Matched by name; {count:,} classes have no sub-folder.",
        missing,
    )


def listed(names: Iterable[str], most: int = 3) -> str:
    """Return a few names and how many others there are: ``a.png, b.png and 5 more``."""
    shown = list(names)
    text = ", ".join(shown[:most])
    more = len(shown) - most
    return text if more <= 0 else tr_count("{names} and {count:,} more", "{names} and {count:,} more", more, names=text)
