"""From what can be observed to what reaches the controller: late, noisy and within bounds."""

from collections.abc import Iterable, Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from dmi_sim.arrays import Vector
from dmi_sim.env.context import StepContext
from dmi_sim.env.observations import OBSERVATIONS, Compute
from dmi_sim.errors import InputError
from dmi_sim.nervous.delay import SensoryDelayBuffer, sampling_schedule
from dmi_sim.nervous.sensorimotor import SensorimotorParams
from dmi_sim.nervous.signals import add_noise
from dmi_sim.nervous.slow_noise import WHITE, SlowNoise

Observation = NDArray[np.float32]

OBSERVATION_LIMIT = 5.0
"""Observations are scaled to about one and clipped here."""


class _Sense(NamedTuple):
    """An observation term and where its numbers stand among those of an exercise."""

    name: str
    compute: Compute
    place: slice

    def checked(self, context: StepContext) -> Vector:
        """Its numbers at a step.

        Raises:
            InputError: If they are more or fewer than it was registered with. A step does not ask
                again, and numpy would fill any place with a single number.
        """
        numbers, expected = self.compute(context), (self.place.stop - self.place.start,)
        if np.shape(numbers) != expected:
            told = f"gives shape {np.shape(numbers)}, not {expected} as its decorator says"
            raise InputError(f"observation '{self.name}': {told}")
        return numbers


class SensoryPathway:
    """The observations of an exercise on their way to the controller of an infant.

    Args:
        observations: Names of the observations, in order.
        nervous: Noise and central delay of the infant.
        rates_hz: Physics and control steps per second [Hz].
        n_actuated: Number of actuated axes.
        n_actions: Number of actions.
        noise: How the noise of the senses goes on from one control step to the next.

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
        noise: SlowNoise = WHITE,
    ) -> None:
        self._slow = noise
        self._noise: Vector | None = None
        terms = tuple(OBSERVATIONS[name] for name in observations)
        sizes = [term.size(n_actuated, n_actions) for term in terms]
        layout = tuple(zip(observations, sizes, strict=True))
        self.names = tuple(f"{name}[{i}]" for name, size in layout for i in range(size))
        self.noise_sd = np.repeat([term.noise(nervous.noise) for term in terms], sizes)
        self.sample_step, self._waiting = sampling_schedule(nervous.central_delay_s, *rates_hz)
        self._empty = np.zeros(self.noise_sd.size)
        self._delayed = SensoryDelayBuffer(self._waiting, self._empty)
        ends = np.cumsum(sizes).tolist()
        senses = [
            _Sense(name, term.compute, slice(end - size, end))
            for (name, size), term, end in zip(layout, terms, ends, strict=True)
        ]
        self._own = tuple(s for s, t in zip(senses, terms, strict=True) if not t.is_delayed)
        self._central = tuple(s for s, t in zip(senses, terms, strict=True) if t.is_delayed)

    def begin(self, context: StepContext) -> None:
        """Start an episode: what is sensed now was sensed all along.

        Raises:
            InputError: If an observation gives more or fewer numbers than it was registered with.
        """
        self._noise = None
        felt = self._empty.copy()
        for sense in (*self._own, *self._central):
            felt[sense.place] = sense.checked(context)
        self._delayed = SensoryDelayBuffer(self._waiting, felt)

    def felt(self, context: StepContext) -> Vector:
        """What head and skin tell at a step; other numbers are 0.

        Args:
            context: The infant after the physics step :attr:`sample_step`, from which the world has
                not gone on yet. That it falls in this control step nobody knows by then.
        """
        return _felt(self._empty, self._central, context)

    def send(self, felt: Vector) -> None:
        """Send off what head and skin told; it arrives after the central delay."""
        self._delayed.push(felt)

    def observe(self, context: StepContext, random: np.random.Generator) -> Observation:
        """The observation that arrives now, shape (n,).

        Args:
            context: The control step, for observations without the central delay.
            random: Source of noise.
        """
        felt = _felt(self._delayed.delayed, self._own, context)
        out = np.empty(felt.size, np.float32)
        self._noise = self._slow.after(self._noise, random.standard_normal(felt.size))
        add_noise(felt, self.noise_sd, self._noise, OBSERVATION_LIMIT, out)
        return out


def _felt(before: Vector, senses: Iterable[_Sense], context: StepContext) -> Vector:
    """An observation like the one before, in which some senses tell of a step."""
    out = before.copy()
    for _, compute, place in senses:
        out[place] = compute(context)
    return out
