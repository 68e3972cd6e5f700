"""Episodes with fixed actions, and infants as noisy as a test wants them."""

from dataclasses import replace
from typing import Any

import numpy as np

from dmi_sim.catalog import Catalog
from dmi_sim.env.config import EnvBuild, EnvConfig, build_env
from dmi_sim.env.posture_env import Action, Observation, PostureEnv
from dmi_sim.nervous.sensorimotor import SensoryNoise

Step = tuple[Observation, float, bool, bool, dict[str, Any]]


def play(
    env: PostureEnv, steps: int, seed: int = 3, options: dict[str, Any] | None = None
) -> list[Any]:
    """Observations, rewards and ends of an episode with fixed random actions."""
    observation, _ = env.reset(seed=seed, options=options)
    random = np.random.default_rng(5)
    trace: list[Any] = [observation.tolist()]
    for _ in range(steps):
        action = random.uniform(-1, 1, len(env.action_names)).astype(np.float32)
        observation, reward, terminated, truncated, _ = env.step(action)
        trace.append((observation.tolist(), reward, terminated, truncated))
        if terminated or truncated:
            break
    return trace


def zero_action(env: PostureEnv) -> Action:
    return np.zeros(len(env.action_names), np.float32)


def full(env: PostureEnv, size: float = 1.0) -> Action:
    return np.full(len(env.action_names), size, np.float32)


def last_step(env: PostureEnv, action: Action, steps: int = 400) -> Step:
    """The last of many steps with one action, at the latest that which ends the episode."""
    for _ in range(steps):
        step = env.step(action)
        if step[2] or step[3]:
            return step
    return env.step(action)


def paths(env: PostureEnv, steps: int, options: dict[str, Any]) -> list[list[float]]:
    """Centres of mass of an infant who does nothing of its own accord, one a control step."""
    env.reset(seed=4, options={**options, "steps_after_end": True})
    trace: list[list[float]] = []
    for _ in range(steps):
        env.step(zero_action(env))
        trace.append(env.state.com_m.tolist())
    return trace


def quiet(config: EnvConfig, catalog: Catalog | None = None, *, noise: float = 0.0) -> EnvBuild:
    """As :func:`build_env`, the infant with as much noise in senses and muscles as told."""
    build = build_env(config, catalog)
    own = build.infant.nervous
    calm = replace(
        own, noise=SensoryNoise(*[noise] * 5), motor_noise=(noise,) * len(own.motor_noise)
    )
    return replace(build, infant=replace(build.infant, nervous=calm))
