"""Reflexes and delays between controller and muscle (`models/nervous/`)."""

from typing import ClassVar, Literal

from dmi_sim.spec.base import Quantity, Spec


class NervousSpec(Spec):
    """The stretch reflex and the delay of the senses."""

    folder: ClassVar[str] = "models/nervous"

    title: str
    reflex_gain: Quantity[float, Literal["1/rad"]]
    """Excitation per radian from the equilibrium point."""
    reflex_damping: Quantity[float, Literal["s/rad"]]
    """Excitation per rad/s against the movement."""
    sensory_delay: Quantity[float, Literal["s"]]
    """From the body to the controller."""
