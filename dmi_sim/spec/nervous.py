"""Reflexes, delays, noise: what lies between controller and muscle (`models/nervous/`)."""

from typing import ClassVar, Literal, Self, get_args

from pydantic import model_validator

from dmi_sim.anatomy import Region
from dmi_sim.spec.base import NonNegative, Quantity, Spec, Strict
from dmi_sim.spec.body import AgeCurve


class ReflexSpec(Strict):
    """The stretch reflex of the muscles of one part of the body."""

    gain: Quantity[NonNegative, Literal["1"]]
    """Excitation per optimal length of stretch beyond the threshold, at excitability 1."""
    velocity: Quantity[NonNegative, Literal["s"]]
    """Lengthening for this long counts as stretch: the velocity part of the spindles' answer."""
    threshold: Quantity[float, Literal["1"]]
    """Stretch beyond the commanded length, in optimal lengths, that wakes the reflex."""


class NervousSpec(Spec):
    """The nervous layer of a typical infant."""

    folder: ClassVar[str] = "models/nervous"

    title: str
    excitability: AgeCurve
    """What gains are multiplied by."""
    reflex: dict[Region, ReflexSpec]
    reciprocal_inhibition: AgeCurve
    """Share of a muscle's reflex that its antagonists lose; negative where they share it."""
    phasic_threshold: Quantity[NonNegative, Literal["1/s"]]
    """Rate of stretch, in optimal lengths a second, above which spasticity would answer."""
    motor_noise: AgeCurve
    """Standard deviation of excitation over excitation."""
    conduction_velocity: AgeCurve
    """Of nerve fibres [m/s]."""
    path_length: dict[Region, Quantity[NonNegative, Literal["body_length"]]]
    """Spinal cord to muscle."""
    synaptic_delay: Quantity[NonNegative, Literal["s"]]
    """In the spinal cord, once a reflex loop."""
    central_delay: AgeCurve
    """From the spinal cord through the controller [s], besides conduction."""
    angle_noise: AgeCurve
    """Standard deviation of sensed joint angles [rad]."""
    rate_noise: AgeCurve
    """Standard deviation of sensed joint rates [rad/s]."""
    tilt_noise: AgeCurve
    """Standard deviation of the sensed direction of gravity [rad]."""
    angular_velocity_noise: AgeCurve
    """Standard deviation of sensed angular velocity of the head [rad/s]."""
    pressure_noise: AgeCurve
    """Standard deviation of sensed contact force over body weight."""

    @model_validator(mode="after")
    def _every_part_is_there(self) -> Self:
        for field in ("reflex", "path_length"):
            missing = [part for part in get_args(Region) if part not in getattr(self, field)]
            if missing:
                raise ValueError(f"{field}: no value for {', '.join(missing)}")
        return self
