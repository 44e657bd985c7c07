"""How often a network is right on a folder of images whose sub-folders are their classes."""

import time
from collections.abc import Callable, Iterator
from functools import cached_property
from pathlib import Path
from typing import NamedTuple

import msgspec
import numpy as np
from numpy.typing import NDArray

from engine.analysis import Analysis, analyse
from engine.folders import ImageFolder, Matching, Picture, matched
from engine.forward import Cancelled, RunError, run
from engine.graph import Graph
from engine.images import ImageError, load_image
from engine.language import tr
from engine.layers import Input
from engine.layers.base import Array
from engine.scores import answering, class_names
from engine.weights import Weights

BEST = 5  # classes that are kept of each answer


class Answered(NamedTuple):
    """One image: what it is, and the classes that the network ranks best; none where no score is a number."""

    path: Path
    truth: int
    best: tuple[int, ...]
    score: float

    @property
    def answer(self) -> int | None:
        """The class that scores best."""
        return self.best[0] if self.best else None


class Unreadable(NamedTuple):
    """One file that is no image that can be read, and why."""

    path: Path
    reason: str


class Step(NamedTuple):
    """One image is done: how many are, of how many, and what came out."""

    done: int
    total: int
    outcome: Answered | Unreadable


class ClassResult(NamedTuple):
    """One class: how many of its images are recognised, and how many answers of it are right; None without any.

    ``mistaken`` is the class that its images are most often taken for, and how often.
    """

    number: int
    label: str
    images: int
    right: int
    answers: int
    mistaken: tuple[int, int] | None

    @property
    def recall(self) -> float | None:
        """Share of its images that are recognised."""
        return self.right / self.images if self.images else None

    @property
    def precision(self) -> float | None:
        """Share of the answers of it that are right."""
        return self.right / self.answers if self.answers else None


class Evaluation(msgspec.Struct, frozen=True, dict=True):
    """What came out; also of a part of the images, while the rest is under way."""

    node: str
    labels: tuple[str, ...]
    matching: Matching
    answered: tuple[Answered, ...]
    unreadable: tuple[Unreadable, ...] = ()
    seconds: float = 0.0

    @cached_property
    def matrix(self) -> NDArray[np.int64]:
        """The confusion matrix ``(true class, answered class)``; images without an answer are in no column."""
        counts = np.zeros((len(self.labels), len(self.labels)), np.int64)
        pairs = [(one.truth, one.best[0]) for one in self.answered if one.best]
        if pairs:
            np.add.at(counts, tuple(np.array(pairs).T), 1)
        counts.flags.writeable = False
        return counts

    def right(self, within: int = 1) -> int:
        """Return how many images have their class among the best so many."""
        return sum(one.truth in one.best[:within] for one in self.answered)

    def accuracy(self, within: int = 1) -> float | None:
        """Return the share of the readable images whose class is among the best so many; None without any."""
        return self.right(within) / len(self.answered) if self.answered else None

    @property
    def unanswered(self) -> int:
        """How many images no score of which is a number."""
        return sum(not one.best for one in self.answered)

    @cached_property
    def classes(self) -> tuple[ClassResult, ...]:
        """The result of each class of the network, in its order."""
        images = np.zeros(len(self.labels), np.int64)
        np.add.at(images, [one.truth for one in self.answered], 1)
        return tuple(self._class(number, int(images[number])) for number in range(len(self.labels)))

    def _class(self, number: int, images: int) -> ClassResult:
        row = self.matrix[number].copy()
        right, row[number] = int(row[number]), 0
        most = int(row.argmax()) if len(row) else 0
        mistaken = (most, int(row[most])) if row[most] else None
        return ClassResult(number, self.labels[number], images, right, int(self.matrix[:, number].sum()), mistaken)


class Examination(msgspec.Struct, frozen=True):
    """All that is settled before the first image runs: what is asked, and which folder is which class."""

    graph: Graph
    analysis: Analysis
    node: str
    labels: tuple[str, ...]
    matching: Matching
    pictures: tuple[Picture, ...]

    def judged(
        self, answered: tuple[Answered, ...], unreadable: tuple[Unreadable, ...], seconds: float = 0.0
    ) -> Evaluation:
        """Return what came out of some images."""
        return Evaluation(self.node, self.labels, self.matching, answered, unreadable, seconds)


def examination(graph: Graph, folder: ImageFolder, analysis: Analysis | None = None) -> Examination:
    """Find out what a network is asked on a labelled folder.

    Raises
    ------
    RunError
        Where the network has a mistake before its answer, no Input, or no vector as its answer.
    FolderError
        Where there are no sub-folders with images, or more than classes.
    """
    found = analysis if analysis is not None else analyse(graph)
    node = answering(found)
    if found.input is None:
        raise RunError(tr("The network has no Input layer, so no image can enter it"))
    if node is None:
        raise RunError(tr("The network has no answer: end it with a vector of scores, one for each class"))
    output = found.nodes[node].output
    assert output is not None
    labels = class_names(graph.by_id[node].layer, output.size)
    return Examination(graph, found, node, labels, matched(folder.classes, labels), folder.labelled)


def evaluate(
    asked: Examination,
    weights: Weights,
    *,
    progress: Callable[[Step], None] | None = None,
    cancelled: Callable[[], bool] | None = None,
) -> Evaluation:
    """Run every image and compare the answers with the folders that the images lie in.

    Files that can't be read are listed and counted nowhere else. Of each image only the best scores are kept.

    Parameters
    ----------
    asked
        From `examination`.
    weights
        Arrays for every layer that has weights and will run.
    progress
        Called for each image that is done, on the calling thread.
    cancelled
        Asked between images, and between pieces of work of a few milliseconds.

    Raises
    ------
    RunError
        Where weights are missing or of another shape.
    Cancelled
        Where ``cancelled()`` returned true.
    """
    start = time.perf_counter()
    answered: list[Answered] = []
    unreadable: list[Unreadable] = []
    for done, outcome in enumerate(_outcomes(asked, weights, cancelled), start=1):
        if isinstance(outcome, Answered):
            answered.append(outcome)
        else:
            unreadable.append(outcome)
        if progress is not None:
            progress(Step(done, len(asked.pictures), outcome))
    return asked.judged(tuple(answered), tuple(unreadable), time.perf_counter() - start)


def _outcomes(
    asked: Examination, weights: Weights, cancelled: Callable[[], bool] | None
) -> Iterator[Answered | Unreadable]:
    entrance = asked.analysis.input
    assert entrance is not None
    assert isinstance(entrance.layer, Input)
    for picture in asked.pictures:
        if cancelled is not None and cancelled():
            raise Cancelled
        try:
            image = load_image(picture.path, entrance.layer)
        except ImageError as problem:
            yield Unreadable(picture.path, str(problem))
            continue
        maps = run(asked.graph, weights, image, analysis=asked.analysis, cancelled=cancelled)
        assert picture.folder is not None
        best, score = _best(maps[asked.node])
        yield Answered(picture.path, asked.matching.numbers[picture.folder], best, score)


def _best(values: Array) -> tuple[tuple[int, ...], float]:
    """Return the best classes, best first, and the best one's score; scores that are no numbers are left out."""
    order = np.argsort(-np.nan_to_num(values, nan=-np.inf), kind="stable")[:BEST]
    best = tuple(int(number) for number in order if not np.isnan(values[number]))
    return best, float(values[best[0]]) if best else float("nan")
