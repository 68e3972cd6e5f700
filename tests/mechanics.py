"""Mechanics computed independently of the package, and runs of a world, for tests."""

from collections.abc import Callable
from dataclasses import replace

import numpy as np

from dmi_sim.anatomy import AXES, AXIS_INDEX
from dmi_sim.arrays import Vector
from dmi_sim.body.kinematics import PARENT, inertial_params
from dmi_sim.env.config import EnvBuild
from dmi_sim.infant import Infant
from dmi_sim.nervous.motor_command import MotorCommand, equilibrium_command
from dmi_sim.physics.pose import Pose
from dmi_sim.physics.push import Push
from dmi_sim.physics.state import State
from dmi_sim.physics.support import Support
from dmi_sim.physics.world import World
from tests.physics.readings import scene_force_n

WorldFactory = Callable[..., tuple[EnvBuild, World]]
"""Function that gives the sitting exercise and a world for an age [months] and a rate [Hz]."""

TICKS = 8
"""Physics steps in a control step: 240 Hz over 30 Hz."""
FALL_TILT_RAD = np.pi / 3
FALL_HEIGHT = 0.6


def in_the_air(pose: Pose) -> Pose:
    """The same pose, too high to reach the floor."""
    return replace(pose, pelvis_pos_world=np.array([0.0, 0.0, 100.0]))


def tone(world: World) -> MotorCommand:
    """The command of an infant with reflexes only, which hold the start pose."""
    return equilibrium_command(world.infant.muscles, world.start.angle_rad)


def run(
    world: World,
    pose: Pose,
    seconds: float,
    hold: Support | None = None,
    pushes: tuple[Push, ...] = (),
    command: MotorCommand | None = None,
) -> list[State]:
    """An episode of one command, :func:`tone` by default: its states at 30 Hz, the start first."""
    world.reset(pose, hold, pushes)
    sent = command or tone(world)
    world.begin_control_step(sent)
    states = [world.observe()]
    for _ in range(round(seconds * 30)):
        world.begin_control_step(sent)
        world.advance(TICKS)
        states.append(world.observe())
    return states


def scattered(build: EnvBuild, world: World, random: np.random.Generator) -> Pose:
    """The start pose with the spread that episodes have."""
    angle = world.start.angle_rad.copy()
    spread = np.radians(build.spec.start.angle_sd_deg)
    angle[build.actuated] += random.normal(0, spread, build.actuated.size)
    return replace(world.start, angle_rad=angle)


def is_down(state: State, start: State) -> bool:
    """Whether an infant has fallen, by the criterion of the sitting exercise."""
    is_low = state.head_height_m < FALL_HEIGHT * start.head_height_m
    return is_low or state.upright_rad > FALL_TILT_RAD


def time_to_fall_s(
    world: World, pose: Pose, longest_s: float = 3.0, command: MotorCommand | None = None
) -> float:
    """The time until an infant falls under one command [s], to 1/120 s; at most ``longest_s``."""
    world.reset(pose)
    world.begin_control_step(command or tone(world))
    start, physics_steps = world.observe(), round(1 / (120 * world.dt_s))
    while world.time_s < longest_s and not is_down(world.observe(), start):
        world.advance(physics_steps)
    return world.time_s


def joint_speed(state: State) -> float:
    """Mean speed of all joint axes [rad/s]."""
    return float(np.abs(state.joint_velocity_rad_s).mean())


def floor_force_n(world: World) -> float:
    """Sum of the normal forces of the floor and what stands on it [N]."""
    return scene_force_n(world.contacts())


def angular_momentum(infant: Infant, state: State) -> Vector:
    """Angular momentum about the centre of mass, world [kg m2/s], by a sum over segments."""
    masses = inertial_params(infant.ordered_segments)
    pos, matrix = state.segment_pos_world, state.segment_matrix_world
    angular_velocity = np.einsum("sij,sj->si", matrix, state.segment_angular_velocity_own)
    com_offset = np.einsum("sij,sj->si", matrix, masses.com_m)
    origin_velocity = np.zeros((15, 3))
    for s in range(1, 15):
        up = int(PARENT[s])
        origin_velocity[s] = origin_velocity[up] + np.cross(angular_velocity[up], pos[s] - pos[up])
    velocity = origin_velocity + np.cross(angular_velocity, com_offset)
    share = masses.mass_kg[:, None] / masses.mass_kg.sum()
    velocity -= (share * velocity).sum(axis=0)
    orbital = np.cross(pos + com_offset - state.com_m, masses.mass_kg[:, None] * velocity)
    own = np.einsum("sij,sj,skj,sk->si", matrix, masses.inertia_kgm2, matrix, angular_velocity)
    return (orbital + own).sum(axis=0)


def mirrored_angles(angle_rad: Vector) -> Vector:
    """The same posture in a mirror that swaps left and right."""

    def twin(label: str) -> int:
        side, _, rest = label.partition("_")
        other = {"left": "right", "right": "left"}.get(side)
        return AXIS_INDEX[f"{other}_{rest}" if other else label]

    signs = [-1 if axis.joint == axis.kind and axis.name != "flexion" else 1 for axis in AXES]
    return np.array(signs) * angle_rad[[twin(axis.label) for axis in AXES]]


def mirrored(pose: Pose) -> Pose:
    """The same pose in a mirror that swaps left and right."""
    return Pose(
        pose.pelvis_pos_world * np.array([1, -1, 1]),
        pose.pelvis_quat_world * np.array([-1, 1, -1, 1]),
        mirrored_angles(pose.angle_rad),
    )
