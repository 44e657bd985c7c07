"""The trace card: which value it is, how one came to it, its receptive field, and its arithmetic."""

from collections.abc import Callable
from dataclasses import dataclass

from PySide6.QtCore import QEvent, Qt, Signal
from PySide6.QtGui import QFont, QKeyEvent, QPalette
from PySide6.QtWidgets import (
    QFrame,
    QHBoxLayout,
    QLabel,
    QScrollArea,
    QSizePolicy,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from designer import theme
from designer.maps.trace.block_view import MARGIN, BlockView
from designer.maps.trace.blocks import Block, Cell, Channels, Equation, Note, Terms, Window
from designer.maps.trace.channels_view import ChannelsView
from designer.maps.trace.equation_view import EquationView
from designer.maps.trace.field_picture import FieldPicture, field_text
from designer.maps.trace.keys import HINT, Follow, Upstream, wish_of
from designer.maps.trace.path_bar import PathBar
from designer.maps.trace.terms_view import TermsView
from designer.maps.trace.views import card, place_text
from designer.maps.trace.window_view import WindowView
from designer.tiles.numbers import number_text
from designer.tiles.strips import Array
from engine import Trace
from engine.language import tr, tr_noop

EMPTY = tr_noop("Click a value of a map, large, to see how it came about.\nShift+click does it in the mosaic.")


@dataclass(frozen=True, eq=False)
class Traced:
    """What the panel shows.

    Attributes
    ----------
    trace
        The value.
    title
        The name of its layer.
    kind
        What the layer is: ``"Conv2D"``.
    sources
        The names of the layers at its inputs.
    path
        The names of the values that one came through, the first one traced first; the last one is this.
    image
        What went in, ``(C, H, W)``.
    next
        What becomes of the value further on: the name of the layer, and the trace there.
    """

    trace: Trace
    title: str
    kind: str
    sources: tuple[str, ...]
    path: tuple[str, ...]
    image: Array
    next: tuple[tuple[str, Trace], ...] = ()


class TracePanel(QWidget):
    """One value taken apart. ``wished`` carries what is asked for, such as ``Upstream``."""

    wished = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._shown: Traced | None = None
        self._colour_map = ""
        self.path = PathBar()
        self.title, self.value, self.check, self.field = QLabel(), QLabel(), QLabel(), QLabel()
        self.picture = FieldPicture()
        self.status = QLabel(tr(HINT))
        self.empty = QLabel(tr(EMPTY))
        self.pages = QStackedWidget()
        self.blocks: list[QWidget] = []
        self._scroll = _Scroll()
        self._compose()
        self.path.chosen.connect(self.wished)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAccessibleName(tr("Trace of one value"))

    def show_trace(self, traced: Traced, colour_map: str) -> None:
        """Show one value; the place in a long card stays where the layer is the same."""
        before, self._shown = self._shown, traced
        self._colour_map = colour_map
        trace = traced.trace
        self.path.set_path(traced.path)
        self.title.setText(f"{traced.title} · {place_text(trace.index)}")
        self.value.setText(number_text(float(trace.value), 7))
        self.check.setText(check_text(trace))
        self.restyle()
        self.field.setText(tr("{kind}. Sees {field}.", kind=traced.kind, field=field_text(trace.field)))
        self.picture.show_field(traced.image, trace.field)
        focused = self._focused_block()
        same = before is not None and before.trace.node == trace.node
        at = self._scroll.verticalScrollBar().value() if same else 0
        self._fill(traced)
        self.pages.setCurrentIndex(1)
        self._scroll.verticalScrollBar().setValue(at)
        if focused is not None:
            self._refocus(focused if same else None)

    def clear(self) -> None:
        """Show no value."""
        self._shown = None
        self.pages.setCurrentIndex(0)

    def shown(self) -> Traced | None:
        """Return what is shown."""
        return self._shown

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Ask for what the keys of a trace say."""
        wish = wish_of(event)
        if wish is None or self._shown is None:
            super().keyPressEvent(event)
        else:
            self.wished.emit(wish)

    def changeEvent(self, event: QEvent) -> None:
        """Take the colours of a new theme."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.PaletteChange:
            self.restyle()

    def _fill(self, traced: Traced) -> None:
        body = QWidget()
        body.setAutoFillBackground(True)
        body.setBackgroundRole(QPalette.ColorRole.Base)
        column = QVBoxLayout(body)
        column.setContentsMargins(0, 8, 0, 8)
        column.setSpacing(4)
        made = [self._view(block, traced.trace) for block in card(traced.trace.explanation, traced.sources).blocks]
        for name, onward in traced.next:
            made.append(_rule())
            made.append(
                _heading(
                    tr(
                        "Then {name} · {place} = {value}",
                        name=name,
                        place=place_text(onward.index),
                        value=number_text(float(onward.value), 7),
                    )
                )
            )
            made += [self._onward(block, onward) for block in card(onward.explanation, (traced.title,)).blocks]
        for widget in made:
            column.addWidget(widget)
        column.addStretch()
        self.blocks = made
        self._scroll.setWidget(body)  # the one before is deleted by it

    def _view(self, block: Block, trace: Trace) -> QWidget:
        view = view_of(block, self._colour_map, lambda cell: trace.source(cell) is not None)
        if isinstance(view, BlockView):
            view.upstream_requested.connect(lambda cell: self.wished.emit(Upstream(cell)))
            view.told.connect(self._tell)
        return view

    def _onward(self, block: Block, onward: Trace) -> QWidget:
        """Return a block of a layer further on, whose numbers lead there."""
        view = view_of(block, self._colour_map, lambda _: True)
        if isinstance(view, BlockView):
            view.leads = tr("goes there")
            view.upstream_requested.connect(lambda _: self.wished.emit(Follow(onward.node, onward.index)))
            view.told.connect(self._tell)
        return view

    def _tell(self, text: str) -> None:
        self.status.setText(text or tr(HINT))

    def _focused_block(self) -> int | None:
        return next((i for i, block in enumerate(self.blocks) if block.hasFocus()), None)

    def _refocus(self, block: int | None) -> None:
        """Keep the keys here: the block that had them is gone."""
        if block is not None and block < len(self.blocks):
            self.blocks[block].setFocus()
        else:
            self.setFocus()

    def _compose(self) -> None:
        self.empty.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.empty.setWordWrap(True)
        for label in (self.empty, self.field, self.status):
            label.setProperty("role", "muted")
        self.title.setProperty("role", "heading")
        self.value.setFont(theme.font(17, QFont.Weight.DemiBold))
        self.field.setWordWrap(True)
        self.check.setWordWrap(True)
        for label, name in ((self.value, tr("Value in the map")), (self.status, tr("What the keys do, or the number"))):
            label.setAccessibleName(name)
        self.status.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        words = QVBoxLayout()
        words.setSpacing(3)
        for label in (self.title, self.value, self.check, self.field):
            words.addWidget(label)
        words.addStretch()
        head = _band()
        row = QHBoxLayout(head)
        row.setContentsMargins(14, 8, 12, 8)
        row.addLayout(words, 1)
        row.addWidget(self.picture, 0, Qt.AlignmentFlag.AlignTop)
        foot = _band()
        line = QHBoxLayout(foot)
        line.setContentsMargins(14, 4, 12, 5)
        line.addWidget(self.status)
        self._scroll.setWidgetResizable(True)
        self._scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._scroll.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        page = QWidget()
        column = QVBoxLayout(page)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        for widget in (self.path, head, _rule(), self._scroll, _rule(), foot):
            column.addWidget(widget)
        column.setStretchFactor(self._scroll, 1)
        ground = _band()
        QVBoxLayout(ground).addWidget(self.empty)
        self.pages.addWidget(ground)
        self.pages.addWidget(page)
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.addWidget(self.pages)
        self.restyle()

    def restyle(self) -> None:
        """Take the colours of the theme in force."""
        colours = theme.current()
        disagrees = self._shown is not None and not self._shown.trace.agrees
        # Not by its palette: a new style sheet of the program replaces that after the widgets were told.
        self.check.setStyleSheet(f"color: {colours.warning if disagrees else colours.ok};")
        self.path.restyle()


class _Scroll(QScrollArea):
    """Leaves the keys to the panel, whose PgUp and PgDn are not for scrolling."""

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Take no key."""
        event.ignore()


def view_of(block: Block, colour_map: str, live: Callable[[Cell], bool]) -> QWidget:
    """Return what shows a block.

    Parameters
    ----------
    block
        What to show.
    colour_map
        Of the maps; kernels and products have one of their own.
    live
        Whether a number can be traced further.
    """
    if isinstance(block, Equation):
        return EquationView(block, live)
    if isinstance(block, Channels):
        return ChannelsView(block, colour_map, live)
    if isinstance(block, Window):
        return WindowView(block, colour_map, live)
    if isinstance(block, Terms):
        return TermsView(block, live)
    return _note(block)


def check_text(trace: Trace) -> str:
    """Return whether the arithmetic comes to the number in the map."""
    total = number_text(trace.explanation.total, 7)
    if trace.agrees:
        return tr("✓ The arithmetic comes to {total}: equal, but for float32 rounding", total=total)
    return tr("The arithmetic comes to {total}: the weights are not those of the run. Run again.", total=total)


def _note(block: Note) -> QLabel:
    label = QLabel(block.text)
    label.setWordWrap(True)
    label.setProperty("role", "muted")
    label.setContentsMargins(round(MARGIN), 0, round(MARGIN), 6)
    return label


def _heading(text: str) -> QLabel:
    label = QLabel(text)
    label.setProperty("role", "heading")
    label.setContentsMargins(round(MARGIN), 8, round(MARGIN), 0)
    return label


def _band() -> QWidget:
    band = QWidget()
    band.setAutoFillBackground(True)
    band.setBackgroundRole(QPalette.ColorRole.Base)
    return band


def _rule() -> QFrame:
    rule = QFrame()
    rule.setProperty("role", "rule")
    rule.setFixedHeight(1)
    return rule
