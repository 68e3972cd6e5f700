"""Bullet's own words, past our clients, for tests that compare the two."""

from collections.abc import Generator
from contextlib import contextmanager
from typing import Any

import numpy as np
import pytest

from dmi_sim.arrays import Vector
from dmi_sim.physics.bullet.client import Client
from dmi_sim.physics.bullet.direct_client import DirectClient
from dmi_sim.physics.bullet.engine import BulletEngine, joint_positions
from dmi_sim.physics.coordinates import IS_HINGE
from dmi_sim.physics.engine import Engine
from dmi_sim.physics.episode_arrays import EpisodeArrays
from dmi_sim.physics.pose import Pose
from dmi_sim.physics.support_springs import SupportSprings
from dmi_sim.physics.world import World
from tests.physics.readings import read


def client_of(engine: Engine) -> Client | DirectClient:
    """The client of an engine."""
    assert isinstance(engine, BulletEngine)
    return engine._client  # pyright: ignore[reportPrivateUsage]


def set_moving(engine: BulletEngine, pose: Pose, random: np.random.Generator, speed: float) -> None:
    """Put a body in a pose with random velocities of base [m/s, rad/s] and joints [rad/s]."""
    engine.set_pose(pose)
    joints = [(speed * random.normal(size=1 if hinge else 3)).tolist() for hinge in IS_HINGE]
    client, body = client_of(engine), engine._body  # pyright: ignore[reportPrivateUsage]
    client.set_joints(body, joint_positions(pose.angle_rad), joints)
    linear, angular = (speed * random.normal(size=(2, 3))).tolist()
    client.set_base_velocity(body, linear, angular)


@contextmanager
def plain_bullet() -> Generator[None]:
    """Engines that are made within know no function of Bullet's C interface."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("dmi_sim.physics.bullet.engine.library", lambda: None)
        yield


def link_states(engine: BulletEngine) -> list[Any]:
    """Bullet's ``getLinkStates`` of all links, with velocities; of an engine of pybullet's own."""
    client, body = client_of(engine), engine._body  # pyright: ignore[reportPrivateUsage]
    assert isinstance(client, Client)
    return client._bullet.getLinkStates(  # pyright: ignore[reportPrivateUsage]
        body,
        list(range(14)),
        computeLinkVelocity=1,
        computeForwardKinematics=1,
        physicsClientId=client.id,
    )


def world_com(engine: BulletEngine) -> tuple[Vector, Vector]:
    """Centre of mass [m] and its velocity [m/s] from Bullet's link states."""
    states, (q, u) = link_states(engine), read(engine)
    centres = np.array([q[:3], *(state[0] for state in states)])
    velocities = np.array([u[:3], *(state[6] for state in states)])
    weights = engine.masses.mass_kg / engine.masses.mass_kg.sum()
    return weights @ centres, weights @ velocities


def engine_of(world: World) -> Engine:
    """The engine of a world, to lock its joints or read its platform."""
    return world.engine


def arrays_of(world: World) -> EpisodeArrays:
    """All that the physics steps of the present episode read and write."""
    return world._now.arrays  # pyright: ignore[reportPrivateUsage]


def springs_of(world: World) -> SupportSprings:
    """The contact springs of the hands that hold now."""
    return arrays_of(world).springs


def corrupt(world: World) -> None:
    """Put a number that is none among the positions, so that the next step is a fault."""
    arrays_of(world).q[:] = np.nan
