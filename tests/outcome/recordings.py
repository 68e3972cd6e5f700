"""Recordings with known answers."""

from dataclasses import replace
from math import nan
from typing import Any

import numpy as np

from dmi_sim.arrays import Vector
from dmi_sim.recording import Recording

MUSCLES = ("left_multifidus", "right_multifidus", "left_rectus_abdominis", "left_soleus")
SEAT = np.array(
    [(0, x, y, 0.03, 0.03) for x in (-0.1, 0.1) for y in (-0.06, 0.06)]
    + [(4, 0.0, 0.0, 0.3, 0.05), (0, 0.0, 0.0, 0.1, 0.05)]
)
"""Four spheres of the pelvis on the floor, 20 x 12 cm; a skull, and a belly higher up."""


def recording(steps: int = 60, hands: int = 1, **changes: Any) -> Recording:
    """An infant that sits still at 30 Hz, the start and ``steps`` control steps."""
    count = steps + 1
    at_rest = Recording(
        time_s=np.arange(count) / 30,
        segment_pos_world=np.zeros((count, 15, 3)),
        segment_quat_world=np.tile([0.0, 0.0, 0.0, 1.0], (count, 15, 1)),
        com_m=np.tile([0.0, 0.0, 0.2], (count, 1)),
        head_height_m=np.full(count, 0.4),
        upright_rad=np.zeros(count),
        support_force_n=np.zeros(count),
        support_share=np.zeros(count),
        support_pos_world=np.zeros((count, hands, 3)),
        support_force_world=np.zeros((count, hands, 3)),
        support_site=np.full(count, "axillae" if hands else "none"),
        support_strength=np.full(count, float(hands > 0)),
        push_force_world=np.zeros((count, 3)),
        activation_rms=np.zeros(count),
        activation=np.zeros((count, len(MUSCLES)), dtype=np.float32),
        muscle_names=np.array(MUSCLES),
        joint_angle_rad=np.zeros((count, 34)),
        joint_velocity_rad_s=np.zeros((count, 34)),
        com_velocity_m_s=np.zeros((count, 3)),
        cop_m=np.zeros((count, 3)),
        contact_force=np.tile(np.eye(15)[0], (count, 1)),
        contact_spheres=SEAT,
        platform=np.zeros((count, 4)),
        support_work_j=np.zeros((count, 2)),
        muscle_work_j=np.zeros((count, 2)),
        mass_kg=8.0,
        stride_hz=nan,
        control_hz=30,
        fell=False,
        is_success=True,
        completion=1.0,
        physics_fault=False,
    )
    return replace(at_rest, **changes)


def swing(metres: float, hz: float, steps: int = 300) -> Vector:
    """A sine over time at 30 Hz, shape (steps + 1,)."""
    return metres * np.sin(2 * np.pi * hz * np.arange(steps + 1) / 30)


def swaying(forward: Vector, left: Vector) -> Vector:
    """Positions on the floor, shape (T, 3)."""
    return np.stack([forward, left, np.zeros_like(left)], axis=1)
