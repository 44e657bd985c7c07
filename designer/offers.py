"""Everything that the command palette offers: commands, layers to add, examples, files and nodes."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtGui import QAction, QKeySequence

from designer.catalogue import entries, subject
from designer.commands import menu_title, plain
from designer.panels.offer import Offer
from engine.language import tr

if TYPE_CHECKING:
    from designer.window import MainWindow

_EXAMPLE = "example."
_NOT_ITSELF = "help.commands"


def offers(window: MainWindow) -> list[Offer]:
    """Return what can be done in a window as it stands: the menus in their order first, the examples last."""
    commands = list(_commands(window))
    others = [offer for offer in commands if not offer.key.startswith(_EXAMPLE)]
    examples = [offer for offer in commands if offer.key.startswith(_EXAMPLE)]
    return [*others, *_layers(window), *_nodes(window), *_files(window), *examples]


def _commands(window: MainWindow) -> Iterator[Offer]:
    for name, action in window.commands:
        if name == _NOT_ITSELF:
            continue
        refused = "" if action.isEnabled() else window.commands.reason(name)
        text = plain(action.text())
        if name.startswith(_EXAMPLE):
            text = tr("Open {file}", file=text)
        yield Offer(name, text, menu_title(name), action.trigger, _keys(action), refused, _state(action))


def _keys(action: QAction) -> str:
    return action.shortcut().toString(QKeySequence.SequenceFormat.NativeText)


def _state(action: QAction) -> str:
    return (tr("on") if action.isChecked() else tr("off")) if action.isCheckable() else ""


def _layers(window: MainWindow) -> Iterator[Offer]:
    for entry in entries():
        key = f"add.{'+'.join(entry.types)}"
        words = (entry.title, *subject(entry).others)
        yield Offer(
            key, tr("Add {layers}", layers=entry.title), entry.group, partial(_add, window, entry.types), words=words
        )


def _files(window: MainWindow) -> Iterator[Offer]:
    for path in window.files.recent():
        opened = partial(window.files.open_guarded, path)
        yield Offer(
            f"recent.{path}", tr("Open {file}", file=path.name), tr("Recent"), opened, words=(str(path.parent),)
        )


def _nodes(window: MainWindow) -> Iterator[Offer]:
    graph = window.document.graph
    for node in window.document.analysis.listed:
        found = graph.by_id[node]
        go = partial(_go_to, window, node)
        yield Offer(
            f"go.{node}",
            tr("Go to {layer}", layer=found.label),
            found.layer.title,
            go,
            words=(node, found.layer.family),
        )


def _add(window: MainWindow, types: tuple[str, ...]) -> None:
    window.canvas.add_layers(types)
    window.canvas.setFocus(Qt.FocusReason.OtherFocusReason)


def _go_to(window: MainWindow, node: str) -> None:
    if node in window.document.graph:
        window.document.selection.select([node])
        window.canvas.reveal_node(node)
        window.canvas.setFocus(Qt.FocusReason.OtherFocusReason)
