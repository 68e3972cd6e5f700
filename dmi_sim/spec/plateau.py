"""Plateau: when a child counts as not getting on (`models/assessments/plateaus/`)."""

from typing import ClassVar, Self

from pydantic import model_validator

from dmi_sim.spec.base import Quantity, RatioQuantity, Spec


class PlateauSpec(Spec):
    """A plateau is a stretch of weeks in which the score of a child hardly rises."""

    folder: ClassVar[str] = "models/assessments/plateaus"

    title: str
    """Title of the rule."""
    weeks: Quantity[float, str]
    """Shortest length of a plateau [weeks]."""
    least_gain: RatioQuantity
    """Rise of the score over such a stretch below which it counts as one."""
    ceiling: RatioQuantity
    """Score from which on nothing counts as a plateau: whoever can do nearly all has little to
    gain."""

    @model_validator(mode="after")
    def _can_be_met(self) -> Self:
        if self.weeks.unit != "week" or self.weeks.value <= 0:
            raise ValueError("weeks: must be above 0, in the unit `week`")
        for name in ("least_gain", "ceiling"):
            value = getattr(self, name).value
            if not 0 < value <= 1:
                raise ValueError(f"{name}: {value} is not above 0 and up to 1")
        return self
