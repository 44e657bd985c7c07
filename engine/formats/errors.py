"""What goes wrong when files are read or written."""


class FormatError(ValueError):
    """A file that can't be read or written; the message names the file's problem and its place."""


class FormatWarning(UserWarning):
    """A file was read, but not all of it: the message says what is missing."""


ImageSize = tuple[int, int]  # height, width


class OpenSizeWarning(FormatWarning):
    """A file leaves its image's size open; ``size`` is what it was read for, and another can be asked for."""

    def __init__(self, text: str, size: ImageSize) -> None:
        super().__init__(text)
        self.size = size
