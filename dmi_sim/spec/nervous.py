"""Nervous layer: reflexes, conduction delays and noise by region and age (`models/nervous/`)."""

from typing import ClassVar, Literal, Self, get_args

from pydantic import model_validator

from dmi_sim.anatomy import Region
from dmi_sim.spec.base import NonNegative, Quantity, Spec, Strict
from dmi_sim.spec.body import AgeCurve


class ReflexSpec(Strict):
    """The stretch reflex of the muscles of one region."""

    gain: Quantity[NonNegative, Literal["1"]]
    """Stretch reflex gain: excitation per optimal length of stretch, at excitability 1 [1]."""
    velocity: Quantity[NonNegative, Literal["s"]]
    """Weight of fibre velocity in the stretch: the velocity sensitivity of the spindles [s]."""
    threshold: Quantity[float, Literal["1"]]
    """Stretch reflex threshold: stretch beyond the commanded length, in optimal lengths [1]."""


class NervousSpec(Spec):
    """The nervous layer of a typical infant."""

    folder: ClassVar[str] = "models/nervous"

    title: str
    """Title of the nervous layer."""
    excitability: AgeCurve
    """Factor of all stretch reflex gains [1]."""
    reflex: dict[Region, ReflexSpec]
    """Stretch reflex by region."""
    reciprocal_inhibition: AgeCurve
    """Share of its antagonists' surplus drive by which a muscle is inhibited; negative where it is
    excited instead [1]."""
    phasic_threshold: Quantity[NonNegative, Literal["1/s"]]
    """Fibre velocity above which a spastic muscle responds [optimal lengths/s]."""
    motor_noise: AgeCurve
    """Standard deviation of excitation over excitation [1]."""
    conduction_velocity: AgeCurve
    """Conduction velocity of the nerve fibres [m/s]."""
    path_length: dict[Region, Quantity[NonNegative, Literal["body_length"]]]
    """Length of the nerve from spinal cord to muscle, by region [body lengths]."""
    synaptic_delay: Quantity[NonNegative, Literal["s"]]
    """Synaptic delay in the spinal cord, once per reflex loop [s]."""
    central_delay: AgeCurve
    """Delay from the spinal cord through the controller, conduction left out [s]."""
    angle_noise: AgeCurve
    """Standard deviation of sensed joint angles [rad]."""
    rate_noise: AgeCurve
    """Standard deviation of sensed joint rates [rad/s]."""
    tilt_noise: AgeCurve
    """Standard deviation of the sensed direction of gravity [rad]."""
    angular_velocity_noise: AgeCurve
    """Standard deviation of sensed angular velocity of the head [rad/s]."""
    pressure_noise: AgeCurve
    """Standard deviation of sensed contact force over body weight [1]."""

    @model_validator(mode="after")
    def _every_region_is_there(self) -> Self:
        for field in ("reflex", "path_length"):
            missing = [name for name in get_args(Region) if name not in getattr(self, field)]
            if missing:
                raise ValueError(f"{field}: no value for {', '.join(missing)}")
        return self
