"""Motor ladder: trials and limits of its scores (`models/assessments/ladder/`)."""

from typing import ClassVar, Self

from pydantic import model_validator

from dmi_sim.spec.base import CountQuantity, RatioQuantity, Spec


class LadderSpec(Spec):
    """Trials and limits of the ladder score.

    The rule that uses them is in :mod:`dmi_sim.assessments.motor_ladder.result`. The *own share* of
    an infant is how much of an exercise it completes beyond the same body with silent muscles, over
    what that body leaves to do.
    """

    folder: ClassVar[str] = "models/assessments/ladder"

    title: str
    """Title of the assessment."""
    strength: RatioQuantity
    """Strength of the hands, 0 to 1."""
    trials: CountQuantity
    """Trials of each exercise at each support site; the median counts."""
    begins: RatioQuantity
    """Least own share of an infant that begins the exercise: score 1."""
    partly: RatioQuantity
    """Least own share of an infant that completes the exercise in part: score 2."""

    @model_validator(mode="after")
    def _one_trial_is_the_median(self) -> Self:
        if self.trials.value < 1 or self.trials.value % 2 == 0:
            raise ValueError(f"trials: {self.trials.value} is not odd")
        return self

    @model_validator(mode="after")
    def _limits_rise(self) -> Self:
        if not 0 < self.begins.value < self.partly.value < 1:
            raise ValueError("begins, partly: must rise between 0 and 1")
        return self
