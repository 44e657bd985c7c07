"""What has to be painted anew, in parts that are worth it."""

from PySide6.QtCore import QRect
from PySide6.QtGui import QRegion

_WASTE = 1.5  # how much larger than what it covers a rectangle may be


def apart(region: QRegion) -> list[QRect]:
    """Return a region as rectangles to paint one by one; none of them reaches far beyond it.

    Qt paints every item within a region's bounding rectangle. The strips that a pan uncovers at two edges lie in a
    rectangle as large as the whole view; one by one they cost little.
    """
    parts: list[tuple[QRect, int]] = []
    for rect in region:  # type: ignore[attr-defined]
        part, covered = QRect(rect), _area(rect)
        # What it can be put together with may in turn fit a third one.
        while (other := next((other for other in parts if _fit(part, covered, *other)), None)) is not None:
            parts.remove(other)
            part, covered = part | other[0], covered + other[1]
        parts.append((part, covered))
    return [part for part, _ in parts]


def _fit(one: QRect, covered: int, other: QRect, also: int) -> bool:
    return _area(one | other) <= _WASTE * (covered + also)


def _area(rect: QRect) -> int:
    return rect.width() * rect.height()
