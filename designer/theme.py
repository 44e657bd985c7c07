"""Colours, fonts and icons: a light and a dark theme, applied to the whole program at once."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import lru_cache

from PySide6.QtCore import QByteArray, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFont, QFontDatabase, QIcon, QPainter, QPalette, QPixmap
from PySide6.QtSvg import QSvgRenderer
from PySide6.QtWidgets import QApplication, QWidget

from designer import resources

FONT_FAMILY = "Inter"
FONT_POINTS = 10
TRACE = "#ff3ea5"  # outlines over maps and images, in both themes: it is in no colour map


@dataclass(frozen=True)
class Theme:
    """One set of colours; every colour is ``#rrggbb``."""

    name: str
    dark: bool
    window: str  # behind the docks
    surface: str  # panels, lists, forms
    raised: str  # cards, buttons, headers
    hover: str
    canvas: str
    grid: str
    border: str
    text: str
    muted: str  # secondary text; at least 4.5:1 on surface
    accent: str
    on_accent: str
    selection: str  # background of a selected row
    wire: str
    error: str
    warning: str
    info: str
    ok: str
    families: tuple[tuple[str, str], ...]  # (layer family, colour)

    def family(self, name: str) -> str:
        """Return the colour of a layer family such as ``"conv"``."""
        return dict(self.families).get(name, self.muted)

    def severity(self, name: str) -> str:
        """Return the colour of ``"error"``, ``"warning"`` or ``"info"``."""
        return {"error": self.error, "warning": self.warning, "info": self.info}[name]


LIGHT = Theme(
    name="light",
    dark=False,
    window="#eceff3",
    surface="#ffffff",
    raised="#f5f7fa",
    hover="#e8edf4",
    canvas="#f7f9fb",
    grid="#e3e8ee",
    border="#d5dbe3",
    text="#1a212b",
    muted="#5b6675",
    accent="#2563eb",
    on_accent="#ffffff",
    selection="#dbe7ff",
    wire="#8a97a8",
    error="#c8242f",
    warning="#a35a00",
    info="#1f6fb2",
    ok="#1b7f4b",
    families=(
        ("block", "#4f46e5"),
        ("io", "#475569"),
        ("conv", "#2563eb"),
        ("activation", "#d97706"),
        ("pool", "#15803d"),
        ("dense", "#7c3aed"),
        ("output", "#be123c"),
        ("merge", "#0e7490"),
        ("reshape", "#64748b"),
        ("regularization", "#78716c"),
        ("normalization", "#a16207"),
        ("unsupported", "#a21caf"),
    ),
)

DARK = Theme(
    name="dark",
    dark=True,
    window="#14171c",
    surface="#1b1f26",
    raised="#242a33",
    hover="#2c3440",
    canvas="#161a20",
    grid="#222831",
    border="#343c48",
    text="#e6eaf0",
    muted="#9aa6b5",
    accent="#6ea0ff",
    on_accent="#0c1220",
    selection="#26385c",
    wire="#6d7a8b",
    error="#ff7b7b",
    warning="#f5b84a",
    info="#6fb7f0",
    ok="#5fce93",
    families=(
        ("block", "#a5a8ff"),
        ("io", "#94a3b8"),
        ("conv", "#6ea0ff"),
        ("activation", "#f5a94a"),
        ("pool", "#5fce93"),
        ("dense", "#b794ff"),
        ("output", "#ff8fa3"),
        ("merge", "#4ec5de"),
        ("reshape", "#a3b1c4"),
        ("regularization", "#b8aea7"),
        ("normalization", "#e5c15d"),
        ("unsupported", "#e28bf0"),
    ),
)

THEMES = {theme.name: theme for theme in (LIGHT, DARK)}
_current = LIGHT


def current() -> Theme:
    """Return the theme in force; painting code asks anew at each paint."""
    return _current


@contextmanager
def using(theme: Theme) -> Iterator[None]:
    """Let painting code see another theme for a while, without a change to the program's windows."""
    global _current
    before = _current
    _current = theme
    try:
        yield
    finally:
        _current = before


def system(app: QApplication) -> Theme:
    """Return the theme that the desktop asks for; light where it does not say."""
    return DARK if app.styleHints().colorScheme() is Qt.ColorScheme.Dark else LIGHT


def apply(app: QApplication, theme: Theme, window: QWidget | None = None) -> None:
    """Put ``theme`` in force: palette, style sheet and fonts. Widgets get a ``PaletteChange`` event.

    Parameters
    ----------
    app, theme
        The program, and how it is to look.
    window
        The one window that has all others, where there is one already. Its own style sheet is then changed, not the
        program's, at which Qt would style each widget once for each that it lies in: several times as long.
    """
    global _current
    _current = theme
    sheet, palette = _style_sheet(theme), _palette(theme)
    worn = (window.styleSheet() if window is not None else "") or app.styleSheet()
    if worn == sheet and app.palette() == palette:
        return  # each of the steps below goes through every widget
    if not app.styleSheet():
        app.setStyle("Fusion")
        app.setFont(font())
    app.setPalette(palette)
    (window or app).setStyleSheet(sheet)


def font(points: float = FONT_POINTS, weight: QFont.Weight = QFont.Weight.Normal) -> QFont:
    """Return the program's font at a size in points."""
    return QFont(_font(points, weight))


@lru_cache(maxsize=64)
def _font(points: float, weight: QFont.Weight) -> QFont:
    """Return a font whose copies have been looked up among the system's: painting code asks for some at each paint."""
    _load_fonts()
    made = QFont(FONT_FAMILY)
    made.setPointSizeF(points)
    made.setWeight(weight)
    # Numbers change while one looks at them: digits of one width keep them from dancing.
    made.setFeature(QFont.Tag("tnum"), 1)
    return made


@lru_cache(maxsize=1)
def _load_fonts() -> None:
    for file in sorted(resources.path("fonts").glob("*.[ot]tf")):
        QFontDatabase.addApplicationFont(str(file))


def icon(name: str, colour: str | None = None) -> QIcon:
    """Return a shipped icon drawn in ``colour`` (the theme's text colour unless told)."""
    made = QIcon()
    for size in (16, 20, 32, 40, 64):
        made.addPixmap(pixmap(name, size, colour))
    if colour is None:
        for size in (16, 20, 32, 40, 64):
            faded = QColor(_current.muted)
            faded.setAlpha(110)
            made.addPixmap(pixmap(name, size, faded.name(QColor.NameFormat.HexArgb)), QIcon.Mode.Disabled)
    return made


def pixmap(name: str, size: int, colour: str | None = None, ratio: float = 1.0) -> QPixmap:
    """Return a shipped icon as a picture of ``size`` logical pixels at a device pixel ratio."""
    return _tinted(name, size, colour or _current.text, ratio)


@lru_cache(maxsize=256)
def icon_source(name: str) -> str:
    """Return a shipped icon as SVG, drawn in ``currentColor``."""
    return resources.path("icons", f"{name}.svg").read_text(encoding="utf-8")


def icon_renderer(name: str, colour: str) -> QSvgRenderer:
    """Return what draws a shipped icon in a colour, whose opacity it leaves to the painter."""
    return QSvgRenderer(QByteArray(icon_source(name).replace("currentColor", QColor(colour).name()).encode()))


@lru_cache(maxsize=1024)
def _tinted(name: str, size: int, colour: str, ratio: float) -> QPixmap:
    drawn, own = _drawn(name, size, ratio)
    picture = QPixmap(drawn)
    painter = QPainter(picture)
    painter.setCompositionMode(
        QPainter.CompositionMode.CompositionMode_DestinationIn
        if own
        else QPainter.CompositionMode.CompositionMode_SourceIn
    )
    painter.fillRect(QRectF(0, 0, size, size), QColor(colour))
    painter.end()
    return picture


@lru_cache(maxsize=2048)
def _drawn(name: str, size: int, ratio: float) -> tuple[QPixmap, bool]:
    """Return an icon before it is tinted, and whether it has colours of its own: drawn once, whatever the theme."""
    picture = QPixmap(QSize(size, size) * ratio)
    picture.setDevicePixelRatio(ratio)
    picture.fill(Qt.GlobalColor.transparent)
    painter = QPainter(picture)
    icon_renderer(name, "black").render(painter, QRectF(0, 0, size, size))
    painter.end()
    return picture, "currentColor" not in icon_source(name)


def _palette(theme: Theme) -> QPalette:
    role = QPalette.ColorRole
    palette = QPalette()
    for name, colour in (
        (role.Window, theme.window),
        (role.WindowText, theme.text),
        (role.Base, theme.surface),
        (role.AlternateBase, theme.raised),
        (role.Text, theme.text),
        (role.Button, theme.raised),
        (role.ButtonText, theme.text),
        (role.BrightText, theme.error),
        (role.Highlight, theme.accent),
        (role.HighlightedText, theme.on_accent),
        (role.ToolTipBase, theme.raised),
        (role.ToolTipText, theme.text),
        (role.PlaceholderText, theme.muted),
        (role.Link, theme.accent),
        (role.Light, theme.raised),
        (role.Midlight, theme.hover),
        (role.Mid, theme.border),
        (role.Dark, theme.border),
    ):
        palette.setColor(name, QColor(colour))
    for name in (role.Text, role.WindowText, role.ButtonText):
        faded = QColor(theme.muted)
        faded.setAlpha(130)
        palette.setColor(QPalette.ColorGroup.Disabled, name, faded)
    return palette


def _style_sheet(theme: Theme) -> str:
    template = resources.path("style.qss").read_text(encoding="utf-8")
    for field in (
        "window",
        "surface",
        "raised",
        "hover",
        "canvas",
        "border",
        "text",
        "muted",
        "accent",
        "on_accent",
        "selection",
        "error",
        "warning",
    ):
        template = template.replace(f"@{field};", f"{getattr(theme, field)};")
    return template
