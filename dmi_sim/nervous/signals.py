"""Signals between a controller and the body: actions within bounds, senses with noise."""

import math

import numpy as np
from numpy.typing import NDArray

from dmi_sim.arrays import Vector
from dmi_sim.kernel import kernel


@kernel
def bring_within(action: Vector, low: float, high: float) -> bool:
    """Bring the numbers of an action within bounds, and tell whether all of them were finite.

    Args:
        action: The action, shape (n,); changed.
        low: Smallest value of each number.
        high: Largest value of each number.

    >>> action = np.array([0.5, -3.0, 1.5])
    >>> bring_within(action, -1.0, 1.0), action.tolist()
    (True, [0.5, -1.0, 1.0])
    """
    are_finite = True
    for i in range(action.size):
        are_finite = are_finite and math.isfinite(action[i])
        action[i] = min(max(action[i], low), high)
    return are_finite


@kernel
def add_noise(
    felt: Vector, noise_sd: Vector, standard_normal: Vector, limit: float, out: NDArray[np.float32]
) -> None:
    """Write what is felt with noise and within a limit; what is not a number stays so.

    Args:
        felt: Numbers without noise, shape (n,).
        noise_sd: Standard deviation of the noise of each, shape (n,).
        standard_normal: Random numbers of a standard normal distribution, shape (n,).
        limit: Largest size of what is written.
        out: The noisy numbers, shape (n,); written.

    >>> out = np.empty(3, np.float32)
    >>> add_noise(np.array([0.5, 4.9, -9.0]), np.full(3, 0.25), np.ones(3), 5.0, out)
    >>> out.tolist()
    [0.75, 5.0, -5.0]
    """
    for i in range(felt.size):
        noisy = felt[i] + noise_sd[i] * standard_normal[i]
        if noisy > limit:
            noisy = limit
        elif noisy < -limit:
            noisy = -limit
        out[i] = noisy
