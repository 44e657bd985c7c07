"""How work is given up that somebody does not want any more."""


class Cancelled(Exception):  # noqa: N818 - not an error: somebody asked for it
    """Work was given up because ``cancelled()`` said so."""
