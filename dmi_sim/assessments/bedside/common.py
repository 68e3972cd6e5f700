"""What all bedside tests share: poses, the examiner's firm hands, and a run with samples."""

from collections.abc import Generator
from contextlib import contextmanager
from dataclasses import replace
from typing import Literal

import numpy as np

from dmi_sim.anatomy import SEGMENTS, Region
from dmi_sim.arrays import Vector
from dmi_sim.body.rotation import quaternion_of
from dmi_sim.infant import Infant
from dmi_sim.nervous.motor_command import SILENT_LENGTH, MotorCommand, equilibrium_command
from dmi_sim.physics.pose import Pose
from dmi_sim.physics.state import State
from dmi_sim.physics.support import SupportAttachment
from dmi_sim.physics.world import World

Side = Literal["left", "right"]

PHYSICS_HZ = 240
SAMPLE_HZ = 60
"""How often the examiner series_styles."""
GRIP_PER_S = 200.0
"""Natural frequency of the held segment alone in firm hands [rad/s]: gives by millimetres."""
HELD_AT = 3.0
"""Height in the air at which an infant is held, in body lengths: no part reaches the floor."""

SUPINE, PRONE = (0.0, -np.pi / 2, 0.0), (0.0, np.pi / 2, 0.0)
"""Rotation vectors of the pelvis from upright [rad]."""

SEGMENT: dict[str, int] = {place.name: index for index, place in enumerate(SEGMENTS)}
"""SegmentNode of a segment such as ``left_thigh`` in arrays over segments."""


def turned(angle_rad: Vector, turn_rad: tuple[float, float, float], height_m: float) -> Pose:
    """A pose of the body turned as a whole.

    Args:
        angle_rad: Anatomical angles [rad], shape (34,).
        turn_rad: Rotation vector of the pelvis from upright, world (x forward, y left, z up) [rad].
        height_m: Of the pelvis above the floor [m].
    """
    return Pose(np.array([0.0, 0.0, height_m]), quaternion_of(np.array(turn_rad)), angle_rad)


def align_midsagittal(pose: Pose) -> Pose:
    """The same pose without the roll, yaw and sideways shift that settling on the floor left.

    A head that is balanced by reflexes alone topples to one side if anything lets it.
    """
    x, _, z = pose.pelvis_pos_world
    _, along_y, _, real = pose.pelvis_quat_world
    pitch = 2 * float(np.arctan2(along_y, real))
    quat = quaternion_of(np.array([0.0, pitch, 0.0]))
    return Pose(np.array([x, 0.0, z]), quat, pose.angle_rad)


def firm_support(
    infant: Infant, segment: str, along: float, *, turns: bool = False
) -> SupportAttachment:
    """A hand that keeps a point of a segment where it wants it.

    Args:
        infant: Who is held.
        segment: Name of the segment.
        along: Where on its long axis, 0 at its joint to the parent, 1 at its other end.
        turns: Whether the segment may turn in the hand; else the hand keeps its orientation too.
    """
    part = infant.segments[segment]
    inertia = min(part.inertia_kgm2) + part.inertia_floor_kgm2
    point = 2 * along * np.array(part.com_m) if along else np.zeros(3)
    lever = float(np.linalg.norm(point - np.array(part.com_m)))
    mass = 1 / (1 / part.mass_kg + lever**2 / inertia)
    angular_velocities = 0.0 if turns else 1.0
    return SupportAttachment(
        SEGMENT[segment],
        point,
        _spring_law(mass),
        angular_velocities * _spring_law(inertia) + _NO_TORQUE,
    )


_NO_TORQUE = np.array([0.0, 0.0, 1e-12, 0.0])


def _spring_law(inertia: float) -> Vector:
    """Stiffness, critical damping, bound of what is felt and no cap, for a mass or an inertia."""
    return np.array([GRIP_PER_S**2 * inertia, 2 * GRIP_PER_S * inertia, 0.5 * inertia, 1e9])


@contextmanager
def world_of(infant: Infant, start: Pose, physics_hz: int) -> Generator[World]:
    """A world that is closed in the end.

    Yields:
        The infant, settled on the floor in a pose.
    """
    world = World(infant, start, physics_hz)
    try:
        yield world
    finally:
        world.close()


def watch(world: World, command: MotorCommand, seconds: float) -> list[State]:
    """What happens under one command: states 60 times a second, the last one at the end.

    Args:
        world: After its reset.
        command: To the muscles, all along, without noise.
        seconds: How long to watch.
    """
    physics_steps = round(1 / (SAMPLE_HZ * world.dt_s))
    states: list[State] = []
    for _ in range(round(seconds * SAMPLE_HZ)):
        world.begin_control_step(command)
        world.advance(physics_steps)
        states.append(world.state(physics_steps))
    return states


def hold_except(infant: Infant, angle_rad: Vector, *relaxed: Region) -> MotorCommand:
    """Hold angles through the stretch reflex, but let some parts of the body go.

    Args:
        infant: Who.
        angle_rad: Anatomical angles to hold [rad], shape (34,).
        relaxed: Parts whose muscles get no command.
    """
    command = equilibrium_command(infant.muscles, angle_rad)
    asleep = np.array([part in relaxed for part in infant.muscles.regions])
    return replace(command, length=np.where(asleep, SILENT_LENGTH, command.length))


def elevation_rad(direction_world: Vector) -> float:
    """How far a direction points above the horizontal [rad], from -pi/2 to pi/2."""
    return float(np.arctan2(direction_world[2], np.hypot(*direction_world[:2])))
