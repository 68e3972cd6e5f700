"""The plain physics loop: one call of the engine after the other, in any engine.

An engine may run the same steps in compiled code, see :mod:`dmi_sim.physics.bullet.compiled_loop`.
What that code does must equal this loop, bit for bit.
"""

from dmi_sim.physics.engine import Engine
from dmi_sim.physics.episode_arrays import (
    LARGEST_JOINT_SPEED_RAD_S,
    Advance,
    EpisodeArrays,
    place_outside_forces,
    record_end,
)
from dmi_sim.physics.neuromuscular import neuromuscular_step
from dmi_sim.physics.push import acts_at


def advance_plainly(engine: Engine, now: EpisodeArrays, first: int, count: int) -> Advance:
    """Run physics steps one call of the engine at a time.

    Args:
        engine: Engine that holds the body.
        now: Arrays of the episode.
        first: Number of the first step.
        count: Number of steps.
    """
    force_sum_n = 0.0
    for step in range(first, first + count):
        torque, speed = neuromuscular_step(now.q, now.u, step, now.muscle, now.history, now.params)
        if not speed < LARGEST_JOINT_SPEED_RAD_S:  # also when it is not a number
            return Advance(step - first, force_sum_n, True)
        engine.apply_torques(torque)
        force_sum_n += place_outside_forces(now, step)
        _apply_outside_forces(engine, now, step)
        if step < len(now.platform_velocity):
            engine.set_platform_velocity(*now.platform_velocity[step].tolist())
        engine.step()
        engine.read(now.q, now.u)
    return Advance(count, force_sum_n, not record_end(now, first + count))


def _apply_outside_forces(engine: Engine, now: EpisodeArrays, step: int) -> None:
    springs, pushes = now.springs, now.pushes
    for segment, wrench in zip(springs.segments.tolist(), springs.wrench.tolist(), strict=True):
        engine.apply_force(segment, wrench[:3], wrench[6:])
        engine.apply_torque(segment, wrench[3:6])
    for k, segment in enumerate(pushes.segment.tolist()):
        if acts_at(pushes, k, step * now.params.dt_s):
            engine.apply_force(
                segment, pushes.force_world[k].tolist(), pushes.pos_world[k].tolist()
            )
