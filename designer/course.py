"""A lesson that somebody goes through: where they are in it, and what is done."""

from dataclasses import dataclass, field

from designer import resources
from designer.lesson_shelf import Entry
from engine.lessons import Check, Lesson, Places, Ran, Selected, Step, Used, load_lesson


@dataclass
class Course:
    """One lesson, the step at hand, the steps that are done and the help that was asked for."""

    entry: Entry
    lesson: Lesson
    places: Places
    number: int = 0
    done: set[int] = field(default_factory=set)
    hints: dict[int, int] = field(default_factory=dict)  # shown, by step
    used: set[str] = field(default_factory=set)  # commands, since the step began

    @classmethod
    def read(cls, entry: Entry) -> "Course":
        """Return a lesson from its beginning.

        Raises
        ------
        LessonError
            Where its file can't be read.
        """
        return cls(entry, load_lesson(entry.path), Places(entry.path.parent, resources.ROOT))

    @property
    def step(self) -> Step:
        """The step at hand."""
        return self.lesson.steps[self.number]

    @property
    def is_last(self) -> bool:
        """Whether there is no step behind this one."""
        return self.number == len(self.lesson.steps) - 1

    @property
    def complete(self) -> bool:
        """Whether all exercises are solved; of a lesson without any, whether all steps are done."""
        return self.done.issuperset(self.lesson.exercises or range(len(self.lesson.steps)))

    def go(self, number: int) -> None:
        """Begin a step."""
        self.number = max(0, min(number, len(self.lesson.steps) - 1))
        self.used.clear()

    def pass_by(self) -> None:
        """Take a step that asks for nothing as done."""
        if self.step.exercise is None:
            self.done.add(self.number)

    def take_hint(self) -> None:
        """Show one hint more."""
        exercise = self.step.exercise
        if exercise is not None:
            self.hints[self.number] = min(len(exercise.hints), self.hints.get(self.number, 0) + 1)

    @property
    def checks(self) -> tuple[Check, ...]:
        """What is judged at this step: the exercise's checks, or those that make the step count as done."""
        exercise = self.step.exercise
        if exercise is not None:
            return exercise.checks
        return tuple(one for one in self.step.done if not isinstance(one, Used | Selected | Ran))

    @property
    def acts(self) -> tuple[Used | Selected | Ran, ...]:
        """What a person is to do at this step."""
        if self.step.exercise is not None:
            return ()
        return tuple(one for one in self.step.done if isinstance(one, Used | Selected | Ran))
