"""No method that Qt calls lets an error out, which PySide does not survive."""

import importlib
import pkgutil
import subprocess
import sys
from collections.abc import Iterator

import pytest
from PySide6.QtCore import QAbstractListModel, QEvent, QModelIndex, QRectF, QSize, Qt
from PySide6.QtGui import QPainter, QUndoCommand
from PySide6.QtWidgets import QGraphicsItem, QLayout, QVBoxLayout, QWidget
from shiboken6 import Shiboken

import designer
from designer.shield import is_called_by_qt, shield

# Methods by the names of Qt's that only Python calls: they are no virtual ones, or their callers hear of errors.
CALLED_BY_PYTHON = {"setModel", "setText", "reject"}

_SCRIPT = """
import sys
from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QApplication, QVBoxLayout, QWidget
from designer.shield import raise_shields

class Early(QWidget):
    def sizeHint(self):
        raise ZeroDivisionError("early")

raise_shields()

class Late(QWidget):
    def sizeHint(self):
        return 1 // 0

told = []
sys.excepthook = lambda kind, error, where: told.append(str(error))
app = QApplication([])
window = QWidget()
layout = QVBoxLayout(window)
for kind in (Early, Late) * 10:
    layout.addWidget(kind())

def act():
    for width in range(300, 310):
        window.show()
        window.resize(width, 300)
        window.adjustSize()
        window.hide()
    app.quit()

QTimer.singleShot(0, act)
app.exec()
print(set(told) == {"early", "integer division or modulo by zero"})
"""


class Broken(QAbstractListModel):
    def rowCount(self, parent: QModelIndex | None = None) -> int:
        raise ZeroDivisionError

    def data(self, index: QModelIndex, role: int = 0) -> object:
        raise ZeroDivisionError


class BrokenItem(QGraphicsItem):
    def boundingRect(self) -> QRectF:
        raise ZeroDivisionError

    def paint(self, painter: QPainter, option: object, widget: QWidget | None = None) -> None:
        raise ZeroDivisionError


class BrokenLayout(QLayout):
    def count(self) -> int:
        raise ZeroDivisionError

    def sizeHint(self) -> QSize:
        raise ZeroDivisionError

    def itemAt(self, index: int) -> None:
        raise ZeroDivisionError


class BrokenWidget(QWidget):
    def sizeHint(self) -> QSize:
        raise ZeroDivisionError

    def event(self, event: QEvent) -> bool:
        raise ZeroDivisionError

    def own(self) -> None:
        raise ZeroDivisionError


class Step(QUndoCommand):
    def redo(self) -> None:
        raise ZeroDivisionError


@pytest.fixture
def told(monkeypatch) -> list[type]:
    """Return the kinds of the errors that are told of."""
    heard: list[type] = []
    monkeypatch.setattr(sys, "excepthook", lambda kind, *_: heard.append(kind))
    return heard


def test_qt_gets_the_answer_of_its_own_class(qtbot, told):
    for cls in (Broken, BrokenItem, BrokenLayout, BrokenWidget):
        shield(cls)
    model, item, layout, widget = Broken(), BrokenItem(), BrokenLayout(), BrokenWidget()
    qtbot.addWidget(widget)
    assert (model.rowCount(), model.data(QModelIndex(), Qt.ItemDataRole.DisplayRole)) == (0, None)
    assert item.boundingRect() == QRectF()
    assert (layout.count(), layout.sizeHint(), layout.itemAt(0)) == (0, QSize(), None)
    assert widget.sizeHint() == QWidget.sizeHint(widget)
    before = len(told)
    widget.setEnabled(False)
    assert len(told) > before
    assert set(told) == {ZeroDivisionError}


def test_what_python_calls_still_raises(qtbot):
    for cls in (BrokenWidget, Step):
        shield(cls)
    widget = BrokenWidget()
    qtbot.addWidget(widget)
    with pytest.raises(ZeroDivisionError):
        widget.own()
    with pytest.raises(ZeroDivisionError):
        Step().redo()


def test_a_class_is_shielded_once():
    class Once(QVBoxLayout):
        def sizeHint(self) -> QSize:
            return QSize(3, 4)

    shield(Once)
    method = Once.sizeHint
    shield(Once)
    assert Once.sizeHint is method
    assert Once().sizeHint() == QSize(3, 4)


def test_many_errors_in_one_call_of_qt_do_not_end_the_process():
    done = subprocess.run([sys.executable, "-c", _SCRIPT], capture_output=True, text=True, timeout=120, check=False)
    assert (done.returncode, done.stdout.strip()) == (0, "True"), done.stderr


def test_every_method_that_qt_calls_is_known():
    """A method with the name of one of Qt's is shielded, or known to be called from Python alone."""
    for module in pkgutil.walk_packages(designer.__path__, "designer."):
        if not module.name.endswith("__main__"):
            importlib.import_module(module.name)
    unknown = {
        f"{cls.__name__}.{name}"
        for cls in _classes(Shiboken.Object)
        if cls.__module__.startswith("designer.") and not issubclass(cls, QPainter | QUndoCommand)
        for name, method in vars(cls).items()
        if callable(method) and not name.startswith("_") and name not in CALLED_BY_PYTHON
        if any(name in vars(base) for base in cls.__mro__ if base.__module__.startswith("PySide6."))
        if not is_called_by_qt(cls, name) and type(method).__name__ == "function"
    }
    assert not unknown


def _classes(cls: type) -> Iterator[type]:
    for one in cls.__subclasses__():
        yield one
        yield from _classes(one)
