"""What tests of lessons do: start one, press its buttons, solve it, write one."""

import json
from pathlib import Path
from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from designer.window import MainWindow
from engine import Conv2D

LEFT = Qt.MouseButton.LeftButton
STACK, WEIGHTS, TRAINED = "05_stack", "11_weights", "19_trained"


def start(window: MainWindow, name: str) -> None:
    window.commands[f"lesson.{name}"].trigger()


def click(widget) -> None:
    QTest.mouseClick(widget, LEFT)


def page(window: MainWindow):
    return window.lesson_panel.page


def marks(window: MainWindow) -> list[bool | None]:
    return [row.met for row in page(window).exercise.checks.rows if row.isVisible()]


def edit(window: MainWindow, node: str, layer) -> None:
    window.document.edit("Change", window.document.graph.replace_layer(node, layer))


def solve_stack(window: MainWindow) -> None:
    edit(window, "conv", Conv2D(filters=6, kernel=(5, 5)))


def write_lesson(path: Path, **more: Any) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    lesson = {
        "format": "convolab-lesson",
        "version": 1,
        "title": "My own",
        "steps": [{"title": "Only", "text": ["Words"]}],
        **more,
    }
    path.write_text(json.dumps(lesson), encoding="utf-8")
    return path
