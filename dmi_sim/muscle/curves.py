"""The curves of a Hill-type muscle: force-length, force-velocity and the passive fibre.

All quantities are dimensionless: lengths over the optimal fibre length, velocities over the maximum
shortening velocity (positive when lengthening), forces over the maximum isometric force.

Source:
    De Groote, Kinney, Rao & Fregly (2016), Ann. Biomed. Eng. 44, 2922-2936, equations of the
    appendix; ``degroote2016`` in models/references.yaml.
"""

import numpy as np

from dmi_sim.kernel import kernel

_PASSIVE_STRAIN, _PASSIVE_SHAPE = 0.6, 4.0
_D1, _D2, _D3, _D4 = -0.318, -8.149, -0.374, 0.886
_PASSIVE_SCALE = float(np.expm1(_PASSIVE_SHAPE))


@kernel
def active_length_factor(length: float) -> float:
    """Active isometric force at full activation over its maximum [1]: the force-length curve.

    Args:
        length: Fibre length over optimal [1].

    >>> round(active_length_factor(1.0), 3), round(active_length_factor(0.7), 3)
    (0.994, 0.675)
    """
    # Sum of three Gaussians b1 exp(-((l - b2) / (b3 + b4 l))^2 / 2).
    wide = (length - 1.06) / (0.162 + 0.0633 * length)
    left = (length - 0.717) / (-0.0299 + 0.200 * length)
    tall = (length - 1.0) / 0.354
    return float(
        0.814 * np.exp(-0.5 * wide * wide)
        + 0.433 * np.exp(-0.5 * left * left)
        + 0.100 * np.exp(-0.5 * tall * tall)
    )


@kernel
def passive_force_factor(length: float) -> float:
    """Force of the passive fibre over the maximum isometric force [1]; 1 at 1.6 optimal lengths.

    Args:
        length: Fibre length over optimal [1].

    >>> passive_force_factor(0.9), round(passive_force_factor(1.6), 3)
    (0.0, 1.0)
    """
    # (exp(k (l - 1) / e) - 1) / (exp(k) - 1) with strain e = 0.6 and shape k = 4.
    if length <= 1.0:
        return 0.0
    return float(np.expm1(_PASSIVE_SHAPE * (length - 1.0) / _PASSIVE_STRAIN) / _PASSIVE_SCALE)


@kernel
def velocity_factor(velocity: float) -> float:
    """Active force over its isometric value [1]: the force-velocity curve.

    Args:
        velocity: Fibre velocity over the maximum shortening velocity, lengthening is positive [1].

    >>> [round(velocity_factor(v), 2) for v in (-1.0, 0.0, 1.0)]
    [0.01, 1.0, 1.79]
    """
    # d1 ln(x + sqrt(x^2 + 1)) + d4 with x = d2 v + d3; a fibre pulls and never pushes.
    x = _D2 * velocity + _D3
    return float(max(0.0, _D1 * np.log(x + np.sqrt(x * x + 1.0)) + _D4))


@kernel
def velocity_slope(velocity: float) -> float:
    """Slope of the force-velocity curve [1]: the derivative of :func:`velocity_factor`.

    Args:
        velocity: Fibre velocity over the maximum shortening velocity, lengthening is positive [1].

    >>> round(velocity_slope(0.0), 2)
    2.43
    """
    x = _D2 * velocity + _D3
    return float(_D1 * _D2 / np.sqrt(x * x + 1.0))
