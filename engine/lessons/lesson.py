"""A lesson as a value: steps with a page each, some with an exercise."""

from typing import Annotated, Any, Literal

import msgspec
from msgspec import Meta

from engine.lessons.checks import Check, Condition, File, Name, Named

Paragraph = Annotated[
    str,
    Meta(
        min_length=1,
        max_length=1200,
        description="Plain text with **bold** and `code`; lines that begin with “- ” are a list",
    ),
]
Title = Annotated[str, Meta(min_length=1, max_length=80)]
Row = Annotated[int, Meta(ge=1, le=999)]
Hint = Annotated[str, Meta(min_length=1, max_length=500)]


class Point(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What a ring is drawn around, and what is said beside it."""

    at: Annotated[
        str,
        Meta(
            max_length=200,
            pattern=r"^(card|input|output|shape|parameters|setting|number|command|panel|total):\S.*$",
            description=(
                "card:, input:, output:, shape: or parameters: with a layer; setting: with a hyper-parameter, "
                "number: with a number of the inspector, command: with a command, panel: with a panel, "
                "total: with a sum of the status bar"
            ),
        ),
    ]
    says: Annotated[str, Meta(min_length=1, max_length=160)]

    @property
    def kind(self) -> str:
        """What is pointed at: ``card``, ``command``, …."""
        return self.at.partition(":")[0]

    @property
    def name(self) -> str:
        """Which one."""
        return self.at.partition(":")[2]


class Changes(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A solution as what it changes in the document at hand."""

    settings: Annotated[
        dict[Named, dict[str, Any]],
        Meta(min_length=1, max_length=50, description="Hyper-parameters by the id of their layer"),
    ] = msgspec.field(name="set")


class Exercise(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What is to be reached, and help on the way: hints one after the other, then a solution."""

    checks: Annotated[tuple[Check, ...], Meta(min_length=1, max_length=12, description="All of them must be so")]
    hints: Annotated[tuple[Hint, ...], Meta(max_length=5)] = ()
    solution: Annotated[
        File | Changes | None,
        Meta(description="A document, or what to change in the one that the exercise begins with"),
    ] = None


class Step(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One page, and what is opened, selected and pointed at with it."""

    title: Title
    text: Annotated[tuple[Paragraph, ...], Meta(min_length=1, max_length=12)]
    document: Annotated[File | None, Meta(description="Opened with the step; the one before stays unless told")] = None
    image: Annotated[File | None, Meta(description="Run with the step")] = None
    select: Named | None = None
    tool: Annotated[Name | None, Meta(description="A command that the page offers as a button: lessons.stepper")] = None
    point: Point | None = None
    done: Annotated[
        tuple[Condition, ...], Meta(max_length=12, description="When the step counts as done; all must be so")
    ] = ()
    exercise: Exercise | None = None


class Lesson(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Pages on one subject."""

    format: Literal["convolab-lesson"]
    version: Annotated[int, Meta(ge=1)]
    title: Title
    part: Annotated[Title | None, Meta(description="The heading that it stands under in a list")] = None
    row: Annotated[Row | None, Meta(description="Its number in the lecture")] = None
    summary: Annotated[str, Meta(max_length=200)] = ""
    author: Annotated[str, Meta(max_length=120)] = ""
    document: Annotated[File | None, Meta(description="The network to begin with")] = None
    image: Annotated[File | None, Meta(description="The image to begin with")] = None
    steps: Annotated[tuple[Step, ...], Meta(min_length=1, max_length=40)]

    @property
    def exercises(self) -> tuple[int, ...]:
        """The numbers, from 0, of the steps that have an exercise."""
        return tuple(number for number, step in enumerate(self.steps) if step.exercise is not None)

    def document_at(self, number: int) -> str | None:
        """Return the document that is open at a step, as long as nobody opens another."""
        opened = [step.document for step in self.steps[: number + 1] if step.document is not None]
        return opened[-1] if opened else self.document

    def image_at(self, number: int) -> str | None:
        """Return the image that runs at a step."""
        opened = [step.image for step in self.steps[: number + 1] if step.image is not None]
        return opened[-1] if opened else self.image
