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
from engine.cancelling import Cancelled
from engine.folders import ImageFolder, Matching, Picture, matched
from engine.forward import RunError, run
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


class Evaluation(msgspec.Struct, frozen=True, eq=False, dict=True):
    """What came out; also of a part of the images, while the rest is under way.

    ``matrix`` is the confusion matrix ``(true class, answered class)``; images without an answer are in no column.
    ``images`` counts the readable ones of each class, ``ranks`` those whose class was the best, the second best, …
    """

    node: str
    labels: tuple[str, ...]
    matching: Matching
    answered: tuple[Answered, ...]
    unreadable: tuple[Unreadable, ...]
    matrix: NDArray[np.int64]
    images: NDArray[np.int64]
    ranks: tuple[int, ...]
    seconds: float = 0.0

    def right(self, within: int = 1) -> int:
        """Return how many images have their class among the best so many, `BEST` at most."""
        return sum(self.ranks[:within])

    def accuracy(self, within: int = 1) -> float | None:
        """Return the share of the readable images whose class is among the best so many; None without any."""
        return self.right(within) / len(self.answered) if self.answered else None

    @property
    def unanswered(self) -> int:
        """How many images no score of which is a number."""
        return int(self.images.sum() - self.matrix.sum())

    @cached_property
    def classes(self) -> tuple[ClassResult, ...]:
        """The result of each class of the network, in its order."""
        count = len(self.labels)
        right, answers = self.matrix.diagonal(), self.matrix.sum(axis=0)
        wrong = self.matrix.copy()
        np.fill_diagonal(wrong, 0)
        most = wrong.argmax(axis=1) if count else np.zeros(0, np.int64)
        often = wrong[np.arange(count), most]
        columns = (self.images, right, answers, most, often)
        return tuple(
            ClassResult(number, self.labels[number], images, hits, given, (taken, times) if times else None)
            for number, (images, hits, given, taken, times) in enumerate(
                zip(*(column.tolist() for column in columns), strict=True)
            )
        )


class Tally:
    """Counts outcomes as they come, so that what came out so far is known at any time."""

    def __init__(self, node: str, labels: tuple[str, ...], matching: Matching) -> None:
        self._node, self._labels, self._matching = node, labels, matching
        self._answered: list[Answered] = []
        self._unreadable: list[Unreadable] = []
        self._matrix = np.zeros((len(labels), len(labels)), np.int64)
        self._images = np.zeros(len(labels), np.int64)
        self._ranks = [0] * BEST

    def add(self, outcome: Answered | Unreadable) -> None:
        """Count one more."""
        if isinstance(outcome, Unreadable):
            self._unreadable.append(outcome)
            return
        self._answered.append(outcome)
        self._images[outcome.truth] += 1
        if outcome.best:
            self._matrix[outcome.truth, outcome.best[0]] += 1
        if outcome.truth in outcome.best:
            self._ranks[outcome.best.index(outcome.truth)] += 1

    def found(self, seconds: float = 0.0) -> Evaluation:
        """Return what came out so far."""
        matrix, images = self._matrix.copy(), self._images.copy()
        matrix.flags.writeable = images.flags.writeable = False
        return Evaluation(
            self._node,
            self._labels,
            self._matching,
            tuple(self._answered),
            tuple(self._unreadable),
            matrix,
            images,
            tuple(self._ranks),
            seconds,
        )


class Examination(msgspec.Struct, frozen=True):
    """All that is settled before the first image runs: what is asked, and which folder is which class."""

    graph: Graph
    analysis: Analysis
    node: str
    labels: tuple[str, ...]
    matching: Matching
    pictures: tuple[Picture, ...]

    def tally(self) -> Tally:
        """Return what counts the outcomes."""
        return Tally(self.node, self.labels, self.matching)


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
    tally = asked.tally()
    for done, outcome in enumerate(_outcomes(asked, weights, cancelled), start=1):
        tally.add(outcome)
        if progress is not None:
            progress(Step(done, len(asked.pictures), outcome))
    return tally.found(time.perf_counter() - start)


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
