"""From what can be observed to what reaches the controller: late, noisy and within bounds."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from dmi_sim.arrays import Vector
from dmi_sim.env.context import StepContext
from dmi_sim.env.observations import OBSERVATIONS
from dmi_sim.nervous.delay import SensoryDelayBuffer, sampling_schedule
from dmi_sim.nervous.sensorimotor import SensorimotorParams

Observation = NDArray[np.float32]

OBSERVATION_LIMIT = 5.0
"""Observations are scaled to about one and clipped here."""


class SensoryPathway:
    """The observations of an exercise on their way to the controller of an infant.

    Args:
        observations: Names of the observations, in order.
        nervous: Noise and central delay of the infant.
        rates_hz: Physics and control steps per second [Hz].
        n_actuated: Number of actuated axes.
        n_actions: Number of actions.

    Attributes:
        names: Name of each number of an observation, in order.
        noise_sd: Standard deviation of each, shape (n,).
        sample_step: Physics step of a control step after which head and skin are to be sampled.
    """

    def __init__(
        self,
        observations: Sequence[str],
        nervous: SensorimotorParams,
        rates_hz: tuple[int, int],
        n_actuated: int,
        n_actions: int,
    ) -> None:
        self._terms = tuple(OBSERVATIONS[name] for name in observations)
        sizes = [term.size(n_actuated, n_actions) for term in self._terms]
        layout = tuple(zip(observations, self._terms, sizes, strict=True))
        self.names = tuple(f"{name}[{i}]" for name, _, size in layout for i in range(size))
        self.noise_sd = np.repeat([term.noise(nervous.noise) for term in self._terms], sizes)
        self.sample_step, self._waiting = sampling_schedule(nervous.central_delay_s, *rates_hz)
        self._delayed = SensoryDelayBuffer(self._waiting, [])

    def begin(self, context: StepContext) -> None:
        """Start an episode: what is sensed now was sensed all along."""
        self._delayed = SensoryDelayBuffer(self._waiting, self._central(context))

    def sample(self, context: StepContext) -> None:
        """Send off what head and skin tell."""
        self._delayed.push(self._central(context))

    def observe(self, context: StepContext, random: np.random.Generator) -> Observation:
        """The observation that arrives now, shape (n,).

        Args:
            context: The control step, for observations without the central delay.
            random: Source of noise.
        """
        late = iter(self._delayed.delayed)
        parts = [next(late) if t.is_delayed else t.compute(context) for t in self._terms]
        felt = np.concatenate(parts)
        felt += self.noise_sd * random.standard_normal(felt.size)
        within = np.minimum(np.maximum(felt, -OBSERVATION_LIMIT), OBSERVATION_LIMIT)
        return within.astype(np.float32)

    def _central(self, context: StepContext) -> list[Vector]:
        return [term.compute(context) for term in self._terms if term.is_delayed]
