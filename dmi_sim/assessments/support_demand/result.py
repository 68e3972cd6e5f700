"""The demand of a posture at a support site: toppling, time to respond, muscle effort."""

from dataclasses import dataclass

import numpy as np

NOTICE = "Simulation, not clinical evidence."


@dataclass(frozen=True)
class Effort:
    """The muscle effort of holding a posture.

    Attributes:
        share_of_strength: Least share of strength, the same for all muscles, that holds the
            posture; above 1 the infant cannot; infinite if no strength would do.
        limiting_axis: Axis whose load makes up most of the share, such as ``neck.flexion``, or
            ``pelvis`` for the balance of the pelvis on the legs; empty if no strength would do.
        activation: Activations of the muscles with the least sum of squares [0..1]; empty if the
            infant cannot hold the posture.
    """

    share_of_strength: float
    limiting_axis: str
    activation: tuple[float, ...]

    @property
    def is_possible(self) -> bool:
        """Whether the infant is strong enough."""
        return bool(self.activation)

    @property
    def mean_square(self) -> float:
        """Mean squared activation [0..1]; infinite if the infant cannot hold the posture."""
        return float(np.mean(np.square(self.activation))) if self.activation else float("inf")


@dataclass(frozen=True)
class Demand:
    """The demand on the infant at one support site.

    Attributes:
        support: Site of the hands, a file in ``models/supports/``.
        posture: File in ``envs/`` whose start pose is the posture.
        lean_deg: Tilt of ``leaning`` [degrees].
        toppling_nm_per_rad: Toppling stiffness of the body above the hands [N m/rad].
        fall_time_s: Time in which a lean about the hands grows e-fold [s].
        delay_limit_s: Longest delay with which feedback can balance that body [s].
        unstable_per_s: Rates at which the supported body leaves the posture [1/s], fastest first.
        muscles: Names of the muscles, in the order of the activations.
        upright: Least effort in the posture itself.
        leaning: Least effort in the hardest of four leans: forward, back, left, right.
    """

    support: str
    posture: str
    lean_deg: float
    toppling_nm_per_rad: float
    fall_time_s: float
    delay_limit_s: float
    unstable_per_s: tuple[float, ...]
    muscles: tuple[str, ...]
    upright: Effort
    leaning: Effort
