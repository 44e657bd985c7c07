"""What goes wrong when files are read or written."""

_HEAD, _TAIL = 700, 300  # letters of a message that are kept: a file may quote itself by the megabyte


class FormatError(ValueError):
    """A file that can't be read or written; the message names the file's problem and its place."""

    def __init__(self, message: str) -> None:
        super().__init__(_shortened(message))


class FormatWarning(UserWarning):
    """A file was read, but not all of it: the message says what is missing."""

    def __init__(self, message: str) -> None:
        super().__init__(_shortened(message))


class FormatNote(FormatWarning):
    """A file was written whole: the message says by which means it computes the same elsewhere."""


class DrawingNote(FormatNote):
    """A file has the network, but not all of its drawing: the message says what of it stays behind."""


ImageSize = tuple[int, int]  # height, width


class OpenSizeWarning(FormatWarning):
    """A file leaves its image's size open; ``size`` is what it was read for, and another can be asked for."""

    def __init__(self, text: str, size: ImageSize) -> None:
        super().__init__(text)
        self.size = size


def _shortened(message: str) -> str:
    """Return a message that a dialog can show; what is wrong comes first in it, and the place last."""
    return message if len(message) <= _HEAD + _TAIL else f"{message[:_HEAD]} … {message[-_TAIL:]}"
