"""A network that checks are made of, with all that they may ask; what costs time is worked out when first asked for."""

from collections.abc import Callable
from functools import cached_property

import numpy as np

from engine.analysis import Analysis, analyse
from engine.diagnostics import Diagnostic
from engine.forward import run
from engine.images import ImageError, load_image
from engine.language import tr, tr_number
from engine.layers import Input, LogSoftmax
from engine.lessons.places import LessonError, Places
from engine.lint import lint
from engine.network import Network
from engine.query import find
from engine.query_fields import QueryError
from engine.scores import Score, top
from engine.shape import BYTES_PER_VALUE
from engine.weights import Weights, completed

MOST_MACS, MOST_BYTES = 20_000_000_000, 2 << 30  # of a network that an exercise runs, its weights and maps together


class Case:
    """A network as a lesson looks at it.

    Parameters
    ----------
    network
        What is judged.
    places
        Where the images of checks are.
    analysis, findings
        The network's, where the caller has them already.
    cancelled
        Asked while images run; where it returns true, `Cancelled` is raised.
    """

    def __init__(
        self,
        network: Network,
        places: Places,
        analysis: Analysis | None = None,
        findings: tuple[Diagnostic, ...] | None = None,
        cancelled: Callable[[], bool] | None = None,
    ) -> None:
        self.network, self.places = network, places
        self.graph = network.graph
        self.analysis = analysis if analysis is not None else analyse(network.graph)
        self._findings, self._cancelled = findings, cancelled
        self._answers: dict[str, Score] = {}

    @cached_property
    def findings(self) -> tuple[Diagnostic, ...]:
        """All that is wrong with the network, and remarkable."""
        if self._findings is not None:
            return self._findings
        return (*self.analysis.diagnostics, *lint(self.graph, self.analysis))

    @cached_property
    def ends(self) -> tuple[str, ...]:
        """The layers that feed no other."""
        return tuple(node for node in self.analysis.listed if not self.graph.outgoing[node])

    def label(self, node: str) -> str:
        """Return what people call a layer."""
        return self.graph.by_id[node].label

    def matching(self, layer: str | None, where: str | None) -> tuple[str, ...]:
        """Return the layers of a name or an id, or those that an expression is true of."""
        if where is not None:
            try:
                return find(where, self.graph, self.analysis, self.findings)
            except QueryError:  # the reader has refused it before
                return ()
        wanted = (layer or "").casefold()
        return tuple(
            node
            for node in self.analysis.listed
            if wanted in (node.casefold(), self.graph.by_id[node].label.casefold())
        )

    def answer(self, image: str) -> Score:
        """Return the class that the network gives to an image.

        Raises
        ------
        LessonError
            Where the image or the network is not such that there could be one.
        """
        if image not in self._answers:
            self._answers[image] = self._run(image)
        return self._answers[image]

    @cached_property
    def _weights(self) -> Weights:
        return completed(self.analysis, self.network.weights)

    def _run(self, name: str) -> Score:
        entrance = self.analysis.input
        ends = [node for node in self.ends if self._is_vector(node)]
        if entrance is None or not isinstance(entrance.layer, Input) or len(ends) != 1 or self.analysis.errors:
            raise LessonError(tr("The network gives no answer yet: it needs an Input, one output, and no mistakes."))
        totals = self.analysis.totals
        memory = totals.activation_bytes + BYTES_PER_VALUE * totals.total_parameters
        if totals.macs > MOST_MACS or memory > MOST_BYTES:
            raise LessonError(tr("The network is too large to be run for an exercise."))
        try:
            image = load_image(self.places.path(name), entrance.layer)
        except ImageError as problem:
            raise LessonError(str(problem)) from problem
        maps = run(self.graph, self._weights, image, analysis=self.analysis, cancelled=self._cancelled)
        layer, values = self.graph.by_id[ends[0]].layer, maps[ends[0]]
        best = top(layer, values, 1)[0]
        if isinstance(layer, LogSoftmax):
            probability = float(np.exp(best.value))
            return best._replace(value=probability, text=tr_number(probability, ".2%"))
        return best

    def _is_vector(self, node: str) -> bool:
        output = self.analysis.nodes[node].output
        return output is not None and output.is_vector
