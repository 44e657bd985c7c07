"""How a number comes about, beside it: its formula for one layer, its largest parts for several."""

from collections.abc import Callable, Sequence

from PySide6.QtCore import QObject, QRect, Signal, Slot
from PySide6.QtWidgets import QWidget

from designer.document import Document
from designer.panels.figures import HELP, NAMES, Derivations
from designer.panels.popover import Popover
from designer.panels.shares_list import SharesList
from designer.wording import memory
from engine import Figure, figure_derivations, shares
from engine.language import tr, tr_inside, tr_noop
from engine.twin import AnyDerivation

_WIDTH = 330
_ALSO = {Figure.PARAMETERS: (Figure.WEIGHTS, Figure.BIASES)}  # what a derivation is not whole without
_NOTHING = tr_noop("It is not known yet: the layer has no output.")


class Explainer(QObject):
    """Answers where a number comes from; ``node_chosen`` carries a layer that was picked from a sum."""

    node_chosen = Signal(str)

    def __init__(self, document: Document, parent: QWidget) -> None:
        super().__init__(parent)
        self._document = document
        self._parent = parent
        self._derivations: DerivationPopover | None = None
        self._shares: SharesPopover | None = None
        document.changed.connect(self._close)

    @property
    def popover(self) -> Popover | None:
        """The popover that is on the screen."""
        both = (self._derivations, self._shares)
        return next((one for one in both if one is not None and one.isVisible()), None)

    def explain(self, node: str, figure: Figure, at: QRect) -> None:
        """Show how a number of one layer comes about, beside a rectangle of the screen."""
        if self._derivations is None:
            self._derivations = DerivationPopover(self._parent)
        analysis = self._document.analysis
        found = [
            derivation
            for one in (figure, *_ALSO.get(figure, ()))
            for derivation in figure_derivations(analysis, node, one)
        ]
        title = tr("{figure} of {layer}", figure=tr(NAMES[figure]), layer=self._document.graph.node(node).label)
        self._derivations.show_derivations(title, tr(HELP[figure] if found else _NOTHING), found)
        self._derivations.show_at(at)

    def explain_sum(self, figure: Figure, at: QRect, nodes: Sequence[str] | None = None) -> None:
        """Show which layers add most to a sum, of some layers or of all."""
        if self._shares is None:
            self._shares = SharesPopover(self._parent)
            self._shares.parts.chosen.connect(self._choose)
        found = shares(self._document.analysis, figure, nodes)
        name = tr(NAMES[figure])
        if nodes is None:
            heading, none = tr("{figure} of the network", figure=name), tr("No layer of the network adds any.")
        else:
            heading, none = tr("{figure} of the selection", figure=name), tr("No layer of the selection adds any.")
        self._shares.set_heading(heading, tr("The layers that add most.") if found else none)
        text: Callable[[int], str] = memory if figure is Figure.MEMORY else "{:,}".format
        self._shares.parts.show_shares(found, lambda node: self._document.graph.node(node).label, text)
        self._shares.show_at(at)

    @Slot(str)
    def _choose(self, node: str) -> None:
        self._close()
        self._document.selection.select([node])
        self.node_chosen.emit(node)

    @Slot(object)
    def _close(self, _: object = None) -> None:
        shown = self.popover
        if shown is not None:
            shown.close()


class DerivationPopover(Popover):
    """Formulas, and the same with the numbers at hand."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent, _WIDTH)
        self.derivations = Derivations()
        self.column.addWidget(self.derivations)

    def show_derivations(self, title: str, words: str, found: Sequence[AnyDerivation]) -> None:
        """Show some derivations below a title."""
        self.set_heading(title, words)
        self.derivations.show_derivations(tuple(found))
        self.derivations.setVisible(bool(found))
        self.setAccessibleDescription(" ".join((words, *(tr_inside(one.text()) for one in found))))


class SharesPopover(Popover):
    """The largest parts of a sum."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent, _WIDTH)
        self.parts = SharesList()
        self.column.addWidget(self.parts)
