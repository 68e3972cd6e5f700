"""Nerves take time: rings of past physics steps, and a queue of senses."""

from collections import deque

import numpy as np

from dmi_sim.arrays import Index, Vector
from dmi_sim.kernel import kernel


def delay_steps(delay_s: tuple[float, ...], dt_s: float) -> Index:
    """Delays in whole physics steps."""
    return np.round(np.array(delay_s) / dt_s).astype(np.int64)


@kernel
def recall(history: Vector, tick: int, physics_steps: Index, first: Vector, second: Vector) -> None:
    """Write what a ring held some steps ago, each column with its own delay.

    Args:
        history: Of past steps, shape (slots, 2, at least n).
        tick: The step written last.
        physics_steps: How many steps ago, less than slots, shape (n,).
        first: From the first row, shape (n,); changed.
        second: From the second row, shape (n,); changed.
    """
    slots = history.shape[0]
    for i in range(first.size):
        slot = (tick - physics_steps[i]) % slots
        first[i], second[i] = history[slot, 0, i], history[slot, 1, i]


def sample_timing(delay_s: float, physics_hz: int, control_hz: int) -> tuple[int, int]:
    """When to sample the senses so that they are exactly ``delay_s`` old when they are used.

    Sampling once per control step, at the right physics step of it, is as good as remembering every
    physics step.

    Args:
        delay_s: Age of the senses at the time of a command [s].
        physics_hz: Physics steps per second.
        control_hz: Commands per second.

    Returns:
        Physics step within the control step after which to sample, and how many samples wait in
        the queue.
    """
    per_control = physics_hz // control_hz
    physics_steps = round(delay_s * physics_hz)
    waiting, early = divmod(physics_steps, per_control)
    return per_control - early, waiting


class DelayLine:
    """The last samples of the senses, oldest first.

    Args:
        waiting: How many samples are on their way.
        first: What was sensed all along before the start.
    """

    def __init__(self, waiting: int, first: list[Vector]) -> None:
        self._samples = deque([first] * (waiting + 1), maxlen=waiting + 1)

    def push(self, sample: list[Vector]) -> None:
        """Send a sample off."""
        self._samples.append(sample)

    @property
    def arrived(self) -> list[Vector]:
        """The sample that arrives now."""
        return self._samples[0]
