"""Activation of all muscles at every physics step of an episode, as electrodes would show it."""

from collections.abc import Generator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import numpy as np

from dmi_sim.arrays import Vector
from dmi_sim.env.posture_env import PostureEnv, Voluntary
from dmi_sim.nervous.motor_command import MotorCommand
from dmi_sim.physics.state import State
from dmi_sim.physics.world import World
from dmi_sim.rollout.recorder import ZeroAction
from dmi_sim.training.policy import Policy


@dataclass(frozen=True)
class EmgTrace:
    """What electrodes show of one episode.

    Attributes:
        time_s: Ends of the physics steps [s], shape (t,).
        activation: Of the muscles [0..1], shape (t, n).
        fell_at_s: When the infant fell by the rules of the exercise [s]; infinite if it did not.
        has_physics_fault: Whether the physics went wrong.
    """

    time_s: Vector
    activation: Vector
    fell_at_s: float
    has_physics_fault: bool


def record(
    env: PostureEnv,
    policy: Policy | None,
    seed: int,
    span_s: tuple[float, float],
    options: Mapping[str, Any],
) -> EmgTrace:
    """Play an episode from its start and record a span of it.

    A fall does not end it, for muscles go on.

    Args:
        env: Where; it stays open.
        policy: What acts; None for reflexes only (zero action).
        seed: Of the start and of all noise.
        span_s: From when to when muscles are to_recording [s]; up to the next whole control step.
        options: Of the reset.
    """
    actor = policy or ZeroAction(np.zeros(env.action_space.shape or (), dtype=np.float32))
    observation, _ = env.reset(seed=seed, options=options)
    fell_at_s, rate = np.inf, env.build.spec.control_hz
    with _electrodes(env.world, span_s[0]) as (time_s, seen):
        for _ in range(int(np.ceil(span_s[1] * rate - 1e-9))):
            observation, _, has_fallen, _, _ = env.step(actor.predict(observation))
            fell_at_s = min(fell_at_s, env.state.time_s if has_fallen else np.inf)
            if env.world.has_physics_fault:
                break
    return EmgTrace(np.array(time_s), np.array(seen), fell_at_s, env.world.has_physics_fault)


@contextmanager
def _electrodes(world: World, from_s: float) -> Generator[tuple[list[float], list[Vector]]]:
    """Collect times and activation after every physics step while the context lasts."""
    time_s: list[float] = []
    seen: list[Vector] = []

    def read() -> None:
        if world.time_s >= from_s - 1e-9:
            time_s.append(world.time_s)
            seen.append(world.state(1).activation)

    world.after_step = read
    try:
        yield time_s, seen
    finally:
        world.after_step = None


def record_commands(commands: list[MotorCommand]) -> Voluntary:
    """A voluntary addition that changes nothing and notes each command."""

    def note(_state: State, command: MotorCommand) -> MotorCommand:
        commands.append(command)
        return command

    return note


def replay_commands(commands: list[MotorCommand]) -> Voluntary:
    """One that sends noted commands again, whatever the controller wants now."""
    coming = iter(commands)

    def repeat(_state: State, _command: MotorCommand) -> MotorCommand:
        return next(coming)

    return repeat
