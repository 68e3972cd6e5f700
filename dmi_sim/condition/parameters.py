"""Where each parameter that a condition can change lives in an infant."""

from dataclasses import dataclass
from math import inf
from typing import Literal

from dmi_sim.spec.condition import Parameter

Layer = Literal["muscles", "tissue", "nervous", "noise"]
Over = Literal["muscle", "axis", "body"]


@dataclass(frozen=True)
class TargetField:
    """One field that a parameter changes.

    Attributes:
        layer: Which dataclass of the infant.
        field: Its name there.
        over: What its values run over; a ``body`` field is one number.
        is_inverse: Whether the change is divided by, or taken away, instead.
        lowest: Least allowed result.
        highest: Largest allowed result.
    """

    layer: Layer
    field: str
    over: Over
    is_inverse: bool = False
    lowest: float = 0.0
    highest: float = inf


def _muscle(field: str, *, is_inverse: bool = False, lowest: float = 0.0) -> TargetField:
    return TargetField("muscles", field, "muscle", is_inverse, lowest)


def _tissue(field: str, *, is_inverse: bool = False, lowest: float = 0.0) -> TargetField:
    return TargetField("tissue", field, "axis", is_inverse, lowest)


def _nervous(field: str, *, lowest: float = 0.0, highest: float = inf) -> TargetField:
    return TargetField("nervous", field, "muscle", lowest=lowest, highest=highest)


_SENSES = ("angle_rad", "rate_rad_s", "tilt_rad", "angular_velocity_rad_s", "pressure")
_LOWEST = TargetField("tissue", "lowest_rad", "axis", lowest=-inf)
_HIGHEST = TargetField("tissue", "highest_rad", "axis", lowest=-inf)

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
    "range": (_tissue("lowest_rad", is_inverse=True, lowest=-inf), _HIGHEST),
    "lowest_angle": (_LOWEST,),
    "highest_angle": (_HIGHEST,),
    "reflex_gain": (_nervous("reflex_gain"),),
    "reflex_velocity": (_nervous("reflex_velocity_s"),),
    "reflex_threshold": (_nervous("reflex_threshold", lowest=-inf),),
    "reflex_delay": (_nervous("reflex_delay_s"),),
    "phasic_gain": (_nervous("phasic_gain_s"),),
    "phasic_threshold": (_nervous("phasic_threshold_per_s"),),
    "reciprocal_inhibition": (_nervous("reciprocal_inhibition", lowest=-1.0, highest=1.0),),
    "selectivity": (_nervous("selectivity", highest=1.0),),
    "motor_noise": (_nervous("motor_noise"),),
    "sensory_noise": tuple(TargetField("noise", field, "body") for field in _SENSES),
    "sensory_delay": (
        TargetField("nervous", "proprioceptive_delay_s", "axis"),
        TargetField("nervous", "central_delay_s", "body"),
    ),
    "sensation": (TargetField("nervous", "sensation", "axis", highest=1.0),),
}
"""The fields of every parameter.

A shorter fibre (``fibre_length``) keeps its ends where they are, so that the same angle stretches
it to more of its optimal length: a contracture. ``range`` moves both ends of a range outwards.
"""
