"""The description of a child: all that decides who it becomes."""

from collections.abc import Mapping
from typing import Any

from pydantic import Field, JsonValue, NonNegativeFloat, NonNegativeInt

from dmi_sim.body.growth import LARGEST_AGE_MONTHS, Sex
from dmi_sim.child.muscle_lengths import together
from dmi_sim.errors import InputError
from dmi_sim.infant import Infant
from dmi_sim.spec.adaptation import AdaptationSpec
from dmi_sim.spec.base import Strict
from dmi_sim.spec.brain import BrainSpec
from dmi_sim.spec.plasticity import PlasticitySpec
from dmi_sim.training.bundle import Setting

DAYS_A_MONTH = 30.4375
"""Days in a month."""
WEEKS_A_MONTH = DAYS_A_MONTH / 7
"""Weeks in a month."""


class ChildSpec(Strict):
    """All that decides who a child becomes; nothing in it changes as it grows."""

    age_months: NonNegativeFloat
    """Age at the start, since birth [months]."""
    sex: Sex = "female"
    condition: str = "typical"
    """Name of a file in ``models/conditions/``."""
    severity: float = 0.5
    """Severity of the condition, 0 to 1."""
    condition_options: dict[str, float | str] = Field(default_factory=dict[str, float | str])
    """Options of the condition."""
    length_z: float = 0.0
    """Standard score of length, which a child keeps as it grows."""
    weight_z: float = 0.0
    """Standard score of weight, which a child keeps as it grows."""
    seed: NonNegativeInt = 0
    """Seed of all that is drawn at random: first weights, exploration, starts, noise."""
    programme: dict[str, JsonValue]
    """Content of the programme."""
    brain: BrainSpec
    """How it learns."""
    fibre_lengths: dict[str, float] = Field(default_factory=dict[str, float])
    """Optimal fibre length of muscles over what the body gives, at the start and for good."""
    adaptation: AdaptationSpec | None = None
    """How its muscles adapt to therapy; None if they do not."""
    plasticity: PlasticitySpec | None = None
    """What its brain does over months besides learning; None for nothing."""
    begins_with_sha256: str | None = None
    """Hash of the policy that an experienced child begins with; None if it begins with nothing."""

    def age_in(self, week: int) -> float:
        """The age in a week [months].

        Args:
            week: Week of the programme, from 0.
        """
        return self.age_months + week / WEEKS_A_MONTH

    def body(self, week: int, adapted: Mapping[str, float] | None = None) -> dict[str, Setting]:
        """Arguments of environments that say who the child is in a week.

        Args:
            week: Week of the programme, from 0.
            adapted: Optimal fibre lengths to which its muscles have adapted, by muscle; none of
                them by default.
        """
        lengths = together(self.fibre_lengths, adapted or {})
        return {
            "age_months": self.age_in(week),
            "sex": self.sex,
            "condition": self.condition,
            "severity": self.severity,
            "condition_options": dict[str, JsonValue](self.condition_options),
            "length_z": self.length_z,
            "weight_z": self.weight_z,
            "fibre_lengths": dict[str, JsonValue](lengths),
        }

    def infant(self, week: int, adapted: Mapping[str, float] | None = None) -> Infant:
        """The body in a week.

        Args:
            week: Week of the programme, from 0.
            adapted: As in :meth:`body`.
        """
        return Infant.from_spec(**dict[str, Any](self.body(week, adapted)))

    def require_weeks(self, weeks: int, week: int) -> None:
        """Refuse to go on for longer than bodies are known.

        Args:
            weeks: Weeks to go on.
            week: Present week of the programme, from 0.

        Raises:
            InputError: If the child would be too old, or nothing is to be done.
        """
        if weeks < 1:
            raise InputError(f"weeks: {weeks} is below 1")
        oldest = self.age_in(week + weeks - 1)
        if oldest > LARGEST_AGE_MONTHS:
            left = int((LARGEST_AGE_MONTHS - self.age_in(week)) * WEEKS_A_MONTH) + 1
            raise InputError(
                f"weeks: {weeks} would make the child {oldest:.1f} months old; bodies are known "
                f"up to {LARGEST_AGE_MONTHS:g}, for at most {max(0, left)} more weeks"
            )
