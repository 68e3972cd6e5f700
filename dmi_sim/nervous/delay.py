"""Conduction delays: a delay buffer over physics steps, and one of sensory samples.

Reflexes read fibre lengths and velocities of past physics steps from a ring buffer, each muscle
with its own delay. Senses reach the controller once per control step, all with one central delay.
"""

from collections import deque

import numpy as np

from dmi_sim.arrays import Index, Vector
from dmi_sim.kernel import kernel


def delay_steps(delay_s: tuple[float, ...], dt_s: float) -> Index:
    """Delays in whole physics steps, rounded to the nearest.

    Args:
        delay_s: Delays [s].
        dt_s: Physics step [s].

    >>> delay_steps((0.0, 0.017, 0.1), 1 / 240).tolist()
    [0, 4, 24]
    """
    return np.round(np.array(delay_s) / dt_s).astype(np.int64)


@kernel
def slot_of(step: int, delay_steps: int, length: int) -> int:
    """The row of a ring buffer that was written some steps before a step.

    Args:
        step: Number of the physics step that was written last.
        delay_steps: Delay [physics steps], below the length of the buffer.
        length: Number of rows.

    >>> slot_of(7, 2, 4)
    1
    """
    return (step - delay_steps) % length


def sampling_schedule(delay_s: float, physics_hz: int, control_hz: int) -> tuple[int, int]:
    """A schedule by which the senses are exactly ``delay_s`` old when they are used.

    One sample per control step, taken at the right physics step of it, gives the same as a buffer
    of every physics step.

    Args:
        delay_s: Age of the senses at the time of a command [s].
        physics_hz: Physics steps per second.
        control_hz: Commands per second.

    Returns:
        The physics step of the control step after which to sample, counted from 1, and the number
        of samples that are on their way.

    >>> sampling_schedule(0.05, physics_hz=240, control_hz=30)
    (4, 1)
    """
    # delay = waiting control steps + `early` physics steps before the end of a control step
    per_control = physics_hz // control_hz
    delay = round(delay_s * physics_hz)
    waiting, early = divmod(delay, per_control)
    return per_control - early, waiting


class SensoryDelayBuffer:
    """The sensory samples that are on their way to the controller, first in, first out.

    Args:
        waiting: Number of samples on their way; 0 for senses that arrive at once.
        first: Sample that arrives until the first real one has passed the buffer.

    >>> buffer = SensoryDelayBuffer(1, np.array([0.0]))
    >>> buffer.push(np.array([7.0]))
    >>> buffer.delayed
    array([0.])
    >>> buffer.push(np.array([8.0]))
    >>> buffer.delayed
    array([7.])
    """

    def __init__(self, waiting: int, first: Vector) -> None:
        self._samples = deque([first] * (waiting + 1), maxlen=waiting + 1)

    def push(self, sample: Vector) -> None:
        """Add the sample of this control step; the oldest one is dropped."""
        self._samples.append(sample)

    @property
    def delayed(self) -> Vector:
        """The sample that arrives in this control step."""
        return self._samples[0]
