"""The curves of a Hill-type muscle: force over length, over velocity, and of the passive fibre.

Lengths are in optimal fibre lengths, velocities in the largest shortening velocity (positive when
lengthening), forces in the largest isometric force.

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
    """Active isometric force at full activation, about 1 at optimal length: three Gaussians."""
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
    """Force of the unexcited fibre; 0 up to optimal length, 1 at 1.6 of it."""
    if length <= 1.0:
        return 0.0
    return float(np.expm1(_PASSIVE_SHAPE * (length - 1.0) / _PASSIVE_STRAIN) / _PASSIVE_SCALE)


@kernel
def velocity_factor(velocity: float) -> float:
    """Active force over its isometric value: 0 at -1, 1 at rest, 1.8 at +1."""
    x = _D2 * velocity + _D3
    return float(max(0.0, _D1 * np.log(x + np.sqrt(x * x + 1.0)) + _D4))


@kernel
def velocity_slope(velocity: float) -> float:
    """Derivative of :func:`velocity_factor`, never negative."""
    x = _D2 * velocity + _D3
    return float(_D1 * _D2 / np.sqrt(x * x + 1.0))
