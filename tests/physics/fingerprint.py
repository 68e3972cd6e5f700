"""The hash of an episode with fixed random commands."""

import hashlib
from dataclasses import astuple

import numpy as np

from dmi_sim.env.config import EnvBuild
from dmi_sim.nervous.motor_command import equilibrium_command
from dmi_sim.physics.push import horizontal_push
from dmi_sim.physics.world import World

STEPS = 90


def fingerprint(setup: EnvBuild, world: World) -> str:
    """SHA-256 of every number of every state of a held, pushed, moving infant."""
    random = np.random.default_rng(11)
    push = horizontal_push(3, 1.0, 0.1, 0.1 * setup.infant.mass_kg, 0.3)
    world.reset(world.start, setup.support("waist", 0.4), (push,))
    digest = hashlib.sha256()
    for _ in range(STEPS):
        turn = setup.angle_matrix @ random.uniform(-1, 1, setup.angle_matrix.shape[1])
        command = equilibrium_command(setup.infant.muscles, world.start.angle_rad + turn)
        noise = random.normal(0, 0.1, command.length.size)
        world.begin_control_step(command, noise)
        world.advance(8)
        for value in astuple(world.observe()):
            digest.update(np.asarray(value).tobytes())
    return digest.hexdigest()
