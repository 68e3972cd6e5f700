"""Apply a condition at a severity to muscles and nervous layer."""

from dataclasses import replace

from dmi_sim.muscle.generators import Muscles, PerAxis
from dmi_sim.nervous.reflex import Nervous
from dmi_sim.spec.condition import ConditionSpec, Trait


def factor_at(condition: ConditionSpec, trait: Trait, severity: float) -> float:
    """Factor on a trait: 1 at severity 0, the full one at severity 1, linear between."""
    full = condition.factors.get(trait)
    return 1.0 if full is None else 1.0 + severity * (full.value - 1.0)


def with_condition(
    muscles: Muscles, nervous: Nervous, condition: ConditionSpec, severity: float
) -> tuple[Muscles, Nervous]:
    """Muscles and nervous layer under a condition.

    Args:
        muscles: Of the typical infant.
        nervous: Of the typical infant.
        condition: What changes.
        severity: From 0, equal to typical, to 1.
    """

    def factor(trait: Trait) -> float:
        return factor_at(condition, trait, severity)

    def scaled(values: PerAxis, trait: Trait) -> PerAxis:
        return tuple(factor(trait) * value for value in values)

    return replace(
        muscles,
        strength_positive_nm=scaled(muscles.strength_positive_nm, "strength"),
        strength_negative_nm=scaled(muscles.strength_negative_nm, "strength"),
        stiffness_nm_per_rad=scaled(muscles.stiffness_nm_per_rad, "stiffness"),
        damping_nms_per_rad=scaled(muscles.damping_nms_per_rad, "damping"),
    ), replace(
        nervous,
        reflex_gain_per_rad=scaled(nervous.reflex_gain_per_rad, "reflex_gain"),
        reflex_damping_s_per_rad=scaled(nervous.reflex_damping_s_per_rad, "reflex_damping"),
        sensory_delay_s=factor("delay") * nervous.sensory_delay_s,
    )
