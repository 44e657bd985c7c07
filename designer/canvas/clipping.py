"""Copy, cut, paste and duplicate: layers travel as the text of a document."""

from __future__ import annotations

import atexit
from functools import cache
from math import isfinite
from typing import TYPE_CHECKING

import msgspec
from PySide6.QtCore import QMimeData, QObject, QPointF, QRectF, Signal
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QApplication

from designer.canvas.editor import Editor
from designer.canvas.framing import settled, shifted, stored_places
from designer.canvas.geometry import Place, card_rect, snapped
from designer.canvas.visible import visible
from designer.document import Document
from engine import FormatError, Network, Weights
from engine.formats import native
from engine.language import tr, tr_noop

if TYPE_CHECKING:
    from designer.canvas.view import CanvasView

JSON_MIME = "application/json"
_EXTENT = 100_000.0  # how far out a pasted card may be


@cache
def _leave_text_at_exit() -> None:
    """See to it that the clipboard holds plain text when Python ends.

    Qt deletes what is on the clipboard later than that, and data that was made here would then call into Python.
    """
    atexit.register(_leave_text)


def _leave_text() -> None:
    if QApplication.instance() is None:
        return
    clipboard = QApplication.clipboard()
    private = QGuiApplication.platformName() == "offscreen"  # whose clipboard says of nobody that it is theirs
    if private or clipboard.ownsClipboard():
        clipboard.setText(clipboard.text())


class Clipping(QObject):
    """The clipboard's side of the canvas.

    What is copied is what a file of these layers would say, so that it can be mailed and pasted from a mail. Their
    weights are remembered beside it, for a paste in this window.

    Signals
    -------
    added
        The ids of what is new.
    told
        A sentence for the status bar.
    """

    added = Signal(object)  # tuple[str, ...]
    told = Signal(str)

    def __init__(self, view: CanvasView, document: Document, editor: Editor) -> None:
        super().__init__(view)
        self._view = view
        self._document = document
        self._editor = editor
        self._weights: tuple[str, Weights | None] = ("", None)  # of the text that was copied last

    def copy(self) -> bool:
        """Put the selected layers, and the wires between them, on the clipboard; return whether there are any."""
        nodes = self._document.selection.nodes
        if not nodes:
            self.told.emit(tr("Select the layers to copy first."))
            return False
        piece = self._editor.piece(nodes)
        text = native.encode(piece)
        data = QMimeData()
        data.setText(text)
        data.setData(JSON_MIME, text.encode())
        QApplication.clipboard().setMimeData(data)
        _leave_text_at_exit()
        self._weights = (text, piece.weights)
        return True

    def cut(self) -> None:
        """Copy the selected layers and remove them."""
        if self.copy():
            self._editor.delete(self._document.selection.nodes, tr_noop("Cut {layers}"))

    def paste(self, at: QPointF | None = None) -> None:
        """Insert what is on the clipboard and select it.

        Its middle comes to the point given, else to the pointer; where that is not over the canvas, to where it was
        or next to that, if that can be seen.
        """
        try:
            piece = self._clip()
        except FormatError as problem:
            self.told.emit(str(problem))
            return
        at, box = (self._view.pointed if at is None else at), _box(piece)
        area = self._view.mapToScene(self._view.viewport().rect()).boundingRect()
        if at is None and not area.intersects(box):
            at = area.center()
        if at is not None:
            piece = shifted(piece, *snapped(at.x() - box.center().x(), at.y() - box.center().y()))
        count = len(piece.graph.nodes)
        if count == 1:
            text = tr("Paste {layer}", layer=piece.graph.nodes[0].label)
        else:
            text = tr("Paste {count} layers", count=count)
        self.added.emit(self._editor.insert_near(text, piece))

    def duplicate(self) -> None:
        """Copy the selected layers right beside themselves, and select the copies."""
        self.added.emit(self._editor.duplicate())

    def _clip(self) -> Network:
        """Return what is on the clipboard, every card with a place.

        Raises
        ------
        FormatError
            With a sentence for the person who pastes.
        """
        data = QApplication.clipboard().mimeData() or QMimeData()  # Qt gives null for an empty clipboard
        text = data.data(JSON_MIME).toStdString() if data.hasFormat(JSON_MIME) else data.text()
        if not text.lstrip().startswith("{"):
            raise FormatError(
                tr("There are no layers on the clipboard: only the text of a Convolab network can be pasted.")
            )
        try:
            network, _ = native.decode(text)
        except FormatError as problem:
            raise FormatError(tr("What is on the clipboard can’t be pasted: {problem}.", problem=problem)) from problem
        if not network.graph.nodes:
            raise FormatError(tr("The network on the clipboard has no layers."))
        copied, weights = self._weights
        layout = {node: place for node, place in network.layout.items() if _is_sane(place)}
        dots = {edge: points for edge, points in network.dots.items() if all(map(_is_sane, points))}
        weights = weights if text == copied else None
        return settled(msgspec.structs.replace(network, layout=layout, dots=dots, weights=weights))


def _is_sane(place: Place) -> bool:
    return all(isfinite(one) and abs(one) <= _EXTENT for one in place)


def _box(piece: Network) -> QRectF:
    box = QRectF()
    for place in stored_places(visible(piece.graph, piece.groups), piece.layout).values():
        box = box.united(card_rect(place))
    return box
