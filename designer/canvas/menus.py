"""The menus of the right mouse button."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import groupby
from typing import TYPE_CHECKING

from PySide6.QtCore import QPointF
from PySide6.QtWidgets import QMenu

from designer import theme
from designer.canvas.card_painter import family_icon
from designer.canvas.geometry import CARD_HEIGHT, CARD_WIDTH, Place, card_rect, snapped
from designer.canvas.hits import hit
from engine import LAYERS, Diagnostic, Edge, Layer
from engine.language import tr, tr_count, tr_noop

if TYPE_CHECKING:
    from designer.canvas.view import CanvasView

_FAMILIES = {
    "io": tr_noop("Input"),
    "conv": tr_noop("Convolution"),
    "activation": tr_noop("Activation"),
    "pool": tr_noop("Pooling"),
    "reshape": tr_noop("Reshape"),
    "dense": tr_noop("Fully connected"),
    "output": tr_noop("Output"),
    "normalization": tr_noop("Normalization"),
    "regularization": tr_noop("Regularization"),
    "merge": tr_noop("Merge"),
}


def menu_at(view: CanvasView, at: QPointF) -> QMenu:
    """Return the menu for a point of the view; a card that is not selected will be, as the menu acts on those."""
    scene = view.canvas
    point = view.mapToScene(at.toPoint())
    found = hit(scene, point)
    selection = scene.document.selection
    if found.node is not None:
        nodes = scene.seen.nodes(found.node)
        if not set(selection.nodes).issuperset(nodes):
            selection.select(nodes)
        return node_menu(view, found.node, scene.findings(found.node))
    if found.edge is not None and found.dot is not None:
        if found.dot not in scene.dots.selected:
            selection.select(())
            scene.dots.select([found.dot])
        return dot_menu(view, found.edge)
    if found.edge is not None:
        scene.select_edge(found.edge)
        return edge_menu(view, found.edge, point)
    if found.frame is not None:
        selection.select(scene.seen.within(found.frame))
        return frame_menu(view, found.frame)
    return canvas_menu(view, snapped(point.x() - CARD_WIDTH / 2, point.y() - CARD_HEIGHT / 2))


def node_menu(view: CanvasView, node: str, findings: Sequence[Diagnostic]) -> QMenu:
    """Return the menu of a node: its fixes first, then what can be done with all that is selected."""
    menu = QMenu(view)
    for found in findings:
        for fix in found.fixes:
            text = tr("Fix: {fix}", fix=fix.title)
            if found.node != node and found.node:
                label = view.canvas.seen.whole.by_id[found.node].label
                text = tr("Fix {layer}: {fix}", layer=label, fix=fix.title)
            action = menu.addAction(theme.icon("fix"), text)
            action.setToolTip(found.message)
            action.triggered.connect(lambda _=False, fix=fix: view.apply_fix(fix))
    if not menu.isEmpty():
        menu.addSeparator()
    for text, called in (
        (tr("Cut"), view.clipping.cut),
        (tr("Copy"), view.clipping.copy),
        (tr("Duplicate"), view.clipping.duplicate),
        (tr("Replace with…"), view.quick_add.ask_instead),
    ):
        menu.addAction(text).triggered.connect(lambda _=False, called=called: called())
    menu.actions()[-1].setEnabled(len(view.canvas.document.selection.nodes) == 1)
    if node in view.canvas.document.graph and view.canvas.document.graph.node(node).layer.weighted:
        menu.addAction(tr("Edit kernels")).triggered.connect(lambda: view.kernels_asked.emit())
    menu.addSeparator()
    menu.addAction(theme.icon("delete"), tr("Delete")).triggered.connect(lambda: view.delete_selection())
    menu.addAction(tr("Delete and reconnect")).triggered.connect(lambda: view.bypass_selection())
    menu.addSeparator()
    _add_group_actions(menu, view, node)
    menu.addSeparator()
    menu.addAction(tr("Frame")).triggered.connect(lambda: view.frame_selection())
    fold = view.canvas.seen.folds.get(node)
    menu.setAccessibleName(tr("Layer {layer}", layer=node) if fold is None else tr("Group {group}", group=fold.name))
    return menu


def frame_menu(view: CanvasView, group: str) -> QMenu:
    """Return the menu of an expanded group."""
    menu = QMenu(view)
    menu.addAction(theme.icon("chevron-right"), tr("Collapse")).triggered.connect(lambda: view.groups.toggle([group]))
    menu.addAction(tr("Rename group")).triggered.connect(lambda: view.groups.rename(group))
    menu.addAction(tr("Ungroup")).triggered.connect(lambda: view.groups.ungroup())
    menu.addSeparator()
    menu.addAction(theme.icon("delete"), tr("Delete")).triggered.connect(lambda: view.delete_selection())
    menu.addAction(tr("Frame")).triggered.connect(lambda: view.frame_selection())
    return menu


def _add_group_actions(menu: QMenu, view: CanvasView, card: str) -> None:
    fold = view.canvas.seen.folds.get(card)
    if fold is not None:
        icon = theme.icon("chevron-down")
        menu.addAction(icon, tr("Expand")).triggered.connect(lambda: view.groups.toggle(fold.groups[:1]))
        menu.addAction(tr("Rename group")).triggered.connect(lambda: view.groups.rename(fold.groups[0]))
    menu.addAction(theme.icon("group"), tr("Group")).triggered.connect(lambda: view.groups.group())
    if view.groups.can_ungroup():
        menu.addAction(tr("Ungroup")).triggered.connect(lambda: view.groups.ungroup())


def edge_menu(view: CanvasView, edge: Edge, at: QPointF) -> QMenu:
    """Return the menu of a wire; a dot chosen from it comes to where the wire is nearest to ``at``."""
    menu = QMenu(view)
    middle = view.canvas.edges[edge].path().pointAtPercent(0.5)
    menu.addAction(theme.icon("search"), tr("Insert layer…")).triggered.connect(
        lambda: view.quick_add.ask_at(middle, ())
    )
    menu.addAction(tr("Add dot")).triggered.connect(lambda: view.dots.add(edge, at))
    _add_straighten(menu, view, edge)
    menu.addAction(theme.icon("delete"), tr("Remove")).triggered.connect(lambda: view.remove_wire(edge))
    return menu


def dot_menu(view: CanvasView, edge: Edge) -> QMenu:
    """Return the menu of the selected dots, of which one is on a wire."""
    menu = QMenu(view)
    count = len(view.canvas.dots.selected)
    text = tr_count("Remove dot", "Remove {count} dots", count)
    menu.addAction(theme.icon("delete"), text).triggered.connect(lambda: view.dots.remove(view.canvas.dots.selected))
    _add_straighten(menu, view, edge)
    menu.addSeparator()
    menu.addAction(tr("Remove wire")).triggered.connect(lambda: view.remove_wire(edge))
    return menu


def _add_straighten(menu: QMenu, view: CanvasView, edge: Edge) -> None:
    dots = view.canvas.dots.on(edge)
    if len(dots) > 1:
        text = tr("Remove all dots of the wire")
        menu.addAction(text).triggered.connect(lambda: view.dots.remove(dots))


def canvas_menu(view: CanvasView, at: Place) -> QMenu:
    """Return the menu of the empty canvas; a layer chosen from it comes to ``at``."""
    menu = QMenu(view)
    point = card_rect(at).center()
    menu.addAction(theme.icon("search"), tr("Search layers…")).triggered.connect(
        lambda: view.quick_add.ask_at(point, ())
    )
    adding = menu.addMenu(tr("Add layer"))
    for family, layers in groupby(sorted(LAYERS, key=_rank), key=lambda layer: layer.family):
        title = tr(_FAMILIES.get(family, family.capitalize()))
        submenu = adding.addMenu(theme.icon(family_icon(family), theme.current().family(family)), title)
        for layer in layers:
            action = submenu.addAction(layer.title)
            action.setToolTip(tr(layer.summary))
            action.triggered.connect(lambda _=False, name=layer.__name__: view.add_layer_at(name, at))
    menu.addAction(tr("Paste")).triggered.connect(lambda: view.clipping.paste(point))
    menu.addSeparator()
    menu.addAction(tr("Select all")).triggered.connect(lambda: view.select_all())
    menu.addAction(theme.icon("fit"), tr("Fit")).triggered.connect(lambda: view.fit_all())
    menu.addAction(theme.icon("layout"), tr("Auto-layout")).triggered.connect(lambda: view.auto_layout())
    return menu


def _rank(layer: type[Layer]) -> int:
    """Return where a layer's family comes: in the order in which the layers themselves are listed."""
    families = list(dict.fromkeys(one.family for one in LAYERS))
    return families.index(layer.family)
