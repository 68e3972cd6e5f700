"""Noise that changes slowly, as that of senses and muscles does: a first-order autoregression.

Source:
    van der Kooij and Peterka (2011), J. Comput. Neurosci. 30, 759-778, ``vanderkooij2011`` in
    models/references.yaml (recalled): the noise of the senses in standing is strongest at low
    frequencies. That it is of first order, and how fast it changes, is assumed.
"""

import math
from dataclasses import dataclass

from dmi_sim.arrays import Vector


@dataclass(frozen=True)
class SlowNoise:
    """Noise of unit variance whose neighbours in time are alike.

    Attributes:
        kept: Correlation of two steps in a row, 0 to 1; 0 for white noise.
    """

    kept: float

    def after(self, before: Vector | None, drawn: Vector) -> Vector:
        """The noise of a step, shape (n,).

        Args:
            before: The noise of the step before; None at the first.
            drawn: Numbers of a standard normal distribution, shape (n,).

        >>> import numpy as np
        >>> SlowNoise(0.6).after(np.array([1.0]), np.array([0.5])).tolist()
        [1.0]
        """
        if before is None or not self.kept:
            return drawn
        return self.kept * before + math.sqrt(1 - self.kept**2) * drawn


WHITE = SlowNoise(0.0)
"""Noise that forgets from step to step."""


def slow_noise(time_constant_s: float, step_s: float) -> SlowNoise:
    """Noise that forgets by a factor of e in a time constant.

    Args:
        time_constant_s: Time constant [s]; 0 for white noise.
        step_s: Time between two steps [s].

    >>> round(slow_noise(0.2, 1 / 30).kept, 3), slow_noise(0.0, 1 / 30).kept
    (0.846, 0.0)
    """
    return SlowNoise(math.exp(-step_s / time_constant_s) if time_constant_s else 0.0)
