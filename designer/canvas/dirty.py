"""What has to be painted anew, in parts that are worth it."""

from PySide6.QtGui import QRegion

_WASTE = 1.5  # how much larger than a region its bounding rectangle may be


def apart(region: QRegion) -> list[QRegion]:
    """Return a region in parts to paint one by one.

    Qt paints every item within a region's bounding rectangle. The two strips that a pan uncovers lie in a rectangle as
    large as the whole view; one by one they cost little.
    """
    rects = list(region)  # type: ignore[call-overload]
    bounds = region.boundingRect()
    area = sum(rect.width() * rect.height() for rect in rects)
    if len(rects) < 2 or bounds.width() * bounds.height() < _WASTE * area:
        return [region]
    return [QRegion(rect) for rect in rects]
