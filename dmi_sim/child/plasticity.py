"""What a brain does over months besides learning from practice.

Three things, each off where a :class:`~dmi_sim.spec.plasticity.PlasticitySpec` leaves it out, and
all assumed: no equation of age-dependent plasticity of motor learning in infants was found.

- The learning rate changes with age and condition.
- Habits: numbers of the policy theta have an anchor a that follows them slowly, with a time
  constant T. Each week with practice they are drawn back to it by a share p (1 - exp(-x / X)) after
  x hours of practice. So what was done for long is harder to change, whether it is good or not.
- Forgetting: in a week without practice theta - a shrinks by exp(-7 d / F).

Without habits the anchor stays where the brain began.

Source:
    Lally, van Jaarsveld, Potts and Wardle (2010), Eur. J. Soc. Psychol. 40; ``lally2010``:
    the exponential growth of habits, in adults. The use of it here is ours.
"""

from collections.abc import Mapping
from math import exp
from typing import Any, TypeAlias

from dmi_sim.body.anthropometry import curve_at
from dmi_sim.spec.plasticity import HabitsSpec, PlasticitySpec

DAYS_A_WEEK = 7.0
"""Length of a week [d]."""
Numbers: TypeAlias = Mapping[str, Any]
"""Tensors of a policy by name."""


def learning_rate_factor(
    spec: PlasticitySpec | None, age_months: float, condition: str = "typical"
) -> float:
    """Factor of the learning rate of a child of an age.

    Args:
        spec: Plasticity; None for a brain that does not change.
        age_months: Age of the child [months].
        condition: Its condition.
    """
    if spec is None:
        return 1.0
    by_age = 1.0 if spec.learning_rate is None else curve_at(spec.learning_rate, age_months)
    further = spec.by_condition.get(condition)
    return by_age * (1.0 if further is None else further.value)


def after_week(
    numbers: Numbers, anchor: Numbers, spec: PlasticitySpec, practice_h: float, *, practised: bool
) -> tuple[Numbers, Numbers]:
    """Numbers of a policy, and their anchor, after a week.

    Args:
        numbers: The numbers at the end of the week.
        anchor: Their anchor at its beginning.
        spec: Plasticity.
        practice_h: Practice in the life of the child by now [h].
        practised: Whether there was any in this week.
    """
    back = _way_back(spec, practice_h, practised=practised)
    after = _towards(numbers, anchor, back) if back else numbers
    if spec.habits is None:
        return after, anchor
    return after, _towards(anchor, after, 1 - exp(-DAYS_A_WEEK / spec.habits.time_constant.value))


def _way_back(spec: PlasticitySpec, practice_h: float, *, practised: bool) -> float:
    """Share of the way from the numbers back to their anchor in a week."""
    if practised:
        return 0.0 if spec.habits is None else habit_pull(spec.habits, practice_h)
    return (
        0.0
        if spec.forgetting is None
        else 1 - exp(-DAYS_A_WEEK / spec.forgetting.time_constant.value)
    )


def habit_pull(spec: HabitsSpec, practice_h: float) -> float:
    """Share of the way back to the habit in a week, after so much practice.

    Args:
        spec: Habits.
        practice_h: Practice in the life of the child [h].
    """
    return spec.pull.value * (1 - exp(-practice_h / spec.practice.value))


def _towards(numbers: Numbers, others: Numbers, share: float) -> Numbers:
    return {name: one + share * (others[name] - one) for name, one in numbers.items()}
