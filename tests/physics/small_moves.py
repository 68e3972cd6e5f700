"""Small moves of a body, for tests of the work that torques and forces do."""

import numpy as np

from dmi_sim.arrays import Vector
from dmi_sim.body.rotation import conjugate, product, rotation_vector_of
from dmi_sim.physics.body_state import SegmentKinematics, segment_motion
from dmi_sim.physics.coordinates import IS_HINGE, JOINT_Q, JOINT_U, N_Q, N_U
from dmi_sim.physics.pose import Pose
from dmi_sim.physics.world import World


def generalised(world: World, pose: Pose) -> tuple[Vector, Vector]:
    """Generalised positions and velocities of a pose."""
    world.engine.set_pose(pose)
    q, u = np.empty(N_Q), np.empty(N_U)
    world.engine.read(q, u)
    return q, u


def joint_way(before: Vector, after: Vector) -> Vector:
    """How far the joints turn from one place to another, conjugate to their torques [rad]."""
    out = np.zeros(N_U - 6)
    for j, is_hinge in enumerate(IS_HINGE):
        at, moving = JOINT_Q[j], JOINT_U[j] - 6
        if is_hinge:
            out[moving] = after[at] - before[at]
        else:
            turn = product(conjugate(before[at : at + 4]), after[at : at + 4])
            out[moving : moving + 3] = rotation_vector_of(turn)
    return out


def at_rest(world: World, pose: Pose) -> SegmentKinematics:
    masses = world.engine.masses
    return segment_motion(*generalised(world, pose), masses.com_m[0], masses.joint_m)
