"""Curriculum: which exercises one infant practises, in which hands, and for how much of its time.

The time is shared by *slots*: each slot is an environment that keeps one exercise, and all slots
take a step together. An exercise with three of ten slots has three tenths of the practice to the
step, however soon its episodes end; drawn by episode, an infant that falls after a second would
practise a tenth of what one does that sits for ten.
"""

from collections import Counter
from collections.abc import Iterator, Mapping
from typing import Annotated, Any, ClassVar, Self

from pydantic import Field, model_validator

from dmi_sim.errors import did_you_mean
from dmi_sim.spec.base import Count, FileIndex, Fraction, Hundreds, Spec, Strict, unknown_name
from dmi_sim.spec.exercise import ExerciseSpec
from dmi_sim.spec.support_schedule import SupportChoice, unknown_support
from dmi_sim.spec.training import TrainingSpec

Months = Annotated[float, Field(ge=0, le=24)]

ITSELF = "itself"
"""Stands for the policy that practice begins with, as a teacher of what it can do already."""


class PracticeSpec(Strict):
    """An exercise that is practised in certain hands."""

    exercise: str
    """Name of a file in ``envs/``."""
    slots: Annotated[int, Field(ge=1, le=64)] = 1
    """Environments that keep it: its share of the practice is that of its slots among all."""
    slots_later: Annotated[int, Field(ge=1, le=64)] | None = None
    """Environments that keep it from ``later_from_steps`` on; as many as before if not given."""
    support: SupportChoice | None = None
    """Hands: a site, a file in ``models/supports/schedules``, or a schedule; without it as little
    support as the exercise allows."""
    support_strength: Fraction = 1.0
    """Scales stiffness and caps of the hands."""
    ages_months: tuple[Months, ...] = ()
    """Ages [months], which the slots take in turn; that of the exercise if none is given."""
    pushes: bool = False
    """Whether the infant is pushed."""

    @model_validator(mode="after")
    def _a_slot_for_each_age(self) -> Self:
        fewest = min(self.slots_at(later=False), self.slots_at(later=True))
        if len(self.ages_months) > fewest:
            raise ValueError(
                f"ages_months: {len(self.ages_months)} ages for {fewest} slots; "
                "each slot keeps one age"
            )
        return self

    def slots_at(self, *, later: bool) -> int:
        """Environments that keep it, early or later in the curriculum.

        >>> one = PracticeSpec(exercise="sitting", slots=4, slots_later=1)
        >>> one.slots_at(later=False), one.slots_at(later=True)
        (4, 1)
        """
        return self.slots_later if later and self.slots_later is not None else self.slots


class ValidationSpec(Strict):
    """Tests along the way, on seeds of their own, that choose which policy is kept."""

    every_steps: Count = 250_000
    """Control steps between two of them, rounded up to whole chunks of training."""
    episodes: Hundreds = 5
    """Episodes of each exercise and hands."""


class CurriculumSpec(Spec):
    """The practice of one infant in several exercises.

    Raises:
        ValueError: If the slots are not as many as the environments of the training.
    """

    folder: ClassVar[str] = "models/curricula"

    title: str
    """What is learnt, as reports say it."""
    practice: Annotated[tuple[PracticeSpec, ...], Field(min_length=1)]
    """What is practised; an exercise may stand more than once, in other hands."""
    teachers: dict[str, str] = {}
    """Policies that are asked in an exercise what they would do, by the name of the exercise: a
    shipped one, or a folder; ``itself`` is the policy that practice begins with, so that what it
    can do is kept. How much that counts: ``training.teaching_coef``."""
    later_from_steps: Count | None = None
    """Control steps after which ``slots_later`` hold, from the next whole chunk on, so that what is
    learnt soon takes less of the time then; without it they may not be given."""
    validation: ValidationSpec = ValidationSpec()
    """How the policy that is kept is chosen."""
    training: TrainingSpec
    """Settings of PPO; ``n_envs`` is the number of slots and need not be given."""

    @model_validator(mode="before")
    @classmethod
    def _counts_its_slots(cls, data: Any) -> Any:
        """The content with the number of environments, where the slots tell it."""
        if not isinstance(data, Mapping):
            return data
        training, slots = data.get("training"), _slots_of(data.get("practice"))
        if not isinstance(training, Mapping) or "n_envs" in training or not slots:
            return data
        return {**data, "training": {**training, "n_envs": slots}}

    @model_validator(mode="after")
    def _an_environment_for_each_slot(self) -> Self:
        problem = slots_problem(self.practice, self.training)
        if problem:
            raise ValueError(problem)
        return self

    @model_validator(mode="after")
    def _later_is_told(self) -> Self:
        changes = any(one.slots_later is not None for one in self.practice)
        if changes != (self.later_from_steps is not None):
            raise ValueError("later_from_steps and slots_later: one is given without the other")
        return self

    @model_validator(mode="after")
    def _teachers_count(self) -> Self:
        problem = teachers_problem(self.teachers, self.practice, self.training)
        if problem:
            raise ValueError(problem)
        return self

    @model_validator(mode="after")
    def _nothing_twice(self) -> Self:
        counts = Counter(_in_one_slot(one) for one in self.practice)
        for one in self.practice:
            if counts[_in_one_slot(one)] > 1:
                raise ValueError(f"practice: {one.exercise} stands twice in the same hands")
        return self

    def problems(self, catalog: FileIndex) -> Iterator[str]:
        """Names of exercises and supports that do not exist."""
        for number, one in enumerate(self.practice):
            place = f"practice[{number}]"
            yield from unknown_name(catalog, ExerciseSpec, f"{place}.exercise", one.exercise)
            if one.support is not None:
                yield from unknown_support(catalog, f"{place}.support", one.support)


def slots_problem(practice: tuple[PracticeSpec, ...], training: TrainingSpec) -> str | None:
    """Why a training cannot have these slots; None if it can."""
    for later in (False, True):
        slots = sum(one.slots_at(later=later) for one in practice)
        if slots != training.n_envs:
            told = "slots later" if later else "slots"
            return f"training.n_envs = {training.n_envs}, but practice has {slots} {told}"
    return None


def teachers_problem(
    teachers: Mapping[str, str], practice: tuple[PracticeSpec, ...], training: TrainingSpec
) -> str | None:
    """Why a training cannot have these teachers; None if it can."""
    if bool(teachers) != bool(training.teaching_coef):
        return "teachers and training.teaching_coef: one is given without the other"
    practised = [one.exercise for one in practice]
    for exercise in teachers:
        if exercise not in practised:
            return f"teachers.{exercise}: not practised; {did_you_mean(exercise, practised)}"
    return None


def _in_one_slot(one: PracticeSpec) -> str:
    """What is practised, however many slots it has."""
    return one.model_dump_json(exclude={"slots", "slots_later"})


def _slots_of(practice: Any) -> int | None:
    """Number of slots of what may be a practice; None if it is none, which is said elsewhere."""
    if not isinstance(practice, list | tuple):
        return None
    slots = [one.get("slots", 1) if isinstance(one, Mapping) else None for one in practice]
    counted = [n for n in slots if isinstance(n, int) and 1 <= n <= 64]
    total = sum(counted)
    return total if len(counted) == len(slots) and total <= 64 else None
