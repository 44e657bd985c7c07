"""Counts and sizes as people read them, for panels, cards and dialogs."""

_UNITS = ("B", "KiB", "MiB", "GiB", "TiB")
_THOUSAND = 1_000
_LARGE = (("G", 1_000_000_000), ("M", 1_000_000), ("K", _THOUSAND))


def counted(count: int, noun: str) -> str:
    """Return a number and its noun: ``1 layer``, ``1,024 layers``."""
    return f"{count:,} {noun}{'' if count == 1 else 's'}"


def memory(nbytes: int) -> str:
    """Return a size in bytes for a reader: ``512 B``, ``9.8 KiB``, ``63 KiB``."""
    value, unit = float(nbytes), 0
    while value >= 1000 and unit + 1 < len(_UNITS):
        value, unit = value / 1024, unit + 1
    return f"{value:.1f} {_UNITS[unit]}" if unit and value < 10 else f"{value:,.0f} {_UNITS[unit]}"


def short_count(count: int) -> str:
    """Return a number in few letters: ``156``, ``48.1 K``, ``138 M``, ``1.8 G``."""
    if count < _THOUSAND:
        return f"{count:,}"
    unit, size = next((unit, size) for unit, size in _LARGE if count >= size)
    digits = 1 if count < 100 * size else 0
    return f"{count / size:,.{digits}f} {unit}"
