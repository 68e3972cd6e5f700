"""Reflexes and delays between controller and muscle (`models/nervous/`)."""

from typing import ClassVar, Literal

from pydantic import Field

from dmi_sim.spec.base import Quantity, Spec
from dmi_sim.spec.muscle import JointKind


class NervousSpec(Spec):
    """The stretch reflex and the delay of the senses."""

    folder: ClassVar[str] = "models/nervous"

    title: str
    reflex_gain: Quantity[float, Literal["1/rad"]]
    """Excitation per radian from the equilibrium point."""
    reflex_gain_at: dict[JointKind, Quantity[float, Literal["1/rad"]]] = Field(default_factory=dict)
    """Another gain at some joints."""
    reflex_damping: Quantity[float, Literal["s/rad"]]
    """Excitation per rad/s against the movement."""
    sensory_delay: Quantity[float, Literal["s"]]
    """From the body to the controller."""
