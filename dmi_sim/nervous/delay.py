"""Senses arrive late: a queue of samples, one for each control step."""

from collections import deque

from dmi_sim.body.arrays import Vector


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
    ticks = round(delay_s * physics_hz)
    waiting, early = divmod(ticks, per_control)
    return per_control - early, waiting


class DelayLine:
    """The last samples, oldest first.

    Args:
        waiting: How many samples are on their way.
        first: What was sensed all along before the start.
    """

    def __init__(self, waiting: int, first: Vector) -> None:
        self._samples = deque([first] * (waiting + 1), maxlen=waiting + 1)

    def push(self, sample: Vector) -> None:
        """Send a sample off."""
        self._samples.append(sample)

    @property
    def arrived(self) -> Vector:
        """The sample that arrives now."""
        return self._samples[0]
