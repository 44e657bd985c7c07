"""Errors in methods that Qt calls: told of where they happen, and Qt gets the answer of its own class.

PySide 6.11 would keep such an error, and raise it in whatever Python has called Qt. With Python 3.11 it ends the
process by a segmentation fault while it does so, if the interpreter itself has raised the error (``1 // 0``, a key that
is not there, a wrong argument). Others it keeps; but if Qt calls another Python method before it returns, PySide
forgets the first error and gives up a reference to the method that it never had, and after a few of them the process
ends as well. So no method of ours that Qt calls lets an error out.
"""

import sys
from collections.abc import Callable, Iterator
from functools import wraps
from typing import Any

from PySide6.QtCore import QModelIndex, QRect, QRectF, QSize
from PySide6.QtGui import QPainter, QUndoCommand
from shiboken6 import Shiboken

# What Qt calls besides its handlers of events: of widgets, layouts, items, models, delegates, and of accessibility.
VIRTUAL = frozenset(
    {
        *(
            "event",
            "eventFilter",
            "viewportEvent",
            "sizeHint",
            "minimumSizeHint",
            "heightForWidth",
            "hasHeightForWidth",
        ),
        *("focusNextPrevChild", "scrollContentsBy", "hitButton", "initStyleOption", "startDrag", "setGeometry"),
        *("stepBy", "textFromValue", "validate", "valueFromText"),
        *("addItem", "count", "expandingDirections", "itemAt", "minimumSize", "takeAt"),
        *("boundingRect", "drawBackground", "drawForeground", "paint", "shape", "itemChange"),
        *("columnCount", "data", "flags", "headerData", "index", "rowCount", "setData", "sort", "supportedDropActions"),
        *("createEditor", "setEditorData", "setModelData", "updateEditorGeometry", "editorEvent"),
        *("child", "childAt", "childCount", "focusChild", "indexOfChild", "isValid", "object", "parent", "rect"),
        *("role", "state", "text", "id"),
    }
)
# What stands for nothing, where Qt's own class has no answer.
_NOTHING: dict[str, Callable[[], Any]] = {
    **dict.fromkeys(("count", "rowCount", "columnCount", "childCount", "heightForWidth"), int),
    **dict.fromkeys(("sizeHint", "minimumSizeHint", "minimumSize"), QSize),
    **dict.fromkeys(("index", "parent"), QModelIndex),
    "boundingRect": QRectF,
    "rect": QRect,
    "indexOfChild": lambda: -1,
}
_ROOT: Any = Shiboken.Object  # of all that Qt's classes are in Python
_OWN_CALLS = (QPainter, QUndoCommand)  # their methods are called from Python, which has to hear of an error


def raise_shields() -> None:
    """Shield the methods of all classes of Python that derive from Qt's, and of those that are still to be made.

    To be called before there are objects of such classes: PySide remembers for each which methods it has.
    """
    for cls in _derived(_ROOT):
        shield(cls)

    def on_new_class(cls: type, /, **kwargs: Any) -> None:
        _plain_hook(**kwargs)
        shield(cls)

    _ROOT.__init_subclass__ = classmethod(on_new_class)


def shield(cls: type) -> None:
    """Shield the methods of one class that Qt calls; once done, it stays so."""
    if issubclass(cls, _OWN_CALLS) or _is_qts(cls):
        return
    for name, method in list(vars(cls).items()):
        if is_called_by_qt(cls, name) and not hasattr(method, "shielded"):
            setattr(cls, name, shielded(cls, name, method))


def is_called_by_qt(cls: type, name: str) -> bool:
    """Return whether a method of a class is one that Qt calls in the place of its own."""
    return (name in VIRTUAL or name.endswith("Event")) and callable(vars(cls)[name]) and _qts(cls, name) is not None


def shielded(cls: type, name: str, method: Callable[..., Any]) -> Callable[..., Any]:
    """Return a method that lets no error out."""

    @wraps(method)
    def call(self: Any, *args: Any) -> Any:
        try:
            return method(self, *args)
        except Exception as problem:  # noqa: BLE001 - whatever it is, Qt can't take it
            sys.excepthook(type(problem), problem, problem.__traceback__)
        try:
            return getattr(_qts(cls, name), name)(self, *args)
        except Exception:  # noqa: BLE001 - an abstract one, or one that met the same
            return _NOTHING.get(name, lambda: None)()

    call.shielded = True  # type: ignore[attr-defined]
    return call


_plain_hook = _ROOT.__init_subclass__


def _derived(cls: type) -> Iterator[type]:
    one: type
    for one in cls.__subclasses__():
        yield one
        yield from _derived(one)


def _is_qts(cls: type) -> bool:
    return cls.__module__.startswith(("PySide6.", "Shiboken", "shiboken6"))


def _qts(cls: type, name: str) -> type | None:
    """Return the class of Qt that has a method in the first place."""
    return next((base for base in cls.__mro__ if _is_qts(base) and name in vars(base)), None)
