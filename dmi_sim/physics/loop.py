"""The plain physics loop: one call of the engine after the other, in any engine.

An engine may run the same steps in compiled code, see :mod:`dmi_sim.physics.bullet.compiled_loop`.
What that code does must equal this loop, bit for bit.
"""

from dmi_sim.physics.engine import Engine
from dmi_sim.physics.episode_arrays import (
    LARGEST_JOINT_SPEED_RAD_S,
    Advance,
    EpisodeArrays,
    place_forces,
    record_end,
)
from dmi_sim.physics.neuromuscular import neuromuscular_step
from dmi_sim.records import rows


def advance_plainly(engine: Engine, now: EpisodeArrays, first: int, count: int) -> Advance:
    """Run physics steps one call of the engine at a time.

    Args:
        engine: Engine that holds the body.
        now: Arrays of the episode.
        first: Number of the first step.
        count: Number of steps.
    """
    for step in range(first, first + count):
        torque, speed = neuromuscular_step(now.q, now.u, step, now.muscle, now.history, now.params)
        if not speed < LARGEST_JOINT_SPEED_RAD_S:  # also when it is not a number
            return Advance(step - first, True)
        place_forces(now, step, torque)
        engine.apply_torques(torque)
        _apply_outside_forces(engine, now, step)
        if step < len(now.platform_velocity):
            engine.set_platform_velocity(*now.platform_velocity[step].tolist())
        engine.step()
        engine.read(now.q, now.u)
    return Advance(count, not record_end(now, first + count))


def _apply_outside_forces(engine: Engine, now: EpisodeArrays, step: int) -> None:
    for hand in rows(now.springs.hands):
        segment, pos = int(hand["segment"]), hand["pos"].tolist()
        engine.apply_force(segment, hand["force_n"].tolist(), pos)
        engine.apply_torque(segment, hand["torque_nm"].tolist())
    for push in rows(now.pushes):
        if push["start_s"] <= step * now.params.dt_s < push["end_s"]:
            engine.apply_force(int(push["segment"]), push["force_n"].tolist(), push["pos"].tolist())
