"""Where the things are that a lesson points at: cards, ports, numbers, fields, commands and panels."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QPointF, QRect, QRectF
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QMenu, QWidget

from designer.canvas.card_figures import figures_of
from designer.canvas.geometry import card_rect
from designer.canvas.node_item import OUTPUT
from designer.canvas.sprites import COMPACT_BELOW
from designer.commands import plain
from engine import Figure
from engine.lessons import Point

if TYPE_CHECKING:
    from designer.ring import Target
    from designer.window import MainWindow

_PORT = 9.0  # pixels of the canvas around a port's centre
_ON_CARDS = {"card", "input", "output", "shape", "parameters"}


def find(window: MainWindow, point: Point) -> Target | None:
    """Return what a lesson points at, and None while it can't be seen."""
    if point.kind in _ON_CARDS:
        return _on_canvas(window, point)
    if point.kind == "command":
        return _command(window, point.name)
    if point.kind == "panel":
        return _whole(window.docks.get(point.name))
    if point.kind == "total":
        figure = _figure(point.name)
        return _whole(window.totals.sums.get(figure) if figure is not None else None)
    return _whole(_in_inspector(window, point))


def reveal(window: MainWindow, point: Point) -> None:
    """Bring what is pointed at into view, as far as that takes no click."""
    if point.kind in _ON_CARDS:
        node = node_called(window, point.name)
        if node is not None:
            window.canvas.reveal_node(node)
    elif point.kind == "panel" and point.name in window.docks:
        window.docks[point.name].show()
        window.docks[point.name].raise_()
    elif point.kind in ("setting", "number"):
        window.docks["inspector"].show()
        window.docks["inspector"].raise_()
        part = _in_inspector(window, point)
        if part is not None:
            window.inspector.bring_into_view(part)


def node_called(window: MainWindow, name: str) -> str | None:
    """Return the id of the layer of an id or a name."""
    graph = window.document.graph
    if name in graph:
        return name
    return next((node.id for node in graph.nodes if node.label.casefold() == name.casefold()), None)


def _on_canvas(window: MainWindow, point: Point) -> Target | None:
    node, view = node_called(window, point.name), window.canvas
    if node is None:
        return None
    card = view.canvas.seen.card(node)
    item = view.canvas.nodes.get(card)
    if item is None:
        return None
    rect = card_rect(view.canvas.places[card])
    if point.kind in ("input", "output"):
        centre = item.port_point(OUTPUT if point.kind == "output" else 0)
        rect = QRectF(centre - QPointF(_PORT, _PORT), centre + QPointF(_PORT, _PORT))
    elif point.kind in ("shape", "parameters") and card == node and view.canvas.zoom >= COMPACT_BELOW:
        own = figures_of(item.card).get(Figure.OUTPUT if point.kind == "shape" else Figure.PARAMETERS)
        rect = own.translated(item.pos()) if own is not None else rect
    return view.viewport(), view.mapFromScene(rect).boundingRect()


def _in_inspector(window: MainWindow, point: Point) -> QWidget | None:
    """Return the field of a hyper-parameter, or the label of a number, of the layer that is selected."""
    page = window.inspector.node_page
    if point.kind == "setting":
        return page.form.editors.get(point.name) if page.form is not None else None
    figure = _figure(point.name)
    if figure is None:
        return None
    return page.numbers.shape if figure is Figure.OUTPUT else page.numbers.figures.label(figure)


def _figure(name: str) -> Figure | None:
    return Figure(name) if name in set(Figure) else None


def _command(window: MainWindow, name: str) -> Target | None:
    """Return a command's button on the toolbar, else the menu that it is in."""
    if name not in window.commands:
        return None
    action = window.commands[name]
    button = window.bar.widgetForAction(action)
    if button is not None and button.isVisible():
        return _whole(button)
    way = _way(window.menuBar().actions(), action)
    return (window.menuBar(), window.menuBar().actionGeometry(way[0])) if way else None


def menu_path(window: MainWindow, name: str) -> str:
    """Return where a command is in the menus: ``View ▸ Heat ▸ Parameters``."""
    way = _way(window.menuBar().actions(), window.commands[name])
    return " ▸ ".join(plain(one.text()).rstrip("…") for one in way)


def _way(entries: list[QAction], wanted: QAction) -> list[QAction]:
    """Return the entries of menus that lead to an action, itself the last; none where it is in no menu."""
    for entry in entries:
        if entry is wanted:
            return [entry]
        menu = entry.menu()
        way = _way(menu.actions(), wanted) if isinstance(menu, QMenu) else []
        if way:
            return [entry, *way]
    return []


def _whole(widget: QWidget | None) -> Target | None:
    return (widget, QRect(widget.rect())) if widget is not None and widget.isVisible() else None
