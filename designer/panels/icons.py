"""The icons of layer families and of severities."""

from functools import cache

from PySide6.QtGui import QPixmap
from PySide6.QtWidgets import QWidget

from designer import resources, theme

_FALLBACK = "family-dense"


@cache
def family_icon_name(family: str) -> str:
    """Return the name of a family's icon; a family that has none borrows one."""
    name = f"family-{family}"
    return name if resources.path("icons", f"{name}.svg").is_file() else _FALLBACK


def family_pixmap(family: str, size: int, widget: QWidget) -> QPixmap:
    """Return a family's icon in its colour, sharp on the screen of a widget."""
    return theme.pixmap(family_icon_name(family), size, theme.current().family(family), widget.devicePixelRatioF())


def severity_pixmap(severity: str, size: int, widget: QWidget) -> QPixmap:
    """Return the icon of ``"error"``, ``"warning"`` or ``"info"`` in its colour."""
    return theme.pixmap(severity, size, theme.current().severity(severity), widget.devicePixelRatioF())


def ok_pixmap(size: int, widget: QWidget) -> QPixmap:
    """Return the check mark that says that all is well."""
    return theme.pixmap("ok", size, theme.current().ok, widget.devicePixelRatioF())
