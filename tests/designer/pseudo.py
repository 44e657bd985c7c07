"""A pseudo-language: every text that went through the catalogue is bracketed and longer; what is left over did not."""

import gettext
import re
from collections.abc import Collection, Iterator

from PySide6.QtCore import QAbstractItemModel, QAbstractListModel, QModelIndex, Qt
from PySide6.QtGui import QAction
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractItemView,
    QComboBox,
    QGroupBox,
    QLabel,
    QLineEdit,
    QMenu,
    QPlainTextEdit,
    QTabBar,
    QWidget,
)

from engine import analysis, language
from engine.language import Catalogue

_FILTER = re.compile(r"\(\*[^)]*\)")
_TAGS = re.compile(r"<[^>]*>|&[a-z]+;")
_WORD = re.compile(r"[A-Za-zÀ-ÿ]{2,}")
_LONGER = 0.3
_ROLES = (
    Qt.ItemDataRole.DisplayRole,
    Qt.ItemDataRole.ToolTipRole,
    Qt.ItemDataRole.AccessibleTextRole,
    Qt.ItemDataRole.AccessibleDescriptionRole,
)


def speak(catalogue: Catalogue | None) -> None:
    """Use another language, also for what is remembered: a program chooses its own before there is any."""
    language.speak(catalogue)
    analysis._facts.cache_clear()


class Pseudo(gettext.NullTranslations):
    """Brackets every text and makes it a third longer, as many languages are."""

    def gettext(self, message: str) -> str:
        """Return a text in brackets."""
        return f"⟦{message}{'·' * round(len(message) * _LONGER)}⟧"

    def ngettext(self, one: str, many: str, n: int) -> str:
        """Return the text for a number of things in brackets."""
        return self.gettext(one if n == 1 else many)


def untranslated(text: str, data: Collection[str]) -> list[str]:
    """Return the words of a text outside of all brackets that are no data, such as names of layers."""
    depth, outside = 0, []
    for sign in _TAGS.sub(" ", text):
        depth += (sign == "⟦") - (sign == "⟧")
        outside.append(sign if depth == 0 else " ")
    rest = "".join(outside)
    for known in sorted(data, key=len, reverse=True):
        rest = re.sub(rf"(?<![^\W_]){re.escape(known)}(?![^\W_])", " ", rest)
    return _WORD.findall(rest)


def texts_of(root: QWidget) -> Iterator[tuple[str, str]]:
    """Go through all that a widget and those inside it say, each with where it is."""
    for widget in (root, *root.findChildren(QWidget)):
        if widget.objectName().startswith(("qt_", "Scroll")):
            continue  # a part of one of Qt's widgets; Qt has a catalogue of its own
        place = f"{type(widget).__name__} {widget.objectName()}".strip()
        for name in ("toolTip", "statusTip", "whatsThis", "accessibleName", "accessibleDescription", "windowTitle"):
            yield f"{place}.{name}", getattr(widget, name)()
        for text in _own(widget):
            yield place, text
        for action in widget.actions():
            yield from _of_action(action, place)


def _own(widget: QWidget) -> Iterator[str]:
    if isinstance(widget, QLabel | QAbstractButton):
        yield widget.text()
    elif isinstance(widget, QLineEdit | QPlainTextEdit):
        yield widget.placeholderText()
    elif isinstance(widget, QGroupBox | QMenu):
        yield widget.title()
    elif isinstance(widget, QTabBar):
        yield from (widget.tabText(number) for number in range(widget.count()))
    if isinstance(widget, QComboBox) or (isinstance(widget, QAbstractItemView) and widget.model() is not None):
        yield from _of_model(widget.model())


def _of_action(action: QAction, place: str) -> Iterator[tuple[str, str]]:
    yield f"{place} action", action.text()
    yield f"{place} action", action.toolTip()
    yield f"{place} action", action.statusTip()


def _of_model(model: QAbstractItemModel) -> Iterator[str]:
    columns = range(1 if isinstance(model, QAbstractListModel) else model.columnCount(QModelIndex()))
    for column in columns:
        for role in _ROLES:
            yield _text(model.headerData(column, Qt.Orientation.Horizontal, role))
    for row in range(model.rowCount(QModelIndex())):
        for column in columns:
            for role in _ROLES:
                yield _text(model.data(model.index(row, column), role))


def _text(value: object) -> str:
    return value if isinstance(value, str) else ""
