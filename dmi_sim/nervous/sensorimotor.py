"""Sensorimotor parameters of one infant: reflexes, conduction delays and noise."""

from dataclasses import dataclass, replace

from dmi_sim.anatomy import AXES, Region, region_of
from dmi_sim.body.anthropometry import curve_at
from dmi_sim.muscle.groups import Muscles, PerMuscle
from dmi_sim.muscle.tissue import PerAxis
from dmi_sim.spec.nervous import NervousSpec


@dataclass(frozen=True)
class SensoryNoise:
    """Standard deviations of the noise of the senses, drawn anew at each control step.

    Attributes:
        angle_rad: Noise of sensed joint angles [rad].
        rate_rad_s: Noise of sensed joint rates [rad/s].
        tilt_rad: Noise of the sensed direction of gravity [rad].
        angular_velocity_rad_s: Noise of sensed angular velocities of body and head [rad/s].
        pressure: Noise of sensed contact force over body weight [1].
    """

    angle_rad: float
    rate_rad_s: float
    tilt_rad: float
    angular_velocity_rad_s: float
    pressure: float


@dataclass(frozen=True)
class SensorimotorParams:
    """The nervous layer of one infant; tuples run over its n muscles, or over the 34 axes.

    Attributes:
        reflex_gain: Stretch reflex gain, excitation per optimal length of stretch [1], by muscle.
        reflex_velocity_s: Weight of fibre velocity in the stretch that the reflex sees [s], by
            muscle.
        reflex_threshold: Stretch reflex threshold, stretch beyond the commanded length in optimal
            lengths [1], by muscle.
        reflex_delay_s: Delay of the spinal reflex loop [s], by muscle.
        phasic_gain_s: Gain of the velocity-dependent reflex of spasticity, excitation per optimal
            length per second [s], by muscle; 0 in a typical infant.
        phasic_threshold_per_s: Fibre velocity above which that reflex acts, in optimal lengths per
            second [1/s], by muscle.
        reciprocal_inhibition: Share of its antagonists' surplus drive by which a muscle is
            inhibited; negative where it is excited [1], by muscle.
        selectivity: Share of its own drive that a muscle keeps: 1 for selective movement, 0 for a
            limb that acts as one [1], by muscle.
        motor_noise: Standard deviation of excitation over excitation [1], by muscle.
        proprioceptive_delay_s: Conduction delay from joint to controller [s], by axis.
        sensation: Share of joint sense that is intact [0..1], by axis.
        central_delay_s: Delay from head and skin to controller [s].
        noise: Noise of the senses.
    """

    reflex_gain: PerMuscle
    reflex_velocity_s: PerMuscle
    reflex_threshold: PerMuscle
    reflex_delay_s: PerMuscle
    phasic_gain_s: PerMuscle
    phasic_threshold_per_s: PerMuscle
    reciprocal_inhibition: PerMuscle
    selectivity: PerMuscle
    motor_noise: PerMuscle
    proprioceptive_delay_s: PerAxis
    sensation: PerAxis
    central_delay_s: float
    noise: SensoryNoise


def build_sensorimotor_params(
    spec: NervousSpec, muscles: Muscles, length_m: float, age_months: float
) -> SensorimotorParams:
    """Sensorimotor parameters of a typical infant.

    Args:
        spec: Reflexes, delays and noise by region and age.
        muscles: Muscles of the infant.
        length_m: Body length [m]; nerve paths scale with it.
        age_months: Age [months], corrected if the infant was born early.
    """

    def at(name: str) -> float:
        return curve_at(getattr(spec, name), age_months)

    def conduction_s(region: Region) -> float:
        return spec.path_length[region].value * length_m / at("conduction_velocity")

    def every(value: float) -> PerMuscle:
        return (value,) * len(muscles.names)

    reflexes = [spec.reflex[region] for region in muscles.regions]
    axis_regions: list[Region] = [region_of(axis.kind) for axis in AXES]
    return SensorimotorParams(
        reflex_gain=tuple(at("excitability") * r.gain.value for r in reflexes),
        reflex_velocity_s=tuple(r.velocity.value for r in reflexes),
        reflex_threshold=tuple(r.threshold.value for r in reflexes),
        reflex_delay_s=tuple(  # afferent and efferent path, and the synapses between them
            2 * conduction_s(region) + spec.synaptic_delay.value for region in muscles.regions
        ),
        phasic_gain_s=every(0.0),
        phasic_threshold_per_s=every(spec.phasic_threshold.value),
        reciprocal_inhibition=every(at("reciprocal_inhibition")),
        selectivity=every(1.0),
        motor_noise=every(at("motor_noise")),
        proprioceptive_delay_s=tuple(at("central_delay") + conduction_s(r) for r in axis_regions),
        sensation=(1.0,) * len(AXES),
        central_delay_s=at("central_delay"),
        noise=_sensory_noise(spec, age_months),
    )


def _sensory_noise(spec: NervousSpec, age_months: float) -> SensoryNoise:
    names = ("angle_noise", "rate_noise", "tilt_noise", "angular_velocity_noise", "pressure_noise")
    return SensoryNoise(*(curve_at(getattr(spec, name), age_months) for name in names))


def with_sensory_delay(nervous: SensorimotorParams, delay_s: float) -> SensorimotorParams:
    """The same nervous layer, with one delay for all senses; reflexes keep their own.

    Args:
        nervous: Sensorimotor parameters of the infant.
        delay_s: Delay from any sense to the controller [s].
    """
    joints = (delay_s,) * len(nervous.proprioceptive_delay_s)
    return replace(nervous, proprioceptive_delay_s=joints, central_delay_s=delay_s)
