"""Target fields: where each parameter that a condition can change is found in an infant."""

from dataclasses import dataclass
from math import inf
from typing import Literal

from dmi_sim.spec.condition import Parameter

Subsystem = Literal["muscles", "tissue", "nervous", "noise"]
"""Dataclass of the infant that holds a field: muscles, passive tissue, nervous layer, its noise."""
ValuesPer = Literal["muscle", "axis", "body"]
"""Kind of items that have one value each in a field: muscles, joint axes, or the whole body."""


@dataclass(frozen=True)
class TargetField:
    """One field of the infant that a parameter changes.

    Attributes:
        subsystem: Dataclass that holds the field.
        field: Name of the field there.
        per: Kind of items that have one value each; a field per ``body`` is a single number.
        is_inverse: Whether a factor divides the field, or an added amount is subtracted.
        lowest: Least value that a body can have, in the unit of the field.
        highest: Largest value that a body can have, in the unit of the field.
    """

    subsystem: Subsystem
    field: str
    per: ValuesPer
    is_inverse: bool = False
    lowest: float = 0.0
    highest: float = inf


def _muscle(field: str, *, is_inverse: bool = False, lowest: float = 0.0) -> TargetField:
    return TargetField("muscles", field, "muscle", is_inverse, lowest)


def _tissue(field: str, *, is_inverse: bool = False, lowest: float = 0.0) -> TargetField:
    return TargetField("tissue", field, "axis", is_inverse, lowest)


def _nervous(field: str, *, lowest: float = 0.0, highest: float = inf) -> TargetField:
    return TargetField("nervous", field, "muscle", lowest=lowest, highest=highest)


_NOISE_FIELDS = ("angle_rad", "rate_rad_s", "tilt_rad", "angular_velocity_rad_s", "pressure")
_LOWEST_ANGLE = TargetField("tissue", "lowest_rad", "axis", lowest=-inf)
_HIGHEST_ANGLE = TargetField("tissue", "highest_rad", "axis", lowest=-inf)

TARGET_FIELDS: dict[Parameter, tuple[TargetField, ...]] = {
    "strength": (_muscle("peak_force_n"),),
    "passive_force": (_muscle("passive_force_n"),),
    "fibre_length": (
        _muscle("optimal_length_m", lowest=1e-3),
        _muscle("neutral_length", is_inverse=True),
    ),
    "activation_time": (_muscle("activation_time_s", lowest=1e-3),),
    "deactivation_time": (_muscle("deactivation_time_s", lowest=1e-3),),
    "stiffness": (_tissue("stiffness_nm_per_rad"),),
    "damping": (_tissue("damping_nms_per_rad"),),
    "range": (_tissue("lowest_rad", is_inverse=True, lowest=-inf), _HIGHEST_ANGLE),
    "lowest_angle": (_LOWEST_ANGLE,),
    "highest_angle": (_HIGHEST_ANGLE,),
    "reflex_gain": (_nervous("reflex_gain"),),
    "reflex_velocity": (_nervous("reflex_velocity_s"),),
    "reflex_threshold": (_nervous("reflex_threshold", lowest=-inf),),
    "reflex_delay": (_nervous("reflex_delay_s"),),
    "phasic_gain": (_nervous("phasic_gain_s"),),
    "phasic_threshold": (_nervous("phasic_threshold_per_s"),),
    "reciprocal_inhibition": (_nervous("reciprocal_inhibition", lowest=-1.0, highest=1.0),),
    "selectivity": (_nervous("selectivity", highest=1.0),),
    "motor_noise": (_nervous("motor_noise"),),
    "sensory_noise": tuple(TargetField("noise", field, "body") for field in _NOISE_FIELDS),
    "sensory_delay": (
        TargetField("nervous", "proprioceptive_delay_s", "axis"),
        TargetField("nervous", "central_delay_s", "body"),
    ),
    "sensation": (TargetField("nervous", "sensation", "axis", highest=1.0),),
}
"""Target fields of every parameter.

``fibre_length`` shortens a fibre whose ends stay where they are, so that the same joint angle
stretches it to more of its optimal length: a contracture. ``range`` moves both ends of a range of
motion outwards.
"""
