"""What goes wrong when files are read or written."""


class FormatError(ValueError):
    """A file that can't be read or written; the message names the file's problem and its place."""


class FormatWarning(UserWarning):
    """A file was read, but not all of it: the message says what is missing."""
