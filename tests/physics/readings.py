"""What an engine tells of its body: coordinates, joints, segments and the whole of it."""

from collections.abc import Mapping
from typing import Any

import numpy as np

from dmi_sim.arrays import Vector
from dmi_sim.physics.body_state import SegmentKinematics, body_state, segment_motion
from dmi_sim.physics.coordinates import N_Q, N_U, unpack_joints
from dmi_sim.physics.engine import Contact, Engine
from dmi_sim.records import rows


def read(engine: Engine) -> tuple[Vector, Vector]:
    """Generalised positions (51,) and velocities (40,) now."""
    q, u = np.full(N_Q, np.nan), np.full(N_U, np.nan)
    engine.read(q, u)
    return q, u


def joints(engine: Engine) -> tuple[Vector, Vector, Vector, Vector]:
    """Angles and rates (34,), child quaternions (14, 4) and child angular velocities (14, 3)."""
    return unpack_joints(*read(engine))[:4]


def segments(engine: Engine) -> SegmentKinematics:
    """Positions and velocities of all segments now."""
    masses = engine.masses
    return segment_motion(*read(engine), masses.com_m[0], masses.joint_m)


def body(engine: Engine) -> Mapping[str, Any]:
    """The whole body now, by the names of ``BodyState``."""
    return rows(body_state(*read(engine), engine.masses))[0]


def scene_force_n(contacts: list[Contact]) -> float:
    """Sum of the normal forces of floor, platform and furniture [N]."""
    return sum(contact.normal_force_n for contact in contacts if not contact.is_own)
