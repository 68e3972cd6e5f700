"""The spinal pattern generator: bursts that an action makes stronger or weaker, not faster.

Newborns who step on the spot drive their legs with two bursts a cycle that take turns; toddlers
keep them and add to them. So an action of a cyclic synergy sets how large its bursts are, and the
phase of the generator is one of the observations.

Source: Dominici et al. (2011), Science 334, 997-999, ``dominici2011`` in models/references.yaml
(recalled), locomotor primitives in newborns. The shape of a burst, half a sine wave, is assumed.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from dmi_sim.arrays import Vector
from dmi_sim.spec.exercise import ExerciseSpec


@dataclass(frozen=True)
class PatternGenerator:
    """The phase at which each synergy bursts.

    Attributes:
        rate_rad_s: Rate of the phase [rad/s].
        is_cyclic: Whether each action bursts, shape (n_actions,).
        onset_rad: Phase at which the burst of each begins [rad], shape (n_actions,).
        ramp_s: Time over which bursts grow to their full size at the start of an episode [s].
    """

    rate_rad_s: float
    is_cyclic: Vector
    onset_rad: Vector
    ramp_s: float = 0.0

    def phase_rad(self, time_s: float) -> float:
        """Phase since the start of the episode [rad], from 0 on without end."""
        return self.rate_rad_s * time_s

    def gains(self, time_s: float) -> Vector:
        """Factor of each action, 0 to 1; 1 for those that do not burst."""
        if self.rests:
            return self._least_gain
        bursts = np.sin(self.phase_rad(time_s) - self.onset_rad)
        if time_s < self.ramp_s:  # without it the first foot is lifted before weight can leave it
            bursts *= time_s / self.ramp_s
        return np.maximum(bursts, self._least_gain)

    @property
    def rests(self) -> bool:
        """Whether nothing bursts in this exercise."""
        return self.rate_rad_s == 0.0

    @cached_property
    def _least_gain(self) -> Vector:
        """Factor of each action between bursts; no sine is larger than that of the others."""
        return np.where(self.is_cyclic, 0.0, 1.0)


def build_cpg(spec: ExerciseSpec, action_names: Sequence[str]) -> PatternGenerator | None:
    """The pattern generator of an exercise; None if no action is a cyclic synergy.

    Without a frequency it rests: nothing bursts.

    Args:
        spec: The exercise.
        action_names: Names of the actions in one of its action modes.
    """
    onsets_deg = [
        spec.synergies[name].cpg_phase_deg if name in spec.synergies else None
        for name in action_names
    ]
    if not any(onset is not None for onset in onsets_deg):
        return None
    return PatternGenerator(
        rate_rad_s=2 * math.pi * (spec.cpg_frequency_hz or 0.0),
        is_cyclic=np.array([onset is not None for onset in onsets_deg]),
        onset_rad=np.radians([onset or 0.0 for onset in onsets_deg]),
        ramp_s=spec.cpg_ramp_s,
    )
