"""Start poses that have come to rest on their scene, each settled once in a process."""

from collections import OrderedDict
from dataclasses import dataclass

import numpy as np

from dmi_sim.infant import Infant
from dmi_sim.physics.body_state import segment_motion
from dmi_sim.physics.coordinates import N_Q, N_U
from dmi_sim.physics.engine import Engine
from dmi_sim.physics.pose import Pose, lifted_out, standing_on_floor

LARGEST_CACHE = 64
"""Settled starts that are kept, the latest; each is some hundred bytes and took a third of a
second."""


@dataclass(frozen=True)
class _Settled:
    """A settled start, and the infant that was settled."""

    infant: Infant
    start: Pose


_cache: OrderedDict[tuple[object, ...], _Settled] = OrderedDict()


def settled_start(engine: Engine, pose: Pose) -> Pose:
    """What :func:`settled` gives, from memory where the same infant was settled before.

    Args:
        engine: Engine with the body.
        pose: Pose whose joint angles are kept.
    """
    key = _key(engine, pose)
    known = _cache.get(key)
    if known is None or known.infant != engine.infant:
        known = _Settled(engine.infant, settled(engine, pose))
        _cache[key] = known
    _cache.move_to_end(key)
    if len(_cache) > LARGEST_CACHE:
        _cache.popitem(last=False)
    return known.start


def _key(engine: Engine, pose: Pose) -> tuple[object, ...]:
    arrays = (pose.pelvis_pos_world, pose.pelvis_quat_world, pose.angle_rad)
    where = (type(engine), engine.scene, engine.dt_s)
    return (engine.infant.config, *(array.tobytes() for array in arrays), *where)


def settled(engine: Engine, pose: Pose, seconds: float = 0.5) -> Pose:
    """The pose in which a rigid body with these joint angles comes to rest on its scene.

    Args:
        engine: Engine with the body; rebuilt afterwards.
        pose: Pose whose joint angles are kept; the pelvis comes to rest.
        seconds: Time to come to rest [s].
    """
    placed = standing_on_floor(pose, engine.infant, engine.masses.joint_m, engine.scene)
    engine.set_pose(placed)
    engine.freeze_joints(placed)
    engine.use_high_accuracy_solver()
    for _ in range(round(seconds / engine.dt_s)):
        engine.step()
    q, u = np.empty(N_Q), np.empty(N_U)
    engine.read(q, u)
    motion = segment_motion(q, u, engine.masses.com_m[0], engine.masses.joint_m)
    engine.rebuild()
    rested = Pose(motion.pos[0].copy(), motion.quat[0].copy(), pose.angle_rad)
    return lifted_out(rested, engine.infant, engine.masses.joint_m, engine.scene)
