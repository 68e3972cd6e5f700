"""Bullet's own words, past our client, for tests that compare the two."""

from typing import Any

import numpy as np

from dmi_sim.arrays import Vector
from dmi_sim.physics.bullet.client import Client
from dmi_sim.physics.bullet.engine import Engine, joint_positions
from dmi_sim.physics.neuromuscular import IS_HINGE
from dmi_sim.physics.pose import Pose
from dmi_sim.physics.support_springs import SupportSprings
from dmi_sim.physics.world import World


def client_of(engine: Engine) -> Client:
    """The client of an engine."""
    return engine._client  # pyright: ignore[reportPrivateUsage]


def set_moving(engine: Engine, pose: Pose, random: np.random.Generator, speed: float) -> None:
    """Put a body in a pose with random velocities of base [m/s, rad/s] and joints [rad/s]."""
    engine.set_pose(pose)
    joints = [(speed * random.normal(size=1 if hinge else 3)).tolist() for hinge in IS_HINGE]
    client, body = client_of(engine), engine._body  # pyright: ignore[reportPrivateUsage]
    client.set_joints(body, joint_positions(pose.angle_rad), joints)
    linear, angular = (speed * random.normal(size=(2, 3))).tolist()
    client.set_base_velocity(body, linear, angular)


def link_states(engine: Engine) -> list[Any]:
    """Bullet's ``getLinkStates`` of all links, with velocities."""
    client, body = client_of(engine), engine._body  # pyright: ignore[reportPrivateUsage]
    return client._bullet.getLinkStates(  # pyright: ignore[reportPrivateUsage]
        body,
        list(range(14)),
        computeLinkVelocity=1,
        computeForwardKinematics=1,
        physicsClientId=client.id,
    )


def world_com(states: list[Any], base: Vector, mass_kg: Vector) -> tuple[Vector, Vector]:
    """Centre of mass [m] and its velocity [m/s] from Bullet's link and base states."""
    centres = np.array([base[:3], *(state[0] for state in states)])
    velocities = np.array([base[7:10], *(state[6] for state in states)])
    weights = mass_kg / mass_kg.sum()
    return weights @ centres, weights @ velocities


def engine_of(world: World) -> Engine:
    """The engine of a world, to lock its joints or read its platform."""
    return world._engine  # pyright: ignore[reportPrivateUsage]


def springs_of(world: World) -> SupportSprings:
    """The contact springs of the hands that hold now."""
    return world._now.springs  # pyright: ignore[reportPrivateUsage]
