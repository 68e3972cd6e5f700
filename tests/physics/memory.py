"""What an infant who has long been still remembers, for tests of the neuromuscular step."""

import numpy as np

from dmi_sim.arrays import Vector
from dmi_sim.muscle.force import FibreMotion
from dmi_sim.muscle.groups import Muscles
from dmi_sim.physics.neuromuscular import JointMotion, MotionHistory
from dmi_sim.physics.predicted_damping import no_last_step
from dmi_sim.records import record_rows


def lain_still(muscles: Muscles, angle: Vector, rows: int = 40) -> MotionHistory:
    """The past of an infant who has long been at these angles."""
    lengths = {"length": muscles.length_at(angle), "velocity": np.zeros(len(muscles.names))}
    return MotionHistory(
        fibre=record_rows(FibreMotion, lengths, rows),
        joint=record_rows(JointMotion, {"angle_rad": angle, "rate_rad_s": 0.0}, rows),
        last=no_last_step(),
    )
