"""The nervous layer of one infant: reflexes, noise and delays by muscle, axis and sense."""

from dataclasses import dataclass, replace

from dmi_sim.anatomy import AXES, Region, region_of
from dmi_sim.body.anthropometry import curve_at
from dmi_sim.muscle.groups import Muscles, PerMuscle
from dmi_sim.muscle.tissue import PerAxis
from dmi_sim.spec.nervous import NervousSpec


@dataclass(frozen=True)
class SensoryNoise:
    """Standard deviations of what the infant senses, new at each control step.

    Attributes:
        angle_rad: Joint angles.
        rate_rad_s: Joint rates.
        tilt_rad: Direction of gravity.
        angular_velocity_rad_s: Angular velocities of body and head.
        pressure: Contact force over body weight.
    """

    angle_rad: float
    rate_rad_s: float
    tilt_rad: float
    angular_velocity_rad_s: float
    pressure: float


@dataclass(frozen=True)
class SensorimotorParams:
    """The nervous layer of one infant; tuples run over its muscles, or over the 34 axes.

    Attributes:
        reflex_gain: Excitation per optimal length of stretch, by muscle.
        reflex_velocity_s: Lengthening for this long counts as stretch [s], by muscle.
        reflex_threshold: Stretch that wakes the reflex, in optimal lengths, by muscle.
        reflex_delay_s: Of the spinal loop [s], by muscle.
        phasic_gain_s: Excitation per optimal length a second of fast stretch, whatever the command
            [s], by muscle; 0 but in spasticity.
        phasic_threshold_per_s: Rate of stretch that wakes it, in optimal lengths a second [1/s].
        reciprocal_inhibition: Share of its reflex that the antagonists lose, by muscle.
        selectivity: 1 when a muscle follows its own command alone, 0 when all of a limb act as one.
        motor_noise: Standard deviation of excitation over excitation, by muscle.
        proprioceptive_delay_s: From joint to controller [s], by axis.
        sensation: Share of joint sense that is left, by axis.
        central_delay_s: From head and skin to controller [s].
        noise: Of the senses.
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
    """SensorimotorParams layer of a typical infant.

    Args:
        spec: Values by part and age.
        muscles: Of the infant.
        length_m: Of the body [m]; nerves are as long as it is.
        age_months: Of the infant; of corrected age if born early.
    """

    def at(name: str) -> float:
        return curve_at(getattr(spec, name), age_months)

    def one_way_s(part: Region) -> float:
        return spec.path_length[part].value * length_m / at("conduction_velocity")

    def every(value: float) -> PerMuscle:
        return (value,) * len(muscles.names)

    reflexes = [spec.reflex[part] for part in muscles.regions]
    axis_regions: list[Region] = [region_of(axis.kind) for axis in AXES]
    return SensorimotorParams(
        reflex_gain=tuple(at("excitability") * r.gain.value for r in reflexes),
        reflex_velocity_s=tuple(r.velocity.value for r in reflexes),
        reflex_threshold=tuple(r.threshold.value for r in reflexes),
        reflex_delay_s=tuple(
            2 * one_way_s(part) + spec.synaptic_delay.value for part in muscles.regions
        ),
        phasic_gain_s=every(0.0),
        phasic_threshold_per_s=every(spec.phasic_threshold.value),
        reciprocal_inhibition=every(at("reciprocal_inhibition")),
        selectivity=every(1.0),
        motor_noise=every(at("motor_noise")),
        proprioceptive_delay_s=tuple(at("central_delay") + one_way_s(p) for p in axis_regions),
        sensation=(1.0,) * len(AXES),
        central_delay_s=at("central_delay"),
        noise=_sensory_noise(spec, age_months),
    )


def _sensory_noise(spec: NervousSpec, age_months: float) -> SensoryNoise:
    names = ("angle_noise", "rate_noise", "tilt_noise", "angular_velocity_noise", "pressure_noise")
    return SensoryNoise(*(curve_at(getattr(spec, name), age_months) for name in names))


def with_sensory_delay(nervous: SensorimotorParams, delay_s: float) -> SensorimotorParams:
    """The same nervous layer, but all senses reach the controller after one delay [s]."""
    joints = (delay_s,) * len(nervous.proprioceptive_delay_s)
    return replace(nervous, proprioceptive_delay_s=joints, central_delay_s=delay_s)
