"""Muscle groups: where they pull, how strong they are (`models/muscles/`)."""

from typing import Annotated, ClassVar, Literal, Self

from pydantic import Field, model_validator

from dmi_sim.anatomy import ROOTS, Region
from dmi_sim.errors import did_you_mean
from dmi_sim.spec.base import Quantity, Spec, Strict
from dmi_sim.spec.body import AgeCurve, ReferenceSize

Positive = Annotated[float, Field(gt=0)]

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
"""What a muscle can do at a joint. On the trunk, sides are the muscle's own: ``side_bend`` is to
its side, ``same_rotation`` turns the chest towards it."""


class GroupSpec(Strict):
    """One muscle group of one side of the body, at the size of the reference body."""

    region: Region
    """Where it mainly acts."""
    roots: tuple[str, str]
    """First and last spinal root that innervates it."""
    cross_section: Quantity[Positive, Literal["cm2"]]
    """Physiological cross-sectional area."""
    moment_arms: Quantity[dict[str, Positive], Literal["cm"]]
    """By action, such as ``hip.flexion``; constant in attitude coordinates."""
    optimal_length: Quantity[Positive, Literal["cm"]]
    """Fibre and tendon together, which the range of motion takes from about half to 1.4 of it."""
    neutral_length: Quantity[Positive, Literal["1"]]
    """Fibre length over optimal in the anatomical position."""

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
    reference_body: ReferenceSize
    specific_tension: Quantity[Positive, Literal["N/cm2"]]
    """Largest active force over cross-section."""
    relative_strength: AgeCurve
    """Peak torque over mass times length, relative to the reference body."""
    activation_time: AgeCurve
    """Time constant of rising activation [s]."""
    deactivation_time: AgeCurve
    """Time constant of falling activation [s]."""
    fastest_shortening: Quantity[Positive, Literal["1/s"]]
    """Largest velocity of shortening in optimal lengths per second."""
    groups: dict[str, GroupSpec]
