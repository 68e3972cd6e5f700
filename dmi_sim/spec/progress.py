"""Progress: how a child is assessed along the way (`models/assessments/progress/`)."""

from typing import ClassVar, Self

from pydantic import model_validator

from dmi_sim.spec.base import CountQuantity, RatioQuantity, Spec


class ProgressSpec(Spec):
    """Trials of an assessment along the way, and when a skill counts as reached."""

    folder: ClassVar[str] = "models/assessments/progress"

    title: str
    """Title of the assessment."""
    trials: CountQuantity
    """Trials of each exercise, on starts that were never practised."""
    reached: RatioQuantity
    """Least share of them with success at which a child has the skill."""

    @model_validator(mode="after")
    def _can_be_reached(self) -> Self:
        if self.trials.value < 1:
            raise ValueError(f"trials: {self.trials.value} is below 1")
        if not 0 < self.reached.value <= 1:
            raise ValueError(f"reached: {self.reached.value} is not above 0 and up to 1")
        return self
