"""Milestones: the ages at which infants reach a motor skill (`models/milestones/`)."""

from collections.abc import Iterator
from typing import Annotated, ClassVar, Literal, Self

from pydantic import Field, model_validator

from dmi_sim.spec.base import FileIndex, Quantity, Spec, Strict, unknown_name
from dmi_sim.spec.exercise import ExerciseSpec

Months = Annotated[float, Field(ge=0, le=60)]


class AgeQuantity(Quantity[Months, Literal["months"]]):
    """An age with its evidence [months]."""

    mark: Literal["read", "recalled", "derived"]
    """State of verification: ``read`` in the work or in one that quotes it, ``recalled`` and still
    to be compared with it, or ``derived`` from other numbers."""


class MilestoneSpec(Strict):
    """The ages at which infants reach one skill.

    Raises:
        ValueError: If the ages are not in order.
    """

    criterion: str
    """What an infant had to do."""
    exercise: str | None = None
    """File in ``envs/`` that comes nearest; None if none does."""
    differs: str | None = None
    """How that exercise differs from what infants had to do."""
    mean: AgeQuantity
    """Mean age."""
    sd: AgeQuantity
    """Standard deviation of the age."""
    p1: AgeQuantity
    """Age at which one infant in a hundred has the skill."""
    p99: AgeQuantity
    """Age at which ninety-nine in a hundred have it."""

    @model_validator(mode="after")
    def _in_order(self) -> Self:
        if not self.p1.value < self.mean.value < self.p99.value:
            raise ValueError("p1, mean and p99 must rise")
        return self


class MilestonesSpec(Spec):
    """The milestones of one population of infants."""

    folder: ClassVar[str] = "models/milestones"

    title: str
    """Whose milestones these are."""
    milestones: Annotated[dict[str, MilestoneSpec], Field(min_length=1)]
    """Each milestone, by name."""

    def problems(self, catalog: FileIndex) -> Iterator[str]:
        """Names of exercises that do not exist, and of those that stand twice."""
        seen = set[str]()
        for name, one in self.milestones.items():
            place = f"milestones.{name}.exercise"
            if one.exercise is not None:
                yield from unknown_name(catalog, ExerciseSpec, place, one.exercise)
                if one.exercise in seen:
                    yield f"{place}: {one.exercise} stands at another milestone too"
                seen.add(one.exercise)

    def of_exercise(self, exercise: str) -> MilestoneSpec | None:
        """The milestone that an exercise comes nearest to; None if it is none."""
        return next((one for one in self.milestones.values() if one.exercise == exercise), None)
