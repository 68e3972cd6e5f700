"""The physics loop in compiled code, which calls Bullet without Python: :func:`advance_in_bullet`.

Import it only where :func:`.c_api.library` finds Bullet's functions; otherwise the linker of the
compiled code ends the process.
"""

from importlib import import_module
from typing import Any, NamedTuple

import numpy as np

from dmi_sim.arrays import Vector
from dmi_sim.kernel import kernel
from dmi_sim.physics.bullet.c_api import SIGNATURES, TORQUE_CONTROL, WORLD_FRAME, bullet_path
from dmi_sim.physics.coordinates import IS_HINGE, JOINT_U
from dmi_sim.physics.episode_arrays import (
    LARGEST_JOINT_SPEED_RAD_S,
    EpisodeArrays,
    add_forces,
    record_end,
)
from dmi_sim.physics.neuromuscular import neuromuscular_step

import_module("llvmlite.binding").load_library_permanently(bullet_path())
_types: Any = import_module("numba.core.types")
_CODES = {"p": _types.intp, "i": _types.int32, "d": _types.float64, "v": _types.void}


def _external(name: str) -> Any:
    """A function of Bullet that compiled code can call."""
    result, _, arguments = SIGNATURES[name].partition(" ")
    return _types.ExternalFunction(name, _CODES[result](*(_CODES[one] for one in arguments)))


_submit = _external("b3SubmitClientCommandAndWaitStatus")
_step_command = _external("b3InitStepSimulationCommand")
_state_command = _external("b3RequestActualStateCommandInit")
_state = _external("b3GetStatusActualState")
_control_command = _external("b3JointControlCommandInit2")
_set_torque = _external("b3JointControlSetDesiredForceTorqueMultiDof")
_force_command = _external("b3ApplyExternalForceCommandInit")
_set_force = _external("b3ApplyExternalForce")
_set_torque_on_link = _external("b3ApplyExternalTorque")
_pose_command = _external("b3CreatePoseCommandInit")
_set_linear_velocity = _external("b3CreatePoseCommandSetBaseLinearVelocity")
_set_angular_velocity = _external("b3CreatePoseCommandSetBaseAngularVelocity")
_copy = _types.ExternalFunction("memcpy", _types.intp(_types.intp, _types.intp, _types.intp))


class BulletWorld(NamedTuple):
    """A world in Bullet, for compiled code.

    Attributes:
        handle: Handle of the connection.
        body: Id of the infant's body.
        platform: Id of the platform's body; without meaning where there is none.
    """

    handle: int
    body: int
    platform: int


@kernel
def advance_in_bullet(
    world: BulletWorld, now: EpisodeArrays, first: int, count: int
) -> tuple[int, bool]:
    """Run physics steps as :func:`dmi_sim.physics.loop.advance_plainly` does, bit for bit.

    Args:
        world: World that holds the body.
        now: Arrays of the episode.
        first: Number of the first step.
        count: Number of steps.

    Returns:
        What :class:`.Advance` says: steps done, and whether the physics went wrong.
    """
    is_touched = now.springs.hands.size > 0 or now.pushes.size > 0
    for step in range(first, first + count):
        torque, speed = neuromuscular_step(now.q, now.u, step, now.muscle, now.history, now.params)
        if not speed < LARGEST_JOINT_SPEED_RAD_S:  # also when it is not a number
            return step - first, True
        add_forces(now, step, torque)
        _apply_torques(world, torque)
        if is_touched:
            _apply_wrench(world, now)
        if step < now.platform_velocity.shape[0]:
            _move_platform(world, now.platform_velocity[step])
        _step(world)
        read_state(world, now.q, now.u)
    return count, not record_end(now, first + count)


@kernel
def _step(world: BulletWorld) -> None:
    _submit(world.handle, _step_command(world.handle))


@kernel
def read_state(world: BulletWorld, q: Vector, u: Vector) -> None:
    """Write the positions and velocities of the body, joints and pelvis in one request."""
    found = np.empty(2, np.int64)
    status = _submit(world.handle, _state_command(world.handle, world.body))
    if not _state(status, 0, 0, 0, 0, found.ctypes.data, found.ctypes.data + 8, 0):
        q[:] = u[:] = np.nan  # a physics fault, not an address that leads nowhere
        return
    _copy(q.ctypes.data, found[0], 8 * q.size)
    _copy(u.ctypes.data, found[1], 8 * u.size)


@kernel
def _apply_torques(world: BulletWorld, torque: Vector) -> None:
    command = _control_command(world.handle, world.body, TORQUE_CONTROL)
    for j in range(JOINT_U.size):
        at = torque.ctypes.data + 8 * (JOINT_U[j] - 6)
        _set_torque(command, JOINT_U[j], at, 1 if IS_HINGE[j] else 3)
    _submit(world.handle, command)


@kernel
def _apply_wrench(world: BulletWorld, now: EpisodeArrays) -> None:
    """Apply a force and a torque to the pelvis, each in a command of its own.

    Bullet's function for a second one in the same command writes over the first.
    """
    force = now.wrench.ctypes.data
    command = _force_command(world.handle)
    _set_force(command, world.body, -1, force, now.q.ctypes.data, WORLD_FRAME)
    _submit(world.handle, command)
    command = _force_command(world.handle)
    _set_torque_on_link(command, world.body, -1, force + 24, WORLD_FRAME)
    _submit(world.handle, command)


@kernel
def _move_platform(world: BulletWorld, velocity: Vector) -> None:
    command = _pose_command(world.handle, world.platform)
    _set_linear_velocity(command, velocity[0].ctypes.data)
    _set_angular_velocity(command, velocity[1].ctypes.data)
    _submit(world.handle, command)
