"""How the ladder of exercises is scored (`models/assessments/ladder/`)."""

from typing import ClassVar, Self

from pydantic import model_validator

from dmi_sim.spec.assessment import Count, Share
from dmi_sim.spec.base import Spec


class LadderSpec(Spec):
    """Trials and limits of the ladder score; the rule is in :mod:`dmi_sim.assessments.motor_ladder.result`."""

    folder: ClassVar[str] = "models/assessments/ladder"

    title: str
    strength: Share
    """Of the hands, 0 to 1."""
    trials: Count
    """Of each exercise at each site; the median counts."""
    begins: Share
    """Own share from which an exercise is begun: score 1."""
    partly: Share
    """Own share from which it is done in part: score 2."""

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
