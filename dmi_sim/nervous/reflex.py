"""The stretch reflex of the `posture` action mode: muscles pull towards an equilibrium point."""

from dataclasses import dataclass

from dmi_sim.body.arrays import Vector
from dmi_sim.body.axes import AXES
from dmi_sim.kernel import kernel
from dmi_sim.spec.nervous import NervousSpec


@dataclass(frozen=True)
class Nervous:
    """The nervous layer of one infant; tuples run over the 34 axes.

    Attributes:
        reflex_gain_per_rad: Excitation per radian from the equilibrium point [1/rad].
        reflex_damping_s_per_rad: Excitation per rad/s against the movement [s/rad].
        sensory_delay_s: From the body to the controller [s].
    """

    reflex_gain_per_rad: tuple[float, ...]
    reflex_damping_s_per_rad: tuple[float, ...]
    sensory_delay_s: float


def build_nervous(spec: NervousSpec) -> Nervous:
    """Nervous layer from its file; damping keeps its proportion to gain at every joint."""
    own = {str(kind): quantity.value for kind, quantity in spec.reflex_gain_at.items()}
    gains = tuple(own.get(axis.kind, spec.reflex_gain.value) for axis in AXES)
    damping_per_gain = spec.reflex_damping.value / spec.reflex_gain.value
    return Nervous(
        reflex_gain_per_rad=gains,
        reflex_damping_s_per_rad=tuple(damping_per_gain * gain for gain in gains),
        sensory_delay_s=spec.sensory_delay.value,
    )


@kernel
def reflex_excitation(
    equilibrium: Vector, angle: Vector, rate: Vector, reflex: Vector, out: Vector
) -> None:
    """Write signed excitations [-1..1] into ``out``, shape (34,).

    Args:
        equilibrium: Angles that the controller asks for [rad], shape (34,).
        angle: Angles now [rad], shape (34,).
        rate: Their rates [rad/s], shape (34,).
        reflex: Excitation per radian [1/rad] and per rad/s [s/rad], shape (2, 34).
        out: Positive drives the positive direction; changed.

    Source:
        Feldman (1986), J. Mot. Behav. 18, 17-54: the equilibrium-point hypothesis, without its
        threshold; ``feldman1986`` in models/references.yaml.
    """
    for i in range(out.size):
        excitation = reflex[0, i] * (equilibrium[i] - angle[i]) - reflex[1, i] * rate[i]
        out[i] = min(1.0, max(-1.0, excitation))
