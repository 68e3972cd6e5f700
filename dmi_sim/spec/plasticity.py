"""Plasticity: what a brain does over months besides learning (`models/plasticity/`)."""

from typing import ClassVar, Literal, Self

from pydantic import Field, model_validator

from dmi_sim.spec.adaptation import DaysQuantity, GainQuantity
from dmi_sim.spec.base import Fraction, Positive, Quantity, Spec, Strict
from dmi_sim.spec.body import AgeCurve


class HabitsSpec(Strict):
    """Habits: what was used much is harder to change."""

    time_constant: DaysQuantity
    """Time in which a habit takes on 63 % of what is done now [d]."""
    practice: Quantity[Positive, Literal["h"]]
    """Practice after which habits have 63 % of their strength [h]."""
    pull: Quantity[Fraction, Literal["1"]]
    """Share of the way back to the habit in a week, for habits of full strength."""


class ForgettingSpec(Strict):
    """Forgetting in weeks without practice."""

    time_constant: DaysQuantity
    """Time in which 63 % of what is no habit is lost [d]."""


class PlasticitySpec(Spec):
    """What a brain does over months; a part that is left out does not happen."""

    folder: ClassVar[str] = "models/plasticity"

    title: str
    """Title of the set of values."""
    learning_rate: AgeCurve | None = None
    """Factor of the learning rate over age."""
    by_condition: dict[str, GainQuantity] = Field(default_factory=dict[str, GainQuantity])
    """A further factor of the learning rate, by condition; 1 for the others."""
    habits: HabitsSpec | None = None
    """Habits, which take time to build and pull what is learnt back to them."""
    forgetting: ForgettingSpec | None = None
    """Forgetting, towards the habits, or towards the first brain where there are none."""

    @model_validator(mode="after")
    def _nobody_unlearns(self) -> Self:
        if self.learning_rate is not None and min(self.learning_rate.value) < 0:
            raise ValueError("learning_rate: a factor is below 0")
        return self
