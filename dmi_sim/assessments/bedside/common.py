"""Shared by all bedside tests: poses, the examiner's firm hands, and sampled simulation."""

from collections.abc import Generator
from contextlib import contextmanager
from dataclasses import replace
from typing import Literal, TypeAlias

import numpy as np

from dmi_sim.anatomy import SEGMENT_INDEX, Region
from dmi_sim.arrays import Vector
from dmi_sim.body.rotation import quaternion_of
from dmi_sim.infant import Infant
from dmi_sim.nervous.motor_command import SILENT_LENGTH, MotorCommand, equilibrium_command
from dmi_sim.physics.pose import Pose
from dmi_sim.physics.state import State
from dmi_sim.physics.support import SupportAttachment
from dmi_sim.physics.world import World

BodySide: TypeAlias = Literal["left", "right"]

PHYSICS_HZ = 240
SAMPLE_HZ = 60
"""Rate at which states are sampled [1/s]."""
SUPPORT_RAD_PER_S = 200.0
"""Natural frequency of a supported segment alone in firm hands; they give by millimetres."""
HEIGHT_IN_AIR = 3.0
"""Height at which an infant is held in the air, in body lengths: no segment reaches the floor."""

SUPINE, PRONE = (0.0, -np.pi / 2, 0.0), (0.0, np.pi / 2, 0.0)
"""Rotation vectors of the pelvis from upright [rad]."""


def rotated_pose(
    angle_rad: Vector, rotation_rad: tuple[float, float, float], height_m: float
) -> Pose:
    """A pose of the body rotated as a whole.

    Args:
        angle_rad: Anatomical angles [rad], shape (34,).
        rotation_rad: Rotation vector of the pelvis from upright, world (x forward, y left, z up)
            [rad].
        height_m: Height of the pelvis above the floor [m].
    """
    pelvis = np.array([0.0, 0.0, height_m])
    return Pose(pelvis, quaternion_of(np.array(rotation_rad)), angle_rad)


def align_midsagittal(pose: Pose) -> Pose:
    """The same pose without the roll, yaw and sideways shift left by settling.

    A head that is balanced by reflexes alone topples sideways after the smallest asymmetry.
    """
    x, _, z = pose.pelvis_pos_world
    _, along_y, _, real = pose.pelvis_quat_world
    pitch = 2 * float(np.arctan2(along_y, real))
    quat = quaternion_of(np.array([0.0, pitch, 0.0]))
    return Pose(np.array([x, 0.0, z]), quat, pose.angle_rad)


def firm_support(
    infant: Infant, segment: str, along: float, *, can_turn: bool = False
) -> SupportAttachment:
    """A hand that keeps a point of a segment in place.

    Args:
        infant: The infant to support.
        segment: Name of the segment, such as ``left_forearm``.
        along: Position on its long axis, from 0 at its joint to the parent to 1 at its other end.
        can_turn: Whether the segment may turn in the hand; if not, the hand fixes its orientation.
    """
    held = infant.segments[segment]
    inertia = min(held.inertia_kgm2) + held.inertia_floor_kgm2
    point = 2 * along * np.array(held.com_m) if along else np.zeros(3)
    lever = float(np.linalg.norm(point - np.array(held.com_m)))
    mass = 1 / (1 / held.mass_kg + lever**2 / inertia)
    torque = 0.0 if can_turn else 1.0
    return SupportAttachment(
        SEGMENT_INDEX[segment],
        point,
        _spring_params(mass),
        torque * _spring_params(inertia) + _NO_TORQUE,
    )


_NO_TORQUE = np.array([0.0, 0.0, 1e-12, 0.0])


def _spring_params(inertia: float) -> Vector:
    """Stiffness, critical damping, damping bound and no force cap, for a mass or an inertia."""
    rate = SUPPORT_RAD_PER_S
    return np.array([rate**2 * inertia, 2 * rate * inertia, 0.5 * inertia, 1e9])


@contextmanager
def world_of(infant: Infant, start: Pose, physics_hz: int) -> Generator[World]:
    """A world with an infant in it, closed when the context ends.

    Args:
        infant: The infant.
        start: Pose from which the infant settles on the floor.
        physics_hz: Physics steps per second.

    Yields:
        The world after the infant has settled.
    """
    world = World(infant, start, physics_hz)
    try:
        yield world
    finally:
        world.close()


def simulate(world: World, command: MotorCommand, seconds: float) -> list[State]:
    """States under a constant command, sampled 60 times a second up to the end.

    Args:
        world: A world after its reset.
        command: Command to the muscles, without noise.
        seconds: Duration [s].
    """
    physics_steps = round(1 / (SAMPLE_HZ * world.dt_s))
    states: list[State] = []
    for _ in range(round(seconds * SAMPLE_HZ)):
        world.begin_control_step(command)
        world.advance(physics_steps)
        states.append(world.observe())
    return states


def hold_except(infant: Infant, angle_rad: Vector, *silent: Region) -> MotorCommand:
    """The command that holds angles through the stretch reflex, some regions left silent.

    Args:
        infant: The infant.
        angle_rad: Anatomical angles to hold [rad], shape (34,).
        silent: Regions of the body whose muscles get no command.
    """
    command = equilibrium_command(infant.muscles, angle_rad)
    is_silent = np.array([region in silent for region in infant.muscles.regions])
    return replace(command, length=np.where(is_silent, SILENT_LENGTH, command.length))


def elevation_rad(direction_world: Vector) -> float:
    """The elevation of a direction above the horizontal [rad], from -pi/2 to pi/2.

    Args:
        direction_world: Direction of any length in the world (z up), shape (3,).

    >>> elevation_rad(np.array([3.0, 4.0, 0.0]))
    0.0
    """
    return float(np.arctan2(direction_world[2], np.hypot(*direction_world[:2])))
