"""The same episode through compiled code and through pybullet, number by number."""

import hashlib
from collections.abc import Callable, Generator, Mapping
from contextlib import contextmanager
from dataclasses import fields
from typing import Any, NamedTuple

import numpy as np

from dmi_sim.env.config import EnvConfig
from dmi_sim.env.posture_env import PostureEnv
from dmi_sim.physics.state import State
from dmi_sim.physics.world import World
from tests.physics.bullet_access import plain_bullet


class Twins(NamedTuple):
    """Two environments that were made alike, but for their way into Bullet."""

    compiled: PostureEnv
    plain: PostureEnv

    def both(self, play: Callable[[PostureEnv], Any]) -> tuple[Any, Any]:
        """What is seen in each, the compiled one first."""
        compiled = play(self.compiled)
        with plain_bullet():  # a reset may build a world
            return compiled, play(self.plain)


@contextmanager
def twins(config: EnvConfig) -> Generator[Twins]:
    """Both environments, closed afterwards."""
    made = Twins(PostureEnv(config), PostureEnv(config))
    made.both(lambda env: env.world)  # each in its own way: it is made where it is first asked for
    yield made
    for env in made:
        env.close()


def digest(*seen: Any) -> str:
    """A hash of every bit of arrays, numbers, texts and states."""
    own = hashlib.sha256()
    for one in seen:
        if isinstance(one, State):
            own.update(digest(*(getattr(one, field.name) for field in fields(one))).encode())
        elif isinstance(one, Mapping):
            own.update(digest(*(part for pair in sorted(one.items()) for part in pair)).encode())
        elif isinstance(one, str):
            own.update(one.encode())
        else:
            own.update(np.asarray(one).tobytes())
    return own.hexdigest()


def all_of(world: World) -> str:
    """A hash of all that a world tells."""
    contacts = [tuple(contact) for contact in world.contacts()]
    centre, load_n = world.pressure()
    felt = (world.proprioception(), world.contact_force(), centre, load_n)
    return digest(world.observe(), *felt, contacts, world.has_physics_fault)


Deed = Callable[[PostureEnv], None]


def other_site(env: PostureEnv) -> str:
    """A site of the exercise that the hands may hold, and do not."""
    now = env.state.support_site
    return next(name for name in env.build.spec.supports if name not in (now, "none"))


def softer(env: PostureEnv) -> None:
    """Less firm hands in the same grip; hands on the second site where there were none."""
    site = env.state.support_site
    chosen = site if site != "none" else other_site(env)
    env.world.change_firmness(env.build.support(chosen, 0.3))


DEEDS: tuple[Deed, ...] = (
    lambda env: None,
    lambda env: env.push("left", 0.5, duration_s=0.05),
    lambda env: env.pull("left_thigh", [3.0, 0.0, 2.0]),
    lambda env: env.push("up", 0.3, "head", 0.1),
    softer,
    lambda env: env.hold(other_site(env), 0.7),
    lambda env: env.pull(None),
    lambda env: env.let_go(),
    lambda env: None,
)


def eventful(env: PostureEnv, **options: Any) -> list[str]:
    """An episode with everything that can be done to an infant: a hash of each control step."""
    observation, info = env.reset(seed=4, options={"steps_after_end": True, **options})
    env.action_space.seed(7)
    seen = [digest(observation, info, all_of(env.world))]
    for deed in DEEDS:
        deed(env)
        observation, *outcome, info = env.step(env.action_space.sample())
        seen.append(digest(observation, outcome, info, env.state, all_of(env.world)))
    return seen
