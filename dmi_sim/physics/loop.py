"""The plain physics loop: one call of the engine after the other, in any engine.

An engine may run the same steps in compiled code, see :mod:`dmi_sim.physics.bullet.compiled_loop`.
What that code does must equal this loop, bit for bit.
"""

from dmi_sim.anatomy import PELVIS
from dmi_sim.physics.engine import Engine
from dmi_sim.physics.episode_arrays import (
    LARGEST_JOINT_SPEED_RAD_S,
    Advance,
    EpisodeArrays,
    add_forces,
    record_end,
)
from dmi_sim.physics.neuromuscular import neuromuscular_step


def advance_plainly(engine: Engine, now: EpisodeArrays, first: int, count: int) -> Advance:
    """Run physics steps one call of the engine at a time.

    Args:
        engine: Engine that holds the body.
        now: Arrays of the episode.
        first: Number of the first step.
        count: Number of steps.
    """
    is_touched = now.springs.hands.size > 0 or now.pushes.size > 0
    for step in range(first, first + count):
        torque, speed = neuromuscular_step(now.q, now.u, step, now.muscle, now.history, now.params)
        if not speed < LARGEST_JOINT_SPEED_RAD_S:  # also when it is not a number
            return Advance(step - first, True)
        add_forces(now, step, torque)
        engine.apply_torques(torque)
        if is_touched:
            force, moment = now.wrench.tolist()
            engine.apply_force(PELVIS, force, now.q[:3].tolist())
            engine.apply_torque(PELVIS, moment)
        if step < len(now.platform_velocity):
            engine.set_platform_velocity(*now.platform_velocity[step].tolist())
        engine.step()
        engine.read(now.q, now.u)
    return Advance(count, not record_end(now, first + count))
