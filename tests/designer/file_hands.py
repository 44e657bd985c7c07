"""What tests of files do: choose one in a dialog, and edit the document."""

from pathlib import Path

from PySide6.QtWidgets import QFileDialog

from designer.document import Document
from engine import Input, Node


def choose(monkeypatch, path: Path | None) -> None:
    answer = (str(path) if path else "", "")
    monkeypatch.setattr(QFileDialog, "getOpenFileName", lambda *_: answer)
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_: answer)


def edit(document: Document) -> None:
    document.edit("Add Input", document.graph.add(Node("image", Input())))
