"""The stretch reflex of the `posture` action mode: muscles pull towards an equilibrium point."""

from dataclasses import dataclass

from numba import njit

from dmi_sim.body.arrays import Vector
from dmi_sim.spec.nervous import NervousSpec


@dataclass(frozen=True)
class Nervous:
    """The nervous layer of one infant.

    Attributes:
        reflex_gain_per_rad: Excitation per radian from the equilibrium point [1/rad].
        reflex_damping_s_per_rad: Excitation per rad/s against the movement [s/rad].
        sensory_delay_s: From the body to the controller [s].
    """

    reflex_gain_per_rad: float
    reflex_damping_s_per_rad: float
    sensory_delay_s: float


def build_nervous(spec: NervousSpec) -> Nervous:
    """Nervous layer from its file."""
    return Nervous(
        reflex_gain_per_rad=spec.reflex_gain.value,
        reflex_damping_s_per_rad=spec.reflex_damping.value,
        sensory_delay_s=spec.sensory_delay.value,
    )


@njit(cache=True)
def reflex_excitation(
    equilibrium: Vector, angle: Vector, rate: Vector, gain: float, damping: float, out: Vector
) -> None:
    """Write signed excitations [-1..1] into ``out``, shape (34,).

    Args:
        equilibrium: Angles that the controller asks for [rad], shape (34,).
        angle: Angles now [rad], shape (34,).
        rate: Their rates [rad/s], shape (34,).
        gain: Excitation per radian [1/rad].
        damping: Excitation per rad/s [s/rad].
        out: Positive drives the positive direction; changed.

    Source:
        Feldman (1986), J. Mot. Behav. 18, 17-54: the equilibrium-point hypothesis, without its
        threshold; ``feldman1986`` in models/references.yaml.
    """
    for i in range(out.size):
        excitation = gain * (equilibrium[i] - angle[i]) - damping * rate[i]
        out[i] = min(1.0, max(-1.0, excitation))
