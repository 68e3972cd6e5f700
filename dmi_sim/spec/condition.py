"""What a condition changes in an infant (`models/conditions/`)."""

from typing import ClassVar, Literal

from pydantic import Field

from dmi_sim.spec.base import Quantity, Spec

Trait = Literal["strength", "stiffness", "damping", "reflex_gain", "reflex_damping", "delay"]


class ConditionSpec(Spec):
    """A condition as factors on the traits of a typical infant at full severity."""

    folder: ClassVar[str] = "models/conditions"

    title: str
    """In the words of a clinic."""
    description: str
    """What changes and what is assumed."""
    factors: dict[Trait, Quantity[float, Literal["1"]]] = Field(default_factory=dict)
    """Factor on each trait at severity 1; between 0 and 1 in proportion."""
