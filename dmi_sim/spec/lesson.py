"""Lesson: two infants side by side, and a question to guess at first (`models/lessons/`)."""

from collections.abc import Iterator
from typing import Annotated, ClassVar, Literal, Self, TypeAlias, get_args

from pydantic import Field, model_validator

from dmi_sim.spec.base import FileIndex, Fraction, Positive, Spec, Strict, unknown_name
from dmi_sim.spec.condition import ConditionSpec
from dmi_sim.spec.exercise import ExerciseSpec
from dmi_sim.spec.study import StudySpec
from dmi_sim.spec.support import SupportSpec

Letter: TypeAlias = Literal["a", "b"]
ControllerName: TypeAlias = Literal["practised", "reflexes", "limp"]
"""Who moves the infant: a policy, its reflexes alone, or nobody."""
Name: TypeAlias = Annotated[str, Field(min_length=1, max_length=60)]
Words: TypeAlias = Annotated[str, Field(min_length=1, max_length=600)]
ShortWords: TypeAlias = Annotated[str, Field(min_length=1, max_length=60)]
Guess: TypeAlias = Literal["a", "b", "same"]


class ShownInfant(Strict):
    """Who an infant is, what it is asked to do, who moves it, and in which hands it begins."""

    exercise: Name = "sitting"
    age_months: float = Field(default=7.0, ge=0, le=24)
    sex: Literal["female", "male"] = "female"
    condition: Name = "typical"
    severity: Fraction = 0.5
    controller: ControllerName = "practised"
    site: Name = "none"
    """One of the supports of the exercise; ``none`` for no hands."""
    firmness: Fraction = 1.0
    pushes: bool = False
    """Whether the infant is pushed again and again, as its exercise says."""


class LessonWords(Strict):
    """What a lesson says in one language."""

    title: Words
    question: Words
    """What the class guesses at before anything moves: who stays up longer?"""
    explain: Words
    """What was to be seen, told at the end."""
    evidence: Words
    """What is known from children, and what this simulation does not show."""
    guesses: dict[Guess, ShortWords] | None = None
    """What can be guessed, where the question is another than who stays up longer."""

    @model_validator(mode="after")
    def _offers_every_guess(self) -> Self:
        if self.guesses is not None and {*self.guesses} != {*get_args(Guess)}:
            raise ValueError("guesses: must be `a`, `b` and `same`")
        return self


class LessonPoint(Strict):
    """A point of a lesson as a number that a test computes anew; it decides nothing."""

    measure: Name
    """One of :data:`dmi_sim.live.measures.MEASURES`, such as ``time_upright_s``."""
    more: Letter | None = None
    """Of whom it is more, on average over starts."""
    by_at_least: Positive | None = None
    """By how much at least, in the unit of the measure."""
    same_within: Positive | None = None
    """Largest difference of the averages that still counts as none, in the unit of the measure."""
    note: Words
    """What was measured when the lesson was written."""

    @model_validator(mode="after")
    def _says_one_thing(self) -> Self:
        said = (self.more is not None, self.by_at_least is not None, self.same_within is not None)
        if said not in ((True, True, False), (False, False, True)):
            raise ValueError("a point says `more` and `by_at_least`, or `same_within`")
        return self


class LessonStudy(Strict):
    """A question that no take answers but a study: what its newest finished run says."""

    name: Name
    """A file in ``experiments/``."""
    first: Name
    """Arm whose infants may have learned more."""
    second: Name
    """Arm that it is compared with."""


class LessonSpec(Spec):
    """Two infants side by side and what a class is asked about them."""

    folder: ClassVar[str] = "models/lessons"

    number: int = Field(ge=1, le=99)
    """Place in a lecture; lessons of the same number follow by name."""
    words: dict[str, LessonWords]
    """Words by language; English must be there."""
    infants: dict[Letter, ShownInfant]
    """Both infants; a good lesson changes one thing between them."""
    duration_s: float = Field(gt=0, le=60)
    """Duration of a take [s]."""
    points: Annotated[tuple[LessonPoint, ...], Field(min_length=1)]
    """What is to be seen; the first is what the class guesses at, unless a study answers that."""
    study: LessonStudy | None = None
    """The study whose answer is told at the end, or that it is not shown."""

    @property
    def title(self) -> str:
        """Title in English."""
        return self.words["en"].title

    @model_validator(mode="after")
    def _is_whole(self) -> Self:
        if "en" not in self.words:
            raise ValueError("words: `en` is missing")
        if len(self.infants) != 2:
            raise ValueError("infants: must be `a` and `b`")
        return self

    def problems(self, catalog: FileIndex) -> Iterator[str]:
        """Names of exercises, conditions and sites that no file stands for."""
        for letter, infant in self.infants.items():
            place = f"infants.{letter}"
            yield from unknown_name(catalog, ExerciseSpec, f"{place}.exercise", infant.exercise)
            yield from unknown_name(catalog, ConditionSpec, f"{place}.condition", infant.condition)
            yield from unknown_name(catalog, SupportSpec, f"{place}.site", infant.site)
        if self.study is not None:
            yield from unknown_name(catalog, StudySpec, "study.name", self.study.name)
