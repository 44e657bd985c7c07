"""What an evaluation found, as text for a terminal, as plain values, and as CSV for a spreadsheet."""

from typing import Any

from engine.comma_separated import comma_separated
from engine.evaluation import BEST, ClassResult, Evaluation
from engine.language import tr, tr_count, tr_noop, tr_number
from engine.text_table import ruled

MOST_COLUMNS = 20  # classes up to which the confusion matrix is printed
_COLUMNS = (
    tr_noop("class"),
    tr_noop("images"),
    tr_noop("right"),
    tr_noop("recall"),
    tr_noop("precision"),
    tr_noop("most often taken for"),
)


def percent(share: float | None) -> str:
    """Write a share: ``97.5%``; a dash where there is none."""
    return "–" if share is None else tr_number(share, ".1%")


def headline(found: Evaluation) -> str:
    """Say how often the network is right."""
    count = len(found.answered)
    if not count:
        return tr("None of the images could be read.")
    told = tr_count(
        "{right:,} of {count:,} image is right: {share}.",
        "{right:,} of {count:,} images are right: {share}.",
        count,
        right=found.right(),
        share=percent(found.accuracy()),
    )
    if len(found.labels) > BEST:
        told += " " + tr("The class is among the best {best}: {share}.", best=BEST, share=percent(found.accuracy(BEST)))
    return told


def evaluation_text(name: str, found: Evaluation) -> str:
    """Write all that was found: sentences, the classes, and the confusion matrix where it is small."""
    lines = [found.matching.sentence, headline(found)]
    if found.unanswered:
        lines.append(tr("{count:,} images have no answer: no score is a number.", count=found.unanswered))
    shown = [one for one in found.classes if one.images or one.answers]
    rows = [_cells(found, one) for one in shown]
    count = len(found.answered)
    last = (tr("total"), tr_number(count), tr_number(found.right()), percent(found.accuracy()), "", "")
    lines += ["", *ruled(name, tuple(map(tr, _COLUMNS)), rows, last, left=1)]
    if 0 < len(shown) <= MOST_COLUMNS:
        lines += ["", *_matrix_lines(found, shown)]
    lines += [f"{one.path}: {one.reason}" for one in found.unreadable]
    return "\n".join(lines)


def _cells(found: Evaluation, one: ClassResult) -> tuple[str, ...]:
    taken = f"{found.labels[one.mistaken[0]]} ({tr_number(one.mistaken[1])})" if one.mistaken is not None else ""
    return one.label, tr_number(one.images), tr_number(one.right), percent(one.recall), percent(one.precision), taken


def _matrix_lines(found: Evaluation, shown: list[ClassResult]) -> list[str]:
    """Return the rows of the confusion matrix: a true class each, and a column for each answer."""
    head = ("", *(one.label for one in shown))
    rows = [
        (
            one.label,
            *(tr_number(count) if count else "·" for count in (found.matrix[one.number, two.number] for two in shown)),
        )
        for one in shown
    ]
    sums = (tr("total"), *(tr_number(one.answers) for one in shown))
    return ruled(tr("Each row is a class, each column an answer"), head, rows, sums, left=1)


def evaluation_plain(name: str, found: Evaluation) -> dict[str, Any]:
    """Return all that was found as plain values."""
    return {
        "name": name,
        "output": found.node,
        "matched_by_name": found.matching.by_name,
        "images": len(found.answered),
        "right": found.right(),
        "accuracy": found.accuracy(),
        f"top_{BEST}_accuracy": found.accuracy(BEST),
        "seconds": found.seconds,
        "classes": [
            {
                "class": one.number,
                "label": one.label,
                "images": one.images,
                "right": one.right,
                "recall": one.recall,
                "precision": one.precision,
            }
            for one in found.classes
        ],
        "confusion": found.matrix.tolist(),
        "answers": [
            {
                "file": str(one.path),
                "class": one.truth,
                "best": list(one.best),
                "score": one.score if one.best else None,
            }
            for one in found.answered
        ],
        "unreadable": [{"file": str(one.path), "reason": one.reason} for one in found.unreadable],
    }


def matrix_csv(found: Evaluation) -> str:
    """Return the confusion matrix: a row for each class, a column for each answer."""
    rows = [[label, *counts] for label, counts in zip(found.labels, found.matrix.tolist(), strict=True)]
    return comma_separated([[tr("class"), *found.labels], *rows])


def classes_csv(found: Evaluation) -> str:
    """Return a row for each class."""
    head = [tr("class"), tr("images"), tr("right"), tr("answers"), tr("recall"), tr("precision")]
    rows = [[one.label, one.images, one.right, one.answers, one.recall, one.precision] for one in found.classes]
    return comma_separated([head, *rows])


def answers_csv(found: Evaluation) -> str:
    """Return a row for each image: its file, its class, and the best answers; files that can't be read say why."""
    best = [tr("answer {number}", number=number) for number in range(1, min(BEST, len(found.labels)) + 1)]
    head = [tr("file"), tr("class"), *best, tr("score"), tr("problem")]
    rows: list[list[object]] = []
    for one in found.answered:
        names = [found.labels[number] for number in one.best]
        gaps = [""] * (len(best) - len(names))
        rows.append([str(one.path), found.labels[one.truth], *names, *gaps, one.score if one.best else "", ""])
    for file in found.unreadable:
        rows.append([str(file.path), "", *([""] * len(best)), "", file.reason])
    return comma_separated([head, *rows])
