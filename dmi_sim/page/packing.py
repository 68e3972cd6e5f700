"""Poses of all frames in few bytes: 280 for an infant, so that a class can follow by wireless."""

import base64

import numpy as np

from dmi_sim.arrays import Vector
from dmi_sim.render.frames import Poses

GRAIN_M = 0.00025
"""Step of a packed position [m]; an infant stays within 8 m of where it began."""
NOTHING = -32768
"""Packed position of a frame that is not to be drawn."""
_LARGEST = 32767


def packed(poses: Poses) -> str:
    """Poses of n frames as base64 of 7 n little-endian 16-bit integers.

    Of each frame x, y, z in :data:`GRAIN_M`, then the quaternion x, y, z, w in 1/32767. A frame
    that is not to be drawn has :data:`NOTHING` as its position.

    >>> packed(Poses(np.zeros((1, 3)), np.array([[0.0, 0.0, 0.0, 1.0]])))
    'AAAAAAAAAAAAAAAA/38='
    """
    hidden = np.isnan(poses.position_m).any(axis=1, keepdims=True)
    steps = np.nan_to_num(poses.position_m / GRAIN_M)
    position = np.where(hidden, NOTHING, np.clip(np.rint(steps), -_LARGEST, _LARGEST))
    rows = np.concatenate((position, np.rint(poses.quaternion * _LARGEST)), axis=1)
    return base64.b64encode(rows.astype("<i2").tobytes()).decode("ascii")


def unpacked(text: str) -> Vector:
    """Rows of position [m] and quaternion that were packed, shape (n, 7); NaN where nothing is."""
    rows = np.frombuffer(base64.b64decode(text), "<i2").reshape(-1, 7).astype(np.float64)
    hidden = rows[:, 0] == NOTHING
    out = np.concatenate((rows[:, :3] * GRAIN_M, rows[:, 3:] / _LARGEST), axis=1)
    out[hidden, :3] = np.nan
    return out
