"""Recordings with known answers."""

from dataclasses import replace
from typing import Any

import numpy as np

from dmi_sim.assess.recording import Recording


def recording(steps: int = 60, hands: int = 1, **changes: Any) -> Recording:
    """An infant that sits still at 30 Hz, the start and ``steps`` control steps."""
    count = steps + 1
    still = Recording(
        time_s=np.arange(count) / 30,
        segment_pos_world=np.zeros((count, 15, 3)),
        segment_quat_world=np.tile([0.0, 0.0, 0.0, 1.0], (count, 15, 1)),
        com_m=np.tile([0.0, 0.0, 0.2], (count, 1)),
        head_height_m=np.full(count, 0.4),
        upright_rad=np.zeros(count),
        support_force_n=np.zeros(count),
        support_share=np.zeros(count),
        hand_pos_world=np.zeros((count, hands, 3)),
        hand_force_world=np.zeros((count, hands, 3)),
        nudge_force_world=np.zeros((count, 3)),
        activation_rms=np.zeros(count),
        control_hz=30,
        fell=False,
        physics_fault=False,
    )
    return replace(still, **changes)
