"""Arms of a study, and what an arm or a study may change: rewards, learner, dose, age."""

from typing import Annotated, Literal

from pydantic import (
    AfterValidator,
    Field,
    ValidationError,
    ValidatorFunctionWrapHandler,
    WrapValidator,
)

from dmi_sim.spec.base import Count, Fraction, Strict
from dmi_sim.spec.support_schedule import SupportChoice

Age = Annotated[float, Field(ge=0, le=24)]
"""An age since birth [months]."""
HelpName = Literal["impulse", "load", "falls"]
"""A sense in which hands help: impulse, share of body weight that they carry, falls spared."""
SettingValue = str | int | float | tuple[int, ...]
"""Value of a setting of the learner; the setting itself says which ones it takes."""


def unset(value: object) -> bool:
    """Whether a field is left out of a dump, so that a cell's key does not know of it."""
    return not value


def _steps(value: object, check: ValidatorFunctionWrapHandler) -> object:
    """The doses, or one problem in place of one for each form in which they may stand."""
    try:
        return check(value)
    except ValidationError:
        raise ValueError(
            "must be a whole number of at least 1, or a list of different ones; 1000000000 at most"
        ) from None


def _all_differ(values: tuple[int, ...]) -> tuple[int, ...]:
    if len(set(values)) != len(values):
        raise ValueError("names one twice")
    return values


Steps = Annotated[
    Count | Annotated[tuple[Count, ...], Field(min_length=1), AfterValidator(_all_differ)],
    WrapValidator(_steps),
]
"""A number of control steps, or several different ones."""


class RewardChange(Strict):
    """Another weight for a reward term of the exercise."""

    weight: float
    """Weight per second, or once for a term of ``on_fall``."""


class ArmDose(Strict):
    """The dose of one arm in place of the study's."""

    training_steps: Count
    """Control steps of training in total; the evaluations lie evenly along them."""


class ArmSpec(Strict):
    """One arm of a study: what differs during training; tests are the same in every arm."""

    support: SupportChoice
    """Support during training: a file in ``models/supports``, a schedule, or the name of a schedule
    in ``models/supports/schedules``."""
    support_strength: Fraction = 1.0
    """Factor of the stiffness of the support and of its largest force and torque; it multiplies the
    firmness of a schedule."""
    matched_in: HelpName | None = Field(default=None, exclude_if=unset)
    """Sense in which the firmness of these hands is such that they help as much as those of the
    arm ``matched_to``; `dmi-sim assess hands` finds it."""
    dose: ArmDose | None = Field(default=None, exclude_if=unset)
    """Dose of this arm in place of the study's; the quick form shortens both alike."""
    age_months: Age | None = Field(default=None, exclude_if=lambda age: age is None)
    """Age of the infants of this arm in place of the study's [months]."""
    rewards: dict[str, RewardChange] = Field(default_factory=dict, exclude_if=unset)
    """Weights of reward terms in this arm, over those of the study; the report declares them."""
    training: dict[str, SettingValue] = Field(default_factory=dict, exclude_if=unset)
    """Settings of the learner in this arm, over those of the study; the report declares them."""

    @property
    def hands(self) -> "ArmSpec":
        """The arm as far as it says what hands do; nothing else that it says of its own."""
        plain = {
            "matched_in": None,
            "dose": None,
            "age_months": None,
            "rewards": {},
            "training": {},
        }
        return self.model_copy(update=plain)
