"""Muscle groups: moment arms, strength, fibres (`models/muscles/`)."""

from typing import ClassVar, Literal, Self

from pydantic import model_validator

from dmi_sim.anatomy import ROOTS, Region
from dmi_sim.errors import did_you_mean
from dmi_sim.spec.base import Positive, Quantity, Spec, Strict
from dmi_sim.spec.body import AgeCurve, ReferenceSize

_MIDLINE_WORDS = ("flexion", "extension", "side_bend", "same_rotation", "opposite_rotation")
_LIMB_WORDS = (
    "flexion",
    "extension",
    "abduction",
    "adduction",
    "external_rotation",
    "internal_rotation",
)
_ANKLE_WORDS = (
    "dorsiflexion",
    "plantarflexion",
    "eversion",
    "inversion",
    "external_rotation",
    "internal_rotation",
)
_HINGE_WORDS = ("flexion", "extension")

ACTIONS: tuple[str, ...] = (
    *(f"{j}.{w}" for j in ("neck", "thoracic", "thoracolumbar", "waist") for w in _MIDLINE_WORDS),
    *(f"{j}.{w}" for j in ("shoulder", "hip") for w in _LIMB_WORDS),
    *(f"{j}.{w}" for j in ("elbow", "knee") for w in _HINGE_WORDS),
    *(f"ankle.{w}" for w in _ANKLE_WORDS),
)
"""Actions of a muscle at a joint. On the trunk they are relative to the side of the muscle:
``side_bend`` is towards its own side, ``same_rotation`` turns the chest towards its own side."""


class GroupSpec(Strict):
    """One muscle group of one side of the body, at the size of the reference body."""

    region: Region
    """Region of the body where the muscle mainly acts."""
    roots: tuple[str, str]
    """First and last spinal root that innervates the muscle."""
    cross_section: Quantity[Positive, Literal["cm2"]]
    """Physiological cross-sectional area [cm2]."""
    moment_arms: Quantity[dict[str, Positive], Literal["cm"]]
    """Moment arms by action, such as ``hip.flexion`` [cm]; they do not change with the angle."""
    optimal_length: Quantity[Positive, Literal["cm"]]
    """Optimal length of fibre and tendon together [cm]; over the range of motion the muscle takes
    about 0.5 to 1.4 of it."""
    neutral_length: Quantity[Positive, Literal["1"]]
    """Fibre length over optimal in the anatomical position [1]."""

    @model_validator(mode="after")
    def _words_are_known(self) -> Self:
        for action in self.moment_arms.value:
            if action not in ACTIONS:
                raise ValueError(f"no action '{action}'; {did_you_mean(action, ACTIONS)}")
        for root in self.roots:
            if root not in ROOTS:
                raise ValueError(f"no spinal root '{root}'; {did_you_mean(root, ROOTS)}")
        if ROOTS.index(self.roots[0]) > ROOTS.index(self.roots[1]):
            raise ValueError(f"roots: {self.roots[0]} is not cranial to {self.roots[1]}")
        return self


class MuscleSpec(Spec):
    """Hill-type muscle groups of both sides, and how they grow."""

    folder: ClassVar[str] = "models/muscles"

    title: str
    """Title of the set of muscles."""
    reference_body: ReferenceSize
    """Size of the body for which lengths and areas hold."""
    specific_tension: Quantity[Positive, Literal["N/cm2"]]
    """Maximum isometric force over cross-sectional area [N/cm2]."""
    relative_strength: AgeCurve
    """Peak torque over mass x length, relative to the reference body [1]."""
    activation_time: AgeCurve
    """Time constant of rising activation [s]."""
    deactivation_time: AgeCurve
    """Time constant of falling activation [s]."""
    max_shortening_velocity: Quantity[Positive, Literal["1/s"]]
    """Maximum shortening velocity in optimal lengths per second [1/s]."""
    groups: dict[str, GroupSpec]
    """Muscle groups by name; each is built on both sides."""
