"""Free play: what a child practises on its own, by age (`models/free_play/`)."""

from collections.abc import Iterator
from typing import Annotated, ClassVar, Self

from pydantic import Field, model_validator

from dmi_sim.spec.background import BackgroundSpec
from dmi_sim.spec.base import FileIndex, Positive, Spec, Strict, unknown_name
from dmi_sim.spec.exercise import ExerciseSpec

OLDEST_MONTHS = 24.0
"""Age up to which bodies are known [months]."""
_DAY_MINUTES = 1440

Months = Annotated[float, Field(ge=0, le=OLDEST_MONTHS)]
"""An age [months]."""
DayMinutes = Annotated[float, Field(ge=0, le=_DAY_MINUTES)]
"""A part of a day [min]."""
Shares = Annotated[dict[str, Positive], Field(min_length=1)]
"""Weights of exercises, files in ``envs/``; their sum does not matter."""


class FreePlaySpec(Strict):
    """What a child practises on its own from an age on, in nobody's hands."""

    from_months: Months
    """Age from which this holds [months]."""
    minutes_a_day: DayMinutes
    """Time in which the child practises [min]."""
    shares: Shares
    """How this time is shared by exercises."""


class FreePlayTableSpec(Spec):
    """What children practise on their own, from birth on.

    Raises:
        ValueError: If the ages do not rise from birth, or words are rendered by no field.
    """

    folder: ClassVar[str] = "models/free_play"

    title: str
    """Title in the words of a parent."""
    background: BackgroundSpec
    """Which words of which source it renders, and what is assumed."""
    ages: Annotated[tuple[FreePlaySpec, ...], Field(min_length=1)]
    """What a child practises, by age."""

    @model_validator(mode="after")
    def _is_whole(self) -> Self:
        ages = [one.from_months for one in self.ages]
        if ages[0] != 0 or ages != sorted(set(ages)):
            raise ValueError("ages: `from_months` must rise, from 0 on")
        problems = tuple(self.background.unknown_fields(type(self).model_fields))
        if problems:
            raise ValueError("; ".join(problems))
        return self

    def problems(self, catalog: FileIndex) -> Iterator[str]:
        """Names of exercises that do not exist."""
        for number, one in enumerate(self.ages):
            for name in one.shares:
                yield from unknown_name(catalog, ExerciseSpec, f"ages[{number}].shares", name)
