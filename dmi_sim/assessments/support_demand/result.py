"""What a posture asks of an infant held at a site: toppling, time to respond, muscle effort."""

from dataclasses import dataclass

import numpy as np

NOTICE = "Simulation, not clinical evidence."


@dataclass(frozen=True)
class Effort:
    """What holding a posture takes.

    Attributes:
        share_of_strength: Least share of its strength, the same for all muscles, with which the
            infant holds; above 1 it cannot; infinite if muscles could not at any strength.
        limiting_axis: Axis whose load makes up most of the share, such as ``neck.flexion``, or
            ``pelvis`` where that must be held on the legs; empty if no strength would do.
        activation: Activation of each muscle [0..1], least sum of squares; empty if the infant
            cannot hold.
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
        """Mean squared activation [0..1]; infinite if the infant cannot hold."""
        return float(np.mean(np.square(self.activation))) if self.activation else float("inf")


@dataclass(frozen=True)
class Demand:
    """What the infant must do itself, at one support site.

    Attributes:
        support: File in ``models/supports/``: the site of the hands.
        posture: File in ``envs/`` whose start is the posture.
        lean_deg: Tilt of ``leaning`` [degrees].
        toppling_nm_per_rad: Toppling stiffness of the body above the hands [N m/rad].
        fall_time_s: Time in which a lean about the hands grows e-fold [s].
        delay_limit_s: Longest delay with which feedback can balance that body [s].
        unstable_per_s: Rates at which the held body leaves the posture [1/s], fastest first.
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
